package dev.fieldproof.sparkplug.payload;

import java.util.Arrays;
import java.util.List;

/**
 * Encodes payloads in one pass into a buffer that is kept and reused, so that a warmed-up encoder allocates nothing.
 * Not thread-safe.
 */
public final class PayloadEncoder {
    private final WireWriter out = new WireWriter();
    private final UInt32Slot uint32Slot;

    /** Writes unsigned 32-bit values to {@code int_value}. */
    public PayloadEncoder() {
        this(UInt32Slot.INT_VALUE);
    }

    /**
     * Chooses the field for unsigned 32-bit values.
     *
     * @param uint32Slot where they go
     */
    public PayloadEncoder(UInt32Slot uint32Slot) {
        this.uint32Slot = uint32Slot;
    }

    /**
     * Encodes a payload over the previous one.
     *
     * @param payload what to encode
     * @return how many bytes of {@link #buffer()} it takes, from the first
     * @throws IllegalArgumentException if a value cannot stand where it is, such as an array in a property
     */
    public int encode(Payload payload) {
        out.reset();
        if (payload.timestamp() != null) {
            out.timeField(1, payload.timestamp());
        }
        List<Metric> metrics = payload.metrics();
        for (int i = 0; i < metrics.size(); i++) {
            metricField(2, metrics.get(i));
        }
        if (payload.seq() != null) {
            out.varintField(3, payload.seq());
        }
        if (payload.uuid() != null) {
            out.stringField(4, payload.uuid());
        }
        if (payload.body() != null) {
            out.bytesField(5, payload.body());
        }
        out.raw(payload.unknown().wire());
        return out.length();
    }

    /**
     * Encodes a payload to an array of its own.
     *
     * @param payload what to encode
     * @return the bytes
     * @throws IllegalArgumentException as {@link #encode}
     */
    public byte[] toBytes(Payload payload) {
        int length = encode(payload);
        return Arrays.copyOf(out.buffer(), length);
    }

    /**
     * The buffer that holds the latest payload; valid until the next call of {@link #encode}, which may replace it.
     *
     * @return the buffer, longer than the payload
     */
    @SuppressWarnings("EI_EXPOSE_REP")
    public byte[] buffer() {
        return out.buffer();
    }

    private void metricField(int field, Metric metric) {
        if (!out.plainMetric(field, metric, uint32Slot)) {
            anyMetric(field, metric);
        }
    }

    private void anyMetric(int field, Metric metric) {
        out.tag(field, WireWriter.BYTES);
        int mark = out.begin();
        if (metric.name() != null) {
            out.stringField(1, metric.name());
        }
        if (metric.alias() != null) {
            out.varintField(2, metric.alias());
        }
        if (metric.timestamp() != null) {
            out.timeField(3, metric.timestamp());
        }
        Value value = metric.value();
        if (metric.typed()) {
            out.varintField(4, value.type().code());
        }
        if (metric.historical()) {
            out.boolField(5, true);
        }
        if (metric.isTransient()) {
            out.boolField(6, true);
        }
        if (value instanceof Value.Null) {
            out.boolField(7, true);
        }
        if (metric.metadata() != null) {
            metadataField(metric.metadata());
        }
        if (metric.properties() != null) {
            out.tag(9, WireWriter.BYTES);
            propertySet(metric.properties());
        }
        metricValue(value);
        out.raw(metric.unknown().wire());
        out.end(mark);
    }

    private void metricValue(Value value) {
        if (scalar(10, value)) {
            return;
        }
        if (value instanceof Value.Binary binary) {
            out.bytesField(16, binary.value());
        } else if (value instanceof DataSet table) {
            out.tag(17, WireWriter.BYTES);
            dataSet(table);
        } else if (value instanceof Template template) {
            out.tag(18, WireWriter.BYTES);
            template(template);
        } else if (value instanceof Value.Raw raw) {
            out.bytesField(raw.slot() == Value.Slot.EXTENSION ? 19 : 16, raw.bytes());
        } else if (!(value instanceof Value.Null)) {
            out.tag(16, WireWriter.BYTES);
            int mark = out.begin();
            ValueCodec.writeArray(out, value);
            out.end(mark);
        }
    }

    /** Writes a value of a basic type to the field that carries it, counted from {@code int_value}'s. */
    private boolean scalar(int intField, Value value) {
        if (value instanceof Value.Whole whole) {
            boolean wide = uint32Slot.isWide(whole.type());
            // Small negative numbers go sign-extended to 32 bits, as the reference implementation has them.
            out.varintField(wide ? intField + 1 : intField, wide ? whole.value() : whole.value() & 0xFFFF_FFFFL);
        } else if (value instanceof Value.Single single) {
            out.floatField(intField + 2, single.value());
        } else if (value instanceof Value.Real real) {
            out.doubleField(intField + 3, real.value());
        } else if (value instanceof Value.Flag flag) {
            out.boolField(intField + 4, flag.value());
        } else if (value instanceof Value.Text text) {
            out.stringField(intField + 5, text.value());
        } else if (value instanceof Value.Raw raw && raw.slot().scalarIndex() >= 0) {
            rawScalar(intField + raw.slot().scalarIndex(), raw);
        } else {
            return false;
        }
        return true;
    }

    private void rawScalar(int field, Value.Raw raw) {
        switch (raw.slot().wireType()) {
            case WireWriter.FIXED32 -> {
                out.tag(field, WireWriter.FIXED32);
                out.fixed32((int) raw.bits());
            }
            case WireWriter.FIXED64 -> {
                out.tag(field, WireWriter.FIXED64);
                out.fixed64(raw.bits());
            }
            case WireWriter.BYTES -> out.bytesField(field, raw.bytes());
            default -> out.varintField(field, raw.bits());
        }
    }

    /** Writes a scalar or an extension to a message that knows nothing else. */
    private void basic(int intField, int extensionField, Value value) {
        if (!(value instanceof Value.Null) && !scalar(intField, value)) {
            if (value instanceof Value.Raw raw && raw.slot() == Value.Slot.EXTENSION) {
                out.bytesField(extensionField, raw.bytes());
            } else {
                throw new IllegalArgumentException("a " + value.type() + " cannot stand here");
            }
        }
    }

    private void metadataField(MetaData data) {
        out.tag(8, WireWriter.BYTES);
        int mark = out.begin();
        if (data.multiPart() != null) {
            out.boolField(1, data.multiPart());
        }
        optional(2, data.contentType());
        if (data.sizeBytes() != null) {
            out.varintField(3, data.sizeBytes());
        }
        if (data.part() != null) {
            out.varintField(4, data.part());
        }
        optional(5, data.fileName());
        optional(6, data.fileType());
        optional(7, data.md5());
        optional(8, data.description());
        out.raw(data.unknown().wire());
        out.end(mark);
    }

    private void optional(int field, @org.jspecify.annotations.Nullable String text) {
        if (text != null) {
            out.stringField(field, text);
        }
    }

    private void propertySet(PropertySet set) {
        int mark = out.begin();
        for (int i = 0; i < set.properties().size(); i++) {
            out.stringField(1, set.properties().get(i).key());
        }
        for (int i = 0; i < set.properties().size(); i++) {
            Value value = set.properties().get(i).value();
            out.tag(2, WireWriter.BYTES);
            int inner = out.begin();
            if (value.type() != DataType.UNKNOWN) {
                out.varintField(1, value.type().code());
            }
            if (value instanceof Value.Null) {
                out.boolField(2, true);
            } else if (value instanceof PropertySet nested) {
                out.tag(9, WireWriter.BYTES);
                propertySet(nested);
            } else if (value instanceof PropertySetList list) {
                out.tag(10, WireWriter.BYTES);
                int listMark = out.begin();
                for (int j = 0; j < list.sets().size(); j++) {
                    out.tag(1, WireWriter.BYTES);
                    propertySet(list.sets().get(j));
                }
                out.end(listMark);
            } else {
                basic(3, 11, value);
            }
            out.end(inner);
        }
        out.raw(set.unknown().wire());
        out.end(mark);
    }

    private void dataSet(DataSet table) {
        int mark = out.begin();
        out.varintField(1, table.columns().size());
        for (int i = 0; i < table.columns().size(); i++) {
            out.stringField(2, table.columns().get(i));
        }
        for (int i = 0; i < table.types().size(); i++) {
            out.varintField(3, table.types().get(i).code());
        }
        for (int i = 0; i < table.rows().size(); i++) {
            List<Value> row = table.rows().get(i);
            out.tag(4, WireWriter.BYTES);
            int rowMark = out.begin();
            for (int j = 0; j < row.size(); j++) {
                out.tag(1, WireWriter.BYTES);
                int cell = out.begin();
                basic(1, 7, row.get(j));
                out.end(cell);
            }
            out.end(rowMark);
        }
        out.raw(table.unknown().wire());
        out.end(mark);
    }

    private void template(Template template) {
        int mark = out.begin();
        optional(1, template.version());
        for (int i = 0; i < template.members().size(); i++) {
            metricField(2, template.members().get(i));
        }
        for (int i = 0; i < template.parameters().size(); i++) {
            Template.Parameter parameter = template.parameters().get(i);
            out.tag(3, WireWriter.BYTES);
            int inner = out.begin();
            out.stringField(1, parameter.name());
            if (parameter.value().type() != DataType.UNKNOWN) {
                out.varintField(2, parameter.value().type().code());
            }
            basic(3, 9, parameter.value());
            out.end(inner);
        }
        optional(4, template.reference());
        out.boolField(5, template.definition());
        out.raw(template.unknown().wire());
        out.end(mark);
    }
}
