package dev.fieldproof.core.health;

import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.IntConsumer;

/**
 * Keeps a device that comes and goes from ringing each time, as routers damp routes (RFC 2439): each alarm adds a
 * penalty of one, which halves with time; above three the device flaps, below one it has settled. Only devices that
 * alarmed take memory. Not thread-safe.
 */
final class FlapDamper {
    private static final double SUPPRESS = 2.95;
    private static final double REUSE = 1;
    private static final double LEAST_PENALTY = 0.05;
    /** However often it flapped, it has settled after this many half-lives. */
    private static final double MOST_PENALTY = 8;

    private final Map<Integer, Penalty> penalties = new HashMap<>();
    private final PriorityQueue<Penalty> flapping =
            new PriorityQueue<>(Comparator.comparingLong((Penalty penalty) -> penalty.releaseMillis));

    private static final class Penalty {
        private final int device;
        private final double halfLifeMillis;
        private final long sinceMillis;
        private double points;
        private long atMillis;
        private long releaseMillis;
        private boolean suppressed;

        Penalty(int device, double halfLifeMillis, long sinceMillis) {
            this.device = device;
            this.halfLifeMillis = halfLifeMillis;
            this.sinceMillis = sinceMillis;
            atMillis = sinceMillis;
        }

        double at(long nowMillis) {
            return points * Math.pow(0.5, (nowMillis - atMillis) / halfLifeMillis);
        }
    }

    /** Counts an alarm; returns whether the device begins to flap with it. */
    boolean alarm(int device, double halfLifeMillis, long nowMillis) {
        Penalty penalty = penalties.get(device);
        if (penalty == null || (!penalty.suppressed && penalty.at(nowMillis) < LEAST_PENALTY)) {
            penalty = new Penalty(device, halfLifeMillis, nowMillis);
            penalties.put(device, penalty);
        }
        penalty.points = Math.min(MOST_PENALTY, penalty.at(nowMillis) + 1);
        penalty.atMillis = nowMillis;
        if (penalty.suppressed || penalty.points < SUPPRESS) {
            return false;
        }
        penalty.suppressed = true;
        penalty.releaseMillis = release(penalty);
        flapping.add(penalty);
        return true;
    }

    private static long release(Penalty penalty) {
        double halves = Math.log(penalty.points / REUSE) / Math.log(2);
        return penalty.atMillis + (long) Math.ceil(halves * penalty.halfLifeMillis) + 1;
    }

    boolean isFlapping(int device) {
        Penalty penalty = penalties.get(device);
        return penalty != null && penalty.suppressed;
    }

    /** When the first of the counted alarms was. */
    long sinceMillis(int device) {
        Penalty penalty = penalties.get(device);
        return penalty == null ? 0 : penalty.sinceMillis;
    }

    /** When the last of the counted alarms was. */
    long lastMillis(int device) {
        Penalty penalty = penalties.get(device);
        return penalty == null ? 0 : penalty.atMillis;
    }

    /** Names the devices that have settled. */
    void advance(long nowMillis, IntConsumer settled) {
        Penalty first = flapping.peek();
        while (first != null && first.releaseMillis <= nowMillis) {
            flapping.remove();
            if (first.at(nowMillis) > REUSE) {
                first.releaseMillis = release(first);
                flapping.add(first);
            } else {
                settled.accept(first.device);
                penalties.remove(first.device);
            }
            first = flapping.peek();
        }
    }
}
