package dev.fieldproof.crdt;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The codes of the kinds of values, in memory and on the wire, and the form that columns keep them in: a number for
 * small kinds, an object (a string or a byte array) for the others.
 */
final class Kind {
    static final byte REMOVED = 0;
    static final byte FALSE = 1;
    static final byte TRUE = 2;
    static final byte INT = 3;
    /** On the wire only: a double that is a short decimal fraction. In memory such a value is {@link #REAL}. */
    static final byte DECIMAL = 4;

    static final byte REAL = 5;
    static final byte TEXT = 6;
    static final byte BYTES = 7;
    /** Codes from here are unknown to this version and carry a byte array. */
    static final int FIRST_UNKNOWN = 8;

    static final int LAST = 14;
    /** In memory only: a key never held. */
    static final byte NONE = 15;

    private Kind() {}

    static byte of(Value value) {
        if (value instanceof Value.Bool b) {
            return b.value() ? TRUE : FALSE;
        } else if (value instanceof Value.Int) {
            return INT;
        } else if (value instanceof Value.Real) {
            return REAL;
        } else if (value instanceof Value.Text) {
            return TEXT;
        } else if (value instanceof Value.Bytes) {
            return BYTES;
        }
        return (byte) ((Value.Opaque) value).kind();
    }

    static long bitsOf(Value value) {
        if (value instanceof Value.Int i) {
            return i.value();
        }
        return value instanceof Value.Real r ? Double.doubleToRawLongBits(r.value()) : 0;
    }

    static @Nullable Object objectOf(Value value) {
        if (value instanceof Value.Text t) {
            return t.value();
        } else if (value instanceof Value.Bytes b) {
            return b.value();
        }
        return value instanceof Value.Opaque o ? o.value() : null;
    }

    static boolean hasObject(int kind) {
        return kind >= TEXT && kind <= LAST;
    }

    /** The value, or null for a removal. */
    static @Nullable Value toValue(byte kind, long bits, @Nullable Object object) {
        return switch (kind) {
            case REMOVED, NONE -> null;
            case FALSE, TRUE -> new Value.Bool(kind == TRUE);
            case INT -> new Value.Int(bits);
            case REAL -> new Value.Real(Double.longBitsToDouble(bits));
            case TEXT -> new Value.Text((String) present(object));
            case BYTES -> new Value.Bytes((byte[]) present(object));
            default -> new Value.Opaque(kind, (byte[]) present(object));
        };
    }

    private static Object present(@Nullable Object object) {
        if (object == null) {
            throw new IllegalStateException("a value of an object kind has lost its object");
        }
        return object;
    }

    static byte[] bytesOf(@Nullable Object object) {
        return object instanceof String s ? s.getBytes(StandardCharsets.UTF_8) : (byte[]) present(object);
    }

    /**
     * A total order of contents, for equal stamps: a removal above every value, then by kind, then by number or
     * unsigned bytes. Zero means equal to the bit.
     */
    static int compare(
            byte kindA, long bitsA, @Nullable Object objectA, byte kindB, long bitsB, @Nullable Object objectB) {
        if (kindA != kindB) {
            return kindA == REMOVED || kindB == REMOVED ? (kindA == REMOVED ? 1 : -1) : Byte.compare(kindA, kindB);
        }
        return hasObject(kindA)
                ? Arrays.compareUnsigned(bytesOf(objectA), bytesOf(objectB))
                : Long.compareUnsigned(bitsA, bitsB);
    }
}
