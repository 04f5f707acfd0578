package dev.fieldproof.crdt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * A replica of a nestable state, with all the dots that it has seen. Immutable.
 *
 * @param <S> type of the state
 * @param state what is there
 * @param context every dot seen, also of what is no longer there
 */
public record Replicated<S extends Nested<S>>(S state, CausalContext context) implements Crdt<Replicated<S>> {
    /**
     * A replica before any write.
     *
     * @param <S> type of the state
     * @param empty the empty state
     * @return the replica
     * @throws IllegalArgumentException if the state is not empty
     */
    public static <S extends Nested<S>> Replicated<S> of(S empty) {
        if (!empty.isEmpty()) {
            throw new IllegalArgumentException("a replica begins empty: " + empty);
        }
        return new Replicated<>(empty, CausalContext.EMPTY);
    }

    /**
     * Writes.
     *
     * @param writer whose life writes; only its owner may use it
     * @param change makes the new state of the present one and the write's dot
     * @return the replica afterwards
     */
    public Replicated<S> update(Boot writer, BiFunction<S, Dot, S> change) {
        Dot dot = context.next(writer);
        return new Replicated<>(change.apply(state, dot), context.merge(CausalContext.of(List.of(dot))));
    }

    /**
     * What happened since an earlier state of this replica: merging it there gives this one.
     *
     * @param before this replica earlier
     * @return the delta, a replica of what is new alone
     */
    public Replicated<S> deltaFrom(Replicated<S> before) {
        List<Dot> touched = context.minus(before.context);
        Set<Dot> left = new HashSet<>();
        state.forEachDot(left::add);
        List<Dot> all = new ArrayList<>(touched);
        before.state.forEachDot(dot -> {
            if (!left.contains(dot)) {
                all.add(dot);
            }
        });
        return new Replicated<>(state.only(dot -> !before.context.contains(dot)), CausalContext.of(all));
    }

    @Override
    public Replicated<S> merge(Replicated<S> other) {
        S joined = state.join(other.state, context, other.context);
        return new Replicated<>(joined, context.merge(other.context));
    }

    @Override
    public boolean leq(Replicated<S> other) {
        return other.merge(this).equals(other);
    }
}
