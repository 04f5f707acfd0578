package dev.fieldproof.crdt;

import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A set whose member goes when it is added and removed concurrently; for what must not come back by accident, such as
 * a permission. A removed member leaves one dot behind. Immutable.
 *
 * @param <E> type of the members, themselves immutable
 */
public final class RemoveWinsSet<E> implements Nested<RemoveWinsSet<E>> {
    private final OrMap<E, MvRegister<Boolean>> members;

    private RemoveWinsSet(OrMap<E, MvRegister<Boolean>> members) {
        this.members = members;
    }

    /**
     * A set without members.
     *
     * @param <E> type of the members
     * @return the set
     */
    public static <E> RemoveWinsSet<E> empty() {
        return new RemoveWinsSet<>(OrMap.empty(MvRegister.empty()));
    }

    /**
     * Adds a member, after all removals seen.
     *
     * @param member which
     * @param dot of this write
     * @return the set afterwards
     */
    public RemoveWinsSet<E> add(E member, Dot dot) {
        return new RemoveWinsSet<>(members.update(member, writes -> writes.set(true, dot)));
    }

    /**
     * Removes a member, also where it is being added concurrently.
     *
     * @param member which
     * @param dot of this write
     * @return the set afterwards
     */
    public RemoveWinsSet<E> remove(E member, Dot dot) {
        return new RemoveWinsSet<>(members.update(member, writes -> writes.set(false, dot)));
    }

    /**
     * Whether a member is there.
     *
     * @param member which
     * @return true if it is
     */
    public boolean contains(E member) {
        return members.get(member).filter(RemoveWinsSet::present).isPresent();
    }

    /**
     * The members.
     *
     * @return an unmodifiable set
     */
    public Set<E> members() {
        return members.keys().stream().filter(this::contains).collect(Collectors.toUnmodifiableSet());
    }

    /** The additions and removals by member. */
    OrMap<E, MvRegister<Boolean>> writes() {
        return members;
    }

    /** The set of these additions and removals. */
    static <E> RemoveWinsSet<E> of(OrMap<E, MvRegister<Boolean>> writes) {
        return new RemoveWinsSet<>(writes);
    }

    private static boolean present(MvRegister<Boolean> of) {
        return !of.values().contains(false);
    }

    @Override
    public RemoveWinsSet<E> join(RemoveWinsSet<E> other, CausalContext mine, CausalContext theirs) {
        return new RemoveWinsSet<>(members.join(other.members, mine, theirs));
    }

    @Override
    public RemoveWinsSet<E> only(Predicate<Dot> wanted) {
        return new RemoveWinsSet<>(members.only(wanted));
    }

    @Override
    public void forEachDot(Consumer<Dot> visitor) {
        members.forEachDot(visitor);
    }

    @Override
    public boolean isEmpty() {
        return members.isEmpty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RemoveWinsSet<?> that && members.equals(that.members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }

    @Override
    public String toString() {
        return members().toString();
    }
}
