package dev.fieldproof.crdt;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds two devices that live under one identity, such as two made from one image, by the marks of their boots: one
 * epoch with two nonces. One watch serves all links of a hub. Thread-safe.
 */
public final class CloneWatch {
    /** Writers remembered; beyond, the one heard of longest ago is forgotten. */
    public static final int MAX_WRITERS = 1 << 20;

    private final int marksKept;
    private final Map<WriterId, Known> known = new LinkedHashMap<>(16, 0.75f, true);

    /** Remembers as many boots as a trail has. */
    public CloneWatch() {
        this(BootTrail.MAX_MARKS);
    }

    CloneWatch(int marksKept) {
        this.marksKept = marksKept;
    }

    private static final class Known {
        private long incarnation;
        private final TreeMap<Long, Integer> nonces = new TreeMap<>();
    }

    /**
     * Two devices, one identity. Merging still converges but hides one device's writes: give one a new writer id.
     *
     * @param life as the device that came second claims it
     * @param epoch the boot in which the two differ
     */
    public record Clone(Boot life, long epoch) {}

    /**
     * Looks at a greeting.
     *
     * @param trail of its sender
     * @return the clone, if it is one; the marks of whoever came first stay
     */
    public synchronized Optional<Clone> observe(BootTrail trail) {
        if (trail.marks().isEmpty()) {
            return Optional.empty();
        }
        Known of = known.computeIfAbsent(trail.life().writer(), writer -> new Known());
        if (known.size() > MAX_WRITERS) {
            known.remove(known.keySet().iterator().next());
        }
        if (trail.life().incarnation() > of.incarnation) {
            of.incarnation = trail.life().incarnation();
            of.nonces.clear();
        } else if (trail.life().incarnation() < of.incarnation) {
            return Optional.empty();
        }
        for (BootTrail.Mark mark : trail.marks()) {
            Integer seen = of.nonces.get(mark.epoch());
            if (seen != null && seen != mark.nonce()) {
                return Optional.of(new Clone(trail.life(), mark.epoch()));
            }
        }
        trail.marks().forEach(mark -> of.nonces.put(mark.epoch(), mark.nonce()));
        while (of.nonces.size() > marksKept) {
            of.nonces.pollFirstEntry();
        }
        return Optional.empty();
    }
}
