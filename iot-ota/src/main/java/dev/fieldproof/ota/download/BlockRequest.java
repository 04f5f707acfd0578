package dev.fieldproof.ota.download;

import dev.fieldproof.core.Digest;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A request for bytes of an artifact over a {@link dev.fieldproof.core.transport.Transport}: 48 bytes, big endian:
 * request number of 4, length of 4, offset of 8, SHA-256 of the artifact. The reply repeats the first 16 bytes, with
 * the length of what follows, or -1 if the server lacks the artifact.
 *
 * @param number tells requests of one client apart
 * @param lengthBytes how many bytes are wanted, 1 to {@value #MAX_LENGTH_BYTES}
 * @param fromBytes offset in the artifact, not negative
 * @param artifact which
 */
record BlockRequest(int number, int lengthBytes, long fromBytes, Digest artifact) {
    static final int BYTES = 16 + Digest.LENGTH_BYTES;
    static final int REPLY_HEAD_BYTES = 16;
    static final int MAX_LENGTH_BYTES = 64 << 10;
    static final int NO_ARTIFACT = -1;

    byte[] encode() {
        return ByteBuffer.allocate(BYTES)
                .putInt(number)
                .putInt(lengthBytes)
                .putLong(fromBytes)
                .put(artifact.bytes())
                .array();
    }

    /** Reads a request; empty if it breaks a rule. */
    static Optional<BlockRequest> decode(byte[] bytes) {
        if (bytes.length != BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int number = in.getInt();
        int length = in.getInt();
        long from = in.getLong();
        byte[] digest = new byte[Digest.LENGTH_BYTES];
        in.get(digest);
        return length < 1 || length > MAX_LENGTH_BYTES || from < 0
                ? Optional.empty()
                : Optional.of(new BlockRequest(number, length, from, Digest.of(digest)));
    }

    /** The beginning of a reply, for the bytes to be put behind it. */
    ByteBuffer reply(int followingBytes) {
        return ByteBuffer.allocate(REPLY_HEAD_BYTES + Math.max(0, followingBytes))
                .putInt(number)
                .putInt(followingBytes)
                .putLong(fromBytes);
    }
}
