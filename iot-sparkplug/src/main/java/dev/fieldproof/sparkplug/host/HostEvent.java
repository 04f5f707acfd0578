package dev.fieldproof.sparkplug.host;

import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a host application tells its owner. */
public sealed interface HostEvent {
    /**
     * The host is connected to a broker and has told so.
     *
     * @param broker its place in the order of configuration
     */
    record HostOnline(int broker) implements HostEvent {}

    /**
     * The host lost a broker; the values of all nodes that it heard of there are stale.
     *
     * @param broker its place in the order of configuration
     * @param detail why, for people
     */
    record HostOffline(int broker, String detail) implements HostEvent {}

    /**
     * An edge node was born, or born again.
     *
     * @param node which
     * @param timestamp when, by the node's clock; null if it did not say
     * @param metrics how many it announced
     */
    record NodeBorn(EdgeNodeDescriptor node, @Nullable Instant timestamp, int metrics) implements HostEvent {}

    /**
     * An edge node died, and its devices with it; their values are stale.
     *
     * @param node which
     * @param timestamp when the host learned of it, by the host's clock
     */
    record NodeDied(EdgeNodeDescriptor node, Instant timestamp) implements HostEvent {}

    /**
     * An edge node's values are not current any more, though it may be alive.
     *
     * @param node which
     * @param reason why, for people
     */
    record NodeStale(EdgeNodeDescriptor node, String reason) implements HostEvent {}

    /**
     * A device was born, or born again.
     *
     * @param node it is attached to
     * @param device which
     * @param timestamp when, by the node's clock; null if it did not say
     * @param metrics how many it announced
     */
    record DeviceBorn(
            EdgeNodeDescriptor node,
            String device,
            @Nullable Instant timestamp,
            int metrics) implements HostEvent {}

    /**
     * A device died; its values are stale.
     *
     * @param node it was attached to
     * @param device which
     * @param timestamp when, by the node's clock; the host's if it did not say
     */
    record DeviceDied(EdgeNodeDescriptor node, String device, Instant timestamp) implements HostEvent {}

    /**
     * A metric took a value. Values in birth certificates are not told one by one.
     *
     * @param node which
     * @param device which, or the empty string for the node itself
     * @param metric its name
     * @param timestamp when it was captured; the host's clock if the message did not say
     * @param value the value
     * @param historical true if it was captured earlier and is not the current value
     */
    record Sample(
            EdgeNodeDescriptor node, String device, String metric, Instant timestamp, Value value, boolean historical)
            implements HostEvent {}

    /**
     * A value is not of its metric's datatype. It is kept and told all the same, as {@link Value.Raw}.
     *
     * @param node which
     * @param device which, or the empty string for the node itself
     * @param metric its name
     * @param reason why, for people
     */
    record Misfit(EdgeNodeDescriptor node, String device, String metric, String reason) implements HostEvent {}

    /**
     * A rebirth was asked for.
     *
     * @param node which
     * @param reason why, for people
     */
    record RebirthRequested(EdgeNodeDescriptor node, String reason) implements HostEvent {}

    /**
     * A message was not taken.
     *
     * @param topic it came on
     * @param reason why, for people
     */
    record MessageRefused(String topic, String reason) implements HostEvent {}

    /**
     * Messages came faster than the owner took events, and some were let go. The nodes they came from turn stale and
     * are asked for a rebirth, within the budget.
     *
     * @param broker its place in the order of configuration
     * @param count how many, since it was told last
     */
    record MessagesShed(int broker, long count) implements HostEvent {}

    /**
     * An edge node let samples go before this host had them.
     *
     * @param node which
     * @param count how many, since the host heard of the node
     */
    record SamplesLost(EdgeNodeDescriptor node, long count) implements HostEvent {}
}
