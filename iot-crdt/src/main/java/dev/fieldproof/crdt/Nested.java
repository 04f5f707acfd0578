package dev.fieldproof.crdt;

import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A state made of dots, each put there by one write and taken away by a later one that knew of it: what {@link
 * Replicated} holds and {@link OrMap} nests (Almeida, Shoker, Baquero, "Delta state replicated data types", 2018).
 * Immutable.
 *
 * @param <S> the type itself
 */
public interface Nested<S extends Nested<S>> {
    /**
     * What both sides leave: dots that both have, and dots that one has and the other has not seen.
     *
     * @param other the other side
     * @param mine all dots that this side has seen
     * @param theirs all dots that the other side has seen
     * @return the joined state
     */
    S join(S other, CausalContext mine, CausalContext theirs);

    /**
     * Part of the state.
     *
     * @param wanted which dots to keep
     * @return the state of those dots alone
     */
    S only(Predicate<Dot> wanted);

    /**
     * Visits the dots.
     *
     * @param visitor receives each once
     */
    void forEachDot(Consumer<Dot> visitor);

    /**
     * Whether no dot is left.
     *
     * @return true if this is the state before any write
     */
    boolean isEmpty();
}
