package dev.fieldproof.sparkplug.capture;

import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.payload.HostState;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadException;
import dev.fieldproof.sparkplug.topic.MessageType;
import dev.fieldproof.sparkplug.topic.SparkplugTopic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Checks foreign traffic against the specification, message by message, and names each rule that is broken. It judges
 * what a subscriber can see; the flags of a CONNECT packet it cannot. Not thread-safe.
 */
public final class Explainer {
    private static final int MAX_NODES = 100_000;

    /** What the specification says should be, not must. */
    private static final Set<String> RECOMMENDATIONS = Set.of(
            "payloads-metric-datatype-not-req", "case-sensitivity-metric-names", "case-sensitivity-sparkplug-ids");

    /** Clocks of nodes drift, and a will's time is that of its connection; what is further off has another cause. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofDays(365);

    private final Map<EdgeNodeDescriptor, NodeRules> nodes = new HashMap<>();
    private final Map<String, EdgeNodeDescriptor> lowerCase = new HashMap<>();
    private final List<Finding> found = new ArrayList<>();

    /** Makes a checker that has seen nothing. */
    public Explainer() {}

    /**
     * Checks the next message.
     *
     * @param captured in order of reception
     * @return what is wrong with it; empty if nothing is
     */
    public List<Finding> check(Captured captured) {
        found.clear();
        Message message = captured.message();
        SparkplugTopic topic = SparkplugTopic.parse(message.topic());
        Report report = (assertion, words) -> found.add(new Finding(
                "tck-id-" + assertion, captured.at(), message.topic(), words, !RECOMMENDATIONS.contains(assertion)));
        if (topic instanceof SparkplugTopic.Foreign foreign) {
            if (message.topic().startsWith(SparkplugTopic.NAMESPACE + "/")) {
                report.add("topic-structure", foreign.rule());
            }
        } else if (topic instanceof SparkplugTopic.State) {
            state(message, report);
        } else if (topic instanceof SparkplugTopic.Node node) {
            message(node.type(), node.node(), "", captured, report);
        } else if (topic instanceof SparkplugTopic.Device device) {
            message(device.type(), device.node(), device.deviceId(), captured, report);
        }
        return List.copyOf(found);
    }

    /** Where findings go. */
    interface Report {
        void add(String assertion, String words);
    }

    private static void state(Message message, Report report) {
        try {
            HostState.parse(message.payload());
        } catch (PayloadException e) {
            report.add("host-topic-phid-birth-payload", "STATE is not understood: " + e.rule());
        }
    }

    private void message(MessageType type, EdgeNodeDescriptor node, String device, Captured captured, Report report) {
        Message message = captured.message();
        Instant at = captured.at();
        String name = type.name().toLowerCase(Locale.ROOT);
        if (type != MessageType.NDEATH && message.qos() != Qos.AT_MOST_ONCE) {
            report.add("topics-" + name + "-mqtt", type + " came with QoS 1 or more; it must be published with QoS 0");
        }
        if (message.retain()) {
            report.add(
                    type == MessageType.NDEATH ? "payloads-ndeath-will-message-retain" : "topics-" + name + "-mqtt",
                    type + " is retained; it must not be, since it tells late subscribers of a past that is over");
        }
        Payload payload;
        try {
            payload = PayloadDecoder.DEFAULT.decode(
                    message.payload(),
                    (metric, fault) ->
                            report.add(malformed(type, fault.rule()), "metric '" + metric + "': " + breaks(fault)));
        } catch (PayloadException e) {
            report.add(malformed(type, e.rule()), breaks(e));
            return;
        }
        if (payload.timestamp() == null && type != MessageType.NDEATH) {
            report.add("payloads-" + name + "-timestamp", type + " has no timestamp; it must say when it was sent");
        } else if (payload.timestamp() != null) {
            clock(payload.timestamp(), at, report);
        }
        if (!type.hasSeq() && payload.seq() != null) {
            report.add(
                    "payloads-" + name + "-seq",
                    type + " has a sequence number; it must have none, since it is not part of a sequence");
        }
        if (nodes.size() < MAX_NODES || nodes.containsKey(node)) {
            if (!nodes.containsKey(node)) {
                EdgeNodeDescriptor other = lowerCase.putIfAbsent(node.toString().toLowerCase(Locale.ROOT), node);
                if (other != null) {
                    report.add(
                            "case-sensitivity-sparkplug-ids",
                            node + " differs from " + other + " in nothing but case; choose another identifier");
                }
            }
            NodeRules rules = nodes.computeIfAbsent(node, NodeRules::new);
            rules.check(type, device, payload, at, report);
        }
    }

    private static String breaks(PayloadException fault) {
        return "at byte " + fault.offsetBytes() + " the payload breaks the rule: " + fault.rule();
    }

    private static void clock(Instant said, Instant at, Report report) {
        if (Duration.between(said, at).abs().compareTo(CLOCK_TOLERANCE) <= 0) {
            return;
        }
        // Compared as numbers: a time of this many seconds may be beyond what an Instant holds.
        boolean seconds = Math.abs((double) said.toEpochMilli() - at.getEpochSecond()) <= CLOCK_TOLERANCE.toSeconds();
        report.add(
                "payloads-timestamp-in-UTC",
                "the timestamp says " + said + " in a message that came at " + at + "; "
                        + (seconds
                                ? "it seems to count seconds, and must count milliseconds since 1970"
                                : "it must be milliseconds since 1970 in UTC, so look at the sender's clock"));
    }

    private static String malformed(MessageType type, String rule) {
        if (rule.contains("property set")) {
            return "payloads-propertyset-keys-array-size";
        }
        if (rule.contains("data set")) {
            return "payloads-dataset-column-num-headers";
        }
        if (rule.contains("basic datatype")) {
            return "payloads-dataset-types-value";
        }
        if (rule.contains("parameter has a name")) {
            return "payloads-template-parameter-name-required";
        }
        if (rule.contains("datatype is 0 to 34")) {
            return "payloads-metric-datatype-value";
        }
        if (type == MessageType.NDEATH) {
            return "message-flow-edge-node-birth-publish-will-message-payload";
        }
        return type == MessageType.DBIRTH
                ? "message-flow-device-birth-publish-dbirth-payload"
                : "message-flow-edge-node-birth-publish-nbirth-payload";
    }
}
