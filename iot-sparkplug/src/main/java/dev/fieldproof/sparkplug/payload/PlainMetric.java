package dev.fieldproof.sparkplug.payload;

/**
 * Writes a metric that is like nearly all: with nothing but a short ASCII name, an alias, a time and a number, flag or
 * short ASCII text. Its length then takes one byte, and one look at the room suffices.
 */
final class PlainMetric {
    /** Tag and length, a name of {@link #MAX_CHARS}, and all other fields at their longest. */
    static final int MAX_BYTES = 256;

    private static final int MAX_CHARS = 64;
    private static final int MAX_SIZE = 0x7F;

    private PlainMetric() {}

    /**
     * Writes a metric.
     *
     * @param to has room for {@link #MAX_BYTES}
     * @param from where to begin
     * @return where it ends, or {@code from} if the metric is not plain
     */
    static int write(byte[] to, int from, int field, Metric metric, UInt32Slot uint32Slot) {
        Value value = metric.value();
        if (metric.metadata() != null
                || metric.properties() != null
                || metric.isTransient()
                || metric.unknown().wire().length > 0) {
            return from;
        }
        int body = from + 2;
        int at = body;
        String name = metric.name();
        if (name != null) {
            at = ascii(to, at, 1, name);
            if (at == body) {
                return from;
            }
        }
        Long alias = metric.alias();
        if (alias != null) {
            to[at++] = 2 << 3;
            at = WireWriter.put(to, at, alias);
        }
        if (metric.timestamp() != null) {
            to[at++] = 3 << 3;
            at = WireWriter.putTime(to, at, metric.timestamp().toEpochMilli());
        }
        if (metric.typed()) {
            to[at++] = 4 << 3;
            to[at++] = (byte) value.type().code();
        }
        if (metric.historical()) {
            to[at++] = 5 << 3;
            to[at++] = 1;
        }
        int end = value(to, at, value, uint32Slot);
        if (end == at || end - body > MAX_SIZE) {
            return from;
        }
        to[from] = (byte) (field << 3 | WireWriter.BYTES);
        to[from + 1] = (byte) (end - body);
        return end;
    }

    private static int ascii(byte[] to, int from, int field, String text) {
        int chars = text.length();
        if (chars > MAX_CHARS) {
            return from;
        }
        to[from] = (byte) (field << 3 | WireWriter.BYTES);
        to[from + 1] = (byte) chars;
        int first = from + 2;
        int seen = 0;
        for (int i = 0; i < chars; i++) {
            char c = text.charAt(i);
            seen |= c;
            to[first + i] = (byte) c;
        }
        return seen < 0x80 ? first + chars : from;
    }

    private static int value(byte[] to, int at, Value value, UInt32Slot uint32Slot) {
        if (value instanceof Value.Real real) {
            to[at] = 13 << 3 | WireWriter.FIXED64;
            WireReader.LONG.set(to, at + 1, Double.doubleToRawLongBits(real.value()));
            return at + 1 + Long.BYTES;
        } else if (value instanceof Value.Single single) {
            to[at] = 12 << 3 | WireWriter.FIXED32;
            WireReader.INT.set(to, at + 1, Float.floatToRawIntBits(single.value()));
            return at + 1 + Integer.BYTES;
        } else if (value instanceof Value.Flag flag) {
            to[at] = 14 << 3;
            to[at + 1] = (byte) (flag.value() ? 1 : 0);
            return at + 2;
        } else if (value instanceof Value.Whole whole) {
            boolean wide = uint32Slot.isWide(whole.type());
            to[at] = (byte) ((wide ? 11 : 10) << 3);
            return WireWriter.put(to, at + 1, wide ? whole.value() : whole.value() & 0xFFFF_FFFFL);
        } else if (value instanceof Value.Text text) {
            return ascii(to, at, 15, text.value());
        }
        return at;
    }
}
