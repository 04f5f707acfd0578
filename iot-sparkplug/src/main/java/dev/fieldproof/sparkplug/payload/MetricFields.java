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
    private static final byte ALIAS = 2 << 3;
    private static final byte TIMESTAMP = 3 << 3;
    private static final byte DATATYPE = 4 << 3;
    private static final byte INT = 10 << 3;
    private static final byte LONG = 11 << 3;
    private static final byte BOOLEAN = 14 << 3;
    private static final byte FLOAT = 12 << 3 | WireWriter.FIXED32;
    private static final byte DOUBLE = 13 << 3 | WireWriter.FIXED64;
    private static final byte STRING = 15 << 3 | WireWriter.BYTES;
    private static final int SIX_BYTES = 6;
    private static final long NO_TIME = -1;
    private static final long LOW_SEVEN = -1L >>> Byte.SIZE;
    private static final long VARINT_TOPS = WireReader.TOPS << 8;
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
    /** The field of {@link #timestamp} as it stood on the wire, if it took six bytes as all of this century do. */
    private long latestTime = NO_TIME;
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
        in.seek(usual(in.bytes(), in.at(), in.end()));
        while (!in.atEnd()) {
            any(in);
        }
        if (isNull() && valueField != EXTENSION) {
            // The flag wins: some writers leave a default value beside it.
            valueField = 0;
        }
    }

    /**
     * Reads what nearly every metric has, in the order in which writers put it, as far as it is plainly well-formed.
     *
     * @return where it stopped, at a field that is left for {@link #any} or at the end
     */
    private int usual(byte[] bytes, int from, int end) {
        int at = from;
        if (end - at > 2 && bytes[at] == NAME) {
            int size = bytes[at + 1];
            if (size < 0 || size > end - at - 2) {
                return at;
            }
            nameAt = at + 2;
            nameLength = size;
            at += 2 + size;
        }
        long window = window(bytes, at);
        if ((byte) window == ALIAS) {
            int after = at + size(window);
            if (after == at || after > end) {
                return at;
            }
            alias = number(window);
            flags = ALIASED;
            at = after;
            window = window(bytes, at);
        }
        if (at + SIX_BYTES < end && (window & LOW_SEVEN) == latestTime) {
            // A birth's metrics share a timestamp: folding it once will do.
            flags |= TIMED;
            at += SIX_BYTES + 1;
            window = window(bytes, at);
        } else if ((byte) window == TIMESTAMP) {
            int after = at + size(window);
            if (after == at || after > end) {
                return at;
            }
            timestamp = number(window);
            flags |= TIMED;
            latestTime = after - at == SIX_BYTES + 1 ? window & LOW_SEVEN : NO_TIME;
            at = after;
            window = window(bytes, at);
        }
        if ((byte) window == DATATYPE && (window & 0x8000) == 0 && end - at >= 2) {
            datatype = ((int) window >>> 8) & 0x7F;
            at += 2;
            window = window(bytes, at);
        }
        return usualValue(bytes, window, at, end);
    }

    private int usualValue(byte[] bytes, long window, int at, int end) {
        int from = at + 1;
        switch ((byte) window) {
            case INT, LONG, BOOLEAN -> {
                int after = at + size(window);
                return after == at || after > end
                        ? at
                        : value(((int) window >>> 3) & 0x1F, number(window), from, after);
            }
            case FLOAT -> {
                return end - from < Integer.BYTES ? at : value(12, window << 24 >> 32, from, from + Integer.BYTES);
            }
            case DOUBLE -> {
                return end - from < Long.BYTES
                        ? at
                        : value(13, (long) WireReader.LONG.get(bytes, from), from, from + Long.BYTES);
            }
            case STRING -> {
                int size = (byte) (window >>> 8);
                return size < 0 || size >= end - from ? at : value(15, 0, from + 1, from + 1 + size);
            }
            default -> {
                return at;
            }
        }
    }

    /** A field's first byte and the seven after it; 0, which begins no field, where there are not as many. */
    private static long window(byte[] bytes, int at) {
        return bytes.length - at < Long.BYTES ? 0 : (long) WireReader.LONG.get(bytes, at);
    }

    /** Bytes of a varint field in a window, its first byte included; 0 if it is longer than the window. */
    private static int size(long window) {
        return ((Long.numberOfTrailingZeros(~window & VARINT_TOPS) + 1) >>> 3) & 7;
    }

    private static long number(long window) {
        long stops = ~window & VARINT_TOPS;
        return WireReader.fold((window & (stops ^ (stops - 1))) >>> 8);
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
                latestTime = NO_TIME;
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
