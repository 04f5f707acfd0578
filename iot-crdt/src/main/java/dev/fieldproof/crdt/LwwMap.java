package dev.fieldproof.crdt;

import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A replica of a map from the keys of a schema to values, where the last write of each key wins.
 *
 * <p>A key with an owner takes writes of its owner alone, in the order of the owner's lives and sequence numbers; no
 * clock is involved. A shared key takes everyone's writes in order of hybrid time; a write from too far ahead is put
 * aside ({@link #quarantine()}) and changes nothing. Merging commutes, associates and is idempotent.
 *
 * <p>Entries live in arrays indexed by key number, as long as the highest key in use: choose a schema for what one map
 * holds. A local write allocates nothing; applying a delta costs its own size. Not thread-safe: one thread at a time,
 * or hold this object's monitor, as the drivers of {@link dev.fieldproof.crdt.sync} do.
 */
public final class LwwMap {
    /** How many overwritten values {@link #audit()} keeps. */
    public static final int AUDIT_LIMIT = 256;

    private final Boot self;
    private final KeyDictionary keys;
    private final StampPolicy policy;
    private final HybridClock clock;
    private final long logId;
    private final MapState state;
    private final MapMerge merge;
    private final FollowedLogs followed;
    private Version predecessor = Version.NONE;
    private long restoredTo;

    /**
     * An empty replica.
     *
     * @param self the life in which this replica writes; never used by two replicas or twice
     * @param keys the schema
     * @param policy who may write what
     * @param wall this machine's clock, right or wrong
     * @param random draws the id of the change log
     */
    public LwwMap(Boot self, KeyDictionary keys, StampPolicy policy, InstantSource wall, RandomGenerator random) {
        this.self = self;
        this.keys = keys;
        this.policy = policy;
        this.clock = new HybridClock(wall);
        this.logId = random.nextLong() | 1;
        this.state = new MapState(keys.size(), self);
        this.merge = new MapMerge(state, policy, clock);
        this.followed = new FollowedLogs(merge);
    }

    /**
     * One entry as it stands. A removed key has an entry too, for as long as others may not know of the removal.
     *
     * @param key its number
     * @param stamp the write that it comes from
     * @param value what the key holds; empty if it was removed
     */
    public record Entry(int key, Dot stamp, Optional<Value> value) {}

    // ---- writing ----

    /**
     * Writes a number.
     *
     * @param key its number
     * @param value any
     * @throws IllegalArgumentException if the schema has no such key
     * @throws IllegalStateException if another writer owns the key
     */
    public void putReal(int key, double value) {
        write(key, Kind.REAL, Double.doubleToRawLongBits(value), null);
    }

    /**
     * Writes a number by name; allocates nothing.
     *
     * @param name the key's name
     * @param value any
     * @throws IllegalArgumentException if the schema has no such key
     * @throws IllegalStateException if another writer owns the key
     */
    public void putReal(String name, double value) {
        putReal(keyOf(name), value);
    }

    /**
     * Writes a whole number.
     *
     * @param key its number
     * @param value any
     * @throws IllegalArgumentException if the schema has no such key
     * @throws IllegalStateException if another writer owns the key
     */
    public void putInt(int key, long value) {
        write(key, Kind.INT, value, null);
    }

    /**
     * Writes a value.
     *
     * @param key its number
     * @param value any
     * @throws IllegalArgumentException if the schema has no such key
     * @throws IllegalStateException if another writer owns the key
     */
    public void put(int key, Value value) {
        write(key, Kind.of(value), Kind.bitsOf(value), Kind.objectOf(value));
    }

    /**
     * Writes a value by name.
     *
     * @param name the key's name
     * @param value any
     * @throws IllegalArgumentException if the schema has no such key
     * @throws IllegalStateException if another writer owns the key
     */
    public void put(String name, Value value) {
        put(keyOf(name), value);
    }

    /**
     * Writes an object.
     *
     * @param <T> its type
     * @param key its number
     * @param codec turns it into a value
     * @param object any
     * @throws IllegalArgumentException if the schema has no such key
     * @throws IllegalStateException if another writer owns the key
     */
    public <T> void put(int key, ValueCodec<T> codec, T object) {
        put(key, codec.encode(object));
    }

    /**
     * Removes what a key holds; without effect if it holds nothing.
     *
     * @param key its number
     * @return whether it held a value
     * @throws IllegalArgumentException if the schema has no such key
     * @throws IllegalStateException if another writer owns the key
     */
    public boolean remove(int key) {
        boolean held = contains(key);
        if (held) {
            write(key, Kind.REMOVED, 0, null);
        }
        return held;
    }

    private int keyOf(String name) {
        int key = keys.idOf(name);
        if (key < 0) {
            throw new IllegalArgumentException("the schema has no key '" + name + "'");
        }
        return key;
    }

    private void write(int key, byte kind, long bits, @Nullable Object object) {
        if (key < 0 || key >= keys.size()) {
            throw new IllegalArgumentException("the schema has keys 0 to " + (keys.size() - 1) + ", not " + key);
        }
        long owner = policy.ownerOf(key).value();
        long counter;
        if (owner == self.writer().value()) {
            counter = ++merge.issued;
        } else if (owner == 0) {
            counter = clock.tick();
        } else {
            throw new IllegalStateException("key " + key + " is owned by " + policy.ownerOf(key) + ", not " + self);
        }
        state.store(key, 0, counter, kind, bits, object);
    }

    // ---- reading ----

    /**
     * Whether a key holds a value.
     *
     * @param key its number
     * @return false also for numbers outside the schema
     */
    public boolean contains(int key) {
        return state.holds(key) && state.columns.kind(key) != Kind.REMOVED;
    }

    /**
     * What a key holds.
     *
     * @param key its number
     * @return empty if it was never written or is removed
     */
    public Optional<Value> get(int key) {
        return state.holds(key) ? Optional.ofNullable(state.columns.value(key)) : Optional.empty();
    }

    /**
     * What a key holds, by name.
     *
     * @param name the key's name
     * @return empty if it was never written or is removed
     * @throws IllegalArgumentException if the schema has no such key
     */
    public Optional<Value> get(String name) {
        return get(keyOf(name));
    }

    /**
     * The object that a key holds.
     *
     * @param <T> its type
     * @param key its number
     * @param codec turns a value into it
     * @return empty if it was never written or is removed
     * @throws IllegalArgumentException if the value is not one of the codec's
     */
    public <T> Optional<T> get(int key, ValueCodec<T> codec) {
        return get(key).map(codec::decode);
    }

    /**
     * The number that a key holds, without allocating.
     *
     * @param key its number
     * @param otherwise the answer if it holds none
     * @return the number, a whole number converted
     */
    public double getReal(int key, double otherwise) {
        byte kind = state.holds(key) ? state.columns.kind(key) : Kind.NONE;
        if (kind == Kind.REAL) {
            return Double.longBitsToDouble(state.columns.bits(key));
        }
        return kind == Kind.INT ? state.columns.bits(key) : otherwise;
    }

    /**
     * What is known of a key, removals included.
     *
     * @param key its number
     * @return empty if it was never written
     */
    public Optional<Entry> entry(int key) {
        return state.entry(key);
    }

    /**
     * How many keys hold a value.
     *
     * @return removed keys not counted
     */
    public int size() {
        return state.live;
    }

    /**
     * How many keys have an entry.
     *
     * @return keys with a value and removed keys not yet forgotten
     */
    public int entryCount() {
        return state.held;
    }

    /**
     * All entries, removals included.
     *
     * @return a copy, by key
     */
    public List<Entry> entries() {
        return new MapSnapshot(keys, state, version()).entries();
    }

    /**
     * What the map holds now, to be read on any thread while the map goes on changing.
     *
     * @return a copy, 24 bytes for each key up to the highest in use
     */
    public MapSnapshot snapshot() {
        return new MapSnapshot(keys, state.copy(), version());
    }

    /**
     * The life in which this replica writes.
     *
     * @return as constructed
     */
    public Boot self() {
        return self;
    }

    /**
     * The schema.
     *
     * @return as constructed
     */
    public KeyDictionary keys() {
        return keys;
    }

    // ---- following each other ----

    /**
     * How far this replica's log of changes has come.
     *
     * @return to be handed to {@link #deltaSince} later
     */
    public Version version() {
        return new Version(logId, state.log.position());
    }

    /**
     * How far this replica has followed another one's log.
     *
     * @param logId the other log
     * @return {@link Version#NONE} if not at all
     */
    public Version seen(long logId) {
        return followed.seen(logId);
    }

    /**
     * All changes since a version of this replica.
     *
     * @param since a version of this replica's log; of any other log, all entries follow
     * @return the delta
     */
    public Delta deltaSince(Version since) {
        return nextDelta(since, null, Integer.MAX_VALUE);
    }

    /**
     * The next changes since a version of this replica, up to a size.
     *
     * @param since a version of this replica's log; of any other log, all entries follow
     * @param reader who will apply it; what it wrote in this life is left out
     * @param maxBytes the size to stay below if more than one entry is to be sent
     * @return the delta; it reaches {@link #version()} unless the size cut it short
     */
    public Delta deltaFor(Boot reader, Version since, int maxBytes) {
        return nextDelta(since, reader, maxBytes);
    }

    /**
     * A delta without entries, which says that its reader has all that this replica has.
     *
     * @return from position 0 to {@link #version()}
     */
    public Delta claim() {
        return Delta.of(new DeltaBatch(), new Version(logId, 0), state.log.position(), List.of(), 0);
    }

    private Delta nextDelta(Version since, @Nullable Boot except, int maxBytes) {
        long start = since.logId() == logId && since.position() <= state.log.position() ? since.position() : 0;
        int limit = maxBytes == Integer.MAX_VALUE ? maxBytes : Math.max(1, maxBytes / 4);
        while (true) {
            Delta delta = deltaOf(start, except, limit);
            if (delta.sizeBytes() <= maxBytes || delta.size() <= 1) {
                return delta;
            }
            limit = (int) Math.max(1, (long) delta.size() * maxBytes / delta.sizeBytes() * 9 / 10);
        }
    }

    private Delta deltaOf(long start, @Nullable Boot except, int maxEntries) {
        DeltaBatch batch = new DeltaBatch();
        int cell = state.log.firstCell(start);
        for (; cell < state.log.length() && batch.size() < maxEntries && !batch.full(); cell++) {
            int key = state.log.keyAt(cell);
            if (key >= 0 && !state.lives.get(state.columns.line(key)).equals(except)) {
                addTo(batch, key);
            }
        }
        long end = cell == state.log.length() ? state.log.position() : state.log.positionAfter(cell - 1);
        List<Floor> floorList = start == 0 ? Floor.of(state.floors) : List.of();
        return Delta.of(batch, new Version(logId, start), Math.max(start, end), floorList, state.log.position());
    }

    private void addTo(DeltaBatch batch, int key) {
        boolean shared = policy.ownerOf(key).value() == 0;
        Boot boot = state.lives.get(state.columns.line(key));
        Object object = state.columns.object(key);
        batch.add(
                key,
                shared,
                boot,
                state.columns.counter(key),
                state.columns.kind(key),
                state.columns.bits(key),
                object);
    }

    /**
     * Takes over what a delta has and this replica has not.
     *
     * @param delta from any replica of this map
     * @return what became of each entry
     */
    public MergeReport apply(Delta delta) {
        MergeReport report = merge.apply(delta);
        followed.expect(delta.pending());
        follow(delta.to().logId(), delta.from().position(), delta.to().position());
        return report;
    }

    /**
     * Takes over what another replica in this process has and this one has not, without encoding anything.
     *
     * @param other of the same schema and policy; not changed
     * @return what became of each of its entries
     */
    public MergeReport merge(LwwMap other) {
        MergeReport report = merge.apply(other.state);
        follow(other.logId, 0, other.state.log.position());
        return report;
    }

    /**
     * The entries of some keys, without a claim to be all that changed.
     *
     * @param wanted numbers of keys; those never held are left out
     * @return the delta, from and to position 0
     */
    public Delta deltaOf(int... wanted) {
        DeltaBatch batch = new DeltaBatch();
        for (int key : wanted) {
            if (state.holds(key)) {
                addTo(batch, key);
            }
        }
        return Delta.of(batch, new Version(logId, 0), 0, List.of(), 0);
    }

    /**
     * Finds the keys of a delta of which this replica knows more; to be asked before it is applied or after. A removed
     * key that was forgotten here is remembered again, so that the other side can be told.
     *
     * @param delta from another replica
     * @return numbers of keys
     */
    public int[] laterThan(Delta delta) {
        return merge.laterThan(delta);
    }

    /**
     * Notes that this replica has all that another one had, as a comparison of digests showed.
     *
     * @param version of the other one
     */
    public void confirm(Version version) {
        follow(version.logId(), 0, version.position());
    }

    /**
     * Forgets removals that every other replica has heard of, and keeps one stamp of each writer, and one for all
     * shared keys, instead, so that an old copy cannot bring back what was removed. Whoever has heard of a removal of a
     * shared key stamps later, so that no later write is mistaken for an old one.
     *
     * @param stable the version of this replica that all others have followed it to, and after which this one has heard
     *     everything that they had then
     * @return how many were forgotten
     */
    public int forgetRemovals(Version stable) {
        return stable.logId() == logId ? merge.forgetRemovals(stable.position()) : 0;
    }

    /**
     * Takes over what this replica itself had stored: as it is, without a look at any clock.
     *
     * @param stored a delta of the log that this replica's device kept before
     * @return what became of each entry
     */
    public MergeReport restore(Delta stored) {
        MergeReport report = merge.restore(stored);
        predecessor = stored.to();
        restoredTo = state.log.position();
        return report;
    }

    /**
     * Reads how far another replica has followed this one, also if it speaks of the log kept before {@link #restore}.
     *
     * @param seen from another replica
     * @return the version of the present log that has the same, if it is known; otherwise {@code seen}
     */
    public Version here(Version seen) {
        return seen.equals(predecessor) && restoredTo > 0 ? new Version(logId, restoredTo) : seen;
    }

    MapState state() {
        return state;
    }

    private void follow(long log, long from, long to) {
        if (log != logId) {
            followed.follow(log, from, to);
        }
    }

    // ---- honesty ----

    /**
     * Sets who hears of writes that are not visible.
     *
     * @param listener replaces the one before
     */
    public void onDrop(DropListener listener) {
        merge.losses.listener = listener;
    }

    /**
     * The last writes that are not visible, and why.
     *
     * @return the ring, which goes on changing
     */
    public AuditRing audit() {
        return merge.losses.audit;
    }

    /**
     * Writes from too far in the future.
     *
     * @return what is put aside, which goes on changing
     */
    public Quarantine quarantine() {
        return merge.losses.quarantine;
    }

    /**
     * Lets a quarantined write in, stamped with this replica's time.
     *
     * @param key where
     * @return whether there was one
     */
    public boolean release(int key) {
        Quarantine.Held held = merge.losses.quarantine.remove(key);
        if (held == null) {
            return false;
        }
        held.value().ifPresentOrElse(value -> put(key, value), () -> write(key, Kind.REMOVED, 0, null));
        return true;
    }

    /**
     * Corrects this replica's idea of the time, for shared keys, by a trusted clock. If this machine's clock is wrong
     * by more than the policy's bound, the difference is added from now on, until the next call; and shared writes held
     * here that are too far ahead are stamped anew with the trusted time, so that they no longer outrank everyone and
     * others let them in. What was quarantined only because this clock was behind is let in as it came.
     *
     * @param trustedMillis the present by a trusted clock, milliseconds since 1970
     * @return how many writes got a new stamp
     */
    public int reclock(long trustedMillis) {
        return merge.reclock(trustedMillis);
    }

    /**
     * How often one stamp came with two contents, or this replica's own life from elsewhere.
     *
     * @return since construction
     */
    public long clashes() {
        return merge.losses.clashes;
    }

    /**
     * The lowest stamps that an unknown key of each writer must exceed, since removals up to there are forgotten.
     *
     * @return an unmodifiable view by writer; under {@link WriterId#SHARED} that of all shared keys
     */
    public Map<WriterId, Dot> floors() {
        return Collections.unmodifiableMap(state.floors);
    }
}
