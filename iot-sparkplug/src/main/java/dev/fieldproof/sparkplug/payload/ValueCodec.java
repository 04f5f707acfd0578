package dev.fieldproof.sparkplug.payload;

import dev.fieldproof.sparkplug.payload.Value.Slot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Between a value and the field that carries it (Sparkplug 3.0, section 6.4.16). */
final class ValueCodec {
    private ValueCodec() {}

    /** Types a value found in a slot; text and bytes lie in {@code bytes[from, to)}. */
    static Value typed(DataType type, Slot slot, long bits, byte[] bytes, int from, int to, int start, int maxElements)
            throws PayloadException {
        if (type.isWhole() && (slot == Slot.INT || slot == Slot.LONG)) {
            return new Value.Whole(type, whole(type, slot, bits, from - start));
        }
        if (type == DataType.FLOAT && slot == Slot.FLOAT) {
            return new Value.Single(Float.intBitsToFloat((int) bits));
        }
        if (type == DataType.DOUBLE && slot == Slot.DOUBLE) {
            return new Value.Real(Double.longBitsToDouble(bits));
        }
        if (type == DataType.BOOLEAN && slot == Slot.BOOLEAN) {
            return Value.of(bits != 0);
        }
        if (type.isText() && slot == Slot.STRING) {
            return new Value.Text(type, WireReader.utf8(bytes, from, to, start));
        }
        if (slot == Slot.BYTES && (type == DataType.BYTES || type == DataType.FILE)) {
            return new Value.Binary(type, Arrays.copyOfRange(bytes, from, to));
        }
        if (slot == Slot.BYTES && type.isArray()) {
            return array(type, bytes, from, to, start, maxElements);
        }
        if (type == DataType.UNKNOWN || slot == Slot.EXTENSION) {
            return new Value.Raw(slot, bits, Arrays.copyOfRange(bytes, from, to));
        }
        throw new PayloadException(from - start, "a " + type + " is not in " + slot);
    }

    /** Accepts what writers in the field do: sign-extended or not, in the narrow or the wide field. */
    static long whole(DataType type, Slot slot, long bits, int offset) throws PayloadException {
        long wire = slot == Slot.INT ? (int) bits : bits;
        long unsigned = slot == Slot.INT ? bits & 0xFFFF_FFFFL : bits;
        int width = type.bits();
        if (width == 64) {
            return unsigned;
        }
        long value = type.widen(wire);
        if (wire != value && unsigned >>> width != 0) {
            throw new PayloadException(offset, "the value fits a " + type);
        }
        return value;
    }

    private static Value array(DataType type, byte[] bytes, int from, int to, int start, int maxElements)
            throws PayloadException {
        if (type == DataType.BOOLEAN_ARRAY) {
            return flags(bytes, from, to, start, maxElements);
        }
        if (type == DataType.STRING_ARRAY) {
            return texts(bytes, from, to, start, maxElements);
        }
        int width = type == DataType.FLOAT_ARRAY ? 4 : type.element().bits() / 8;
        int count = (to - from) / width;
        if (count * width != to - from) {
            throw new PayloadException(from - start, "an " + type + " has a multiple of " + width + " bytes");
        }
        check(count, maxElements, from - start);
        WireReader reader = new WireReader();
        reader.reset(bytes, start, from, to);
        if (type == DataType.FLOAT_ARRAY) {
            float[] values = new float[count];
            for (int i = 0; i < count; i++) {
                values[i] = Float.intBitsToFloat(reader.fixed32());
            }
            return new Value.SingleArray(values);
        }
        if (type == DataType.DOUBLE_ARRAY) {
            double[] values = new double[count];
            for (int i = 0; i < count; i++) {
                values[i] = Double.longBitsToDouble(reader.fixed64());
            }
            return new Value.RealArray(values);
        }
        long[] values = new long[count];
        for (int i = 0; i < count; i++) {
            values[i] = type.element().widen(little(bytes, from + i * width, width));
        }
        return new Value.WholeArray(type, values);
    }

    private static long little(byte[] bytes, int at, int width) {
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = (value << 8) | (bytes[at + i] & 0xFF);
        }
        return value;
    }

    /** A count of 32 bits, then bits from the most significant one of each byte. */
    private static Value flags(byte[] bytes, int from, int to, int start, int maxElements) throws PayloadException {
        if (to - from < 4) {
            throw new PayloadException(from - start, "a boolean array begins with its 32-bit count");
        }
        long count = little(bytes, from, 4);
        if ((count + 7) / 8 != to - from - 4) {
            throw new PayloadException(from - start, "a boolean array has as many bits as its count says");
        }
        check(count, maxElements, from - start);
        boolean[] values = new boolean[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = (bytes[from + 4 + i / 8] & (0x80 >>> (i % 8))) != 0;
        }
        return new Value.FlagArray(values);
    }

    private static Value texts(byte[] bytes, int from, int to, int start, int maxElements) throws PayloadException {
        List<String> values = new ArrayList<>();
        int first = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == 0) {
                check(values.size() + 1L, maxElements, from - start);
                values.add(WireReader.utf8(bytes, first, i, start));
                first = i + 1;
            }
        }
        if (first != to) {
            throw new PayloadException(first - start, "each text of a string array ends with a zero byte");
        }
        return new Value.TextArray(values);
    }

    private static void check(long count, int maxElements, int offset) throws PayloadException {
        if (count > maxElements) {
            throw new PayloadException(offset, "at most " + maxElements + " elements");
        }
    }

    /** Writes the bytes of an array value, without tag and length. */
    static void writeArray(WireWriter out, Value value) {
        if (value instanceof Value.WholeArray array) {
            int width = array.type().element().bits() / 8;
            for (long element : array.values()) {
                out.fixed(element, width);
            }
        } else if (value instanceof Value.SingleArray array) {
            for (float element : array.values()) {
                out.fixed32(Float.floatToRawIntBits(element));
            }
        } else if (value instanceof Value.RealArray array) {
            for (double element : array.values()) {
                out.fixed64(Double.doubleToRawLongBits(element));
            }
        } else if (value instanceof Value.FlagArray array) {
            boolean[] flags = array.values();
            out.fixed32(flags.length);
            for (int i = 0; i < flags.length; i += 8) {
                int packed = 0;
                for (int j = i; j < Math.min(i + 8, flags.length); j++) {
                    packed |= flags[j] ? 0x80 >>> (j - i) : 0;
                }
                out.fixed(packed, 1);
            }
        } else if (value instanceof Value.TextArray array) {
            for (int i = 0; i < array.values().size(); i++) {
                out.utf8(array.values().get(i));
                out.fixed(0, 1);
            }
        } else {
            throw new IllegalArgumentException("no array: " + value);
        }
    }
}
