package dev.fieldproof.crdt;

import dev.fieldproof.core.Digest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Who writes: one device, gateway or cloud, for its whole life. Two devices must never share one. Immutable.
 *
 * @param value any 64 bits except zero, which stands for {@link #SHARED}
 */
public record WriterId(long value) implements Comparable<WriterId> {
    /** Owner of a key that several may write. */
    public static final WriterId SHARED = new WriterId(0);

    /**
     * Derives an id from a unique name such as a serial number: the first 64 bits of its SHA-256 digest.
     *
     * @param name unique among the writers that ever meet
     * @return the id
     */
    public static WriterId named(String name) {
        byte[] digest = Digest.sha256(name.getBytes(StandardCharsets.UTF_8)).bytes();
        return new WriterId(ByteBuffer.wrap(digest).getLong() | 1);
    }

    @Override
    public int compareTo(WriterId other) {
        return Long.compareUnsigned(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toHexString(value);
    }
}
