package dev.fieldproof.crdt;

import dev.fieldproof.crdt.wire.Utf8;
import dev.fieldproof.crdt.wire.WireException;
import dev.fieldproof.crdt.wire.WireReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Walks the entries of an encoded delta without making objects of them. The format is written down in FORMAT.md. Not
 * thread-safe.
 */
final class DeltaCursor {
    static final int TYPE = 1;
    static final int FORMAT_VERSION = 1;
    static final int MAX_BOOTS = 1 << 15;
    private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
    static final int MAX_SCALE = POWERS.length - 1;
    private static final int MIXED = 15;

    final long logId;
    final long from;
    final long to;
    final int bootCount;
    private final int bootsAt;
    private final int floorsAt;
    final int floorCount;
    private final long floorsAfter;

    int key;
    boolean shared;
    int boot;
    long counter;
    byte kind;
    long bits;
    private int objectFrom;
    private int objectLength;

    private final WireReader in;
    private final byte[] bytes;
    private int groupsLeft;
    private int left;
    private int index;
    private int gapWidth;
    private int gapColumn;
    private long counterMin;
    private int counterWidth;
    private int counterColumn;
    private int uniformKind;
    private int kindWidth;
    private int kindColumn;
    private final int[] payloadNext = new int[16];
    private final int[] payloadWidth = new int[16];
    private final int[] payloadColumn = new int[16];
    private final int[] payloadBytesAt = new int[16];
    private final long[] payloadMin = new long[16];
    private int scale;

    DeltaCursor(byte[] bytes) throws WireException {
        this.bytes = bytes;
        in = new WireReader(bytes);
        if (in.u8() != TYPE) {
            throw new WireException(0, "a map delta begins with byte " + TYPE);
        }
        if (in.u8() != FORMAT_VERSION) {
            throw new WireException(1, "the format version is " + FORMAT_VERSION);
        }
        logId = in.fixed64();
        from = in.positive("the first position");
        long span = in.positive("the span of positions");
        to = from + span;
        if (to < 0) {
            throw in.broken("positions are below 2^63");
        }
        // A boot takes at least ten bytes, so the input's length bounds what is allocated.
        bootCount = in.count(Math.min(MAX_BOOTS, in.remaining() / 10), "the number of boots");
        bootsAt = in.offset();
        for (int i = 0; i < bootCount; i++) {
            checkBoot();
        }
        floorCount = in.count(Math.min(MAX_BOOTS, in.remaining() / 2), "the number of floors");
        floorsAfter = floorCount == 0 ? 0 : in.positive("the span behind");
        if (to + floorsAfter < 0) {
            throw in.broken("positions are below 2^63");
        }
        floorsAt = in.offset();
        for (int i = 0; i < floorCount; i++) {
            in.count(2 * bootCount - 1, "a floor's boot");
            in.positive("a counter");
        }
        groupsLeft = in.count(in.remaining(), "the number of groups");
    }

    private void checkBoot() throws WireException {
        if (in.fixed64() == 0) {
            throw in.broken("a writer's id is not zero");
        }
        in.positive("an incarnation");
        in.positive("an epoch");
    }

    /** The lives named, freshly made; a decoder that only checks has no need of them. */
    Boot[] boots() {
        try {
            WireReader again = new WireReader(bytes);
            again.skip(bootsAt);
            Boot[] boots = new Boot[bootCount];
            for (int i = 0; i < bootCount; i++) {
                boots[i] = new Boot(
                        new WriterId(again.fixed64()), again.positive("an incarnation"), again.positive("an epoch"));
            }
            return boots;
        } catch (WireException e) {
            throw new IllegalStateException("a delta was not checked before", e);
        }
    }

    /** The floors, freshly made. */
    List<Floor> floors(Boot[] boots) {
        List<Floor> floors = new ArrayList<>(floorCount);
        try {
            WireReader again = new WireReader(bytes);
            again.skip(floorsAt);
            for (int i = 0; i < floorCount; i++) {
                int tag = again.count(2 * bootCount - 1, "a floor's boot");
                floors.add(new Floor((tag & 1) != 0, new Dot(boots[tag >>> 1], again.positive("a counter"))));
            }
        } catch (WireException e) {
            throw new IllegalStateException("a delta was not checked before", e);
        }
        return floors;
    }

    /** The position of the sender's log that a reader must have reached before it raises the floors. */
    long floorsFrom() {
        return to + floorsAfter;
    }

    /** Moves to the next entry; false at the end of the groups. */
    boolean next() throws WireException {
        while (left == 0) {
            if (groupsLeft == 0) {
                return false;
            }
            groupsLeft--;
            openGroup();
        }
        left--;
        if (index > 0) {
            long next = key + 1 + in.packed(gapColumn, gapWidth, index - 1);
            if (next < 0 || next >= KeyDictionary.MAX_KEYS) {
                throw new WireException(gapColumn, "keys are below " + KeyDictionary.MAX_KEYS);
            }
            key = (int) next;
        }
        counter = counterMin + in.packed(counterColumn, counterWidth, index);
        if (counter < 0) {
            throw new WireException(counterColumn, "counters are below 2^63");
        }
        int code = uniformKind == MIXED ? (int) in.packed(kindColumn, kindWidth, index) : uniformKind;
        index++;
        readPayload(code);
        return true;
    }

    private void openGroup() throws WireException {
        int tag = in.count(2 * bootCount - 1, "a group's boot");
        boot = tag >>> 1;
        shared = (tag & 1) != 0;
        int count = in.count(KeyDictionary.MAX_KEYS, "a group's size");
        if (count == 0) {
            throw in.broken("a group is not empty");
        }
        key = in.count(KeyDictionary.MAX_KEYS - 1, "a key");
        gapWidth = in.width();
        gapColumn = in.column(count - 1, gapWidth);
        counterMin = in.zigzag();
        counterWidth = in.width();
        counterColumn = in.column(count, counterWidth);
        openKinds(count);
        index = 0;
        left = count;
    }

    private void openKinds(int count) throws WireException {
        int[] perKind = payloadNext;
        Arrays.fill(perKind, 0);
        uniformKind = in.u8();
        if (uniformKind > MIXED) {
            throw in.broken("kinds are below " + MIXED);
        }
        if (uniformKind == MIXED) {
            kindWidth = in.width();
            kindColumn = in.column(count, kindWidth);
            for (int i = 0; i < count; i++) {
                long code = in.packed(kindColumn, kindWidth, i);
                if (code < 0 || code >= MIXED) {
                    throw new WireException(kindColumn, "kinds are below " + MIXED);
                }
                perKind[(int) code]++;
            }
        } else {
            perKind[uniformKind] = count;
        }
        for (int code = Kind.INT; code <= Kind.LAST; code++) {
            if (perKind[code] > 0) {
                openPayload(code, perKind[code]);
            }
        }
        Arrays.fill(payloadNext, 0);
    }

    private void openPayload(int code, int count) throws WireException {
        if (code == Kind.REAL) {
            payloadColumn[code] = in.column(count, 64);
            return;
        }
        if (code == Kind.DECIMAL) {
            scale = in.u8();
            if (scale > MAX_SCALE) {
                throw in.broken("a scale is at most " + MAX_SCALE);
            }
        }
        payloadMin[code] = Kind.hasObject(code) ? 0 : in.zigzag();
        payloadWidth[code] = in.width();
        payloadColumn[code] = in.column(count, payloadWidth[code]);
        if (Kind.hasObject(code)) {
            long total = 0;
            for (int i = 0; i < count; i++) {
                long length = in.packed(payloadColumn[code], payloadWidth[code], i);
                total += length;
                if (length < 0 || total < 0 || total > in.remaining()) {
                    throw in.broken("lengths add up to at most what is left");
                }
            }
            payloadBytesAt[code] = in.skip(total);
        }
    }

    private void readPayload(int code) {
        kind = (byte) code;
        bits = 0;
        if (code < Kind.INT) {
            return;
        }
        int i = payloadNext[code]++;
        if (code == Kind.REAL) {
            bits = in.packed(payloadColumn[code], 64, i);
            return;
        }
        long number = payloadMin[code] + in.packed(payloadColumn[code], payloadWidth[code], i);
        if (code == Kind.INT) {
            bits = number;
        } else if (code == Kind.DECIMAL) {
            kind = Kind.REAL;
            bits = Double.doubleToRawLongBits(decimal(number, scale));
        } else {
            objectFrom = payloadBytesAt[code];
            objectLength = (int) number;
            payloadBytesAt[code] += objectLength;
        }
    }

    static double decimal(long number, int scale) {
        return number / POWERS[scale];
    }

    /** The number that at this scale gives the double to the bit, or {@link Long#MIN_VALUE} if there is none. */
    static long undecimal(double value, int scale) {
        double scaled = Math.rint(value * POWERS[scale]);
        if (!(Math.abs(scaled) < 1L << 53)) {
            return Long.MIN_VALUE;
        }
        long number = (long) scaled;
        boolean exact = Double.doubleToRawLongBits(decimal(number, scale)) == Double.doubleToRawLongBits(value);
        return exact ? number : Long.MIN_VALUE;
    }

    /** The current entry's string or byte array, freshly made; null for kinds without. */
    @Nullable
    Object object() {
        if (!Kind.hasObject(kind)) {
            return null;
        }
        return kind == Kind.TEXT
                ? new String(bytes, objectFrom, objectLength, StandardCharsets.UTF_8)
                : Arrays.copyOfRange(bytes, objectFrom, objectFrom + objectLength);
    }

    /** Checks what {@link #next} does not: that a text is text. */
    void checkText() throws WireException {
        if (kind == Kind.TEXT) {
            int bad = Utf8.firstMalformed(bytes, objectFrom, objectFrom + objectLength);
            if (bad >= 0) {
                throw new WireException(bad, "text is UTF-8");
            }
        }
    }

    /** Passes over the sections that later versions may append; to be called after the last entry. */
    int skipSections() throws WireException {
        int start = in.offset();
        while (in.remaining() > 0) {
            in.varint();
            in.skip(in.positive("a section's length"));
        }
        return start;
    }
}
