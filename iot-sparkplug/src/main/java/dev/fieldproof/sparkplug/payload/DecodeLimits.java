package dev.fieldproof.sparkplug.payload;

/**
 * What a decoder is willing to allocate for one payload. Immutable.
 *
 * @param maxBytes longest payload, at least 1; also the longest result of decompression
 * @param maxElements most metrics, rows, cells, properties, parameters and array elements together, at least 1
 * @param maxDepth deepest nesting of templates and property sets, 1 to 64
 */
public record DecodeLimits(int maxBytes, int maxElements, int maxDepth) {
    /** 4 MiB, 1,000,000 elements, 16 levels. */
    public static final DecodeLimits DEFAULT = new DecodeLimits(4 << 20, 1_000_000, 16);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public DecodeLimits {
        if (maxBytes < 1 || maxElements < 1 || maxDepth < 1 || maxDepth > 64) {
            throw new IllegalArgumentException(
                    "limits out of range: " + maxBytes + " bytes, " + maxElements + " elements, depth " + maxDepth);
        }
    }
}
