package dev.fieldproof.crdt;

/**
 * One life of a writer, from a boot to the next: what it writes is numbered within. Lives of one writer are ordered by
 * incarnation, then epoch, and no clock is involved. Immutable.
 *
 * @param writer who
 * @param incarnation grows when the writer's flash was wiped; issued by the cloud's counter, at least 0
 * @param epoch grows with every boot, kept in flash, at least 0
 */
public record Boot(WriterId writer, long incarnation, long epoch) implements Comparable<Boot> {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the writer is {@link WriterId#SHARED} or a number is negative
     */
    public Boot {
        if (writer.value() == 0 || incarnation < 0 || epoch < 0) {
            throw new IllegalArgumentException("not a writer's life: " + writer + "/" + incarnation + "/" + epoch);
        }
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof Boot that
                        && epoch == that.epoch
                        && incarnation == that.incarnation
                        && writer.value() == that.writer.value());
    }

    @Override
    public int hashCode() {
        long mixed = (writer.value() * 31 + incarnation) * 31 + epoch;
        return (int) (mixed ^ mixed >>> 32);
    }

    @Override
    public int compareTo(Boot other) {
        int order = writer.compareTo(other.writer);
        if (order == 0) {
            order = Long.compare(incarnation, other.incarnation);
        }
        return order != 0 ? order : Long.compare(epoch, other.epoch);
    }

    @Override
    public String toString() {
        return writer + "/" + incarnation + "/" + epoch;
    }
}
