package dev.fieldproof.crdt;

import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A set whose member stays when it is added and removed concurrently. To be nested in {@link OrMap} or held by {@link
 * Replicated}. Immutable.
 *
 * @param <E> type of the members, themselves immutable
 */
public final class AddWinsSet<E> implements Nested<AddWinsSet<E>> {
    private final OrMap<E, EnableWinsFlag> members;

    private AddWinsSet(OrMap<E, EnableWinsFlag> members) {
        this.members = members;
    }

    /**
     * A set without members.
     *
     * @param <E> type of the members
     * @return the set
     */
    public static <E> AddWinsSet<E> empty() {
        return new AddWinsSet<>(OrMap.empty(EnableWinsFlag.empty()));
    }

    /**
     * Adds a member.
     *
     * @param member which
     * @param dot of this write
     * @return the set afterwards
     */
    public AddWinsSet<E> add(E member, Dot dot) {
        return new AddWinsSet<>(members.update(member, flag -> flag.enable(dot)));
    }

    /**
     * Removes a member, as far as it was seen to be added.
     *
     * @param member which
     * @return the set afterwards
     */
    public AddWinsSet<E> remove(E member) {
        return new AddWinsSet<>(members.remove(member));
    }

    /**
     * Whether a member is there.
     *
     * @param member which
     * @return true if it is
     */
    public boolean contains(E member) {
        return members.get(member).filter(AddWinsSet::present).isPresent();
    }

    /**
     * The members.
     *
     * @return an unmodifiable set
     */
    public Set<E> members() {
        return members.keys().stream().filter(this::contains).collect(Collectors.toUnmodifiableSet());
    }

    /** The members and the dots of their additions. */
    OrMap<E, EnableWinsFlag> flags() {
        return members;
    }

    /** The set whose members and dots these are. */
    static <E> AddWinsSet<E> of(OrMap<E, EnableWinsFlag> flags) {
        return new AddWinsSet<>(flags);
    }

    /** As {@link #add}, with several dots at once. */
    AddWinsSet<E> with(E member, List<Dot> dots) {
        return new AddWinsSet<>(members.update(member, flag -> EnableWinsFlag.of(dots)));
    }

    /** Visits every addition. */
    void forEach(BiConsumer<E, Dot> visitor) {
        for (E member : members.keys()) {
            members.get(member).ifPresent(flag -> flag.forEachDot(dot -> visitor.accept(member, dot)));
        }
    }

    private static boolean present(EnableWinsFlag of) {
        return of.enabled();
    }

    @Override
    public AddWinsSet<E> join(AddWinsSet<E> other, CausalContext mine, CausalContext theirs) {
        return new AddWinsSet<>(members.join(other.members, mine, theirs));
    }

    @Override
    public AddWinsSet<E> only(Predicate<Dot> wanted) {
        return new AddWinsSet<>(members.only(wanted));
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
        return other instanceof AddWinsSet<?> that && members.equals(that.members);
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
