package dev.fieldproof.sparkplug.edge;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Samples set and not yet in the log; also the lock of all metrics of a node. */
final class Pending {
    private final InstantSource clock;
    private final Runnable arrived;
    private final int capacity;
    private final Set<String> offline = new HashSet<>();
    private List<Sample> samples = new ArrayList<>();
    private boolean announced;
    private long dropped;

    Pending(InstantSource clock, int capacity, Runnable arrived) {
        this.clock = clock;
        this.capacity = capacity;
        this.arrived = arrived;
    }

    Instant now() {
        return clock.instant();
    }

    synchronized boolean accepts(String device) {
        return !offline.contains(device);
    }

    synchronized void accept(String device, boolean online) {
        if (online) {
            offline.remove(device);
        } else {
            offline.add(device);
        }
    }

    synchronized void add(Sample sample) {
        if (samples.size() == capacity) {
            dropped++;
        } else {
            samples.add(sample);
        }
    }

    /** Tells the node once for all that arrives until it takes them. Called without the lock. */
    void announce() {
        synchronized (this) {
            if (announced) {
                return;
            }
            announced = true;
        }
        arrived.run();
    }

    /** Takes what arrived, device by device so that each needs few messages, in order of arrival within. */
    synchronized List<Sample> take() {
        List<Sample> taken = samples;
        samples = new ArrayList<>();
        announced = false;
        taken.sort(Comparator.comparing(Sample::device));
        return taken;
    }

    synchronized long dropped() {
        return dropped;
    }
}
