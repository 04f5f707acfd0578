package dev.fieldproof.sparkplug.payload;

import dev.fieldproof.sparkplug.payload.Value.Slot;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One metric's fields as found on the wire, in one pass and without objects; the cursor and the decoder build on it.
 */
final class MetricFields {
    static final int ABSENT = -1;
    private static final int FIRST_VALUE = 10;
    private static final int EXTENSION = 19;

    // First bytes of fields: the number of the field times 8, and the wire type.
    private static final byte NAME = 1 << 3 | WireWriter.BYTES;
    private static final byte FLOAT = 12 << 3 | WireWriter.FIXED32;
    private static final byte DOUBLE = 13 << 3 | WireWriter.FIXED64;
    private static final byte STRING = 15 << 3 | WireWriter.BYTES;
    private static final Slot[] SLOTS = {
        Slot.INT,
        Slot.LONG,
        Slot.FLOAT,
        Slot.DOUBLE,
        Slot.BOOLEAN,
        Slot.STRING,
        Slot.BYTES,
        Slot.DATA_SET,
        Slot.TEMPLATE,
        Slot.EXTENSION
    };

    // Set in flags.
    private static final int ALIASED = 1;
    private static final int TIMED = 2;
    private static final int HISTORICAL = 4;
    private static final int TRANSIENT = 8;
    private static final int IS_NULL = 16;

    int from;
    int nameAt;
    int nameLength;
    long alias;
    long timestamp;
    /** As read, which may be a number that is not defined; {@link #ABSENT} if not said. */
    int datatype;

    int metadataAt;
    int metadataEnd;
    int propertiesAt;
    int propertiesEnd;
    long bits;
    int valueAt;
    int valueEnd;
    byte[] unknown = UnknownFields.NONE.wire();
    private int flags;
    /** Number of the field that holds the value; 0 for none. A number, since references cost a store's barrier. */
    private int valueField;

    private void clear(int at) {
        from = at;
        nameAt = ABSENT;
        flags = 0;
        datatype = ABSENT;
        metadataAt = ABSENT;
        propertiesAt = ABSENT;
        valueField = 0;
        bits = 0;
        valueAt = at;
        valueEnd = at;
        if (unknown.length > 0) {
            unknown = UnknownFields.NONE.wire();
        }
    }

    boolean hasAlias() {
        return (flags & ALIASED) != 0;
    }

    boolean hasTimestamp() {
        return (flags & TIMED) != 0;
    }

    boolean isHistorical() {
        return (flags & HISTORICAL) != 0;
    }

    boolean isTransient() {
        return (flags & TRANSIENT) != 0;
    }

    boolean isNull() {
        return (flags & IS_NULL) != 0;
    }

    @Nullable
    Slot slot() {
        return valueField == 0 ? null : SLOTS[valueField - FIRST_VALUE];
    }

    private void flag(int which, boolean set) {
        flags = set ? flags | which : flags & ~which;
    }

    /** Reads the fields of the message that the reader is bounded to. */
    void read(WireReader in) throws PayloadException {
        clear(in.at());
        byte[] bytes = in.bytes();
        int end = in.end();
        int at = in.at();
        while (at < end) {
            int after = (bytes[at] & 7) == WireWriter.VARINT ? number(bytes, at, end) : sized(bytes, at, end);
            if (after == at) {
                in.seek(at);
                any(in);
                after = in.at();
            }
            at = after;
        }
        in.seek(at);
        if (isNull() && valueField != EXTENSION) {
            // The flag wins: some writers leave a default value beside it.
            valueField = 0;
        }
    }

    /**
     * Reads a name, a text or a floating-point number if it is plainly well-formed.
     *
     * @return where the field ends, or where it begins if it is left for {@link #any}
     */
    private int sized(byte[] bytes, int at, int end) {
        int from = at + 1;
        switch (bytes[at]) {
            case NAME, STRING -> {
                int size = from < end ? bytes[from] : -1;
                if (size < 0 || size >= end - from) {
                    return at;
                }
                if (bytes[at] == STRING) {
                    return value(15, 0, from + 1, from + 1 + size);
                }
                nameAt = from + 1;
                nameLength = size;
                return from + 1 + size;
            }
            case DOUBLE -> {
                return end - from < Long.BYTES
                        ? at
                        : value(13, (long) WireReader.LONG.get(bytes, from), from, from + Long.BYTES);
            }
            case FLOAT -> {
                return end - from < Integer.BYTES
                        ? at
                        : value(12, (int) WireReader.INT.get(bytes, from), from, from + Integer.BYTES);
            }
            default -> {
                return at;
            }
        }
    }

    /** The same for a varint of at most eight bytes, which is folded together at once. */
    private int number(byte[] bytes, int at, int end) {
        int from = at + 1;
        long number;
        int after;
        if (from < end && bytes[from] >= 0) {
            number = bytes[from];
            after = from + 1;
        } else if (bytes.length - from >= Long.BYTES) {
            long window = (long) WireReader.LONG.get(bytes, from);
            long stops = ~window & WireReader.TOPS;
            int used = Long.numberOfTrailingZeros(stops) + 1;
            after = from + (used >>> 3);
            if (stops == 0 || after > end) {
                return at;
            }
            number = WireReader.fold(window & -1L >>> (Long.SIZE - used));
        } else {
            return at;
        }
        switch (bytes[at] >> 3) {
            case 2 -> {
                alias = number;
                flags |= ALIASED;
            }
            case 3 -> {
                timestamp = number;
                flags |= TIMED;
            }
            case 4 -> datatype = code(number);
            case 5 -> flag(HISTORICAL, number != 0);
            case 10, 11, 14 -> value(bytes[at] >> 3, number, from, after);
            default -> {
                return at;
            }
        }
        return after;
    }

    private int value(int field, long wire, int from, int to) {
        valueField = field;
        bits = wire;
        valueAt = from;
        valueEnd = to;
        return to;
    }

    private void any(WireReader in) throws PayloadException {
        int place = in.at();
        int tag = in.tag();
        int field = tag >>> 3;
        if (field >= FIRST_VALUE && field <= EXTENSION) {
            value(in, tag, field);
        } else {
            field(in, tag, field, place);
        }
    }

    private void field(WireReader in, int tag, int field, int place) throws PayloadException {
        switch (field) {
            case 1 -> {
                in.expect(tag, WireWriter.BYTES);
                nameLength = in.length();
                nameAt = in.at();
                in.skip(nameLength);
            }
            case 2 -> {
                alias = number(in, tag);
                flags |= ALIASED;
            }
            case 3 -> {
                timestamp = number(in, tag);
                flags |= TIMED;
            }
            case 4 -> datatype = code(number(in, tag));
            case 5 -> flag(HISTORICAL, number(in, tag) != 0);
            case 6 -> flag(TRANSIENT, number(in, tag) != 0);
            case 7 -> flag(IS_NULL, number(in, tag) != 0);
            case 8 -> {
                in.expect(tag, WireWriter.BYTES);
                int length = in.length();
                metadataAt = in.at();
                in.skip(length);
                metadataEnd = in.at();
            }
            case 9 -> {
                in.expect(tag, WireWriter.BYTES);
                int length = in.length();
                propertiesAt = in.at();
                in.skip(length);
                propertiesEnd = in.at();
            }
            default -> {
                in.skipField(tag);
                int old = unknown.length;
                unknown = Arrays.copyOf(unknown, old + in.at() - place);
                System.arraycopy(in.bytes(), place, unknown, old, in.at() - place);
            }
        }
    }

    private void value(WireReader in, int tag, int field) throws PayloadException {
        valueField = field;
        valueAt = in.at();
        bits = 0;
        switch (field) {
            case 10, 11, 14 -> bits = number(in, tag);
            case 12 -> {
                in.expect(tag, WireWriter.FIXED32);
                bits = in.fixed32();
            }
            case 13 -> {
                in.expect(tag, WireWriter.FIXED64);
                bits = in.fixed64();
            }
            default -> {
                in.expect(tag, WireWriter.BYTES);
                int length = in.length();
                valueAt = in.at();
                in.skip(length);
            }
        }
        valueEnd = in.at();
    }

    static long number(WireReader in, int tag) throws PayloadException {
        in.expect(tag, WireWriter.VARINT);
        return in.varint();
    }

    /** A number beyond the defined ones stays recognisably so. */
    static int code(long wire) {
        return wire >= 0 && wire < Integer.MAX_VALUE ? (int) wire : Integer.MAX_VALUE;
    }
}
