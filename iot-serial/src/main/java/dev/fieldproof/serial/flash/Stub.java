package dev.fieldproof.serial.flash;

import java.util.List;

/**
 * A program for the chip's memory that speaks the loader's protocol faster than the ROM. None is part of this module;
 * load a permissively licensed one of your choice.
 *
 * @param entry where it starts
 * @param segments its code and data
 */
public record Stub(int entry, List<Segment> segments) {
    /** Largest segment in bytes. */
    public static final int MAX_SEGMENT_BYTES = 1 << 20;

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if there are no segments, or one is empty or too large
     */
    public Stub {
        segments = List.copyOf(segments);
        if (segments.isEmpty()
                || segments.stream().anyMatch(s -> s.bytes().length == 0 || s.bytes().length > MAX_SEGMENT_BYTES)) {
            throw new IllegalArgumentException("a stub has segments of 1 to " + MAX_SEGMENT_BYTES + " bytes");
        }
    }

    /**
     * A piece of the stub.
     *
     * @param address where in memory
     * @param bytes its content; handed over, not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    public record Segment(int address, byte[] bytes) {}
}
