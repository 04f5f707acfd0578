package dev.fieldproof.sparkplug.payload;

import org.jspecify.annotations.Nullable;

/** Sparkplug B's datatypes (Sparkplug 3.0, section 6.4.16). */
public enum DataType {
    /** Code 0: not said, or not known to this version. */
    UNKNOWN(0),
    /** Signed, 8 bits. */
    INT8(1),
    /** Signed, 16 bits. */
    INT16(2),
    /** Signed, 32 bits. */
    INT32(3),
    /** Signed, 64 bits. */
    INT64(4),
    /** Unsigned, 8 bits. */
    UINT8(5),
    /** Unsigned, 16 bits. */
    UINT16(6),
    /** Unsigned, 32 bits. */
    UINT32(7),
    /** Unsigned, 64 bits. */
    UINT64(8),
    /** IEEE 754, 32 bits. */
    FLOAT(9),
    /** IEEE 754, 64 bits. */
    DOUBLE(10),
    /** True or false. */
    BOOLEAN(11),
    /** UTF-8 text. */
    STRING(12),
    /** An instant. */
    DATE_TIME(13),
    /** UTF-8 text. */
    TEXT(14),
    /** A UUID as text. */
    UUID(15),
    /** A table. */
    DATA_SET(16),
    /** Bytes. */
    BYTES(17),
    /** The bytes of a file. */
    FILE(18),
    /** A template definition or instance. */
    TEMPLATE(19),
    /** Properties, as the value of a property. */
    PROPERTY_SET(20),
    /** A list of property sets, as the value of a property. */
    PROPERTY_SET_LIST(21),
    /** Array of {@link #INT8}. */
    INT8_ARRAY(22),
    /** Array of {@link #INT16}. */
    INT16_ARRAY(23),
    /** Array of {@link #INT32}. */
    INT32_ARRAY(24),
    /** Array of {@link #INT64}. */
    INT64_ARRAY(25),
    /** Array of {@link #UINT8}. */
    UINT8_ARRAY(26),
    /** Array of {@link #UINT16}. */
    UINT16_ARRAY(27),
    /** Array of {@link #UINT32}. */
    UINT32_ARRAY(28),
    /** Array of {@link #UINT64}. */
    UINT64_ARRAY(29),
    /** Array of {@link #FLOAT}. */
    FLOAT_ARRAY(30),
    /** Array of {@link #DOUBLE}. */
    DOUBLE_ARRAY(31),
    /** Array of {@link #BOOLEAN}. */
    BOOLEAN_ARRAY(32),
    /** Array of {@link #STRING}. */
    STRING_ARRAY(33),
    /** Array of {@link #DATE_TIME}. */
    DATE_TIME_ARRAY(34);

    private static final DataType[] BY_CODE = values();

    private final int code;
    private final boolean whole;
    private final boolean signed;
    private final int bits;

    DataType(int code) {
        this.code = code;
        this.signed = code >= 1 && code <= 4;
        this.whole = (code >= 1 && code <= 8) || code == 13;
        this.bits = whole && code <= 8 ? 8 << ((code - 1) % 4) : 64;
    }

    /**
     * The number that stands for it on the wire.
     *
     * @return 0 to 34
     */
    public int code() {
        return code;
    }

    /**
     * Finds a datatype by its number.
     *
     * @param code from the wire, read as unsigned
     * @return the datatype, or null if no such number is defined
     */
    public static @Nullable DataType ofCode(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }

    /**
     * Whether values are whole numbers in 8 to 64 bits, {@link #DATE_TIME} included.
     *
     * @return true for {@link Value.Whole}
     */
    public boolean isWhole() {
        return whole;
    }

    /**
     * Whether values are text.
     *
     * @return true for {@link Value.Text}
     */
    public boolean isText() {
        return this == STRING || this == TEXT || this == UUID;
    }

    /**
     * Whether it may type a data set's column, a template's parameter: the basic types, codes 1 to 14.
     *
     * @return true for a basic type
     */
    public boolean isBasic() {
        return code >= INT8.code && code <= TEXT.code;
    }

    /**
     * Whether values are arrays.
     *
     * @return true for codes 22 to 34
     */
    public boolean isArray() {
        return code >= INT8_ARRAY.code;
    }

    /**
     * The type of an array's elements.
     *
     * @return the element type, or this type itself if it is no array
     */
    public DataType element() {
        return isArray() ? BY_CODE[code - INT8_ARRAY.code + INT8.code] : this;
    }

    /** Bits of a whole number. */
    int bits() {
        return bits;
    }

    boolean isSigned() {
        return signed;
    }

    /** Whether a whole number, widened as its type demands, is in this type's range. */
    boolean inRange(long value) {
        if (bits == 64) {
            return true;
        }
        return signed ? value >= -(1L << (bits - 1)) && value < 1L << (bits - 1) : value >>> bits == 0;
    }

    /** The low bits of a wire value, widened as the type demands. */
    long widen(long wire) {
        int unused = 64 - bits;
        return signed ? wire << unused >> unused : wire << unused >>> unused;
    }
}
