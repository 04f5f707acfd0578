package dev.fieldproof.sparkplug.payload;

/**
 * Which field carries an unsigned 32-bit value. The schema's table says {@code int_value}, and so do the conformance
 * checks of 3.x; early implementations write {@code long_value}. Both are always read.
 */
public enum UInt32Slot {
    /** As section 6.4.16 says; the default. */
    INT_VALUE,
    /** For hosts that expect what Eclipse Tahu writes. */
    LONG_VALUE;

    /** Whether whole numbers of a type go to {@code long_value}. */
    boolean isWide(DataType type) {
        return type.bits() == 64 || (type == DataType.UINT32 && this == LONG_VALUE);
    }
}
