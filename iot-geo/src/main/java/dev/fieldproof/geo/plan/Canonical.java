package dev.fieldproof.geo.plan;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;

/**
 * Values as text that is the same on every Java platform: the shortest decimals of a number and the last bit of a sine
 * are not. Stateless and thread-safe.
 */
final class Canonical {
    private static final MathContext DIGITS = new MathContext(12);
    private static final double WHOLE = 1e11;

    /** Asking a class for its components copies them each time. */
    private static final ClassValue<RecordComponent[]> COMPONENTS = new ClassValue<>() {
        @Override
        protected RecordComponent[] computeValue(Class<?> type) {
            return type.getRecordComponents();
        }
    };

    private Canonical() {}

    /** Records by their components, lists and maps in their order, numbers to twelve digits. */
    static String text(Object value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(Object value, StringBuilder out) {
        if (value instanceof Double number && Math.abs(number) < WHOLE && number == Math.rint(number)) {
            out.append(number.longValue());
        } else if (value instanceof Double number) {
            out.append(
                    Double.isFinite(number)
                            ? new BigDecimal(number).round(DIGITS).stripTrailingZeros()
                            : number);
        } else if (value instanceof Record entries) {
            out.append(value.getClass().getSimpleName()).append('[');
            for (RecordComponent component : COMPONENTS.get(value.getClass())) {
                out.append(component.getName()).append('=');
                write(read(component, entries), out);
                out.append(';');
            }
            out.append(']');
        } else if (value instanceof List<?> list) {
            out.append('(');
            list.forEach(each -> {
                write(each, out);
                out.append(';');
            });
            out.append(')');
        } else if (value instanceof Map<?, ?> map) {
            map.forEach((key, each) -> {
                out.append(key).append('=');
                write(each, out);
                out.append(';');
            });
        } else if (value instanceof Curve curve) {
            write(curve.points(), out);
        } else {
            out.append(value);
        }
    }

    private static Object read(RecordComponent component, Record from) {
        try {
            Object value = component.getAccessor().invoke(from);
            return value == null ? "null" : value;
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
