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

    final Losses losses;
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
        this.losses = new Losses(state);
        this.policy = policy;
        this.clock = clock;
        this.self = state.lives.get(0).writer();
    }

    MergeReport apply(Delta delta) {
        DeltaCursor in = delta.cursor();
        begin(in.boots(), in.bootCount);
        long clashesBefore = losses.clashes;
        while (Delta.next(in)) {
            outcomes[merge(in.key, in.shared, lineOfBoot[in.boot], in.counter, in.kind, in.bits, in.object())]++;
        }
        return report(clashesBefore);
    }

    /**
     * Takes over floors once everything that may lie below them is here. A shared floor from too far ahead is refused,
     * as a write is. What this life wrote to shared keys below the floor, with a slow clock and before anyone heard of
     * it, is stamped anew rather than lost.
     */
    void raise(List<Floor> floors) {
        for (Floor floor : floors) {
            long counter = floor.stamp().counter();
            if (!floor.shared()) {
                state.raiseFloor(false, floor.stamp());
            } else if (restoring || counter <= latest()) {
                state.raiseFloor(true, floor.stamp());
                clock.observe(counter);
                restampBelow(counter);
            }
        }
    }

    private void restampBelow(long counter) {
        Columns columns = state.columns;
        for (int key = 0; key < columns.capacity() && !restoring; key++) {
            boolean own = state.holds(key) && columns.line(key) == 0 && columns.counter(key) <= counter;
            if (own && policy.ownerOf(key).value() == 0) {
                state.store(key, 0, clock.tick(), columns.kind(key), columns.bits(key), columns.object(key));
            }
        }
    }

    /** As {@link #apply(Delta)}, for what this replica wrote or let in before. */
    MergeReport restore(Delta delta) {
        restoring = true;
        try {
            MergeReport report = apply(delta);
            raise(delta.floors());
            return report;
        } finally {
            restoring = false;
        }
    }

    MergeReport apply(MapState other) {
        begin(other.lives.all(), other.lives.size());
        long clashesBefore = losses.clashes;
        Columns mine = state.columns;
        Columns theirs = other.columns;
        int[] lines = lineOfBoot;
        int same = 0;
        for (int key = 0; key < theirs.capacity(); key++) {
            byte kind = theirs.kind(key);
            // Most of what two replicas hold is the same, and that is quickly seen.
            if (kind != Kind.NONE && mine.sameNumbers(key, theirs, lines) && !Kind.hasObject(kind)) {
                same++;
            } else if (kind != Kind.NONE) {
                boolean shared = policy.ownerOf(key).value() == 0;
                int line = lines[theirs.line(key)];
                outcomes[merge(key, shared, line, theirs.counter(key), kind, theirs.bits(key), theirs.object(key))]++;
            }
        }
        outcomes[STALE] += same;
        if (!other.floors.isEmpty()) {
            raise(Floor.of(other.floors));
        }
        return report(clashesBefore);
    }

    int forgetRemovals(long stablePosition) {
        int forgotten = 0;
        int end = state.log.firstCell(stablePosition);
        for (int cell = 0; cell < end; cell++) {
            int key = state.log.keyAt(cell);
            if (key >= 0 && state.columns.kind(key) == Kind.REMOVED) {
                state.forget(key, policy.ownerOf(key).value() == 0);
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
        for (int key = 0; key < columns.capacity(); key++) {
            boolean tooFar = state.holds(key) && columns.counter(key) > limit;
            if (tooFar && policy.ownerOf(key).value() == 0) {
                state.store(key, 0, clock.tick(), columns.kind(key), columns.bits(key), columns.object(key));
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
        Boot[] boots = in.boots();
        begin(boots, in.bootCount);
        int[] later = new int[delta.size()];
        int n = 0;
        while (Delta.next(in)) {
            int line = lineOfBoot[in.boot];
            Dot floor = state.floors.get(in.shared ? WriterId.SHARED : boots[in.boot].writer());
            if (floor != null
                    && in.key < state.maxKeys
                    && !state.holds(in.key)
                    && !state.aboveFloor(in.shared, line, in.counter)) {
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
        latest = restoring ? Long.MAX_VALUE : latest();
    }

    private long latest() {
        return clock.now() + HybridClock.ofMillis(policy.maxAhead().toMillis());
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
            return quarantine(key, line, counter, kind, bits, object);
        } else if (refusal != null) {
            losses.arriving(refusal, key, line, counter, kind, bits, object);
            return DROPPED;
        }
        boolean held = state.holds(key);
        int order = held ? state.compare(key, shared, line, counter) : state.aboveFloor(shared, line, counter) ? 1 : -1;
        if (order == 0) {
            order = Kind.compare(
                    kind, bits, object, state.columns.kind(key), state.columns.bits(key), state.columns.object(key));
            if (order == 0) {
                return STALE;
            }
            tellLoser(Drop.Reason.CLASH, order > 0, key, line, counter, kind, bits, object);
        } else if (shared && held && state.columns.line(key) != line) {
            tellLoser(Drop.Reason.OVERWRITTEN, order > 0, key, line, counter, kind, bits, object);
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

    private int quarantine(int key, int line, long counter, byte kind, long bits, @Nullable Object object) {
        Dot raw = state.dot(line, counter);
        Value value = Kind.toValue(kind, bits, object);
        if (!losses.quarantine.add(key, new Quarantine.Held(raw, clock.now(), Optional.ofNullable(value)))) {
            return STALE;
        }
        losses.arriving(Drop.Reason.QUARANTINED, key, line, counter, kind, bits, object);
        return QUARANTINED;
    }

    private void tellLoser(
            Drop.Reason reason,
            boolean heldLoses,
            int key,
            int line,
            long counter,
            byte kind,
            long bits,
            @Nullable Object object) {
        if (heldLoses) {
            losses.held(reason, key, line, counter);
        } else {
            losses.arriving(reason, key, line, counter, kind, bits, object);
        }
    }
}
