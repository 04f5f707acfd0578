package dev.fieldproof.sparkplug.payload;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Walks over the metrics of a payload without making objects: call {@link #reset}, then {@link #next} until it returns
 * false, reading the current metric's fields in between. The same bytes must not change meanwhile. Not thread-safe.
 *
 * <p>The payload's own fields are known after {@code reset}, wherever they stand on the wire; a fault inside a metric
 * is found when the cursor gets there. A compressed payload ({@link Compression}) is walked as the one inside it, which
 * alone allocates: the inside, up to the limit of bytes.
 */
public final class PayloadCursor {
    private static final int METRIC = 2 << 3 | WireWriter.BYTES;

    private final WireReader top = new WireReader();
    private final WireReader inner = new WireReader();
    private final MetricFields fields = new MetricFields();
    private final DecodeLimits limits;
    private int metricCount;
    private boolean hasTimestamp;
    private long timestamp;
    private boolean hasSeq;
    private long seq;
    private int uuidAt;
    private int uuidLength;
    private int bodyAt;
    private int bodyLength;
    private byte[] unknown = UnknownFields.NONE.wire();
    /** Whether what is being read came out of a compressed body. */
    private boolean compressed;

    /** A cursor with {@link DecodeLimits#DEFAULT}. */
    public PayloadCursor() {
        this(DecodeLimits.DEFAULT);
    }

    /**
     * A cursor with limits of its own.
     *
     * @param limits what it accepts
     */
    public PayloadCursor(DecodeLimits limits) {
        this.limits = limits;
    }

    /**
     * Moves before the first metric of a payload.
     *
     * @param bytes holds the payload
     * @throws PayloadException if it is malformed outside its metrics, or exceeds the limits
     */
    public void reset(byte[] bytes) throws PayloadException {
        reset(bytes, 0, bytes.length);
    }

    /**
     * Moves before the first metric of a payload in a larger array.
     *
     * @param bytes holds the payload
     * @param offsetBytes of its first byte
     * @param lengthBytes of the payload
     * @throws PayloadException if it is malformed outside its metrics, or exceeds the limits
     * @throws IndexOutOfBoundsException if the range is not within the array
     */
    public void reset(byte[] bytes, int offsetBytes, int lengthBytes) throws PayloadException {
        java.util.Objects.checkFromIndexSize(offsetBytes, lengthBytes, bytes.length);
        if (lengthBytes > limits.maxBytes()) {
            throw new PayloadException(0, "at most " + limits.maxBytes() + " bytes");
        }
        metricCount = 0;
        hasTimestamp = false;
        hasSeq = false;
        uuidAt = MetricFields.ABSENT;
        bodyAt = MetricFields.ABSENT;
        unknown = UnknownFields.NONE.wire();
        top.reset(bytes, offsetBytes, offsetBytes, offsetBytes + lengthBytes);
        while (!top.atEnd()) {
            int place = top.at();
            int tag = top.tag();
            if (tag == METRIC) {
                top.skip(top.length());
                metricCount++;
            } else {
                header(tag, place);
            }
        }
        if (metricCount > limits.maxElements()) {
            throw new PayloadException(0, "at most " + limits.maxElements() + " elements");
        }
        rewind();
        if (uuidAt >= 0 && Compression.isUuid(bytes, uuidAt, uuidLength)) {
            enterCompressed(offsetBytes);
        }
    }

    /** Moves before the first metric again; for a compressed payload, before the first of the one inside it. */
    public void rewind() {
        top.reset(top.bytes(), top.start(), top.start(), top.end());
    }

    /** Goes on with the payload inside, which has the outer one's sequence number unless it says its own. */
    private void enterCompressed(int offsetBytes) throws PayloadException {
        if (compressed) {
            throw new PayloadException(0, "a compressed payload holds none that is compressed again");
        }
        boolean outerHasSeq = hasSeq;
        long outerSeq = seq;
        byte[] inside = Compression.inside(this, bodyAt - offsetBytes, limits.maxBytes());
        compressed = true;
        try {
            reset(inside, 0, inside.length);
        } finally {
            compressed = false;
        }
        if (!hasSeq) {
            hasSeq = outerHasSeq;
            seq = outerSeq;
        }
    }

    private void header(int tag, int place) throws PayloadException {
        switch (tag >>> 3) {
            case 1 -> {
                timestamp = MetricFields.number(top, tag);
                hasTimestamp = true;
            }
            case 2 -> top.expect(tag, WireWriter.BYTES);
            case 3 -> {
                seq = MetricFields.number(top, tag);
                hasSeq = true;
            }
            case 4 -> {
                top.expect(tag, WireWriter.BYTES);
                uuidLength = top.length();
                uuidAt = top.at();
                top.skip(uuidLength);
            }
            case 5 -> {
                top.expect(tag, WireWriter.BYTES);
                bodyLength = top.length();
                bodyAt = top.at();
                top.skip(bodyLength);
            }
            default -> {
                top.skipField(tag);
                int old = unknown.length;
                unknown = java.util.Arrays.copyOf(unknown, old + top.at() - place);
                System.arraycopy(top.bytes(), place, unknown, old, top.at() - place);
            }
        }
    }

    /**
     * Moves to the next metric.
     *
     * @return false if there is none
     * @throws PayloadException if the metric is malformed
     */
    public boolean next() throws PayloadException {
        while (!top.atEnd()) {
            int tag = top.tag();
            if (tag >>> 3 != 2) {
                top.skipField(tag);
                continue;
            }
            int length = top.length();
            inner.reset(top.bytes(), top.start(), top.at(), top.at() + length);
            top.skip(length);
            fields.read(inner);
            return true;
        }
        return false;
    }

    MetricFields fields() {
        return fields;
    }

    WireReader reader() {
        return inner;
    }

    UnknownFields unknown() {
        return unknown.length == 0 ? UnknownFields.NONE : new UnknownFields(unknown);
    }

    byte @Nullable [] body() {
        return bodyAt < 0 ? null : java.util.Arrays.copyOfRange(top.bytes(), bodyAt, bodyAt + bodyLength);
    }

    @Nullable
    String uuid() throws PayloadException {
        return uuidAt < 0 ? null : WireReader.utf8(top.bytes(), uuidAt, uuidAt + uuidLength, top.start());
    }

    /**
     * How many metrics the payload has.
     *
     * @return 0 or more
     */
    public int metricCount() {
        return metricCount;
    }

    /**
     * Whether the payload says when it was sent.
     *
     * @return false if not
     */
    public boolean hasTimestamp() {
        return hasTimestamp;
    }

    /**
     * When the payload was sent.
     *
     * @param unit wanted; the wire has milliseconds
     * @return time since 1970; meaningless without {@link #hasTimestamp()}
     */
    public long timestamp(TimeUnit unit) {
        return unit.convert(timestamp, TimeUnit.MILLISECONDS);
    }

    /**
     * Whether the payload has a sequence number.
     *
     * @return false if not
     */
    public boolean hasSeq() {
        return hasSeq;
    }

    /**
     * The sequence number.
     *
     * @return unsigned; meaningless without {@link #hasSeq()}
     */
    public long seq() {
        return seq;
    }

    /**
     * Whether the current metric has an alias.
     *
     * @return false if not
     */
    public boolean hasAlias() {
        return fields.hasAlias();
    }

    /**
     * The current metric's alias.
     *
     * @return unsigned; meaningless without {@link #hasAlias()}
     */
    public long alias() {
        return fields.alias;
    }

    /**
     * The current metric's name. Allocates.
     *
     * @return null if it has none
     * @throws PayloadException if it is no text
     */
    public @Nullable String name() throws PayloadException {
        return fields.nameAt < 0
                ? null
                : WireReader.utf8(inner.bytes(), fields.nameAt, fields.nameAt + fields.nameLength, inner.start());
    }

    /**
     * Whether the current metric's name has these bytes.
     *
     * @param utf8 a name
     * @return false if it has another or none
     */
    public boolean nameEquals(byte[] utf8) {
        int at = fields.nameAt;
        return at >= 0 && java.util.Arrays.equals(inner.bytes(), at, at + fields.nameLength, utf8, 0, utf8.length);
    }

    /**
     * Whether the current metric says when it was captured.
     *
     * @return false if not
     */
    public boolean hasMetricTimestamp() {
        return fields.hasTimestamp();
    }

    /**
     * When the current metric was captured.
     *
     * @param unit wanted; the wire has milliseconds
     * @return time since 1970; meaningless without {@link #hasMetricTimestamp()}
     */
    public long metricTimestamp(TimeUnit unit) {
        return unit.convert(fields.timestamp, TimeUnit.MILLISECONDS);
    }

    /**
     * When the current metric was captured. Allocates.
     *
     * @return null if not said
     */
    public @Nullable Instant metricInstant() {
        return fields.hasTimestamp() ? Instant.ofEpochMilli(fields.timestamp) : null;
    }

    /**
     * The current metric's datatype.
     *
     * @return null if not said or not defined
     */
    public @Nullable DataType datatype() {
        return fields.datatype < 0 ? null : DataType.ofCode(fields.datatype);
    }

    /**
     * Whether the current metric was captured earlier and is not the current value.
     *
     * @return its flag
     */
    public boolean isHistorical() {
        return fields.isHistorical();
    }

    /**
     * Whether the current metric is not to be stored.
     *
     * @return its flag
     */
    public boolean isTransient() {
        return fields.isTransient();
    }

    /**
     * Whether the current metric has no value.
     *
     * @return true if flagged so or if no value field is there
     */
    public boolean isNull() {
        return fields.isNull() || fields.slot() == null;
    }

    /**
     * Which field carries the current metric's value.
     *
     * @return null if none
     */
    public Value.@Nullable Slot slot() {
        return fields.slot();
    }

    /**
     * The current value as a whole number of a type.
     *
     * @param type a whole type, from this metric or its birth certificate
     * @return sign- or zero-extended as the type demands
     * @throws PayloadException if the value is in another field or out of the type's range
     */
    public long whole(DataType type) throws PayloadException {
        Value.Slot slot = fields.slot();
        if (slot != Value.Slot.INT && slot != Value.Slot.LONG) {
            throw inner.fault(fields.valueAt, "a " + type + " is not in " + slot);
        }
        return ValueCodec.whole(type, slot, fields.bits, fields.valueAt - inner.start());
    }

    /**
     * The current value as a floating-point number.
     *
     * @return from {@code float_value} or {@code double_value}
     * @throws PayloadException if it is in neither
     */
    public double real() throws PayloadException {
        if (fields.slot() == Value.Slot.FLOAT) {
            return Float.intBitsToFloat((int) fields.bits);
        }
        if (fields.slot() == Value.Slot.DOUBLE) {
            return Double.longBitsToDouble(fields.bits);
        }
        throw inner.fault(fields.valueAt, "a floating-point number is not in " + fields.slot());
    }

    /**
     * The current value as true or false.
     *
     * @return from {@code boolean_value}
     * @throws PayloadException if it is in another field
     */
    public boolean flag() throws PayloadException {
        if (fields.slot() != Value.Slot.BOOLEAN) {
            throw inner.fault(fields.valueAt, "a boolean is not in " + fields.slot());
        }
        return fields.bits != 0;
    }

    /**
     * Where the current value's bytes begin, for text, bytes and nested messages.
     *
     * @return index in the array given to {@link #reset}
     */
    public int valueOffsetBytes() {
        return fields.valueAt;
    }

    /**
     * How many bytes the current value has, for text, bytes and nested messages.
     *
     * @return 0 or more
     */
    public int valueLengthBytes() {
        return fields.valueEnd - fields.valueAt;
    }

    /** The bits of a number of whatever type, as the wire has them. */
    long bits() {
        return fields.bits;
    }
}
