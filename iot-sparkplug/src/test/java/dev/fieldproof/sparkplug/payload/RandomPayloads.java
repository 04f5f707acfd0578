package dev.fieldproof.sparkplug.payload;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws payloads that hold every datatype, nested and null, with every optional field now and then. */
final class RandomPayloads {
    private static final String[] TEXTS = {
        "", "a", "Temperatur °C", "水位/ポンプ", "emoji 🚰", "x".repeat(200), "line\nbreak"
    };

    private final RandomGenerator random;
    private final boolean plain;

    /** Plain payloads leave out what Eclipse Tahu cannot carry: unknown fields and nulls in odd places. */
    RandomPayloads(RandomGenerator random, boolean plain) {
        this.random = random;
        this.plain = plain;
    }

    Payload payload() {
        List<Metric> metrics = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            metrics.add(metric(2));
        }
        return new Payload(
                Instant.ofEpochMilli(random.nextLong(2_000_000_000_000L)),
                metrics,
                (long) random.nextInt(256),
                random.nextInt(4) == 0 ? text() : null,
                random.nextInt(4) == 0 ? bytes() : null,
                unknown());
    }

    private UnknownFields unknown() {
        if (plain || random.nextInt(8) > 0) {
            return UnknownFields.NONE;
        }
        WireWriter writer = new WireWriter();
        writer.varintField(77, random.nextLong());
        writer.bytesField(200, bytes());
        return new UnknownFields(java.util.Arrays.copyOf(writer.buffer(), writer.length()));
    }

    Metric metric(int depth) {
        DataType[] types = DataType.values();
        DataType type;
        do {
            type = types[1 + random.nextInt(types.length - 1)];
        } while (type == DataType.PROPERTY_SET
                || type == DataType.PROPERTY_SET_LIST
                || (depth == 0 && type == DataType.TEMPLATE));
        boolean isNull = random.nextInt(10) == 0;
        return new Metric(
                "metric/" + text(),
                random.nextBoolean() ? (Long) (long) random.nextInt(1_000_000) : null,
                Instant.ofEpochMilli(random.nextLong(2_000_000_000_000L)),
                isNull ? new Value.Null(type) : value(type, depth),
                true,
                random.nextInt(4) == 0,
                random.nextInt(4) == 0,
                random.nextInt(4) == 0 ? metadata() : null,
                random.nextInt(4) == 0 ? properties(depth) : null,
                unknown());
    }

    Value value(DataType type, int depth) {
        if (type.isWhole()) {
            return new Value.Whole(type, whole(type));
        }
        return switch (type) {
            case FLOAT -> Value.of(Float.intBitsToFloat(random.nextInt() & 0x7F7F_FFFF));
            case DOUBLE -> Value.of(random.nextDouble() * 1e6 - 5e5);
            case BOOLEAN -> Value.of(random.nextBoolean());
            case STRING, TEXT -> new Value.Text(type, text());
            case UUID -> new Value.Text(type, new java.util.UUID(random.nextLong(), random.nextLong()).toString());
            case BYTES, FILE -> new Value.Binary(type, bytes());
            case DATA_SET -> dataSet();
            case TEMPLATE -> template(depth - 1);
            default -> array(type);
        };
    }

    private long whole(DataType type) {
        if (type == DataType.DATE_TIME) {
            return random.nextLong(2_000_000_000_000L);
        }
        long edge = switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> -1;
            case 2 -> 1L << (type.bits() - 1);
            default -> random.nextLong();
        };
        return type.widen(edge);
    }

    private Value array(DataType type) {
        int n = random.nextInt(12);
        DataType element = type.element();
        if (element.isWhole()) {
            return new Value.WholeArray(
                    type, random.longs(n).map(bits -> whole(element)).toArray());
        }
        switch (element) {
            case FLOAT -> {
                float[] values = new float[n];
                for (int i = 0; i < n; i++) {
                    values[i] = random.nextFloat();
                }
                return new Value.SingleArray(values);
            }
            case DOUBLE -> {
                return new Value.RealArray(random.doubles(n).toArray());
            }
            case BOOLEAN -> {
                boolean[] values = new boolean[n];
                for (int i = 0; i < n; i++) {
                    values[i] = random.nextBoolean();
                }
                return new Value.FlagArray(values);
            }
            default -> {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < n; i++) {
                    values.add("t" + text());
                }
                return new Value.TextArray(values);
            }
        }
    }

    private DataSet dataSet() {
        int columns = 1 + random.nextInt(4);
        List<String> names = new ArrayList<>();
        List<DataType> types = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            names.add("c" + i);
            types.add(DataType.ofCode(1 + random.nextInt(14)));
        }
        List<List<Value>> rows = new ArrayList<>();
        for (int r = random.nextInt(4); r > 0; r--) {
            List<Value> row = new ArrayList<>();
            for (DataType type : types) {
                row.add(!plain && random.nextInt(10) == 0 ? new Value.Null(type) : value(type, 0));
            }
            rows.add(row);
        }
        return new DataSet(names, types, rows, unknown());
    }

    private Template template(int depth) {
        boolean definition = random.nextBoolean();
        List<Metric> members = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            members.add(metric(depth));
        }
        List<Template.Parameter> parameters = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            DataType drawn = DataType.ofCode(1 + random.nextInt(14));
            // Tahu 1.0.19 fails on large unsigned parameters: it casts between Long, Integer and BigInteger.
            boolean failing = drawn == DataType.UINT64 || drawn == DataType.UINT32;
            DataType type = plain && failing ? DataType.INT64 : drawn;
            parameters.add(new Template.Parameter("p" + i, value(type, 0)));
        }
        return new Template(
                random.nextBoolean() ? "v" + random.nextInt(9) : null,
                definition,
                definition ? null : "ref",
                members,
                parameters,
                unknown());
    }

    private MetaData metadata() {
        return new MetaData(
                random.nextBoolean(),
                text(),
                (long) random.nextInt(1000),
                (long) random.nextInt(10),
                text(),
                text(),
                text(),
                text(),
                unknown());
    }

    private PropertySet properties(int depth) {
        List<PropertySet.Property> properties = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            DataType type = DataType.ofCode(1 + random.nextInt(14));
            Value value = value(type, 0);
            if (depth > 0 && random.nextInt(5) == 0) {
                value = random.nextBoolean()
                        ? properties(depth - 1)
                        : new PropertySetList(List.of(properties(depth - 1), properties(depth - 1)));
            } else if (!plain && random.nextInt(8) == 0) {
                value = new Value.Null(type);
            }
            properties.add(new PropertySet.Property("key" + i, value));
        }
        return new PropertySet(properties, unknown());
    }

    private String text() {
        return TEXTS[random.nextInt(TEXTS.length)];
    }

    private byte[] bytes() {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return bytes;
    }
}
