package dev.fieldproof.crdt;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lets writes of others into a map's state, each by the rules of its key, and keeps account of every one. */
final class MapMerge {
    private static final int ACCEPTED = 0;
    private static final int STALE = 1;
    private static final int DROPPED = 2;
    private static final int QUARANTINED = 3;

    final Losses losses = new Losses();
    private final MapState state;
    private final StampPolicy policy;
    private final HybridClock clock;
    private final WriterId self;
    /** The number of this replica's own last write; what comes with a higher one is not its own. */
    long issued;

    private int[] lineOfBoot = new int[4];
    private final long[] outcomes = new long[4];
    private long latest;
    private boolean restoring;

    MapMerge(MapState state, StampPolicy policy, HybridClock clock) {
        this.state = state;
        this.policy = policy;
        this.clock = clock;
        this.self = state.lives.get(0).writer();
    }

    MergeReport apply(Delta delta) {
        DeltaCursor in = delta.cursor();
        begin(in.boots, in.boots.length);
        long clashesBefore = losses.clashes;
        while (Delta.next(in)) {
            outcomes[merge(in.key, in.shared, lineOfBoot[in.boot], in.counter, in.kind, in.bits, in.object())]++;
        }
        if (delta.from().position() == 0) {
            for (Dot floor : in.floors) {
                state.raiseFloor(floor);
            }
        }
        return report(clashesBefore);
    }

    /** As {@link #apply(Delta)}, for what this replica wrote or let in before. */
    MergeReport restore(Delta delta) {
        restoring = true;
        try {
            return apply(delta);
        } finally {
            restoring = false;
        }
    }

    MergeReport apply(MapState other) {
        begin(other.lives.all(), other.lives.size());
        long clashesBefore = losses.clashes;
        Columns mine = state.columns;
        Columns theirs = other.columns;
        for (int key = 0; key < theirs.kinds.length; key++) {
            byte kind = theirs.kinds[key];
            if (kind == Kind.NONE) {
                continue;
            }
            int line = lineOfBoot[theirs.lines[key]];
            long counter = theirs.counters[key];
            // Most of what two replicas hold is the same, and that is quickly seen.
            if (key < mine.kinds.length
                    && mine.counters[key] == counter
                    && mine.lines[key] == line
                    && mine.kinds[key] == kind
                    && mine.bits[key] == theirs.bits[key]
                    && !Kind.hasObject(kind)) {
                outcomes[STALE]++;
                continue;
            }
            boolean shared = policy.ownerOf(key).value() == 0;
            outcomes[merge(key, shared, line, counter, kind, theirs.bits[key], theirs.object(key))]++;
        }
        if (!other.floors.isEmpty()) {
            other.floors.values().forEach(state::raiseFloor);
        }
        return report(clashesBefore);
    }

    int forgetRemovals(long stablePosition) {
        int forgotten = 0;
        int end = state.log.firstCell(stablePosition);
        for (int cell = 0; cell < end; cell++) {
            int key = state.log.keyAt(cell);
            if (key >= 0
                    && state.columns.kinds[key] == Kind.REMOVED
                    && policy.ownerOf(key).value() != 0) {
                state.forget(key);
                forgotten++;
            }
        }
        return forgotten;
    }

    int reclock(long trustedMillis) {
        long maxAheadMillis = policy.maxAhead().toMillis();
        clock.correct(trustedMillis, maxAheadMillis);
        long limit = HybridClock.ofMillis(trustedMillis + maxAheadMillis);
        Columns columns = state.columns;
        int corrected = 0;
        for (int key = 0; key < columns.kinds.length; key++) {
            boolean tooFar = state.holds(key) && columns.counters[key] > limit;
            if (tooFar && policy.ownerOf(key).value() == 0) {
                state.store(key, 0, clock.tick(), columns.kinds[key], columns.bits[key], columns.object(key));
                corrected++;
            }
        }
        for (Map.Entry<Integer, Quarantine.Held> entry :
                List.copyOf(losses.quarantine.held().entrySet())) {
            if (entry.getValue().raw().counter() <= limit) {
                losses.quarantine.remove(entry.getKey());
                readmit(entry.getKey(), entry.getValue());
            }
        }
        return corrected;
    }

    /** Merges what was quarantined before the clock was corrected. */
    private void readmit(int key, Quarantine.Held held) {
        begin(new Boot[] {held.raw().boot()}, 1);
        Value value = held.value().orElse(null);
        byte kind = value == null ? Kind.REMOVED : Kind.of(value);
        long bits = value == null ? 0 : Kind.bitsOf(value);
        merge(key, true, lineOfBoot[0], held.raw().counter(), kind, bits, value == null ? null : Kind.objectOf(value));
    }

    int[] laterThan(Delta delta) {
        DeltaCursor in = delta.cursor();
        begin(in.boots, in.boots.length);
        int[] later = new int[delta.size()];
        int n = 0;
        while (Delta.next(in)) {
            int line = lineOfBoot[in.boot];
            Dot floor = in.shared ? null : state.floors.get(in.boots[in.boot].writer());
            if (floor != null
                    && in.key < state.maxKeys
                    && !state.holds(in.key)
                    && !state.aboveFloor(line, in.counter)) {
                state.store(in.key, state.lives.lineOf(floor.boot()), floor.counter(), Kind.REMOVED, 0, null);
            }
            if (state.holds(in.key) && state.compare(in.key, in.shared, line, in.counter) < 0) {
                later[n++] = in.key;
            }
        }
        return Arrays.copyOf(later, n);
    }

    private void begin(Boot[] boots, int count) {
        if (lineOfBoot.length < count) {
            lineOfBoot = new int[count];
        }
        for (int i = 0; i < count; i++) {
            lineOfBoot[i] = state.lives.lineOf(boots[i]);
        }
        Arrays.fill(outcomes, 0);
        latest = restoring
                ? Long.MAX_VALUE
                : clock.now() + HybridClock.ofMillis(policy.maxAhead().toMillis());
    }

    private MergeReport report(long clashesBefore) {
        long written = outcomes[ACCEPTED] + outcomes[STALE] + outcomes[DROPPED] + outcomes[QUARANTINED];
        return new MergeReport(
                written,
                outcomes[ACCEPTED],
                outcomes[STALE],
                outcomes[DROPPED],
                outcomes[QUARANTINED],
                losses.clashes - clashesBefore);
    }

    private int merge(int key, boolean shared, int line, long counter, byte kind, long bits, @Nullable Object object) {
        Drop.Reason refusal = refusal(key, shared, line, counter);
        if (refusal == Drop.Reason.QUARANTINED) {
            return quarantine(key, line, counter, Kind.toValue(kind, bits, object));
        } else if (refusal != null) {
            losses.arriving(
                    refusal, key, state.dot(line, counter), Kind.toValue(kind, bits, object), state.stampOf(key));
            return DROPPED;
        }
        boolean held = state.holds(key);
        int order = held ? state.compare(key, shared, line, counter) : state.aboveFloor(line, counter) ? 1 : -1;
        if (order == 0) {
            order = Kind.compare(
                    kind, bits, object, state.columns.kinds[key], state.columns.bits[key], state.columns.object(key));
            if (order == 0) {
                return STALE;
            }
            tellLoser(Drop.Reason.CLASH, order > 0, key, line, counter, Kind.toValue(kind, bits, object));
        } else if (shared && held && state.columns.lines[key] != line) {
            tellLoser(Drop.Reason.OVERWRITTEN, order > 0, key, line, counter, Kind.toValue(kind, bits, object));
        }
        if (order < 0) {
            return STALE;
        }
        if (shared) {
            clock.observe(counter);
        }
        state.store(key, line, counter, kind, bits, object);
        return ACCEPTED;
    }

    /** Why a write is not even compared with the one held; null if it is. */
    private Drop.@Nullable Reason refusal(int key, boolean shared, int line, long counter) {
        if (key >= state.maxKeys) {
            return Drop.Reason.UNKNOWN_KEY;
        }
        long owner = policy.ownerOf(key).value();
        if (shared) {
            boolean tooFar = counter > latest;
            return owner != 0 ? Drop.Reason.NOT_OWNER : tooFar ? Drop.Reason.QUARANTINED : null;
        }
        Boot boot = state.lives.get(line);
        if (boot.writer().value() != owner) {
            return Drop.Reason.NOT_OWNER;
        }
        boolean ownLife =
                owner == self.value() && (line == 0 ? counter > issued : boot.compareTo(state.lives.get(0)) > 0);
        return ownLife && !restoring ? Drop.Reason.FOREIGN_LIFE : null;
    }

    private int quarantine(int key, int line, long counter, @Nullable Value value) {
        Dot raw = state.dot(line, counter);
        if (!losses.quarantine.add(key, new Quarantine.Held(raw, clock.now(), Optional.ofNullable(value)))) {
            return STALE;
        }
        losses.arriving(Drop.Reason.QUARANTINED, key, raw, value, state.stampOf(key));
        return QUARANTINED;
    }

    private void tellLoser(
            Drop.Reason reason, boolean heldLoses, int key, int line, long counter, @Nullable Value value) {
        if (heldLoses) {
            losses.held(reason, state.entry(key).orElseThrow(), state.dot(line, counter));
        } else {
            losses.arriving(reason, key, state.dot(line, counter), value, state.stampOf(key));
        }
    }
}
