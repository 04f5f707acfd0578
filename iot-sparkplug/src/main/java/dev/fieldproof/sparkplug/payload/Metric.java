package dev.fieldproof.sparkplug.payload;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A metric of a payload (Sparkplug 3.0, section 6.4.5). Immutable.
 *
 * @param name null when an alias stands for it
 * @param alias number that stands for the name, unsigned; null for none
 * @param timestamp when the value was captured, to the millisecond; null if not said
 * @param value {@link Value.Null} for none, {@link Value.Raw} if decoded without a datatype
 * @param typed whether the datatype is on the wire: in births it must be, in data and commands it should not
 * @param historical captured earlier and not to be taken for the current value
 * @param isTransient not to be stored by a historian
 * @param metadata describes the value; null for none
 * @param properties null for none
 * @param unknown fields of later versions
 */
public record Metric(
        @Nullable String name,
        @Nullable Long alias,
        @Nullable Instant timestamp,
        Value value,
        boolean typed,
        boolean historical,
        boolean isTransient,
        @Nullable MetaData metadata,
        @Nullable PropertySet properties,
        UnknownFields unknown) {
    /**
     * A metric of a birth certificate: name, timestamp, datatype and value.
     *
     * @param name its name
     * @param timestamp when the value was captured
     * @param value the current value
     * @return the metric without an alias
     */
    public static Metric birth(String name, Instant timestamp, Value value) {
        return new Metric(name, null, timestamp, value, true, false, false, null, null, UnknownFields.NONE);
    }

    /**
     * A metric of a data message: alias, timestamp and value.
     *
     * @param alias as announced in the birth certificate
     * @param timestamp when the value was captured
     * @param value the new value
     * @return the metric without a name or datatype
     */
    public static Metric data(long alias, Instant timestamp, Value value) {
        return new Metric(null, alias, timestamp, value, false, false, false, null, null, UnknownFields.NONE);
    }

    /**
     * A metric of a command: name, timestamp and value.
     *
     * @param name as announced in the birth certificate
     * @param timestamp when the command was given
     * @param value the wanted value
     * @return the metric without a datatype
     */
    public static Metric command(String name, Instant timestamp, Value value) {
        return new Metric(name, null, timestamp, value, false, false, false, null, null, UnknownFields.NONE);
    }

    /**
     * The same with an alias.
     *
     * @param alias unsigned
     * @return a copy
     */
    public Metric withAlias(long alias) {
        return new Metric(name, alias, timestamp, value, typed, historical, isTransient, metadata, properties, unknown);
    }

    /**
     * The same with another value.
     *
     * @param value the value
     * @return a copy
     */
    public Metric withValue(Value value) {
        return new Metric(name, alias, timestamp, value, typed, historical, isTransient, metadata, properties, unknown);
    }

    /**
     * The same, marked as captured earlier.
     *
     * @return a copy
     */
    public Metric asHistorical() {
        return new Metric(name, alias, timestamp, value, typed, true, isTransient, metadata, properties, unknown);
    }

    /**
     * The same with properties.
     *
     * @param properties null for none
     * @return a copy
     */
    public Metric withProperties(@Nullable PropertySet properties) {
        return new Metric(name, alias, timestamp, value, typed, historical, isTransient, metadata, properties, unknown);
    }

    /**
     * The same with metadata.
     *
     * @param metadata null for none
     * @return a copy
     */
    public Metric withMetadata(@Nullable MetaData metadata) {
        return new Metric(name, alias, timestamp, value, typed, historical, isTransient, metadata, properties, unknown);
    }
}
