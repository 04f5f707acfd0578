package dev.fieldproof.core.sim;

import dev.fieldproof.core.store.NorFlash;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Simulated NOR flash that obeys the rules of real parts, wears, rots, and loses power at any chosen operation.
 *
 * <p>Erases and programs are counted from 0. A test runs once to learn {@link #operations()}, then once for each
 * operation and each {@link PowerFault} with {@link #cutAt}; after the {@link PowerCutException} the device stays off,
 * every access throws again, until {@link #powerOn()}. Enumerations keep one scratch device and {@link #restore} it,
 * which copies the contents and allocates nothing. Not thread-safe.
 */
public final class SimFlash implements NorFlash {
    private static final long NEVER = -1;

    private final int sectorSizeBytes;
    private final int writeUnitBytes;
    private final boolean programOnce;
    private final byte[] cells;
    /** One bit per write unit: programmed since its last erase. */
    private final long[] programmed;

    private final boolean[] weak;
    private final int[] erases;
    private final int[] programs;

    private long operations;
    private long faultAt = NEVER;
    private PowerFault fault = PowerFault.BEFORE;
    private boolean silent;
    private boolean off;
    private boolean anyWeak;
    private long chance;

    /**
     * Makes an erased device that refuses to program a unit twice between erases, as parts with error correction do.
     *
     * @param sectors how many, at least 1
     * @param sectorSizeBytes a positive multiple of the write unit
     * @param writeUnitBytes at least 1
     * @throws IllegalArgumentException if a size is out of range
     */
    public SimFlash(int sectors, int sectorSizeBytes, int writeUnitBytes) {
        this(sectors, sectorSizeBytes, writeUnitBytes, true);
    }

    /**
     * Makes an erased device.
     *
     * @param sectors how many, at least 1
     * @param sectorSizeBytes a positive multiple of the write unit
     * @param writeUnitBytes at least 1
     * @param programOnce whether programming a unit twice between erases is refused; if not, the bits of both programs
     *     are cleared
     * @throws IllegalArgumentException if a size is out of range
     */
    public SimFlash(int sectors, int sectorSizeBytes, int writeUnitBytes, boolean programOnce) {
        if (sectors < 1 || writeUnitBytes < 1 || sectorSizeBytes < 1 || sectorSizeBytes % writeUnitBytes != 0) {
            throw new IllegalArgumentException(
                    sectors + " sectors of " + sectorSizeBytes + " bytes in units of " + writeUnitBytes);
        }
        this.sectorSizeBytes = sectorSizeBytes;
        this.writeUnitBytes = writeUnitBytes;
        this.programOnce = programOnce;
        cells = new byte[Math.multiplyExact(sectors, sectorSizeBytes)];
        programmed = new long[(cells.length / writeUnitBytes + 63) >> 6];
        weak = new boolean[sectors];
        erases = new int[sectors];
        programs = new int[sectors];
        Arrays.fill(cells, ERASED);
    }

    @Override
    public int sizeBytes() {
        return cells.length;
    }

    @Override
    public int sectorSizeBytes() {
        return sectorSizeBytes;
    }

    @Override
    public int writeUnitBytes() {
        return writeUnitBytes;
    }

    @Override
    public void read(int offsetBytes, byte[] into, int from, int lengthBytes) {
        requireOn();
        requireRange(offsetBytes, lengthBytes, 1);
        System.arraycopy(cells, offsetBytes, into, from, lengthBytes);
    }

    @Override
    public void program(int offsetBytes, byte[] data, int from, int lengthBytes) {
        requireOn();
        requireRange(offsetBytes, lengthBytes, writeUnitBytes);
        if (lengthBytes == 0 || from < 0 || from > data.length - lengthBytes) {
            throw new IllegalArgumentException(
                    lengthBytes + " bytes from index " + from + " of " + data.length + " are not to be programmed");
        }
        if (programOnce) {
            requireUnprogrammed(offsetBytes, lengthBytes);
        }
        if (operations++ != faultAt) {
            clear(offsetBytes, data, from, lengthBytes);
        } else {
            tearProgram(offsetBytes, data, from, lengthBytes);
            failed("program", offsetBytes);
        }
    }

    @Override
    public void erase(int offsetBytes) {
        requireOn();
        requireRange(offsetBytes, sectorSizeBytes, sectorSizeBytes);
        erases[offsetBytes / sectorSizeBytes]++;
        if (operations++ != faultAt) {
            set(offsetBytes, sectorSizeBytes);
            weak[offsetBytes / sectorSizeBytes] = false;
        } else {
            tearErase(offsetBytes);
            failed("erase", offsetBytes);
        }
    }

    private void clear(int offsetBytes, byte[] data, int from, int lengthBytes) {
        if (lengthBytes == 0) {
            return;
        }
        for (int i = 0; i < lengthBytes; i++) {
            cells[offsetBytes + i] &= data[from + i];
        }
        int last = (offsetBytes + lengthBytes - 1) / writeUnitBytes;
        for (int unit = offsetBytes / writeUnitBytes; unit <= last; unit++) {
            programmed[unit >> 6] |= 1L << unit;
        }
        int lastSector = (offsetBytes + lengthBytes - 1) / sectorSizeBytes;
        for (int sector = offsetBytes / sectorSizeBytes; sector <= lastSector; sector++) {
            programs[sector]++;
        }
    }

    private void set(int offsetBytes, int lengthBytes) {
        Arrays.fill(cells, offsetBytes, offsetBytes + lengthBytes, ERASED);
        int end = (offsetBytes + lengthBytes) / writeUnitBytes;
        for (int unit = offsetBytes / writeUnitBytes; unit < end; unit++) {
            programmed[unit >> 6] &= ~(1L << unit);
        }
    }

    private void tearProgram(int offsetBytes, byte[] data, int from, int lengthBytes) {
        int units = lengthBytes / writeUnitBytes;
        switch (fault) {
            case BEFORE -> {}
            case AFTER, WEAK_ERASE -> clear(offsetBytes, data, from, lengthBytes);
            case HALF_ERASE -> clear(offsetBytes, data, from, units / 2 * writeUnitBytes);
            case TORN_BITS -> clear(offsetBytes, torn(data, from, lengthBytes), 0, lengthBytes);
            case TORN_PREFIX -> {
                int whole = below(units) * writeUnitBytes;
                clear(offsetBytes, data, from, whole);
                clear(offsetBytes + whole, torn(data, from + whole, writeUnitBytes), 0, writeUnitBytes);
            }
        }
    }

    private void tearErase(int offsetBytes) {
        int sector = offsetBytes / sectorSizeBytes;
        switch (fault) {
            case BEFORE -> {}
            case HALF_ERASE -> set(offsetBytes, sectorSizeBytes / 2 / writeUnitBytes * writeUnitBytes);
            case TORN_PREFIX -> set(offsetBytes, below(sectorSizeBytes / writeUnitBytes) * writeUnitBytes);
            case TORN_BITS -> {
                for (int i = offsetBytes; i < offsetBytes + sectorSizeBytes; i++) {
                    cells[i] |= (byte) next();
                }
            }
            case AFTER, WEAK_ERASE -> {
                set(offsetBytes, sectorSizeBytes);
                weak[sector] = fault == PowerFault.WEAK_ERASE;
                anyWeak |= weak[sector];
            }
        }
    }

    /** A copy of the data with some of its clear bits left set: those that the program did not reach. */
    private byte[] torn(byte[] data, int from, int lengthBytes) {
        byte[] torn = Arrays.copyOfRange(data, from, from + lengthBytes);
        for (int i = 0; i < lengthBytes; i++) {
            torn[i] |= (byte) next();
        }
        return torn;
    }

    private void failed(String operation, int offsetBytes) {
        if (!silent) {
            off = true;
            throw new PowerCutException("power cut at operation " + faultAt + ", " + operation + " at " + offsetBytes);
        }
    }

    /**
     * Cuts the power during a later operation.
     *
     * @param operation counted as {@link #operations()} does; the cut replaces any that was planned before
     * @param how far the operation gets
     * @param seed of the random bits of a torn operation
     * @throws IllegalArgumentException if the operation is past
     */
    public void cutAt(long operation, PowerFault how, long seed) {
        plan(operation, how, seed, false);
    }

    /**
     * Lets a later operation go wrong without a power cut and without an error, as failing parts do.
     *
     * @param operation counted as {@link #operations()} does; replaces any fault or cut that was planned before
     * @param how far the operation gets
     * @param seed of the random bits of a torn operation
     * @throws IllegalArgumentException if the operation is past
     */
    public void failSilentlyAt(long operation, PowerFault how, long seed) {
        plan(operation, how, seed, true);
    }

    private void plan(long operation, PowerFault how, long seed, boolean quietly) {
        if (operation < operations) {
            throw new IllegalArgumentException("operation " + operation + " is past, " + operations + " were done");
        }
        faultAt = operation;
        fault = how;
        silent = quietly;
        chance = seed;
    }

    /**
     * Switches the device on again after a cut, or restarts it. What was programmed over a weak erase before now loses
     * bits. A planned cut that did not happen yet stays planned.
     */
    public void powerOn() {
        off = false;
        if (anyWeak) {
            for (int sector = 0; sector < weak.length; sector++) {
                decay(sector);
            }
        }
    }

    private void decay(int sector) {
        int end = (sector + 1) * sectorSizeBytes;
        for (int at = sector * sectorSizeBytes; weak[sector] && at < end; at += writeUnitBytes) {
            int unit = at / writeUnitBytes;
            if ((programmed[unit >> 6] >>> unit & 1) != 0) {
                cells[at + below(writeUnitBytes)] &= (byte) next();
            }
        }
    }

    /**
     * Erases and programs so far, also those that were cut.
     *
     * @return how many, over the device's life
     */
    public long operations() {
        return operations;
    }

    /**
     * Whether a cut left the device off.
     *
     * @return true between a {@link PowerCutException} and {@link #powerOn()}
     */
    public boolean isOff() {
        return off;
    }

    /**
     * The wear of a sector.
     *
     * @param sector its index, from 0
     * @return erases over the device's life
     */
    public int erases(int sector) {
        return erases[sector];
    }

    /**
     * How often a sector was programmed.
     *
     * @param sector its index, from 0
     * @return programs that touched it over the device's life
     */
    public int programs(int sector) {
        return programs[sector];
    }

    /**
     * Flips one bit, as rot does, in either direction.
     *
     * @param bit its index: 8 times the byte offset, plus 0 for the lowest bit to 7 for the highest
     * @throws IllegalArgumentException if it is outside the device
     */
    public void flipBit(long bit) {
        if (bit < 0 || bit >= 8L * cells.length) {
            throw new IllegalArgumentException("bit " + bit + " of " + 8L * cells.length);
        }
        cells[(int) (bit >> 3)] ^= (byte) (1 << (bit & 7));
    }

    /**
     * Lets bits rot at random places of a range.
     *
     * @param offsetBytes start of the range
     * @param lengthBytes of the range, at least 1
     * @param bits how many flips; two may hit the same bit
     * @param random decides where
     * @throws IllegalArgumentException if the range is outside the device or empty
     */
    public void rot(int offsetBytes, int lengthBytes, int bits, RandomGenerator random) {
        requireRange(offsetBytes, lengthBytes, 1);
        for (int i = 0; i < bits; i++) {
            flipBit(8L * offsetBytes + random.nextLong(8L * lengthBytes));
        }
    }

    /**
     * Copies the device with all its state: contents, wear, count of operations, planned cut.
     *
     * @return an independent device
     */
    public SimFlash copy() {
        SimFlash copy = new SimFlash(weak.length, sectorSizeBytes, writeUnitBytes, programOnce);
        copy.restore(this);
        return copy;
    }

    /**
     * Takes over all state of another device of the same shape, without allocating.
     *
     * @param saved unchanged by this
     * @throws IllegalArgumentException if its sizes differ
     */
    public void restore(SimFlash saved) {
        if (saved.cells.length != cells.length
                || saved.sectorSizeBytes != sectorSizeBytes
                || saved.writeUnitBytes != writeUnitBytes) {
            throw new IllegalArgumentException("a device of " + saved.cells.length + " bytes has another shape");
        }
        System.arraycopy(saved.cells, 0, cells, 0, cells.length);
        System.arraycopy(saved.programmed, 0, programmed, 0, programmed.length);
        System.arraycopy(saved.weak, 0, weak, 0, weak.length);
        System.arraycopy(saved.erases, 0, erases, 0, erases.length);
        System.arraycopy(saved.programs, 0, programs, 0, programs.length);
        operations = saved.operations;
        faultAt = saved.faultAt;
        fault = saved.fault;
        silent = saved.silent;
        off = saved.off;
        anyWeak = saved.anyWeak;
        chance = saved.chance;
    }

    private void requireOn() {
        if (off) {
            throw new PowerCutException("the power is off since operation " + faultAt);
        }
    }

    private void requireRange(int offsetBytes, int lengthBytes, int alignment) {
        if (offsetBytes < 0
                || lengthBytes < 0
                || offsetBytes > cells.length - lengthBytes
                || offsetBytes % alignment != 0
                || lengthBytes % alignment != 0) {
            throw new IllegalArgumentException(lengthBytes + " bytes at offset " + offsetBytes + " of " + cells.length
                    + ", to be aligned to " + alignment);
        }
    }

    private void requireUnprogrammed(int offsetBytes, int lengthBytes) {
        int end = (offsetBytes + lengthBytes) / writeUnitBytes;
        for (int unit = offsetBytes / writeUnitBytes; unit < end; unit++) {
            if ((programmed[unit >> 6] >>> unit & 1) != 0) {
                throw new IllegalStateException(
                        "the unit at " + unit * writeUnitBytes + " was programmed since its last erase");
            }
        }
    }

    /** SplitMix64 (Steele, Lea, Flood 2014), inlined so that a device is one object and copies with plain fields. */
    private long next() {
        chance += 0x9E37_79B9_7F4A_7C15L;
        long z = chance;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }

    private int below(int bound) {
        return (int) Long.remainderUnsigned(next() >>> 1, bound);
    }
}
