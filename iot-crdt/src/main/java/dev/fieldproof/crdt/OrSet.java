package dev.fieldproof.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A replica of a large set in which a member stays when it is added and removed concurrently. Members lie with the dot
 * of their last addition in one open-addressed table, from which a removal leaves nothing behind; adding and removing
 * allocate nothing. For small sets, and to nest, see {@link AddWinsSet}. Not thread-safe.
 *
 * @param <E> type of the members, immutable, with {@code equals} and {@code hashCode}
 */
public final class OrSet<E> {
    private static final int SMALLEST = 16;

    private final Lives lives;
    private long[] seenUpTo = new long[4];
    /** Dots of concurrent additions beside the one in the table; as a rule there are none. */
    private final Map<E, List<Dot>> more = new HashMap<>();

    private @Nullable Object[] members = new Object[SMALLEST];
    /** Of each member: its dot's counter; and its hash above its dot's line. Side by side, to be fetched at once. */
    private long[] words = new long[2 * SMALLEST];

    private int size;
    private long issued;

    /**
     * An empty set.
     *
     * @param self the life in which this replica writes; never used by two replicas or twice
     */
    public OrSet(Boot self) {
        lives = new Lives(self);
    }

    /**
     * Adds a member; also if it is there already, so that the addition outlives removals made elsewhere meanwhile.
     *
     * @param member which
     * @return whether it was absent
     */
    public boolean add(E member) {
        int hash = hash(member);
        int slot = find(member, hash);
        boolean absent = members[slot] == null;
        if (!more.isEmpty()) {
            more.remove(member);
        }
        put(slot, member, hash, 0, ++issued);
        return absent;
    }

    /**
     * Removes a member, as far as it was seen to be added.
     *
     * @param member which
     * @return whether it was there
     */
    public boolean remove(E member) {
        int slot = find(member, hash(member));
        if (members[slot] == null) {
            return false;
        }
        if (!more.isEmpty()) {
            more.remove(member);
        }
        delete(slot);
        return true;
    }

    /**
     * Whether a member is there.
     *
     * @param member which
     * @return true if it is
     */
    public boolean contains(E member) {
        return members[find(member, hash(member))] != null;
    }

    /**
     * How many members there are.
     *
     * @return at least 0
     */
    public int size() {
        return size;
    }

    /**
     * The members.
     *
     * @return an unmodifiable copy
     */
    public Set<E> members() {
        Set<E> all = new HashSet<>();
        for (int slot = 0; slot < members.length; slot++) {
            if (members[slot] != null) {
                all.add(member(slot));
            }
        }
        return Set.copyOf(all);
    }

    /**
     * The set as a value, to be encoded ({@link dev.fieldproof.crdt.StateCodec}), kept, or merged elsewhere.
     *
     * @return a copy that holds the same and has seen the same
     */
    public Replicated<AddWinsSet<E>> snapshot() {
        AddWinsSet<E> set = AddWinsSet.empty();
        for (int slot = 0; slot < members.length; slot++) {
            if (members[slot] != null) {
                E member = member(slot);
                List<Dot> dots = new ArrayList<>(more.getOrDefault(member, List.of()));
                dots.add(new Dot(lives.get(line(slot)), counter(slot)));
                set = set.with(member, dots);
            }
        }
        Map<Boot, Long> seen = new HashMap<>();
        for (int line = 0; line < lives.size(); line++) {
            if (upTo(line) > 0) {
                seen.put(lives.get(line), upTo(line));
            }
        }
        return new Replicated<>(set, CausalContext.upTo(seen));
    }

    /**
     * Takes over what a copy of another replica knows and this one does not. What this replica's own life did, as a
     * copy of it kept before a restart has it, is taken over too.
     *
     * @param other the copy, whole and not a delta
     * @return as of {@link #merge(OrSet)}
     * @throws IllegalArgumentException if writes are missing in what the copy has seen
     */
    public MergeReport merge(Replicated<AddWinsSet<E>> other) {
        Map<Boot, Long> seen = other.context().upTo();
        if (seen == null) {
            throw new IllegalArgumentException("not a whole replica: " + other.context());
        }
        OrSet<E> copy = new OrSet<>(lives.get(0));
        seen.keySet().forEach(copy.lives::lineOf);
        other.state().forEach((member, dot) -> copy.takeOver(member, copy.lives.lineOf(dot.boot()), dot.counter()));
        seen.forEach((boot, counter) -> copy.see(copy.lives.lineOf(boot), counter));
        return merge(copy);
    }

    /**
     * Takes over what another replica knows and this one does not.
     *
     * @param other the other replica; not changed
     * @return accepted are additions taken over, stale are those known, whether still there or removed since
     */
    public MergeReport merge(OrSet<E> other) {
        int[] toMine = new int[other.lives.size()];
        long[] seenHere = new long[toMine.length];
        for (int line = 0; line < toMine.length; line++) {
            toMine[line] = lives.lineOf(other.lives.get(line));
            seenHere[line] = upTo(toMine[line]);
        }
        removeWhatOthersRemoved(other);
        long accepted = 0;
        for (int slot = 0; slot < other.members.length; slot++) {
            if (other.members[slot] != null && other.counter(slot) > seenHere[other.line(slot)]) {
                accepted += takeOver(other.member(slot), toMine[other.line(slot)], other.counter(slot));
            }
        }
        long all = other.size;
        for (Map.Entry<E, List<Dot>> beside : other.more.entrySet()) {
            for (Dot dot : beside.getValue()) {
                accepted += takeOver(beside.getKey(), lives.lineOf(dot.boot()), dot.counter());
                all++;
            }
        }
        for (int line = 0; line < toMine.length; line++) {
            see(toMine[line], other.upTo(line));
        }
        return new MergeReport(all, accepted, all - accepted, 0, 0, 0);
    }

    private void removeWhatOthersRemoved(OrSet<E> other) {
        int[] toOther = new int[lives.size()];
        long[] seenThere = new long[toOther.length];
        for (int line = 0; line < toOther.length; line++) {
            toOther[line] = other.lives.find(lives.get(line));
            seenThere[line] = toOther[line] < 0 ? 0 : other.upTo(toOther[line]);
        }
        int slot = 0;
        while (slot < members.length) {
            boolean unseen = members[slot] == null || counter(slot) > seenThere[line(slot)];
            if ((unseen && more.isEmpty()) || members[slot] == null || stays(slot, other, toOther)) {
                slot++;
                continue;
            }
            List<Dot> beside = more.isEmpty() ? null : more.get(member(slot));
            if (beside == null) {
                delete(slot);
            } else {
                // Whether this one stays is asked next.
                Dot first = beside.remove(0);
                set(slot, hash(slot), lives.lineOf(first.boot()), first.counter());
                if (beside.isEmpty()) {
                    more.remove(member(slot));
                }
            }
            // Another dot, another member or nothing is in this slot now: it is looked at again.
        }
    }

    /** Whether the dot in the table is new to the other side or still there; drops dots beside it that are neither. */
    private boolean stays(int slot, OrSet<E> other, int[] toOther) {
        if (more.isEmpty()) {
            return !gone(slot, other, toOther[line(slot)]);
        }
        E member = member(slot);
        List<Dot> beside = more.get(member);
        if (beside != null) {
            beside.removeIf(dot -> {
                int line = other.lives.find(dot.boot());
                return line >= 0 && dot.counter() <= other.upTo(line) && !other.has(member, line, dot.counter());
            });
            if (beside.isEmpty()) {
                more.remove(member);
            }
        }
        return !gone(slot, other, toOther[line(slot)]);
    }

    /** Whether the other side has seen the dot in the table and has it no more. */
    private boolean gone(int slot, OrSet<E> other, int line) {
        long counter = counter(slot);
        if (line < 0 || counter > other.upTo(line)) {
            return false;
        }
        // A dot names one addition of one member, so that members need not be compared.
        int mask = other.members.length - 1;
        for (int at = hash(slot) & mask; other.members[at] != null; at = at + 1 & mask) {
            if (other.counter(at) == counter && other.line(at) == line) {
                return false;
            }
        }
        return other.more.isEmpty() || !other.has(member(slot), line, counter);
    }

    private int takeOver(E member, int line, long counter) {
        if (counter <= upTo(line)) {
            return 0;
        }
        int hash = hash(member);
        int slot = find(member, hash);
        if (members[slot] == null) {
            put(slot, member, hash, line, counter);
        } else {
            more.computeIfAbsent(member, m -> new ArrayList<>()).add(new Dot(lives.get(line), counter));
        }
        return 1;
    }

    private boolean has(E member, int line, long counter) {
        int slot = find(member, hash(member));
        return members[slot] != null
                && ((counter(slot) == counter && line(slot) == line)
                        || (!more.isEmpty()
                                && more.getOrDefault(member, List.of()).contains(new Dot(lives.get(line), counter))));
    }

    // ---- dots seen; replicas merge whole, so no number of a life is ever left out ----

    private long upTo(int line) {
        return line == 0 ? issued : line < seenUpTo.length ? seenUpTo[line] : 0;
    }

    private void see(int line, long counter) {
        if (line == 0) {
            issued = Math.max(issued, counter);
        }
        if (line >= seenUpTo.length) {
            seenUpTo = Arrays.copyOf(seenUpTo, line + 4);
        }
        seenUpTo[line] = Math.max(seenUpTo[line], counter);
    }

    // ---- the table ----

    @SuppressWarnings("unchecked")
    private E member(int slot) {
        Object member = members[slot];
        if (member == null) {
            throw new IllegalStateException("slot " + slot + " is free");
        }
        return (E) member;
    }

    private long counter(int slot) {
        return words[2 * slot];
    }

    private int line(int slot) {
        return (int) words[2 * slot + 1];
    }

    private int hash(int slot) {
        return (int) (words[2 * slot + 1] >>> 32);
    }

    private void set(int slot, int hash, int line, long counter) {
        words[2 * slot] = counter;
        words[2 * slot + 1] = (long) hash << 32 | line;
    }

    private static int hash(Object member) {
        return PackedDictionary.mix(member.hashCode());
    }

    private int find(Object member, int hash) {
        int mask = members.length - 1;
        int slot = hash & mask;
        while (true) {
            Object there = members[slot];
            if (there == null || (hash(slot) == hash && there.equals(member))) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
    }

    private void put(int slot, E member, int hash, int line, long counter) {
        boolean fresh = members[slot] == null;
        members[slot] = member;
        set(slot, hash, line, counter);
        if (fresh && ++size * 4 > members.length * 3) {
            grow();
        }
    }

    private void grow() {
        @Nullable Object[] oldMembers = members;
        long[] oldWords = words;
        members = new Object[oldMembers.length * 2];
        words = new long[2 * members.length];
        for (int i = 0; i < oldMembers.length; i++) {
            Object member = oldMembers[i];
            if (member != null) {
                int slot = find(member, (int) (oldWords[2 * i + 1] >>> 32));
                members[slot] = member;
                words[2 * slot] = oldWords[2 * i];
                words[2 * slot + 1] = oldWords[2 * i + 1];
            }
        }
    }

    /** Frees a slot and moves up what would no longer be found behind it. */
    private void delete(int slot) {
        int mask = members.length - 1;
        int free = slot;
        for (int next = (free + 1) & mask; members[next] != null; next = (next + 1) & mask) {
            int home = hash(next) & mask;
            if (((next - home) & mask) >= ((next - free) & mask)) {
                members[free] = members[next];
                words[2 * free] = words[2 * next];
                words[2 * free + 1] = words[2 * next + 1];
                free = next;
            }
        }
        members[free] = null;
        size--;
    }
}
