package dev.fieldproof.sparkplug.payload;

import java.util.Arrays;

/**
 * Fields of a message that this version does not know, kept as they were read so that they survive being decoded and
 * encoded again. Immutable.
 */
public final class UnknownFields {
    /** No such field. */
    public static final UnknownFields NONE = new UnknownFields(new byte[0]);

    private final byte[] wire;

    UnknownFields(byte[] wire) {
        this.wire = wire;
    }

    byte[] wire() {
        return wire;
    }

    /**
     * How much there is.
     *
     * @return bytes on the wire, tags included; 0 for {@link #NONE}
     */
    public int sizeBytes() {
        return wire.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UnknownFields that && Arrays.equals(wire, that.wire);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(wire);
    }

    @Override
    public String toString() {
        return "UnknownFields[" + wire.length + " bytes]";
    }
}
