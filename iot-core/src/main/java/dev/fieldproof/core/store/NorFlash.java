package dev.fieldproof.core.store;

import java.io.IOException;

/**
 * Raw NOR flash: an erase sets every bit of a sector, a program only clears bits. What firmware slots, update metadata
 * and append-only journals are built on; {@link dev.fieldproof.core.sim.SimFlash} is the simulated one.
 *
 * <p>Offsets count bytes from 0. Implementations state their thread-safety; callers should assume none. Every method
 * throws {@link IllegalArgumentException} for an offset or a length outside the device or off its alignment, and
 * {@link IOException} if the device fails.
 */
public interface NorFlash {
    /** What an erased byte reads as. */
    byte ERASED = (byte) 0xFF;

    /**
     * The size of the device.
     *
     * @return bytes, a multiple of {@link #sectorSizeBytes()}
     */
    int sizeBytes();

    /**
     * What one erase covers.
     *
     * @return bytes, a multiple of {@link #writeUnitBytes()}
     */
    int sectorSizeBytes();

    /**
     * The granule of programming: offsets and lengths of programs are multiples of it.
     *
     * @return bytes, at least 1
     */
    int writeUnitBytes();

    /**
     * Reads bytes; any offset and length inside the device.
     *
     * @param offsetBytes where on the device
     * @param into receives the bytes
     * @param from first index in {@code into}
     * @param lengthBytes how many, at least 0
     * @throws IOException if the device fails
     */
    void read(int offsetBytes, byte[] into, int from, int lengthBytes) throws IOException;

    /**
     * Clears the bits that are clear in the data. A bit that is already clear stays so, whatever the data says; a power
     * cut may leave any mixture of old and new bits.
     *
     * @param offsetBytes where on the device, a multiple of the write unit
     * @param data holds the bytes
     * @param from first index in {@code data}
     * @param lengthBytes how many, a positive multiple of the write unit
     * @throws IOException if the device fails
     * @throws IllegalStateException if the device forbids programming a unit twice between erases, and this would
     */
    void program(int offsetBytes, byte[] data, int from, int lengthBytes) throws IOException;

    /**
     * Sets every bit of one sector. A power cut may leave any mixture of old and set bits.
     *
     * @param offsetBytes first byte of the sector, a multiple of the sector size
     * @throws IOException if the device fails
     */
    void erase(int offsetBytes) throws IOException;
}
