package dev.fieldproof.sparkplug.payload;

import java.util.List;

/**
 * Property sets as the value of a property (Sparkplug 3.0, section 6.4.9). Immutable.
 *
 * @param sets in order
 */
public record PropertySetList(List<PropertySet> sets) implements Value {
    /** Copies the list. */
    public PropertySetList {
        sets = List.copyOf(sets);
    }

    @Override
    public DataType type() {
        return DataType.PROPERTY_SET_LIST;
    }
}
