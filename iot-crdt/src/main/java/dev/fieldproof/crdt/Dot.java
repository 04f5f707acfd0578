package dev.fieldproof.crdt;

/**
 * Names one write: the life it was made in and its number there. On owned keys and in sets, counters and logs the
 * number is a sequence from 1; on shared keys it is a hybrid time ({@link HybridClock}). Immutable.
 *
 * @param boot the writer's life
 * @param counter sequence or hybrid time, at least 0
 */
public record Dot(Boot boot, long counter) implements Comparable<Dot> {
    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if {@code counter} is negative
     */
    public Dot {
        if (counter < 0) {
            throw new IllegalArgumentException("negative counter: " + counter);
        }
    }

    /** By life, then number: the order of one writer's writes to its own keys. */
    @Override
    public int compareTo(Dot other) {
        int order = boot.compareTo(other.boot);
        return order != 0 ? order : Long.compare(counter, other.counter);
    }

    @Override
    public String toString() {
        return boot + ":" + counter;
    }
}
