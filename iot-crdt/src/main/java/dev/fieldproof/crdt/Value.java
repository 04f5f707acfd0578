package dev.fieldproof.crdt;

import java.util.Arrays;
import java.util.HexFormat;

/** What a key holds. Immutable, as long as nobody changes a byte array that was handed over. */
public sealed interface Value {
    /**
     * True or false.
     *
     * @param value which
     */
    record Bool(boolean value) implements Value {}

    /**
     * A whole number.
     *
     * @param value any
     */
    record Int(long value) implements Value {}

    /**
     * A floating-point number, kept to the bit.
     *
     * @param value any, also NaN and infinities
     */
    record Real(double value) implements Value {}

    /**
     * Unicode text.
     *
     * @param value any string; a lone surrogate becomes a question mark when encoded
     */
    record Text(String value) implements Value {}

    /**
     * Bytes that mean something to the application.
     *
     * @param value handed over, not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose
    record Bytes(byte[] value) implements Value {
        @Override
        public boolean equals(Object other) {
            return other instanceof Bytes that && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return HexFormat.of().formatHex(value);
        }
    }

    /**
     * A kind of value that a later version of the format defines; it is kept and passed on as it came.
     *
     * @param kind its code in the format, {@value Kind#FIRST_UNKNOWN} to {@value Kind#LAST}
     * @param value handed over, not copied
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose
    record Opaque(int kind, byte[] value) implements Value {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if {@code kind} is out of range
         */
        public Opaque {
            if (kind < Kind.FIRST_UNKNOWN || kind > Kind.LAST) {
                throw new IllegalArgumentException("not the code of an unknown kind: " + kind);
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Opaque that && kind == that.kind && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return 31 * kind + Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return "kind " + kind + " " + HexFormat.of().formatHex(value);
        }
    }

    /**
     * A boolean.
     *
     * @param value which
     * @return it as a value
     */
    static Value of(boolean value) {
        return new Bool(value);
    }

    /**
     * A whole number.
     *
     * @param value any
     * @return it as a value
     */
    static Value of(long value) {
        return new Int(value);
    }

    /**
     * A floating-point number.
     *
     * @param value any
     * @return it as a value
     */
    static Value of(double value) {
        return new Real(value);
    }

    /**
     * A text.
     *
     * @param value any
     * @return it as a value
     */
    static Value of(String value) {
        return new Text(value);
    }

    /**
     * Bytes.
     *
     * @param value handed over, not copied
     * @return them as a value
     */
    static Value of(byte[] value) {
        return new Bytes(value);
    }
}
