package dev.fieldproof.crdt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A replica of a large set in which a member stays when it is added and removed concurrently. Members lie with the dot
 * of their last addition in one open-addressed table, from which a removal leaves nothing behind; adding and removing
 * allocate nothing. For small sets, and to nest, see {@link AddWinsSet}. Not thread-safe.
 *
 * @param <E> type of the members, immutable, with {@code equals} and {@code hashCode}
 */
public final class OrSet<E> {
    private final Lives lives;
    private long[] seenUpTo = new long[4];
    /** Dots of concurrent additions beside the one in the table; as a rule there are none. */
    private final Map<E, List<Dot>> more = new HashMap<>();

    private final DotTable<E> table = new DotTable<>();
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
        if (!more.isEmpty()) {
            more.remove(member);
        }
        return table.put(member, 0, ++issued);
    }

    /**
     * Removes a member, as far as it was seen to be added.
     *
     * @param member which
     * @return whether it was there
     */
    public boolean remove(E member) {
        if (!more.isEmpty()) {
            more.remove(member);
        }
        return table.remove(member);
    }

    /**
     * Whether a member is there.
     *
     * @param member which
     * @return true if it is
     */
    public boolean contains(E member) {
        return table.find(member) >= 0;
    }

    /**
     * How many members there are.
     *
     * @return at least 0
     */
    public int size() {
        return table.size();
    }

    /**
     * The members.
     *
     * @return an unmodifiable copy
     */
    public Set<E> members() {
        Set<E> all = new HashSet<>();
        for (int entry = 0; entry < table.size(); entry++) {
            all.add(table.member(entry));
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
        for (int entry = 0; entry < table.size(); entry++) {
            E member = table.member(entry);
            List<Dot> dots = new ArrayList<>(more.getOrDefault(member, List.of()));
            dots.add(new Dot(lives.get(table.line(entry)), table.counter(entry)));
            set = set.with(member, dots);
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
        DotTable<E> theirs = other.table;
        for (int entry = 0; entry < theirs.size(); entry++) {
            int line = theirs.line(entry);
            if (theirs.counter(entry) > seenHere[line]) {
                accepted += takeOver(theirs.member(entry), toMine[line], theirs.counter(entry));
            }
        }
        long all = theirs.size();
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
        // From the end, as the last entry takes the place of one removed.
        for (int entry = table.size() - 1; entry >= 0; entry--) {
            if (more.isEmpty()) {
                if (table.counter(entry) <= seenThere[table.line(entry)] && gone(entry, other, toOther)) {
                    table.removeAt(entry);
                }
            } else {
                removeUnlessKept(entry, other, toOther);
            }
        }
    }

    /**
     * Drops the dots of a member that the other side has seen and has no more, and the member with the last of them.
     */
    private void removeUnlessKept(int entry, OrSet<E> other, int[] toOther) {
        E member = table.member(entry);
        List<Dot> beside = more.computeIfAbsent(member, m -> new ArrayList<>());
        beside.removeIf(dot -> {
            int line = other.lives.find(dot.boot());
            return line >= 0 && dot.counter() <= other.upTo(line) && !other.has(member, line, dot.counter());
        });
        if (gone(entry, other, toOther)) {
            if (beside.isEmpty()) {
                table.removeAt(entry);
            } else {
                Dot first = beside.remove(0);
                table.set(entry, lives.lineOf(first.boot()), first.counter());
            }
        }
        if (beside.isEmpty()) {
            more.remove(member);
        }
    }

    /** Whether the other side has seen the dot in the table and has it no more. */
    private boolean gone(int entry, OrSet<E> other, int[] toOther) {
        int line = toOther[table.line(entry)];
        long counter = table.counter(entry);
        // A dot names one addition of one member, so that members need not be compared.
        return line >= 0
                && counter <= other.upTo(line)
                && other.table.find(table, entry, line, counter) < 0
                && (other.more.isEmpty() || !other.has(table.member(entry), line, counter));
    }

    private int takeOver(E member, int line, long counter) {
        if (counter <= upTo(line)) {
            return 0;
        }
        if (table.find(member) < 0) {
            table.put(member, line, counter);
        } else {
            more.computeIfAbsent(member, m -> new ArrayList<>()).add(new Dot(lives.get(line), counter));
        }
        return 1;
    }

    private boolean has(E member, int line, long counter) {
        int entry = table.find(member);
        return entry >= 0
                && ((table.counter(entry) == counter && table.line(entry) == line)
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
}
