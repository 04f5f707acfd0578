package dev.fieldproof.core;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 digest (FIPS 180-4, section 6.2), held as 64 lower-case hexadecimal digits: the name of an artifact, and
 * safe to use as a file name. Immutable and thread-safe.
 *
 * @param hex 64 characters of {@code 0-9a-f}
 */
public record Digest(String hex) implements Comparable<Digest> {
    /** Length of a SHA-256 digest in bytes. */
    public static final int LENGTH_BYTES = 32;

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if {@code hex} is not 64 lower-case hexadecimal digits
     */
    public Digest {
        if (hex.length() != 2 * LENGTH_BYTES || !hex.chars().allMatch(Digest::isLowerHex)) {
            throw new IllegalArgumentException("not a SHA-256 digest in lower-case hex: '" + hex + "'");
        }
    }

    private static boolean isLowerHex(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }

    /**
     * Wraps a computed digest.
     *
     * @param sha256 32 bytes, copied
     * @return the digest
     * @throws IllegalArgumentException if the length is not 32
     */
    public static Digest of(byte[] sha256) {
        return new Digest(HexFormat.of().formatHex(sha256));
    }

    /**
     * Digests the whole content.
     *
     * @param content any bytes, possibly none
     * @return the SHA-256 digest of {@code content}
     */
    public static Digest sha256(byte[] content) {
        return of(newSha256().digest(content));
    }

    /**
     * Digests the remaining bytes of a buffer, whose position moves to its limit.
     *
     * @param content any bytes, possibly none
     * @return the SHA-256 digest of {@code content}
     */
    public static Digest sha256(ByteBuffer content) {
        MessageDigest digest = newSha256();
        digest.update(content);
        return of(digest.digest());
    }

    /**
     * A fresh SHA-256 computation of the JDK, which every Java platform must provide.
     *
     * @return a new, empty, not thread-safe computation
     */
    public static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks SHA-256", e);
        }
    }

    /**
     * The digest as bytes.
     *
     * @return a new array of 32 bytes
     */
    public byte[] bytes() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public int compareTo(Digest other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
