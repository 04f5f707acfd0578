package dev.fieldproof.sparkplug.payload;

import dev.fieldproof.sparkplug.payload.Value.Slot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Decodes payloads to objects within limits. A metric without a datatype gets a {@link Value.Raw}, which its birth
 * certificate types. Immutable and thread-safe.
 */
public final class PayloadDecoder {
    /** A decoder with {@link DecodeLimits#DEFAULT}. */
    public static final PayloadDecoder DEFAULT = new PayloadDecoder(DecodeLimits.DEFAULT);

    private static final Long[] ALIASES = LongStream.range(0, 1024).boxed().toArray(Long[]::new);

    private final DecodeLimits limits;

    /**
     * A decoder with limits of its own.
     *
     * @param limits what it accepts
     */
    public PayloadDecoder(DecodeLimits limits) {
        this.limits = limits;
    }

    /**
     * Decodes a payload.
     *
     * @param bytes the whole payload; copied where needed
     * @return the payload
     * @throws PayloadException if it is malformed or exceeds the limits
     */
    public Payload decode(byte[] bytes) throws PayloadException {
        return decode(bytes, new NestedReader(limits));
    }

    /**
     * Decodes a payload of a careless sender: a metric's value that is not of its datatype costs no more than itself,
     * and is given as it stood on the wire.
     *
     * @param bytes the whole payload; copied where needed
     * @param misfits is told whose value it is (its name, or its alias where it has none) and what is wrong with each
     *     such value, which becomes a {@link Value.Raw}
     * @return the payload
     * @throws PayloadException if it is malformed elsewhere or exceeds the limits
     */
    public Payload decode(byte[] bytes, BiConsumer<String, PayloadException> misfits) throws PayloadException {
        return decode(bytes, new NestedReader(limits) {
            @Override
            Value value(MetricFields f, WireReader in, @Nullable DataType announced, int depth)
                    throws PayloadException {
                if (depth > 1) {
                    return super.value(f, in, announced, depth);
                }
                try {
                    return super.value(f, in, announced, depth);
                } catch (PayloadException e) {
                    misfits.accept(label(f, in), e);
                    return raw(f, in);
                }
            }
        });
    }

    private static String label(MetricFields f, WireReader in) throws PayloadException {
        return f.nameAt < 0
                ? "alias " + Long.toUnsignedString(f.alias)
                : WireReader.utf8(in.bytes(), f.nameAt, f.nameAt + f.nameLength, in.start());
    }

    private Payload decode(byte[] bytes, NestedReader nested) throws PayloadException {
        PayloadCursor cursor = new PayloadCursor(limits);
        cursor.reset(bytes);
        List<Metric> metrics = new ArrayList<>(cursor.metricCount());
        while (cursor.next()) {
            metrics.add(nested.metric(cursor.fields(), cursor.reader(), 1));
        }
        return new Payload(
                cursor.hasTimestamp()
                        ? Instant.ofEpochMilli(cursor.timestamp(java.util.concurrent.TimeUnit.MILLISECONDS))
                        : null,
                metrics,
                cursor.hasSeq() ? cursor.seq() : null,
                cursor.uuid(),
                cursor.body(),
                cursor.unknown());
    }

    /**
     * Makes the value under a cursor an object.
     *
     * @param cursor at a metric
     * @param announced the datatype from the birth certificate, used if the metric does not say one; null for none
     * @return the value
     * @throws PayloadException if it is malformed, exceeds the limits or is not of that type
     */
    public Value value(PayloadCursor cursor, @Nullable DataType announced) throws PayloadException {
        return new NestedReader(limits).value(cursor.fields(), cursor.reader(), announced, 1);
    }

    /**
     * Makes the value under a cursor an object as it stands on the wire, whatever its datatype.
     *
     * @param cursor at a metric
     * @return a {@link Value.Raw}, or {@link Value.Null} if there is none
     */
    public Value raw(PayloadCursor cursor) {
        return raw(cursor.fields(), cursor.reader());
    }

    private static Value raw(MetricFields f, WireReader in) {
        Slot slot = f.slot();
        return slot == null
                ? new Value.Null(DataType.UNKNOWN)
                : new Value.Raw(slot, f.bits, Arrays.copyOfRange(in.bytes(), f.valueAt, f.valueEnd));
    }

    /** One decoding with its budget. */
    private static class NestedReader {
        private final DecodeLimits limits;
        private int elements;
        private @Nullable Instant latest;

        NestedReader(DecodeLimits limits) {
            this.limits = limits;
        }

        private void spend(WireReader in) throws PayloadException {
            if (++elements > limits.maxElements()) {
                throw in.fault("at most " + limits.maxElements() + " elements");
            }
        }

        private WireReader enter(WireReader in, int from, int to, int depth) throws PayloadException {
            if (depth > limits.maxDepth()) {
                throw in.fault(from, "at most " + limits.maxDepth() + " levels");
            }
            WireReader nested = new WireReader();
            nested.reset(in.bytes(), in.start(), from, to);
            return nested;
        }

        private WireReader enter(WireReader in, int tag, int depth) throws PayloadException {
            in.expect(tag, WireWriter.BYTES);
            int length = in.length();
            WireReader nested = enter(in, in.at(), in.at() + length, depth);
            in.skip(length);
            return nested;
        }

        /** Births share one timestamp among their metrics; so do their objects. */
        private Instant instant(long millis) {
            if (latest == null || latest.toEpochMilli() != millis) {
                latest = Instant.ofEpochMilli(millis);
            }
            return latest;
        }

        /** Aliases are few and alike in all payloads. */
        private static Long alias(long alias) {
            return alias >= 0 && alias < ALIASES.length ? ALIASES[(int) alias] : Long.valueOf(alias);
        }

        Metric metric(MetricFields f, WireReader in, int depth) throws PayloadException {
            spend(in);
            String name =
                    f.nameAt < 0 ? null : WireReader.utf8(in.bytes(), f.nameAt, f.nameAt + f.nameLength, in.start());
            return new Metric(
                    name,
                    f.hasAlias() ? alias(f.alias) : null,
                    f.hasTimestamp() ? instant(f.timestamp) : null,
                    value(f, in, null, depth),
                    f.datatype >= 0,
                    f.isHistorical(),
                    f.isTransient(),
                    f.metadataAt < 0 ? null : metadata(enter(in, f.metadataAt, f.metadataEnd, depth)),
                    f.propertiesAt < 0 ? null : propertySet(enter(in, f.propertiesAt, f.propertiesEnd, depth), depth),
                    f.unknown.length == 0 ? UnknownFields.NONE : new UnknownFields(f.unknown));
        }

        Value value(MetricFields f, WireReader in, @Nullable DataType announced, int depth) throws PayloadException {
            DataType type = f.datatype < 0 ? announced : DataType.ofCode(f.datatype);
            if (f.datatype >= 0 && type == null) {
                throw in.fault(f.from, "a datatype is 0 to 34");
            }
            DataType known = type == null ? DataType.UNKNOWN : type;
            Slot slot = f.slot();
            if (slot == null) {
                return new Value.Null(known);
            }
            if (slot == Slot.DATA_SET || slot == Slot.TEMPLATE) {
                DataType nested = slot == Slot.DATA_SET ? DataType.DATA_SET : DataType.TEMPLATE;
                if (known != DataType.UNKNOWN && known != nested) {
                    throw in.fault(f.valueAt, "a " + known + " is not in " + slot);
                }
                WireReader inner = enter(in, f.valueAt, f.valueEnd, depth);
                return slot == Slot.DATA_SET ? dataSet(inner, depth + 1) : template(inner, depth + 1);
            }
            return typed(known, slot, f.bits, in, f.valueAt, f.valueEnd);
        }

        private Value typed(DataType type, Slot slot, long bits, WireReader in, int from, int to)
                throws PayloadException {
            Value value = ValueCodec.typed(
                    type, slot, bits, in.bytes(), from, to, in.start(), limits.maxElements() - elements);
            if (type.isArray()) {
                elements += Math.min(to - from, limits.maxElements() - elements);
            }
            return value;
        }

        private Template template(WireReader in, int depth) throws PayloadException {
            String version = null;
            boolean definition = false;
            String reference = null;
            List<Metric> members = new ArrayList<>();
            List<Template.Parameter> parameters = new ArrayList<>();
            UnknownCollector unknown = new UnknownCollector();
            while (!in.atEnd()) {
                int place = in.at();
                int tag = in.tag();
                switch (tag >>> 3) {
                    case 1 -> version = text(in, tag);
                    case 2 -> {
                        WireReader member = enter(in, tag, depth);
                        MetricFields fields = new MetricFields();
                        fields.read(member);
                        members.add(metric(fields, member, depth));
                    }
                    case 3 -> {
                        spend(in);
                        parameters.add(parameter(enter(in, tag, depth)));
                    }
                    case 4 -> reference = text(in, tag);
                    case 5 -> definition = MetricFields.number(in, tag) != 0;
                    default -> unknown.keep(in, tag, place);
                }
            }
            return new Template(version, definition, reference, members, parameters, unknown.fields());
        }

        private Template.Parameter parameter(WireReader in) throws PayloadException {
            int from = in.at();
            String name = null;
            DataType type = DataType.UNKNOWN;
            Scalar scalar = new Scalar();
            while (!in.atEnd()) {
                int tag = in.tag();
                switch (tag >>> 3) {
                    case 1 -> name = text(in, tag);
                    case 2 -> type = datatype(in, tag);
                    default -> {
                        if (!scalar.read(in, tag, 3, 9)) {
                            in.skipField(tag);
                        }
                    }
                }
            }
            if (name == null) {
                throw in.fault(from, "a template parameter has a name");
            }
            return new Template.Parameter(name, scalar.value(type, in));
        }

        private DataSet dataSet(WireReader in, int depth) throws PayloadException {
            int from = in.at();
            long columnCount = -1;
            List<String> columns = new ArrayList<>();
            List<DataType> types = new ArrayList<>();
            List<List<Value>> rows = new ArrayList<>();
            UnknownCollector unknown = new UnknownCollector();
            while (!in.atEnd()) {
                int place = in.at();
                int tag = in.tag();
                switch (tag >>> 3) {
                    case 1 -> columnCount = MetricFields.number(in, tag);
                    case 2 -> {
                        spend(in);
                        columns.add(text(in, tag));
                    }
                    case 3 -> columnTypes(in, tag, types);
                    case 4 -> {
                        spend(in);
                        rows.add(row(enter(in, tag, depth), types));
                    }
                    default -> unknown.keep(in, tag, place);
                }
            }
            if (columns.size() != types.size() || (columnCount >= 0 && columnCount != columns.size())) {
                throw in.fault(from, "a data set has as many columns, types and headers as it says");
            }
            return new DataSet(columns, types, rows, unknown.fields());
        }

        private void columnTypes(WireReader in, int tag, List<DataType> types) throws PayloadException {
            if ((tag & 7) == WireWriter.BYTES) {
                int end = in.length() + in.at();
                while (in.at() < end) {
                    spend(in);
                    types.add(basic(in, MetricFields.code(in.varint())));
                }
            } else {
                spend(in);
                types.add(basic(in, MetricFields.code(MetricFields.number(in, tag))));
            }
        }

        private static DataType basic(WireReader in, int code) throws PayloadException {
            DataType type = DataType.ofCode(code);
            if (type == null || !type.isBasic()) {
                throw in.fault("a column has a basic datatype, not " + code);
            }
            return type;
        }

        private List<Value> row(WireReader in, List<DataType> types) throws PayloadException {
            List<Value> row = new ArrayList<>(types.size());
            while (!in.atEnd()) {
                int tag = in.tag();
                if (tag >>> 3 != 1) {
                    in.skipField(tag);
                    continue;
                }
                spend(in);
                if (row.size() == types.size()) {
                    throw in.fault("a row has " + types.size() + " elements");
                }
                WireReader cell = enter(in, tag, 1);
                Scalar scalar = new Scalar();
                while (!cell.atEnd()) {
                    int inner = cell.tag();
                    if (!scalar.read(cell, inner, 1, 7)) {
                        cell.skipField(inner);
                    }
                }
                row.add(scalar.value(types.get(row.size()), cell));
            }
            if (row.size() != types.size()) {
                throw in.fault("a row has " + types.size() + " elements");
            }
            return row;
        }

        private MetaData metadata(WireReader in) throws PayloadException {
            Boolean multiPart = null;
            Long size = null;
            Long part = null;
            @Nullable String[] texts = new String[9];
            UnknownCollector unknown = new UnknownCollector();
            while (!in.atEnd()) {
                int place = in.at();
                int tag = in.tag();
                int field = tag >>> 3;
                switch (field) {
                    case 1 -> multiPart = MetricFields.number(in, tag) != 0;
                    case 3 -> size = MetricFields.number(in, tag);
                    case 4 -> part = MetricFields.number(in, tag);
                    case 2, 5, 6, 7, 8 -> texts[field] = text(in, tag);
                    default -> unknown.keep(in, tag, place);
                }
            }
            return new MetaData(
                    multiPart, texts[2], size, part, texts[5], texts[6], texts[7], texts[8], unknown.fields());
        }

        private PropertySet propertySet(WireReader in, int depth) throws PayloadException {
            int from = in.at();
            List<String> keys = new ArrayList<>();
            List<Value> values = new ArrayList<>();
            UnknownCollector unknown = new UnknownCollector();
            while (!in.atEnd()) {
                int place = in.at();
                int tag = in.tag();
                switch (tag >>> 3) {
                    case 1 -> {
                        spend(in);
                        keys.add(text(in, tag));
                    }
                    case 2 -> {
                        spend(in);
                        values.add(propertyValue(enter(in, tag, depth), depth));
                    }
                    default -> unknown.keep(in, tag, place);
                }
            }
            if (keys.size() != values.size()) {
                throw in.fault(from, "a property set has as many keys as values");
            }
            List<PropertySet.Property> properties = new ArrayList<>(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                properties.add(new PropertySet.Property(keys.get(i), values.get(i)));
            }
            return new PropertySet(properties, unknown.fields());
        }

        private Value propertyValue(WireReader in, int depth) throws PayloadException {
            DataType type = DataType.UNKNOWN;
            boolean isNull = false;
            Value nested = null;
            Scalar scalar = new Scalar();
            while (!in.atEnd()) {
                int tag = in.tag();
                switch (tag >>> 3) {
                    case 1 -> type = datatype(in, tag);
                    case 2 -> isNull = MetricFields.number(in, tag) != 0;
                    case 9 -> nested = propertySet(enter(in, tag, depth + 1), depth + 1);
                    case 10 -> nested = propertySetList(enter(in, tag, depth + 1), depth + 1);
                    default -> {
                        if (!scalar.read(in, tag, 3, 11)) {
                            in.skipField(tag);
                        }
                    }
                }
            }
            if (isNull) {
                return new Value.Null(type);
            }
            if (nested != null && type != DataType.UNKNOWN && type != nested.type()) {
                throw in.fault("a " + type + " is not a property set");
            }
            return nested != null ? nested : scalar.value(type, in);
        }

        private PropertySetList propertySetList(WireReader in, int depth) throws PayloadException {
            List<PropertySet> sets = new ArrayList<>();
            while (!in.atEnd()) {
                int tag = in.tag();
                if (tag >>> 3 == 1) {
                    spend(in);
                    sets.add(propertySet(enter(in, tag, depth), depth));
                } else {
                    in.skipField(tag);
                }
            }
            return new PropertySetList(sets);
        }

        private static DataType datatype(WireReader in, int tag) throws PayloadException {
            DataType type = DataType.ofCode(MetricFields.code(MetricFields.number(in, tag)));
            if (type == null) {
                throw in.fault("a datatype is 0 to 34");
            }
            return type;
        }

        private static String text(WireReader in, int tag) throws PayloadException {
            in.expect(tag, WireWriter.BYTES);
            return in.string();
        }

        /** A value of a basic type or an extension, in a message that has its fields in a row. */
        private final class Scalar {
            private @Nullable Slot slot;
            private long bits;
            private int from;
            private int to;

            boolean read(WireReader in, int tag, int intField, int extensionField) throws PayloadException {
                int index = (tag >>> 3) - intField;
                boolean extension = tag >>> 3 == extensionField;
                if ((index < 0 || index > 5) && !extension) {
                    return false;
                }
                slot = extension ? Slot.EXTENSION : Slot.scalar(index);
                bits = 0;
                from = in.at();
                in.expect(tag, slot.wireType());
                switch (slot.wireType()) {
                    case WireWriter.FIXED32 -> bits = in.fixed32();
                    case WireWriter.FIXED64 -> bits = in.fixed64();
                    case WireWriter.BYTES -> {
                        int length = in.length();
                        from = in.at();
                        in.skip(length);
                    }
                    default -> bits = in.varint();
                }
                to = in.at();
                return true;
            }

            Value value(DataType type, WireReader in) throws PayloadException {
                if (slot == null) {
                    return new Value.Null(type);
                }
                boolean bytes = slot == Slot.STRING || slot == Slot.EXTENSION;
                return typed(type, slot, bits, in, bytes ? from : to, to);
            }
        }
    }

    /** Collects the fields of one message that this version does not know. */
    private static final class UnknownCollector {
        private byte[] wire = UnknownFields.NONE.wire();

        void keep(WireReader in, int tag, int place) throws PayloadException {
            in.skipField(tag);
            int old = wire.length;
            wire = java.util.Arrays.copyOf(wire, old + in.at() - place);
            System.arraycopy(in.bytes(), place, wire, old, in.at() - place);
        }

        UnknownFields fields() {
            return wire.length == 0 ? UnknownFields.NONE : new UnknownFields(wire);
        }
    }
}
