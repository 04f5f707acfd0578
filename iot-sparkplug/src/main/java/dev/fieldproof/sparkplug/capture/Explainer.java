package dev.fieldproof.sparkplug.capture;

import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.payload.HostState;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadException;
import dev.fieldproof.sparkplug.payload.Value;
import dev.fieldproof.sparkplug.topic.MessageType;
import dev.fieldproof.sparkplug.topic.SparkplugTopic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Checks foreign traffic against the specification, message by message, and names each rule that is broken. It judges
 * what a subscriber can see; the flags of a CONNECT packet it cannot. Not thread-safe.
 */
public final class Explainer {
    private static final int MAX_NODES = 100_000;

    private final Map<EdgeNodeDescriptor, NodeRules> nodes = new HashMap<>();
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
        Report report = (assertion, words) ->
                found.add(new Finding("tck-id-" + assertion, captured.at(), message.topic(), words));
        if (topic instanceof SparkplugTopic.Foreign foreign) {
            if (message.topic().startsWith(SparkplugTopic.NAMESPACE + "/")) {
                report.add("topic-structure", foreign.rule());
            }
        } else if (topic instanceof SparkplugTopic.State) {
            state(message, report);
        } else if (topic instanceof SparkplugTopic.Node node) {
            message(node.type(), node.node(), "", message, report);
        } else if (topic instanceof SparkplugTopic.Device device) {
            message(device.type(), device.node(), device.deviceId(), message, report);
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

    private void message(MessageType type, EdgeNodeDescriptor node, String device, Message message, Report report) {
        String name = type.name().toLowerCase(Locale.ROOT);
        if (type != MessageType.NDEATH && message.qos() != Qos.AT_MOST_ONCE) {
            report.add("topics-" + name + "-mqtt", type + " is published with QoS 0, not more");
        }
        if (message.retain()) {
            report.add(
                    type == MessageType.NDEATH ? "payloads-ndeath-will-message-retain" : "topics-" + name + "-mqtt",
                    type + " is not retained; a retained one tells late subscribers of a past that is over");
        }
        Payload payload;
        try {
            payload = PayloadDecoder.DEFAULT.decode(message.payload());
        } catch (PayloadException e) {
            report.add(
                    malformed(type, e.rule()),
                    "the payload is not understood, byte " + e.offsetBytes() + ": " + e.rule());
            return;
        }
        if (payload.timestamp() == null && type != MessageType.NDEATH) {
            report.add("payloads-" + name + "-timestamp", type + " says when it was sent");
        }
        if (!type.hasSeq() && payload.seq() != null) {
            report.add(
                    "payloads-" + name + "-seq", type + " has no sequence number, since it is not part of a sequence");
        }
        if (nodes.size() < MAX_NODES || nodes.containsKey(node)) {
            NodeRules rules = nodes.computeIfAbsent(node, NodeRules::new);
            rules.check(type, device, payload, report);
        }
        if (type == MessageType.NCMD) {
            rebirthRequest(payload, report);
        }
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
        return switch (type) {
            case NDEATH -> "message-flow-edge-node-birth-publish-will-message-payload";
            case DBIRTH -> "message-flow-device-birth-publish-dbirth-payload";
            default -> "message-flow-edge-node-birth-publish-nbirth-payload";
        };
    }

    private static void rebirthRequest(Payload payload, Report report) {
        for (Metric metric : payload.metrics()) {
            boolean isTrue = metric.value() instanceof Value.Flag flag
                    ? flag.value()
                    : metric.value() instanceof Value.Raw raw && raw.bits() != 0;
            if ("Node Control/Rebirth".equals(metric.name()) && !isTrue) {
                report.add(
                        "operational-behavior-data-commands-ncmd-rebirth-value",
                        "a rebirth request has the value true");
            }
        }
    }
}
