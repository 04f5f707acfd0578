package dev.fieldproof.crdt;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

    private static final int MAX_FOLLOWED_LOGS = 4096;

    private final Boot self;
    private final KeyDictionary keys;
    private final StampPolicy policy;
    private final HybridClock clock;
    private final long logId;
    private final Columns columns;
    private final ChangeLog log;
    private final Lives lives;
    private final Map<Long, Long> followed = new LinkedHashMap<>();
    private final Map<WriterId, Dot> floors = new HashMap<>();
    private final AuditRing audit = new AuditRing(AUDIT_LIMIT);
    private final Quarantine quarantine = new Quarantine();
    private DropListener listener = drop -> {};
    private long issued;
    private long clashes;
    private int live;
    private int[] lineOfBoot = new int[4];

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
        this.columns = new Columns(0);
        this.log = new ChangeLog(0);
        this.lives = new Lives(self);
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
            counter = ++issued;
        } else if (owner == 0) {
            counter = clock.tick();
        } else {
            throw new IllegalStateException("key " + key + " is owned by " + policy.ownerOf(key) + ", not " + self);
        }
        store(key, 0, counter, kind, bits, object);
    }

    private void store(int key, int line, long counter, byte kind, long bits, @Nullable Object object) {
        if (key >= columns.capacity()) {
            int capacity = (int) Math.min(keys.size(), Math.max(key + 1L, key + key / 2 + 8L));
            columns.grow(capacity);
            log.grow(capacity);
        }
        byte before = columns.kinds[key];
        live += (kind == Kind.REMOVED ? 0 : 1) - (before == Kind.REMOVED || before == Kind.NONE ? 0 : 1);
        columns.set(key, line, counter, kind, bits, object);
        log.touch(key);
    }

    // ---- reading ----

    /**
     * Whether a key holds a value.
     *
     * @param key its number
     * @return false also for numbers outside the schema
     */
    public boolean contains(int key) {
        return holds(key) && columns.kinds[key] != Kind.REMOVED;
    }

    private boolean holds(int key) {
        return key >= 0 && key < columns.capacity() && columns.kinds[key] != Kind.NONE;
    }

    /**
     * What a key holds.
     *
     * @param key its number
     * @return empty if it was never written or is removed
     */
    public Optional<Value> get(int key) {
        return holds(key) ? Optional.ofNullable(columns.value(key)) : Optional.empty();
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
     * The number that a key holds, without allocating.
     *
     * @param key its number
     * @param otherwise the answer if it holds none
     * @return the number, a whole number converted
     */
    public double getReal(int key, double otherwise) {
        byte kind = holds(key) ? columns.kinds[key] : Kind.NONE;
        if (kind == Kind.REAL) {
            return Double.longBitsToDouble(columns.bits[key]);
        }
        return kind == Kind.INT ? columns.bits[key] : otherwise;
    }

    /**
     * What is known of a key, removals included.
     *
     * @param key its number
     * @return empty if it was never written
     */
    public Optional<Entry> entry(int key) {
        return holds(key) ? Optional.of(new Entry(key, stamp(key), get(key))) : Optional.empty();
    }

    private Dot stamp(int key) {
        return new Dot(lives.get(columns.lines[key]), columns.counters[key]);
    }

    /**
     * How many keys hold a value.
     *
     * @return removed keys not counted
     */
    public int size() {
        return live;
    }

    /**
     * All entries, removals included.
     *
     * @return a copy, by key
     */
    public List<Entry> entries() {
        List<Entry> all = new ArrayList<>();
        for (int key = 0; key < columns.capacity(); key++) {
            entry(key).ifPresent(all::add);
        }
        return all;
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
        return new Version(logId, log.position());
    }

    /**
     * How far this replica has followed another one's log.
     *
     * @param logId the other log
     * @return {@link Version#NONE} if not at all
     */
    public Version seen(long logId) {
        Long position = followed.get(logId);
        return position == null ? Version.NONE : new Version(logId, position);
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

    private Delta nextDelta(Version since, @Nullable Boot except, int maxBytes) {
        long start = since.logId() == logId && since.position() <= log.position() ? since.position() : 0;
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
        int cell = log.firstCell(start);
        for (; cell < log.length() && batch.size() < maxEntries && !batch.full(); cell++) {
            int key = log.keyAt(cell);
            if (key >= 0 && !lives.get(columns.lines[key]).equals(except)) {
                addTo(batch, key);
            }
        }
        long end = cell == log.length() ? log.position() : log.positionAfter(cell - 1);
        List<Dot> floorList = start == 0 ? List.copyOf(floors.values()) : List.of();
        return Delta.of(batch, new Version(logId, start), Math.max(start, end), floorList);
    }

    private void addTo(DeltaBatch batch, int key) {
        boolean shared = policy.ownerOf(key).value() == 0;
        Boot boot = lives.get(columns.lines[key]);
        Object object = columns.object(key);
        batch.add(key, shared, boot, columns.counters[key], columns.kinds[key], columns.bits[key], object);
    }

    /**
     * Takes over what a delta has and this replica has not.
     *
     * @param delta from any replica of this map
     * @return what became of each entry
     */
    public MergeReport apply(Delta delta) {
        long accepted = 0;
        long stale = 0;
        long dropped = 0;
        long quarantined = 0;
        long clashesBefore = clashes;
        DeltaCursor in = delta.cursor();
        if (lineOfBoot.length < in.boots.length) {
            lineOfBoot = new int[in.boots.length];
        }
        for (int i = 0; i < in.boots.length; i++) {
            lineOfBoot[i] = lives.lineOf(in.boots[i]);
        }
        while (Delta.next(in)) {
            switch (merge(in.key, in.shared, lineOfBoot[in.boot], in.counter, in.kind, in.bits, in.object())) {
                case ACCEPTED -> accepted++;
                case STALE -> stale++;
                case DROPPED -> dropped++;
                default -> quarantined++;
            }
        }
        if (delta.from().position() == 0) {
            for (Dot floor : in.floors) {
                floors.merge(floor.boot().writer(), floor, (a, b) -> a.compareTo(b) >= 0 ? a : b);
            }
        }
        follow(delta.from(), delta.to());
        long written = accepted + stale + dropped + quarantined;
        return new MergeReport(written, accepted, stale, dropped, quarantined, clashes - clashesBefore);
    }

    private void follow(Version from, Version to) {
        long seen = seen(to.logId()).position();
        if (to.logId() != logId && from.position() <= seen && to.position() > seen) {
            followed.remove(to.logId());
            followed.put(to.logId(), to.position());
            if (followed.size() > MAX_FOLLOWED_LOGS) {
                followed.remove(followed.keySet().iterator().next());
            }
        }
    }

    // ---- the order ----

    private static final int ACCEPTED = 0;
    private static final int STALE = 1;
    private static final int DROPPED = 2;
    private static final int QUARANTINED = 3;

    private int merge(int key, boolean shared, int line, long counter, byte kind, long bits, @Nullable Object object) {
        if (key >= keys.size()) {
            return drop(Drop.Reason.UNKNOWN_KEY, DROPPED, key, line, counter, kind, bits, object);
        }
        long owner = policy.ownerOf(key).value();
        Boot boot = lives.get(line);
        if (shared != (owner == 0) || (!shared && boot.writer().value() != owner)) {
            return drop(Drop.Reason.NOT_OWNER, DROPPED, key, line, counter, kind, bits, object);
        }
        if (!shared && owner == self.writer().value() && (line == 0 ? counter > issued : boot.compareTo(self) > 0)) {
            clashes++;
            return drop(Drop.Reason.FOREIGN_LIFE, DROPPED, key, line, counter, kind, bits, object);
        }
        if (shared
                && counter - clock.now()
                        > HybridClock.ofMillis(policy.maxAhead().toMillis())) {
            return quarantine(key, line, counter, kind, bits, object);
        }
        int order = holds(key) ? compare(key, shared, line, counter) : aboveFloor(boot, counter) ? 1 : -1;
        if (order == 0) {
            order = Kind.compare(kind, bits, object, columns.kinds[key], columns.bits[key], columns.object(key));
            if (order == 0) {
                return STALE;
            }
            clashes++;
            recordLoser(Drop.Reason.CLASH, order > 0, key, line, counter, kind, bits, object);
        } else if (shared && holds(key) && columns.lines[key] != line) {
            recordLoser(Drop.Reason.OVERWRITTEN, order > 0, key, line, counter, kind, bits, object);
        }
        if (order < 0) {
            return STALE;
        }
        if (shared) {
            clock.observe(counter);
        }
        store(key, line, counter, kind, bits, object);
        return ACCEPTED;
    }

    /** Compares a write to the one held: positive if it is later. */
    private int compare(int key, boolean shared, int line, long counter) {
        int heldLine = columns.lines[key];
        int byCounter = Long.compare(counter, columns.counters[key]);
        if (heldLine == line || (shared && byCounter != 0)) {
            return byCounter;
        }
        return lives.get(line).compareTo(lives.get(heldLine));
    }

    private boolean aboveFloor(Boot boot, long counter) {
        Dot floor = floors.get(boot.writer());
        return floor == null || new Dot(boot, counter).compareTo(floor) > 0;
    }

    private int quarantine(int key, int line, long counter, byte kind, long bits, @Nullable Object object) {
        Dot raw = new Dot(lives.get(line), counter);
        Optional<Value> value = Optional.ofNullable(Kind.toValue(kind, bits, object));
        if (quarantine.add(key, new Quarantine.Held(raw, clock.now(), value))) {
            return drop(Drop.Reason.QUARANTINED, QUARANTINED, key, line, counter, kind, bits, object);
        }
        return STALE;
    }

    private int drop(
            Drop.Reason reason,
            int outcome,
            int key,
            int line,
            long counter,
            byte kind,
            long bits,
            @Nullable Object object) {
        Dot winner = holds(key) ? stamp(key) : null;
        Value value = Kind.toValue(kind, bits, object);
        tell(new Drop(
                reason,
                key,
                new Dot(lives.get(line), counter),
                Optional.ofNullable(value),
                Optional.ofNullable(winner)));
        return outcome;
    }

    /** Records whichever of the held and the arriving write is not going to be visible. */
    private void recordLoser(
            Drop.Reason reason,
            boolean heldLoses,
            int key,
            int line,
            long counter,
            byte kind,
            long bits,
            @Nullable Object object) {
        if (heldLoses) {
            Dot winner = new Dot(lives.get(line), counter);
            tell(new Drop(reason, key, stamp(key), get(key), Optional.of(winner)));
        } else {
            drop(reason, STALE, key, line, counter, kind, bits, object);
        }
    }

    private void tell(Drop drop) {
        audit.add(drop);
        listener.dropped(drop);
    }

    // ---- honesty ----

    /**
     * Sets who hears of writes that are not visible.
     *
     * @param listener replaces the one before
     */
    public void onDrop(DropListener listener) {
        this.listener = listener;
    }

    /**
     * The last writes that are not visible, and why.
     *
     * @return the ring, which goes on changing
     */
    public AuditRing audit() {
        return audit;
    }

    /**
     * Writes from too far in the future.
     *
     * @return what is put aside, which goes on changing
     */
    public Quarantine quarantine() {
        return quarantine;
    }

    /**
     * Lets a quarantined write in, stamped with this replica's time.
     *
     * @param key where
     * @return whether there was one
     */
    public boolean release(int key) {
        Quarantine.Held held = quarantine.remove(key);
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
     * others let them in.
     *
     * @param trustedMillis the present by a trusted clock, milliseconds since 1970
     * @return how many writes got a new stamp
     */
    public int reclock(long trustedMillis) {
        long maxAheadMillis = policy.maxAhead().toMillis();
        clock.correct(trustedMillis, maxAheadMillis);
        long limit = HybridClock.ofMillis(trustedMillis + maxAheadMillis);
        int corrected = 0;
        for (int key = 0; key < columns.capacity(); key++) {
            if (holds(key)
                    && columns.counters[key] > limit
                    && policy.ownerOf(key).value() == 0) {
                store(key, 0, clock.tick(), columns.kinds[key], columns.bits[key], columns.object(key));
                corrected++;
            }
        }
        return corrected;
    }

    /**
     * How often one stamp came with two contents, or this replica's own life from elsewhere.
     *
     * @return since construction
     */
    public long clashes() {
        return clashes;
    }

    /**
     * The lowest stamps that an unknown key of each writer must exceed, since removals up to there are forgotten.
     *
     * @return an unmodifiable view by writer
     */
    public Map<WriterId, Dot> floors() {
        return Collections.unmodifiableMap(floors);
    }
}
