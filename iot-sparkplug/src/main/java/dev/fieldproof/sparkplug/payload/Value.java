package dev.fieldproof.sparkplug.payload;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * The value of a metric, property, parameter or data set cell, with its datatype (Sparkplug 3.0, section 6.4.16).
 *
 * <p>Arrays inside values are handed over, not copied: nobody changes them afterwards. Under that rule all values are
 * immutable and thread-safe.
 */
@SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose, see above
public sealed interface Value
        permits DataSet,
                Template,
                PropertySet,
                PropertySetList,
                Value.Null,
                Value.Whole,
                Value.Single,
                Value.Real,
                Value.Flag,
                Value.Text,
                Value.Binary,
                Value.WholeArray,
                Value.SingleArray,
                Value.RealArray,
                Value.FlagArray,
                Value.TextArray,
                Value.Raw {
    /**
     * The datatype.
     *
     * @return {@link DataType#UNKNOWN} for {@link Raw}, and for a null whose type was not said
     */
    DataType type();

    /**
     * No value.
     *
     * @param type of the value that is not there
     */
    record Null(DataType type) implements Value {}

    /**
     * A whole number or an instant.
     *
     * @param type one for which {@link DataType#isWhole()}
     * @param value sign-extended for the signed types, zero-extended for the unsigned ones; the top bit of a {@link
     *     DataType#UINT64} makes it negative as a {@code long}, see {@link #toBigInteger()}
     */
    record Whole(DataType type, long value) implements Value {
        /**
         * Checks the range.
         *
         * @throws IllegalArgumentException if the type is not whole or the value is out of its range
         */
        public Whole {
            if (!type.isWhole() || !type.inRange(value)) {
                throw new IllegalArgumentException(value + " is no " + type);
            }
        }

        /**
         * The number without the ambiguity of the top bit.
         *
         * @return the mathematical value
         */
        public BigInteger toBigInteger() {
            BigInteger signed = BigInteger.valueOf(value);
            return value < 0 && type == DataType.UINT64 ? signed.add(BigInteger.ONE.shiftLeft(64)) : signed;
        }
    }

    /**
     * {@link DataType#FLOAT}.
     *
     * @param value any value, not-a-number included
     */
    record Single(float value) implements Value {
        @Override
        public DataType type() {
            return DataType.FLOAT;
        }
    }

    /**
     * {@link DataType#DOUBLE}.
     *
     * @param value any value, not-a-number included
     */
    record Real(double value) implements Value {
        @Override
        public DataType type() {
            return DataType.DOUBLE;
        }
    }

    /**
     * {@link DataType#BOOLEAN}.
     *
     * @param value true or false
     */
    record Flag(boolean value) implements Value {
        /** True. */
        public static final Flag TRUE = new Flag(true);

        /** False. */
        public static final Flag FALSE = new Flag(false);

        @Override
        public DataType type() {
            return DataType.BOOLEAN;
        }
    }

    /**
     * {@link DataType#STRING}, {@link DataType#TEXT} or {@link DataType#UUID}.
     *
     * @param type one for which {@link DataType#isText()}
     * @param value the text
     */
    record Text(DataType type, String value) implements Value {
        /**
         * Checks the type.
         *
         * @throws IllegalArgumentException if it is no text type
         */
        public Text {
            if (!type.isText()) {
                throw new IllegalArgumentException("text is no " + type);
            }
        }
    }

    /**
     * {@link DataType#BYTES} or {@link DataType#FILE}.
     *
     * @param type one of the two
     * @param value the bytes
     */
    record Binary(DataType type, byte[] value) implements Value {
        /**
         * Checks the type.
         *
         * @throws IllegalArgumentException if it is neither of the two
         */
        public Binary {
            if (type != DataType.BYTES && type != DataType.FILE) {
                throw new IllegalArgumentException("bytes are no " + type);
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Binary that && type == that.type && Arrays.equals(value, that.value);
        }

        @Override
        public int hashCode() {
            return 31 * type.hashCode() + Arrays.hashCode(value);
        }

        @Override
        public String toString() {
            return type + "[" + value.length + " bytes]";
        }
    }

    /**
     * An array of whole numbers or instants.
     *
     * @param type an array type whose element type is whole
     * @param values widened as in {@link Whole}
     */
    record WholeArray(DataType type, long[] values) implements Value {
        /**
         * Checks the range of each element.
         *
         * @throws IllegalArgumentException if the type does not fit or an element is out of range
         */
        public WholeArray {
            DataType element = type.element();
            if (!type.isArray() || !element.isWhole()) {
                throw new IllegalArgumentException("whole numbers are no " + type);
            }
            for (long value : values) {
                if (!element.inRange(value)) {
                    throw new IllegalArgumentException(value + " is no " + element);
                }
            }
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof WholeArray that && type == that.type && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return 31 * type.hashCode() + Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return type + Arrays.toString(values);
        }
    }

    /**
     * {@link DataType#FLOAT_ARRAY}.
     *
     * @param values the elements
     */
    record SingleArray(float[] values) implements Value {
        @Override
        public DataType type() {
            return DataType.FLOAT_ARRAY;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof SingleArray that && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return type() + Arrays.toString(values);
        }
    }

    /**
     * {@link DataType#DOUBLE_ARRAY}.
     *
     * @param values the elements
     */
    record RealArray(double[] values) implements Value {
        @Override
        public DataType type() {
            return DataType.DOUBLE_ARRAY;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof RealArray that && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return type() + Arrays.toString(values);
        }
    }

    /**
     * {@link DataType#BOOLEAN_ARRAY}.
     *
     * @param values the elements
     */
    record FlagArray(boolean[] values) implements Value {
        @Override
        public DataType type() {
            return DataType.BOOLEAN_ARRAY;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof FlagArray that && Arrays.equals(values, that.values);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(values);
        }

        @Override
        public String toString() {
            return type() + Arrays.toString(values);
        }
    }

    /**
     * {@link DataType#STRING_ARRAY}.
     *
     * @param values the elements, without U+0000, which separates them on the wire
     */
    record TextArray(List<String> values) implements Value {
        /**
         * Copies the list and checks the elements.
         *
         * @throws IllegalArgumentException if an element holds U+0000
         */
        public TextArray {
            values = List.copyOf(values);
            for (String value : values) {
                if (value.indexOf('\0') >= 0) {
                    throw new IllegalArgumentException("an element of a string array holds no U+0000");
                }
            }
        }

        @Override
        public DataType type() {
            return DataType.STRING_ARRAY;
        }
    }

    /**
     * A value as it stood on the wire without a datatype, as data messages carry it; {@link #as} types it.
     *
     * @param slot which field of the value it was in
     * @param bits the number, or the raw bits of a floating-point number; 0 if the slot holds bytes
     * @param bytes text, bytes or extension; empty for the other slots
     */
    record Raw(Slot slot, long bits, byte[] bytes) implements Value {
        @Override
        public DataType type() {
            return DataType.UNKNOWN;
        }

        /**
         * Gives the value the datatype that its birth certificate announced.
         *
         * @param type the announced datatype
         * @return the typed value
         * @throws PayloadException if the slot cannot hold such a value; the offset counts from the value's first byte
         */
        public Value as(DataType type) throws PayloadException {
            return ValueCodec.typed(type, slot, bits, bytes, 0, bytes.length, 0, DecodeLimits.DEFAULT.maxElements());
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Raw that
                    && slot == that.slot
                    && bits == that.bits
                    && Arrays.equals(bytes, that.bytes);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * slot.hashCode() + Long.hashCode(bits)) + Arrays.hashCode(bytes);
        }

        @Override
        public String toString() {
            return "Raw[" + slot + ", " + bits + ", " + bytes.length + " bytes]";
        }
    }

    /** The fields that may carry a value on the wire. */
    enum Slot {
        /** {@code int_value}. */
        INT,
        /** {@code long_value}. */
        LONG,
        /** {@code float_value}. */
        FLOAT,
        /** {@code double_value}. */
        DOUBLE,
        /** {@code boolean_value}. */
        BOOLEAN,
        /** {@code string_value}. */
        STRING,
        /** {@code bytes_value}. */
        BYTES,
        /** {@code dataset_value}. */
        DATA_SET,
        /** {@code template_value}. */
        TEMPLATE,
        /** {@code propertyset_value}. */
        PROPERTY_SET,
        /** {@code propertysets_value}. */
        PROPERTY_SET_LIST,
        /** {@code extension_value}. */
        EXTENSION;

        private static final List<Slot> SCALARS = List.of(INT, LONG, FLOAT, DOUBLE, BOOLEAN, STRING);

        /** Place among the six that every message with values has in a row; -1 for the others. */
        int scalarIndex() {
            return SCALARS.indexOf(this);
        }

        static Slot scalar(int index) {
            return SCALARS.get(index);
        }

        /** How the field stands on the wire. */
        int wireType() {
            if (this == FLOAT) {
                return WireWriter.FIXED32;
            }
            if (this == DOUBLE) {
                return WireWriter.FIXED64;
            }
            return this == INT || this == LONG || this == BOOLEAN ? WireWriter.VARINT : WireWriter.BYTES;
        }
    }

    /**
     * An {@link DataType#INT32}.
     *
     * @param value any
     * @return the value
     */
    static Value of(int value) {
        return new Whole(DataType.INT32, value);
    }

    /**
     * An {@link DataType#INT64}.
     *
     * @param value any
     * @return the value
     */
    static Value of(long value) {
        return new Whole(DataType.INT64, value);
    }

    /**
     * A {@link DataType#FLOAT}.
     *
     * @param value any
     * @return the value
     */
    static Value of(float value) {
        return new Single(value);
    }

    /**
     * A {@link DataType#DOUBLE}.
     *
     * @param value any
     * @return the value
     */
    static Value of(double value) {
        return new Real(value);
    }

    /**
     * A {@link DataType#BOOLEAN}.
     *
     * @param value any
     * @return the value
     */
    static Value of(boolean value) {
        return value ? Flag.TRUE : Flag.FALSE;
    }

    /**
     * A {@link DataType#STRING}.
     *
     * @param value any text
     * @return the value
     */
    static Value of(String value) {
        return new Text(DataType.STRING, value);
    }

    /**
     * A {@link DataType#DATE_TIME}.
     *
     * @param value within the range of milliseconds in a {@code long}
     * @return the value, to the millisecond
     * @throws ArithmeticException if it is out of that range
     */
    static Value of(Instant value) {
        return new Whole(DataType.DATE_TIME, value.toEpochMilli());
    }
}
