package dev.fieldproof.sparkplug.payload;

import dev.fieldproof.sparkplug.payload.Value.Slot;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One metric's fields as found on the wire, in one pass and without objects; the cursor and the decoder build on it.
 */
final class MetricFields {
    static final int ABSENT = -1;
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

    int from;
    int nameAt;
    int nameLength;
    boolean hasAlias;
    long alias;
    boolean hasTimestamp;
    long timestamp;
    /** As read, which may be a number that is not defined; {@link #ABSENT} if not said. */
    int datatype;

    boolean historical;
    boolean isTransient;
    boolean isNull;
    int metadataAt;
    int metadataEnd;
    int propertiesAt;
    int propertiesEnd;

    @Nullable
    Slot slot;

    long bits;
    int valueAt;
    int valueEnd;
    byte[] unknown = UnknownFields.NONE.wire();

    private void clear(int at) {
        from = at;
        nameAt = ABSENT;
        hasAlias = false;
        hasTimestamp = false;
        datatype = ABSENT;
        historical = false;
        isTransient = false;
        isNull = false;
        metadataAt = ABSENT;
        propertiesAt = ABSENT;
        slot = null;
        bits = 0;
        valueAt = at;
        valueEnd = at;
        unknown = UnknownFields.NONE.wire();
    }

    /** Reads the fields of the message that the reader is bounded to. */
    void read(WireReader in) throws PayloadException {
        clear(in.at());
        while (!in.atEnd()) {
            int place = in.at();
            int tag = in.tag();
            int field = tag >>> 3;
            if (field >= 10 && field <= 19) {
                value(in, tag, field);
            } else {
                field(in, tag, field, place);
            }
        }
        if (isNull && slot != null && slot != Slot.EXTENSION) {
            // The flag wins: some writers leave a default value beside it.
            slot = null;
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
                hasAlias = true;
            }
            case 3 -> {
                timestamp = number(in, tag);
                hasTimestamp = true;
            }
            case 4 -> datatype = code(number(in, tag));
            case 5 -> historical = number(in, tag) != 0;
            case 6 -> isTransient = number(in, tag) != 0;
            case 7 -> isNull = number(in, tag) != 0;
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
        slot = SLOTS[field - 10];
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
