package dev.fieldproof.ota.delta;

import dev.fieldproof.core.Digest;
import java.security.MessageDigest;

/**
 * The end of an ESP image: after its segments zeros up to the last of 16 bytes, which is the exclusive or of 0xEF and
 * all bytes of the segments, and then the SHA-256 of all that.
 */
final class EspTail extends TailMaker {
    private static final int BYTES = 1 + Digest.LENGTH_BYTES;
    private static final int MAGIC = 0xE9;
    private static final int HASH_APPENDED_AT = 23;
    private static final int HEADER_BYTES = 24;
    private static final int SEGMENT_HEADER_BYTES = 8;
    private static final int MAX_SEGMENTS = 16;

    private final int start;
    private final int size;
    private final MessageDigest sha = Digest.newSha256();
    private int made;
    private int segments;
    private int inHeader;
    private int length;
    /** What is left of the segment at hand. */
    private int left;

    private int sum = 0xEF;
    private int checksumAt = -1;
    private byte[] digest = new byte[0];

    EspTail(int start, int imageBytes) {
        this.start = start;
        this.size = imageBytes;
    }

    @Override
    void complete(byte[] bytes, int count) throws MisfitException {
        int first = Math.min(count, Math.max(0, start - made));
        int unhashed = first;
        made += first;
        for (int i = first; i < count; i++, made++) {
            if (digest.length > 0) {
                int n = made - checksumAt - 1;
                bytes[i] = n < digest.length ? digest[n] : bytes[i];
            } else if (made == checksumAt) {
                bytes[i] = (byte) sum;
                sha.update(bytes, unhashed, i + 1 - unhashed);
                digest = sha.digest();
            } else {
                follow(bytes[i] & 0xFF, made - start);
            }
        }
        if (digest.length == 0) {
            sha.update(bytes, unhashed, count - unhashed);
        }
    }

    private void follow(int value, int offset) throws MisfitException {
        if (offset == 0) {
            require(value == MAGIC, "it must begin with E9");
        } else if (offset == 1) {
            require(value >= 1 && value <= MAX_SEGMENTS, "it must have 1 to 16 segments");
            segments = value;
        } else if (offset == HASH_APPENDED_AT) {
            require(value == 1, "its header must tell of a digest");
        } else if (offset >= HEADER_BYTES && checksumAt < 0) {
            followSegment(value);
        }
    }

    private void followSegment(int value) throws MisfitException {
        if (left > 0) {
            sum ^= value;
            left--;
        } else {
            length = length >>> 8 | value << 24;
            if (++inHeader == SEGMENT_HEADER_BYTES) {
                inHeader = 0;
                segments--;
                left = length;
                require(left >= 0 && left < size - made, "its segments must lie within it");
            }
        }
        if (left == 0 && segments == 0) {
            checksumAt = made + 1 | 15;
            require(checksumAt <= size - BYTES, "there must be room for it");
        }
    }

    @Override
    void end() throws MisfitException {
        require(digest.length > 0, "it must end with the image");
    }

    @Override
    int at() {
        return checksumAt;
    }

    @Override
    int bytes() {
        return BYTES;
    }
}
