package dev.fieldproof.geo.kml;

/**
 * What a reader accepts at most. Immutable and thread-safe.
 *
 * @param maxBytes size of the file, unpacked
 * @param maxTextBytes size of one element's text or of one tag, 1024 or more
 * @param maxPositions positions in one placemark
 * @param maxDepth nesting of elements
 * @param maxEntries entries in an archive
 * @param maxRatio unpacked size of an archive's KML over its packed size
 */
public record KmlLimits(long maxBytes, int maxTextBytes, int maxPositions, int maxDepth, int maxEntries, int maxRatio) {
    /** 4 GiB, 8 MiB of text, a million positions in one placemark, 256 levels, 10,000 entries, 1:200. */
    public static final KmlLimits DEFAULT = new KmlLimits(4L << 30, 8 << 20, 1_000_000, 256, 10_000, 200);

    /**
     * Checks that each limit is positive.
     *
     * @throws IllegalArgumentException if one is not
     */
    public KmlLimits {
        if (maxBytes < 1 || maxTextBytes < 1024 || maxPositions < 1 || maxDepth < 1 || maxEntries < 1 || maxRatio < 1) {
            throw new IllegalArgumentException("limits must be positive, and text 1024 or more: " + maxBytes + ", "
                    + maxTextBytes + ", " + maxPositions + ", " + maxDepth + ", " + maxEntries + ", " + maxRatio);
        }
    }
}
