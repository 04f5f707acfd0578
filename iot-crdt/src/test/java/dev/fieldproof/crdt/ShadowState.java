package dev.fieldproof.crdt;

import dev.fieldproof.core.sim.SimClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What a replica of a {@link LwwMap} under a {@link DeviceShadow} holds, brought to life for every step, and what an
 * onlooker knows who cannot be misled: which of the device's reports is the last that this replica can have heard of.
 * Whoever shows another one has lost it.
 *
 * @param policy who owns what
 * @param all the replica's entries, as they go over the wire
 * @param lives how often each of {@link SmallScope#WRITERS} has begun to write, counted in flash
 * @param last the number of the last report heard of; 0 for none
 * @param removed whether it took the value away
 */
record ShadowState(StampPolicy policy, Delta all, List<Integer> lives, int last, boolean removed)
        implements Crdt<ShadowState> {
    /** The device owns what it reports; anyone may say what is desired. */
    static final StampPolicy OWNED = DeviceShadow.policy(Fixtures.DEVICE, WriterId.SHARED);

    /** A mutant: what the device reports is ordered by hybrid clocks too. */
    static final StampPolicy BY_CLOCK = StampPolicy.of(key -> WriterId.SHARED, Duration.ofMinutes(5));

    /** So late that nothing is quarantined. */
    static final Instant FAR_AHEAD = Instant.ofEpochMilli(1L << 46);

    private static final String MODE = "mode";
    private static final List<String> NAMES = List.of(MODE);
    private static final KeyDictionary KEYS = DeviceShadow.keys(NAMES);

    static ShadowState bottom(StampPolicy policy) {
        LwwMap empty = open(policy, SmallScope.WRITERS[0], FAR_AHEAD);
        return new ShadowState(policy, empty.deltaOf(), List.of(0, 0, 0), 0, false);
    }

    private static LwwMap open(StampPolicy policy, Boot self, Instant wall) {
        return new LwwMap(self, KEYS, policy, new SimClock(wall), new SplittableRandom(1));
    }

    private static int indexOf(Boot writer) {
        return List.of(SmallScope.WRITERS).indexOf(writer);
    }

    /** The replica in a new life of its writer. */
    private LwwMap open(Boot writer, Instant wall) {
        LwwMap map = open(policy, Fixtures.boot(writer.writer(), lives.get(indexOf(writer)) + 1L), wall);
        map.restore(all);
        return map;
    }

    /** Says what is, if it is the device that writes, and what should be, if another one does. */
    ShadowState write(Boot writer, Instant wall) {
        LwwMap map = open(writer, wall);
        DeviceShadow shadow = new DeviceShadow(map, NAMES);
        if (indexOf(writer) == 0) {
            shadow.report(MODE, Value.of(lives.get(0) + 1L));
        } else {
            shadow.desire(MODE, Value.of(wall.equals(Instant.EPOCH)));
        }
        return after(map, writer, false);
    }

    /** Takes away what {@link #write} wrote, with a clock that has lost the time. */
    ShadowState remove(Boot writer) {
        LwwMap map = open(writer, Instant.EPOCH);
        return map.remove(Math.min(1, indexOf(writer))) ? after(map, writer, true) : this;
    }

    private ShadowState after(LwwMap map, Boot writer, boolean removal) {
        List<Integer> counted = new ArrayList<>(lives);
        counted.set(indexOf(writer), lives.get(indexOf(writer)) + 1);
        boolean report = indexOf(writer) == 0;
        return new ShadowState(
                        policy,
                        map.deltaOf(0, 1),
                        List.copyOf(counted),
                        report ? counted.get(0) : last,
                        report ? removal : removed)
                .checked(map);
    }

    /** Forgets everything but the flash. */
    ShadowState restart(Boot writer) {
        List<Integer> own = new ArrayList<>(List.of(0, 0, 0));
        own.set(indexOf(writer), lives.get(indexOf(writer)));
        ShadowState empty = bottom(policy);
        return new ShadowState(policy, empty.all, List.copyOf(own), 0, false);
    }

    private ShadowState checked(LwwMap map) {
        Optional<Value> known = last == 0 || removed ? Optional.empty() : Optional.of(Value.of((long) last));
        Optional<Value> shown = new DeviceShadow(map, NAMES).reported(MODE);
        if (!shown.equals(known)) {
            throw new AssertionError((removed ? "resurrected: " : "lost: ") + shown + " instead of " + known);
        }
        return this;
    }

    @Override
    public ShadowState merge(ShadowState other) {
        LwwMap map = open(policy, Fixtures.boot(new WriterId(99), 1), FAR_AHEAD);
        map.restore(all);
        map.apply(other.all);
        List<Integer> both = new ArrayList<>(lives);
        for (int i = 0; i < both.size(); i++) {
            both.set(i, Math.max(lives.get(i), other.lives.get(i)));
        }
        ShadowState later = other.last > last ? other : this;
        return new ShadowState(policy, map.deltaOf(0, 1), List.copyOf(both), later.last, later.removed).checked(map);
    }

    @Override
    public boolean leq(ShadowState other) {
        return other.merge(this).equals(other);
    }
}
