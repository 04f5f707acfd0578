package dev.fieldproof.ota.delta.isa;

import java.util.List;

/** Where the parts of an image are loaded, in ascending order of offset and not overlapping. Immutable. */
public final class Segments {
    /** An image without known addresses. */
    public static final Segments NONE = new Segments(List.of());

    private final List<Segment> list;
    private final int[] offsets;
    private final int[] lengths;
    private final int[] addresses;
    /** No part is loaded below this address, or so many bytes above it. */
    private final int lowest;

    private final int span;

    /**
     * One part.
     *
     * @param offset where it lies in the image
     * @param length its length in bytes
     * @param address where its first byte is loaded
     */
    public record Segment(int offset, int length, int address) {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if it is negative or reaches beyond 2^31 - 1
         */
        public Segment {
            if (offset < 0 || length < 0 || offset + length < 0) {
                throw new IllegalArgumentException("segment of " + length + " bytes at " + offset);
            }
        }

        int end() {
            return offset + length;
        }
    }

    /**
     * Copies the list.
     *
     * @param list the parts
     */
    public Segments(List<Segment> list) {
        this.list = List.copyOf(list);
        this.offsets = list.stream().mapToInt(Segment::offset).toArray();
        this.lengths = list.stream().mapToInt(Segment::length).toArray();
        this.addresses = list.stream().mapToInt(Segment::address).toArray();
        long low =
                list.stream().mapToLong(s -> s.address() & 0xFFFF_FFFFL).min().orElse(0);
        long high = list.stream()
                .mapToLong(s -> (s.address() & 0xFFFF_FFFFL) + s.length())
                .max()
                .orElse(0);
        this.lowest = high >>> 32 == 0 ? (int) low : 0;
        this.span = high >>> 32 == 0 ? (int) (high - low) : -1;
    }

    /**
     * A flat image.
     *
     * @param length its length in bytes
     * @param address where its first byte is loaded
     * @return one segment
     */
    public static Segments flat(int length, int address) {
        return new Segments(List.of(new Segment(0, length, address)));
    }

    /**
     * The parts.
     *
     * @return an unmodifiable list
     */
    public List<Segment> list() {
        return list;
    }

    /** Index of the part that holds an offset, or -1. */
    int indexOf(int offset) {
        for (int i = 0; i < offsets.length; i++) {
            if (Integer.compareUnsigned(offset - offsets[i], lengths[i]) < 0) {
                return i;
            }
        }
        return -1;
    }

    /** Where the first part after an offset begins, beyond every offset if there is none. */
    int nextOffset(int offset) {
        int next = Integer.MAX_VALUE;
        for (int from : offsets) {
            if (from > offset && from < next) {
                next = from;
            }
        }
        return next;
    }

    /**
     * The address of a byte.
     *
     * @param offset in the image
     * @return its address, or the offset itself outside all segments
     */
    public int address(int offset) {
        int i = indexOf(offset);
        return i < 0 ? offset : addresses[i] + (offset - offsets[i]);
    }

    /**
     * The byte at an address.
     *
     * @param address any address
     * @return its offset in the image, or -1 outside all segments
     */
    public int offset(int address) {
        if (Integer.compareUnsigned(address - lowest, span) >= 0) {
            return -1;
        }
        for (int i = 0; i < addresses.length; i++) {
            int d = address - addresses[i];
            if (Integer.compareUnsigned(d, lengths[i]) < 0) {
                return offsets[i] + d;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Segments s && list.equals(s.list);
    }

    @Override
    public int hashCode() {
        return list.hashCode();
    }

    @Override
    public String toString() {
        return list.toString();
    }
}
