package dev.fieldproof.sparkplug.host;

import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Instant;
import java.util.Map;

/**
 * An edge node as a host saw it at one moment. Immutable.
 *
 * @param node which
 * @param status what the host knows of it
 * @param since when that began
 * @param metrics of the node, by name
 * @param devices by identifier
 * @param samplesLost that the node let go before the host had them
 * @param samplesMissing that have not come and still may
 * @param samplesRepeated that came again and were dropped
 */
public record NodeView(
        EdgeNodeDescriptor node,
        Status status,
        Instant since,
        Map<String, MetricView> metrics,
        Map<String, DeviceView> devices,
        long samplesLost,
        long samplesMissing,
        long samplesRepeated) {
    /** Copies the maps. */
    public NodeView {
        metrics = Map.copyOf(metrics);
        devices = Map.copyOf(devices);
    }

    /** What a host knows of a node or device. */
    public enum Status {
        /** Born and not dead; values are current. */
        ONLINE,
        /** Not known to be dead, but values are not current. */
        STALE,
        /** Dead; values are those of its last life. */
        OFFLINE
    }

    /**
     * A metric's latest value.
     *
     * @param value the value
     * @param timestamp when it was captured
     * @param stale whether it is not current
     */
    public record MetricView(Value value, Instant timestamp, boolean stale) {}

    /**
     * A device.
     *
     * @param status what the host knows of it
     * @param since when that began
     * @param metrics by name
     */
    public record DeviceView(Status status, Instant since, Map<String, MetricView> metrics) {
        /** Copies the map. */
        public DeviceView {
            metrics = Map.copyOf(metrics);
        }
    }
}
