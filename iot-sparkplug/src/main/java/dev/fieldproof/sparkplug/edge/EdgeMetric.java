package dev.fieldproof.sparkplug.edge;

import dev.fieldproof.sparkplug.payload.DataType;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.PropertySet;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A metric of an edge node or device: set it, and the rest follows. Thread-safe. */
public final class EdgeMetric {
    private final Pending pending;
    private final Templates templates;
    private final String device;
    private final String name;
    private final long alias;
    private final boolean writable;
    private final @Nullable PropertySet properties;
    private Value value;
    private Instant timestamp;

    EdgeMetric(Pending pending, Templates templates, String device, Definition definition, long alias, Instant now) {
        this.pending = pending;
        this.device = device;
        this.name = definition.name();
        this.templates = templates;
        this.value = templates.merge(name, null, definition.initial());
        this.writable = definition.writable();
        this.properties = definition.properties();
        this.alias = alias;
        this.timestamp = now;
    }

    /**
     * What the birth certificate says of a metric.
     *
     * @param name unique in its node or device
     * @param initial the value until it is set, with its datatype; {@link Value.Null} for none yet
     * @param writable whether hosts may write to it
     * @param properties such as unit or quality; null for none
     */
    public record Definition(
            String name,
            Value initial,
            boolean writable,
            @Nullable PropertySet properties) {
        /**
         * Checks the name and the type.
         *
         * @throws IllegalArgumentException if the name is empty or the type is unknown
         */
        public Definition {
            if (name.isEmpty() || initial.type() == DataType.UNKNOWN) {
                throw new IllegalArgumentException("metric '" + name + "' of type " + initial.type());
            }
        }

        /**
         * A metric that hosts only read.
         *
         * @param name unique in its node or device
         * @param initial the value until it is set
         */
        public Definition(String name, Value initial) {
            this(name, initial, false, null);
        }
    }

    /**
     * Its name.
     *
     * @return unique in its node or device
     */
    public String name() {
        return name;
    }

    /**
     * Its datatype.
     *
     * @return never changes
     */
    public DataType type() {
        synchronized (pending) {
            return value.type();
        }
    }

    /**
     * Its current value.
     *
     * @return the latest set, or the initial one
     */
    public Value value() {
        synchronized (pending) {
            return value;
        }
    }

    /**
     * Sets the value, captured now. A value equal to the current one is not published, since Sparkplug reports by
     * exception. Of a template instance, members that did not change may be left out.
     *
     * @param value of this metric's datatype
     * @return whether it was taken: false if it is equal to the current one or the device is offline
     * @throws IllegalArgumentException if it is of another datatype, or a template instance that does not follow its
     *     definition
     */
    public boolean set(Value value) {
        return set(value, pending.now());
    }

    /**
     * Sets the value, captured at a time that the caller knows.
     *
     * @param value of this metric's datatype
     * @param timestamp when it was captured
     * @return as {@link #set(Value)}
     * @throws IllegalArgumentException if it is of another datatype
     */
    public boolean set(Value value, Instant timestamp) {
        synchronized (pending) {
            if (value.type() != this.value.type()) {
                throw new IllegalArgumentException(
                        "metric '" + name + "' is a " + this.value.type() + ", not a " + value.type());
            }
            Value whole = templates.merge(name, this.value, value);
            if (whole.equals(this.value) || !pending.accepts(device)) {
                return false;
            }
            this.value = whole;
            this.timestamp = distinct(Instant.ofEpochMilli(timestamp.toEpochMilli()));
            pending.add(new Sample(device, name, this.timestamp, value));
        }
        pending.announce();
        return true;
    }

    /** Two values of one metric in one message need different timestamps; a clock set back is left alone. */
    private Instant distinct(Instant wanted) {
        return wanted.isAfter(timestamp) || wanted.isBefore(timestamp.minusSeconds(1))
                ? wanted
                : timestamp.plusMillis(1);
    }

    /**
     * Sets a whole number of whatever width the metric has.
     *
     * @param value in the range of the datatype
     * @return as {@link #set(Value)}
     * @throws IllegalArgumentException if it is out of range or the metric is no whole number
     */
    public boolean set(long value) {
        return set(new Value.Whole(type(), value));
    }

    /**
     * Sets a floating-point number.
     *
     * @param value rounded if the metric is a {@link DataType#FLOAT}
     * @return as {@link #set(Value)}
     * @throws IllegalArgumentException if the metric is of another datatype
     */
    public boolean set(double value) {
        return set(type() == DataType.FLOAT ? Value.of((float) value) : Value.of(value));
    }

    /**
     * Sets true or false.
     *
     * @param value the new value
     * @return as {@link #set(Value)}
     * @throws IllegalArgumentException if the metric is no {@link DataType#BOOLEAN}
     */
    public boolean set(boolean value) {
        return set(Value.of(value));
    }

    /**
     * Sets text.
     *
     * @param value the new value
     * @return as {@link #set(Value)}
     * @throws IllegalArgumentException if the metric is no text
     */
    public boolean set(String value) {
        return set(new Value.Text(type(), value));
    }

    boolean writable() {
        return writable;
    }

    long alias() {
        return alias;
    }

    Metric birth(boolean aliases) {
        synchronized (pending) {
            Metric metric = Metric.birth(name, timestamp, value).withProperties(properties);
            return aliases ? metric.withAlias(alias) : metric;
        }
    }

    Metric data(Sample sample, boolean aliases) {
        return aliases
                ? Metric.data(alias, sample.timestamp(), sample.value())
                : Metric.command(name, sample.timestamp(), sample.value());
    }
}
