package dev.fieldproof.crdt;

/**
 * Turns an application's type into a {@link Value} and back. Thread-safe, and always gives the same value for equal
 * objects.
 *
 * @param <T> the application's type
 */
public interface ValueCodec<T> {
    /**
     * Encodes.
     *
     * @param object any
     * @return the value to store
     */
    Value encode(T object);

    /**
     * Decodes.
     *
     * @param value stored by this codec, or by another version of it, or by someone else
     * @return the object
     * @throws IllegalArgumentException if the value is not one of this codec's
     */
    T decode(Value value);
}
