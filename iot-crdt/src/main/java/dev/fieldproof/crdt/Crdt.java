package dev.fieldproof.crdt;

/**
 * An immutable value whose copies, changed independently, merge into one: merging commutes, associates and is
 * idempotent, and loses no change. A delta is a value of the same type that holds a change alone. Thread-safe.
 *
 * @param <S> the type itself
 */
public interface Crdt<S extends Crdt<S>> {
    /**
     * What both know.
     *
     * @param other a copy or a delta
     * @return the least value that includes both; {@code this} if nothing is new
     */
    S merge(S other);

    /**
     * Whether another value knows all that this one knows.
     *
     * @param other the other
     * @return true if merging this into {@code other} changes nothing
     */
    boolean leq(S other);
}
