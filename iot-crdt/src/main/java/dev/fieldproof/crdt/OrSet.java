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
    private int[] lines = new int[SMALLEST];
    private long[] counters = new long[SMALLEST];
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
        int slot = find(member);
        boolean absent = members[slot] == null;
        if (!more.isEmpty()) {
            more.remove(member);
        }
        put(slot, member, 0, ++issued);
        return absent;
    }

    /**
     * Removes a member, as far as it was seen to be added.
     *
     * @param member which
     * @return whether it was there
     */
    public boolean remove(E member) {
        int slot = find(member);
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
        return members[find(member)] != null;
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
     * Takes over what another replica knows and this one does not.
     *
     * @param other the other replica; not changed
     * @return accepted are additions taken over, stale are those known, whether still there or removed since
     */
    public MergeReport merge(OrSet<E> other) {
        int[] toOther = new int[lives.size()];
        for (int line = 0; line < toOther.length; line++) {
            toOther[line] = other.lives.find(lives.get(line));
        }
        int[] toMine = new int[other.lives.size()];
        for (int line = 0; line < toMine.length; line++) {
            toMine[line] = lives.lineOf(other.lives.get(line));
        }
        removeWhatOthersRemoved(other, toOther);
        long accepted = 0;
        for (int slot = 0; slot < other.members.length; slot++) {
            if (other.members[slot] != null) {
                accepted += takeOver(other.member(slot), toMine[other.lines[slot]], other.counters[slot]);
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

    private void removeWhatOthersRemoved(OrSet<E> other, int[] toOther) {
        int slot = 0;
        while (slot < members.length) {
            if (members[slot] == null || stays(slot, other, toOther)) {
                slot++;
                continue;
            }
            List<Dot> beside = more.isEmpty() ? null : more.get(member(slot));
            if (beside == null) {
                delete(slot);
            } else {
                // Whether this one stays is asked next.
                Dot first = beside.remove(0);
                lines[slot] = lives.lineOf(first.boot());
                counters[slot] = first.counter();
                if (beside.isEmpty()) {
                    more.remove(member(slot));
                }
            }
            // Another dot, another member or nothing is in this slot now: it is looked at again.
        }
    }

    /** Whether the dot in the table is new to the other side or still there; drops dots beside it that are neither. */
    private boolean stays(int slot, OrSet<E> other, int[] toOther) {
        E member = member(slot);
        List<Dot> beside = more.isEmpty() ? null : more.get(member);
        if (beside != null) {
            beside.removeIf(dot -> {
                int line = other.lives.find(dot.boot());
                return line >= 0 && dot.counter() <= other.upTo(line) && !other.has(member, line, dot.counter());
            });
            if (beside.isEmpty()) {
                more.remove(member);
            }
        }
        int line = toOther[lines[slot]];
        return line < 0 || counters[slot] > other.upTo(line) || other.has(member, line, counters[slot]);
    }

    private int takeOver(E member, int line, long counter) {
        if (counter <= upTo(line)) {
            return 0;
        }
        int slot = find(member);
        if (members[slot] == null) {
            put(slot, member, line, counter);
        } else {
            more.computeIfAbsent(member, m -> new ArrayList<>()).add(new Dot(lives.get(line), counter));
        }
        return 1;
    }

    private boolean has(E member, int line, long counter) {
        int slot = find(member);
        return members[slot] != null
                && ((counters[slot] == counter && lines[slot] == line)
                        || (!more.isEmpty()
                                && more.getOrDefault(member, List.of()).contains(new Dot(lives.get(line), counter))));
    }

    // ---- dots seen; replicas merge whole, so no number of a life is ever left out ----

    private long upTo(int line) {
        return line == 0 ? issued : line < seenUpTo.length ? seenUpTo[line] : 0;
    }

    private void see(int line, long counter) {
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

    private int home(Object member) {
        return PackedDictionary.mix(member.hashCode()) & (members.length - 1);
    }

    private int find(Object member) {
        int slot = home(member);
        while (members[slot] != null && !members[slot].equals(member)) {
            slot = (slot + 1) & (members.length - 1);
        }
        return slot;
    }

    private void put(int slot, E member, int line, long counter) {
        boolean fresh = members[slot] == null;
        members[slot] = member;
        lines[slot] = line;
        counters[slot] = counter;
        if (fresh && ++size * 2 > members.length) {
            grow();
        }
    }

    private void grow() {
        @Nullable Object[] oldMembers = members;
        int[] oldLines = lines;
        long[] oldCounters = counters;
        members = new Object[oldMembers.length * 2];
        lines = new int[members.length];
        counters = new long[members.length];
        for (int i = 0; i < oldMembers.length; i++) {
            Object member = oldMembers[i];
            if (member != null) {
                int slot = find(member);
                members[slot] = member;
                lines[slot] = oldLines[i];
                counters[slot] = oldCounters[i];
            }
        }
    }

    /** Frees a slot and moves up what would no longer be found behind it. */
    private void delete(int slot) {
        int mask = members.length - 1;
        int free = slot;
        for (int next = (free + 1) & mask; members[next] != null; next = (next + 1) & mask) {
            int home = home(member(next));
            if (((next - home) & mask) >= ((next - free) & mask)) {
                members[free] = members[next];
                lines[free] = lines[next];
                counters[free] = counters[next];
                free = next;
            }
        }
        members[free] = null;
        size--;
    }
}
