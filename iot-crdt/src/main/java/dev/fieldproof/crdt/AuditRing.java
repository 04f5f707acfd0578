package dev.fieldproof.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The last writes that a merge made or left invisible, up to a limit; it counts what it forgets. Kept as numbers, so
 * that noting one allocates nothing. Not thread-safe.
 */
public final class AuditRing {
    private static final int SMALLEST = 8;

    private final int limit;
    private int[] keys = new int[0];
    private long[] counters = new long[0];
    private long[] winners = new long[0];
    private byte[] kinds = new byte[0];
    private long[] bits = new long[0];
    /** Of each: the reason, the life that wrote it, the winner's life, and the object of the value. */
    private @Nullable Object[] objects = new Object[0];

    private long noted;

    /**
     * Starts empty.
     *
     * @param limit most drops kept, a power of two
     */
    AuditRing(int limit) {
        this.limit = limit;
    }

    /** Notes a write; {@code winner} is null if none is visible instead. */
    void add(
            Drop.Reason reason,
            int key,
            Boot boot,
            long counter,
            byte kind,
            long number,
            @Nullable Object object,
            @Nullable Boot winner,
            long winnerCounter) {
        if (noted == keys.length && noted < limit) {
            grow(Math.max(SMALLEST, (int) noted * 2));
        }
        int at = (int) (noted++ & keys.length - 1);
        keys[at] = key;
        counters[at] = counter;
        kinds[at] = kind;
        bits[at] = number;
        winners[at] = winnerCounter;
        objects[4 * at] = reason;
        objects[4 * at + 1] = boot;
        objects[4 * at + 2] = winner;
        objects[4 * at + 3] = object;
    }

    private void grow(int size) {
        keys = Arrays.copyOf(keys, size);
        counters = Arrays.copyOf(counters, size);
        winners = Arrays.copyOf(winners, size);
        kinds = Arrays.copyOf(kinds, size);
        bits = Arrays.copyOf(bits, size);
        objects = Arrays.copyOf(objects, 4 * size);
    }

    /** The one noted last. */
    Drop last() {
        return at(noted - 1);
    }

    private Drop at(long number) {
        int at = (int) (number & keys.length - 1);
        Drop.Reason reason = (Drop.Reason) objects[4 * at];
        Boot boot = (Boot) objects[4 * at + 1];
        Boot winner = (Boot) objects[4 * at + 2];
        if (reason == null || boot == null) {
            throw new IllegalStateException("nothing was noted as number " + number);
        }
        return new Drop(
                reason,
                keys[at],
                new Dot(boot, counters[at]),
                Optional.ofNullable(Kind.toValue(kinds[at], bits[at], objects[4 * at + 3])),
                winner == null ? Optional.empty() : Optional.of(new Dot(winner, winners[at])));
    }

    /**
     * What is kept.
     *
     * @return a copy, oldest first
     */
    public List<Drop> drops() {
        List<Drop> drops = new ArrayList<>();
        for (long number = forgotten(); number < noted; number++) {
            drops.add(at(number));
        }
        return List.copyOf(drops);
    }

    /**
     * What the limit pushed out.
     *
     * @return how many drops are no longer kept
     */
    public long forgotten() {
        return Math.max(0, noted - limit);
    }
}
