package dev.fieldproof.ota.delta.isa;

import java.util.List;

/**
 * Where the parts of an image are loaded; addresses are 32 bits and wrap. Immutable.
 *
 * @param list parts in ascending order of their offset, not overlapping
 */
public record Segments(List<Segment> list) {
    /** An image without known addresses. */
    public static final Segments NONE = new Segments(List.of());

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

        boolean holdsOffset(int o) {
            return o - offset >= 0 && o - offset < length && o >= offset;
        }

        boolean holdsAddress(int a) {
            return Integer.compareUnsigned(a - address, length) < 0;
        }
    }

    /** Copies the list. */
    public Segments {
        list = List.copyOf(list);
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
     * The address of a byte.
     *
     * @param offset in the image
     * @return its address, or the offset itself outside all segments
     */
    public int address(int offset) {
        for (Segment s : list) {
            if (s.holdsOffset(offset)) {
                return s.address + (offset - s.offset);
            }
        }
        return offset;
    }

    /**
     * The byte at an address.
     *
     * @param address any address
     * @return its offset in the image, or -1 outside all segments
     */
    public int offset(int address) {
        for (Segment s : list) {
            if (s.holdsAddress(address)) {
                return s.offset + (address - s.address);
            }
        }
        return -1;
    }
}
