package dev.fieldproof.serial.sim;

import java.util.Arrays;

/** NOR flash: erasing sets whole sectors to ones, programming only clears bits. Not thread-safe. */
public final class SimFlash {
    /** Smallest piece that can be erased. */
    public static final int SECTOR_BYTES = 0x1000;

    private final byte[] cells;
    private long erasedSectors;
    private long programmedBytes;

    /**
     * Blank flash.
     *
     * @param sizeBytes a positive multiple of 4096
     * @throws IllegalArgumentException if it is not
     */
    public SimFlash(int sizeBytes) {
        if (sizeBytes <= 0 || sizeBytes % SECTOR_BYTES != 0) {
            throw new IllegalArgumentException("flash has whole sectors of 4096 bytes: " + sizeBytes);
        }
        cells = new byte[sizeBytes];
        Arrays.fill(cells, (byte) 0xFF);
    }

    /**
     * Its size.
     *
     * @return bytes
     */
    public int sizeBytes() {
        return cells.length;
    }

    /**
     * Reads.
     *
     * @param offset where
     * @param length how much
     * @return a copy
     * @throws IndexOutOfBoundsException if it is outside the flash
     */
    public byte[] read(int offset, int length) {
        checkRange(offset, length);
        return Arrays.copyOfRange(cells, offset, offset + length);
    }

    private void checkRange(int offset, int length) {
        if (offset < 0 || length < 0 || offset > cells.length - length) {
            throw new IndexOutOfBoundsException(offset + " + " + length + " of " + cells.length);
        }
    }

    boolean contains(long offset, long length) {
        return offset >= 0 && length >= 0 && offset + length <= cells.length;
    }

    /**
     * Erases every sector that the range touches.
     *
     * @param offset where
     * @param length how much
     * @throws IndexOutOfBoundsException if it is outside the flash
     */
    public void erase(int offset, int length) {
        checkRange(offset, length);
        int from = offset & -SECTOR_BYTES;
        int to = (offset + length + SECTOR_BYTES - 1) & -SECTOR_BYTES;
        Arrays.fill(cells, from, to, (byte) 0xFF);
        erasedSectors += (to - from) / SECTOR_BYTES;
    }

    /**
     * Clears bits.
     *
     * @param offset where
     * @param bytes what is combined with what is there by AND
     * @throws IndexOutOfBoundsException if it is outside the flash
     */
    public void program(int offset, byte[] bytes) {
        checkRange(offset, bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            cells[offset + i] &= bytes[i];
        }
        programmedBytes += bytes.length;
    }

    /**
     * Puts bytes there as if by a programmer on the bench: erased first, not counted.
     *
     * @param offset where
     * @param bytes what
     * @throws IndexOutOfBoundsException if it is outside the flash
     */
    public void set(int offset, byte[] bytes) {
        checkRange(offset, bytes.length);
        System.arraycopy(bytes, 0, cells, offset, bytes.length);
    }

    boolean blank(int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (cells[i] != (byte) 0xFF) {
                return false;
            }
        }
        return true;
    }

    /**
     * How often a sector was erased.
     *
     * @return the count over all sectors
     */
    public long erasedSectors() {
        return erasedSectors;
    }

    /**
     * How many bytes were programmed.
     *
     * @return the count
     */
    public long programmedBytes() {
        return programmedBytes;
    }
}
