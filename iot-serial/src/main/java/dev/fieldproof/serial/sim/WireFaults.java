package dev.fieldproof.serial.sim;

import java.util.random.RandomGenerator;

/** What a cable does to bytes. */
@FunctionalInterface
public interface WireFaults {
    /** A perfect cable. */
    WireFaults NONE = (direction, index, value) -> Fate.of(value);

    /** Which way a byte goes. */
    enum Direction {
        /** From the host to the chip. */
        TO_CHIP,
        /** From the chip to the host. */
        TO_HOST
    }

    /**
     * What becomes of a byte.
     *
     * @param arrives what arrives instead: nothing, the byte, or more
     * @param cuts whether the cable parts here; nothing arrives then
     */
    @SuppressWarnings("ArrayRecordComponent") // made and read once, never compared
    record Fate(byte[] arrives, boolean cuts) {
        /** The cable parts. */
        public static final Fate CUT = new Fate(new byte[0], true);

        /** The byte is lost. */
        public static final Fate LOST = new Fate(new byte[0], false);

        /**
         * These bytes arrive.
         *
         * @param arrives instead of the one that was sent
         * @return the fate
         */
        public static Fate of(byte... arrives) {
            return new Fate(arrives, false);
        }
    }

    /**
     * Decides on a byte.
     *
     * @param direction which way it goes
     * @param index how many bytes went that way before
     * @param value the byte
     * @return what becomes of it
     */
    Fate fate(Direction direction, long index, byte value);

    /**
     * Noise: bytes flipped, lost or doubled at random.
     *
     * @param random chance
     * @param perMillion how many of a million bytes are hit
     * @return such a cable
     */
    static WireFaults noise(RandomGenerator random, int perMillion) {
        return (direction, index, value) -> {
            if (random.nextInt(1_000_000) >= perMillion) {
                return Fate.of(value);
            }
            return switch (random.nextInt(3)) {
                case 0 -> Fate.of((byte) (value ^ 1 << random.nextInt(8)));
                case 1 -> Fate.LOST;
                default -> Fate.of(value, value);
            };
        };
    }

    /**
     * These faults, and a cut where the host has sent so many bytes.
     *
     * @param afterBytes how many bytes go to the chip before the cut
     * @return such a cable
     */
    default WireFaults cutAfter(long afterBytes) {
        return (direction, index, value) ->
                direction == Direction.TO_CHIP && index == afterBytes ? Fate.CUT : fate(direction, index, value);
    }
}
