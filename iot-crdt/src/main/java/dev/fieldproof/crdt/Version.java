package dev.fieldproof.crdt;

/**
 * How far a replica's log of changes has come, or how far another replica has followed it. Immutable.
 *
 * @param logId names the log; a replica that lost its log starts another
 * @param position changes so far, at least 0
 */
public record Version(long logId, long position) {
    /** Before everything, in no log. */
    public static final Version NONE = new Version(0, 0);

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if {@code position} is negative
     */
    public Version {
        if (position < 0) {
            throw new IllegalArgumentException("negative position: " + position);
        }
    }

    @Override
    public String toString() {
        return Long.toHexString(logId) + "@" + position;
    }
}
