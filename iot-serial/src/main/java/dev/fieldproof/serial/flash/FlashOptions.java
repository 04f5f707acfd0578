package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.Chip;
import java.util.Optional;

/**
 * How a session behaves. Immutable; start from {@link #defaults()}.
 *
 * @param baud speed for the long work, 9600 to 5000000 bits per second; the session begins at 115200
 * @param stub the program to load first, or empty to use the ROM alone
 * @param reset whether the control lines may be used to restart the chip, before and after
 * @param differential whether to compare flash with the plan first and send only what differs
 * @param chip the chip that must be found, or empty for any
 * @param maxFaultsInARow how many faults without any progress end the session, at least 1
 * @param compression how hard to compress what is sent
 */
public record FlashOptions(
        int baud,
        Optional<Stub> stub,
        Reset reset,
        boolean differential,
        Optional<Chip> chip,
        int maxFaultsInARow,
        Compression compression) {
    /** The speed at which every ROM listens. */
    public static final int ROM_BAUD = 115_200;

    /** Use of the control lines. */
    public enum Reset {
        /** Try all known ways in turn before, and start the application after. */
        AUTO,
        /** Leave the lines alone: the chip is in its loader already. */
        NONE
    }

    /** Compression of what is sent; the loader's inflater takes both. */
    public enum Compression {
        /** zlib at its best: about 0.1 s for each MiB. */
        FAST,
        /** Two per cent smaller for about three times the time, most of it spent while the chip is being reset. */
        SMALLEST
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming what is out of range
     */
    public FlashOptions {
        if (baud < 9600 || baud > 5_000_000) {
            throw new IllegalArgumentException("baud is 9600 to 5000000: " + baud);
        }
        if (maxFaultsInARow < 1) {
            throw new IllegalArgumentException("maxFaultsInARow is at least 1: " + maxFaultsInARow);
        }
    }

    /**
     * 460800 bits per second, no stub, automatic reset, differential, any chip, 12 faults in a row, the smallest
     * compression.
     *
     * @return the defaults
     */
    public static FlashOptions defaults() {
        return new FlashOptions(
                460_800, Optional.empty(), Reset.AUTO, true, Optional.empty(), 12, Compression.SMALLEST);
    }

    /**
     * Another speed.
     *
     * @param newBaud bits per second
     * @return a copy
     */
    public FlashOptions withBaud(int newBaud) {
        return new FlashOptions(newBaud, stub, reset, differential, chip, maxFaultsInARow, compression);
    }

    /**
     * With a stub.
     *
     * @param newStub loaded before the work
     * @return a copy
     */
    public FlashOptions withStub(Stub newStub) {
        return new FlashOptions(baud, Optional.of(newStub), reset, differential, chip, maxFaultsInARow, compression);
    }

    /**
     * Another use of the control lines.
     *
     * @param newReset which
     * @return a copy
     */
    public FlashOptions withReset(Reset newReset) {
        return new FlashOptions(baud, stub, newReset, differential, chip, maxFaultsInARow, compression);
    }

    /**
     * With or without comparing first.
     *
     * @param compare whether to compare
     * @return a copy
     */
    public FlashOptions withDifferential(boolean compare) {
        return new FlashOptions(baud, stub, reset, compare, chip, maxFaultsInARow, compression);
    }

    /**
     * For one chip only.
     *
     * @param required the chip that must be found
     * @return a copy
     */
    public FlashOptions withChip(Chip required) {
        return new FlashOptions(baud, stub, reset, differential, Optional.of(required), maxFaultsInARow, compression);
    }

    /**
     * With another compression.
     *
     * @param newCompression how hard
     * @return a copy
     */
    public FlashOptions withCompression(Compression newCompression) {
        return new FlashOptions(baud, stub, reset, differential, chip, maxFaultsInARow, newCompression);
    }
}
