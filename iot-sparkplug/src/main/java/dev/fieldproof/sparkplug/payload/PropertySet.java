package dev.fieldproof.sparkplug.payload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Properties of a metric (Sparkplug 3.0, section 6.4.7). Immutable.
 *
 * @param properties in order of the wire
 * @param unknown fields of later versions
 */
public record PropertySet(List<Property> properties, UnknownFields unknown) implements Value {
    /** Copies the list. */
    public PropertySet {
        properties = List.copyOf(properties);
    }

    /**
     * A set without unknown fields.
     *
     * @param properties in order
     */
    public PropertySet(List<Property> properties) {
        this(properties, UnknownFields.NONE);
    }

    /**
     * Looks a property up.
     *
     * @param key its name
     * @return the first of that name, or null
     */
    public @Nullable Value get(String key) {
        for (Property property : properties) {
            if (property.key().equals(key)) {
                return property.value();
            }
        }
        return null;
    }

    @Override
    public DataType type() {
        return DataType.PROPERTY_SET;
    }

    /**
     * One property.
     *
     * @param key its name
     * @param value of a basic type, a {@link PropertySet}, a {@link PropertySetList} or {@link Value.Null}
     */
    public record Property(String key, Value value) {}
}
