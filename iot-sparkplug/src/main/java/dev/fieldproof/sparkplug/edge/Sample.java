package dev.fieldproof.sparkplug.edge;

import dev.fieldproof.sparkplug.payload.Value;
import java.time.Instant;

/**
 * A value that a metric took. Immutable.
 *
 * @param device the device, or the empty string for the edge node itself
 * @param metric the metric's name
 * @param timestamp when it was captured, to the millisecond
 * @param value typed; {@link Value.Null} for none
 */
public record Sample(String device, String metric, Instant timestamp, Value value) {}
