package dev.fieldproof.sparkplug.host;

import dev.fieldproof.sparkplug.payload.DataType;
import dev.fieldproof.sparkplug.payload.PayloadCursor;
import dev.fieldproof.sparkplug.payload.PayloadException;
import dev.fieldproof.sparkplug.payload.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The current values of a node or device, in columns: 16 bytes for a number, more for what is no number. */
final class MetricTable {
    static final MetricTable EMPTY = new MetricTable(new MetricLayout(List.of(), List.of(), new long[0]));

    private final MetricLayout layout;
    private final long[] bits;
    private final long[] millis;
    private @Nullable Value @Nullable [] objects;

    private MetricTable(MetricLayout layout) {
        this.layout = layout;
        this.bits = new long[layout.size()];
        this.millis = new long[layout.size()];
    }

    /** Reads the value under the cursor. */
    interface Values {
        Value read(String metric, DataType type);
    }

    /** Reads a birth certificate; the cursor stands before its first metric. */
    static MetricTable ofBirth(
            PayloadCursor cursor, Values reader, Map<MetricLayout, MetricLayout> pool, long nowMillis)
            throws PayloadException {
        int count = cursor.metricCount();
        List<String> names = new ArrayList<>(count);
        List<DataType> types = new ArrayList<>(count);
        List<Value> values = new ArrayList<>(count);
        long[] aliases = new long[count];
        long[] times = new long[count];
        for (int i = 0; cursor.next(); i++) {
            String name = cursor.name();
            if (name == null) {
                throw new PayloadException(0, "a metric of a birth certificate has a name");
            }
            // Without a datatype, or with one of a later version, the values stay as they are on the wire.
            DataType type = Objects.requireNonNullElse(cursor.datatype(), DataType.UNKNOWN);
            names.add(name);
            types.add(type);
            values.add(reader.read(name, type));
            aliases[i] = cursor.hasAlias() ? cursor.alias() : MetricLayout.NONE;
            times[i] = cursor.hasMetricTimestamp() ? cursor.metricTimestamp(TimeUnit.MILLISECONDS) : nowMillis;
        }
        MetricLayout layout = new MetricLayout(names, types, aliases);
        MetricLayout shared = pool.putIfAbsent(layout, layout);
        MetricTable table = new MetricTable(shared == null ? layout : shared);
        for (int i = 0; i < count; i++) {
            table.put(i, values.get(i), times[i]);
        }
        return table;
    }

    MetricLayout layout() {
        return layout;
    }

    /** Finds the metric under the cursor; {@link MetricLayout#NONE} if the birth did not announce it. */
    int find(PayloadCursor cursor) throws PayloadException {
        if (cursor.hasAlias()) {
            return layout.ofAlias(cursor.alias());
        }
        String name = cursor.name();
        return name == null ? MetricLayout.NONE : layout.ofName(name);
    }

    void put(int index, Value value, long timeMillis) {
        millis[index] = timeMillis;
        @Nullable Value[] kept = objects;
        if (value instanceof Value.Whole whole) {
            bits[index] = whole.value();
        } else if (value instanceof Value.Single single) {
            bits[index] = Float.floatToRawIntBits(single.value());
        } else if (value instanceof Value.Real real) {
            bits[index] = Double.doubleToRawLongBits(real.value());
        } else if (value instanceof Value.Flag flag) {
            bits[index] = flag.value() ? 1 : 0;
        } else {
            if (kept == null) {
                kept = new Value[layout.size()];
                objects = kept;
            }
            kept[index] = value;
            return;
        }
        if (kept != null) {
            kept[index] = null;
        }
    }

    Value value(int index) {
        Value kept = objects == null ? null : objects[index];
        if (kept != null) {
            return kept;
        }
        DataType type = layout.type(index);
        if (type == DataType.FLOAT) {
            return Value.of(Float.intBitsToFloat((int) bits[index]));
        }
        if (type == DataType.DOUBLE) {
            return Value.of(Double.longBitsToDouble(bits[index]));
        }
        if (type == DataType.BOOLEAN) {
            return Value.of(bits[index] != 0);
        }
        return type.isWhole() ? new Value.Whole(type, bits[index]) : new Value.Null(type);
    }

    long millis(int index) {
        return millis[index];
    }
}
