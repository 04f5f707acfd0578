package dev.fieldproof.sparkplug.edge;

import dev.fieldproof.sparkplug.payload.Value;

/** What an edge node tells its owner. */
public sealed interface EdgeEvent {
    /**
     * Birth certificates were published; data flows.
     *
     * @param devices how many devices were born with the node
     */
    record Born(int devices) implements EdgeEvent {}

    /** Connected, and waiting for the primary host to come online. Samples are stored meanwhile. */
    record AwaitingHost() implements EdgeEvent {}

    /**
     * The session ended. Samples are stored until the next one.
     *
     * @param detail why, for people
     */
    record Offline(String detail) implements EdgeEvent {}

    /**
     * An attempt to connect failed; another one follows.
     *
     * @param detail why, for people
     */
    record Unreachable(String detail) implements EdgeEvent {}

    /**
     * A host wrote to a metric that is writable and whose type fits.
     *
     * @param device the device, or the empty string for the node
     * @param metric the metric's name
     * @param value wanted by the host; the metric keeps its value until the owner sets it
     */
    record Command(String device, String metric, Value value) implements EdgeEvent {}

    /**
     * A command was not taken.
     *
     * @param topic it came on
     * @param reason why, for people
     */
    record CommandRefused(String topic, String reason) implements EdgeEvent {}

    /**
     * The sample log was full, and the oldest samples gave way.
     *
     * @param total since the node was made
     */
    record SamplesDropped(long total) implements EdgeEvent {}

    /**
     * Everything that was stored has been sent.
     *
     * @param samples how many, in this session
     */
    record Drained(long samples) implements EdgeEvent {}
}
