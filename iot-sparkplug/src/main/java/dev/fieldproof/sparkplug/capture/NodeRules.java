package dev.fieldproof.sparkplug.capture;

import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.payload.DataType;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.Template;
import dev.fieldproof.sparkplug.payload.Value;
import dev.fieldproof.sparkplug.topic.MessageType;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules that one edge node's messages have to keep among themselves. Not thread-safe. */
final class NodeRules {
    private static final String REBIRTH = "Node Control/Rebirth";
    private static final String BD_SEQ = "bdSeq";

    private final EdgeNodeDescriptor node;
    private final Set<Long> aliases = new HashSet<>();
    private final Map<String, Set<String>> names = new HashMap<>();
    private final Map<String, Set<Long>> known = new HashMap<>();
    private final Set<String> templates = new HashSet<>();
    private boolean born;
    private boolean dead;
    private long bdSeq = -1;
    private int seq = -1;

    NodeRules(EdgeNodeDescriptor node) {
        this.node = node;
    }

    void check(MessageType type, String device, Payload payload, Explainer.Report report) {
        if (type.hasSeq()) {
            sequence(type, payload, report);
        }
        switch (type) {
            case NBIRTH -> nodeBirth(payload, report);
            case NDEATH -> nodeDeath(payload, report);
            case DBIRTH -> {
                if (!born) {
                    report.add(
                            "message-flow-device-birth-publish-nbirth-wait",
                            "the node " + node + " has not been born in this session, so its device cannot be");
                }
                birth("dbirth", device, payload, report);
            }
            case NDATA, DDATA -> data(type, device, payload, report);
            default -> {}
        }
    }

    private void sequence(MessageType type, Payload payload, Explainer.Report report) {
        String name = type.name().toLowerCase(Locale.ROOT);
        Long number = payload.seq();
        if (number == null) {
            report.add("payloads-sequence-num-always-included", type + " has a sequence number");
        } else if (number < 0 || number > 255) {
            report.add("payloads-" + name + "-seq", "a sequence number is 0 to 255, not " + number);
        } else if (type == MessageType.NBIRTH) {
            if (number != 0) {
                report.add("topics-nbirth-seq-num", "NBIRTH begins at sequence number 0, not " + number);
            }
            seq = number.intValue();
        } else {
            int expected = (seq + 1) & 0xFF;
            if (born && number != expected) {
                report.add(
                        "payloads-" + name + "-seq-inc",
                        "the sequence number is " + expected + ", one more than the last, not " + number
                                + "; a message was lost, or the number was not raised");
            }
            seq = number.intValue();
        }
    }

    private void nodeBirth(Payload payload, Explainer.Report report) {
        aliases.clear();
        known.clear();
        names.clear();
        templates.clear();
        Metric number = find(payload, BD_SEQ);
        if (number == null) {
            report.add("payloads-nbirth-bdseq", "NBIRTH has a metric 'bdSeq', by which its death is known");
        } else {
            if (number.value().type() != DataType.INT64) {
                report.add(
                        "message-flow-edge-node-birth-publish-nbirth-payload-bdSeq",
                        "'bdSeq' is an INT64, not a " + number.value().type());
            }
            long next = whole(number.value());
            if (born && !dead && next != bdSeq) {
                report.add(
                        "operational-behavior-data-commands-rebirth-action-3",
                        "a rebirth keeps 'bdSeq' " + bdSeq + ", since there is no new connection; it is " + next);
            } else if (dead && next == bdSeq) {
                // Attempts that failed take numbers too, so only a number that stays is surely wrong.
                report.add(
                        "topics-nbirth-bdseq-increment",
                        "'bdSeq' goes up with each connection; it is still " + next
                                + ", so a late will would end this one");
            }
            bdSeq = next;
        }
        Metric rebirth = find(payload, REBIRTH);
        if (rebirth == null) {
            report.add(
                    "topics-nbirth-rebirth-metric",
                    "NBIRTH has a metric '" + REBIRTH + "', or no host can ask for one");
        } else {
            if (!(rebirth.value() instanceof Value.Flag flag) || flag.value()) {
                report.add("operational-behavior-data-commands-rebirth-value", "'" + REBIRTH + "' is false in NBIRTH");
            }
            if (rebirth.alias() != null) {
                report.add(
                        "operational-behavior-data-commands-rebirth-name-aliases",
                        "'" + REBIRTH + "' has no alias, so that a host that knows nothing can ask");
            }
        }
        born = true;
        dead = false;
        birth("nbirth", "", payload, report);
    }

    private void nodeDeath(Payload payload, Explainer.Report report) {
        Metric number = find(payload, BD_SEQ);
        if (number == null) {
            report.add("payloads-ndeath-bdseq", "NDEATH has a metric 'bdSeq', or no host can tell whose death it is");
        } else if (born && whole(number.value()) == bdSeq) {
            dead = true;
            born = false;
        }
        if (payload.metrics().size() > 1) {
            report.add("topics-ndeath-payload", "NDEATH has the metric 'bdSeq' and no other");
        }
    }

    private void birth(String name, String device, Payload payload, Explainer.Report report) {
        Set<String> lower = new HashSet<>();
        Set<String> own = new HashSet<>();
        Set<Long> ownAliases = new HashSet<>();
        for (Metric metric : payload.metrics()) {
            String label = "metric '" + metric.name() + "'";
            if (metric.name() == null) {
                report.add(
                        "payloads-alias-birth-requirement", "a metric of a birth has a name; alias " + metric.alias());
                continue;
            }
            own.add(metric.name());
            if (!lower.add(metric.name().toLowerCase(Locale.ROOT))) {
                report.add(
                        "case-sensitivity-metric-names",
                        label + " differs from another only in case, or is there twice");
            }
            if (!metric.typed()) {
                report.add("payloads-metric-datatype-req", label + " has a datatype");
            }
            if (metric.timestamp() == null) {
                report.add("payloads-name-birth-data-requirement", label + " has a timestamp");
            }
            if (metric.alias() != null) {
                ownAliases.add(metric.alias());
                if (!aliases.add(metric.alias())) {
                    report.add(
                            "payloads-alias-uniqueness", label + " has alias " + metric.alias() + ", which is taken");
                }
            }
            if (metric.value() instanceof Template template) {
                template(name, metric.name(), template, report);
            }
            quality(metric, label, report);
        }
        names.put(device, own);
        known.put(device, ownAliases);
    }

    private void template(String name, String metric, Template template, Explainer.Report report) {
        if (template.definition()) {
            templates.add(metric);
            if (!name.equals("nbirth")) {
                report.add(
                        "payloads-template-definition-nbirth-only",
                        "template definition '" + metric + "' is in NBIRTH");
            }
            if (template.reference() != null && !template.reference().isEmpty()) {
                report.add("payloads-template-definition-ref", "template definition '" + metric + "' refers to none");
            }
        } else if (template.reference() == null || template.reference().isEmpty()) {
            report.add("payloads-template-instance-ref", "template instance '" + metric + "' refers to its definition");
        } else if (!templates.contains(template.reference())) {
            report.add(
                    "payloads-template-definition-nbirth",
                    "definition '" + template.reference() + "' of instance '" + metric + "' is in NBIRTH");
        }
    }

    private static void quality(Metric metric, String label, Explainer.Report report) {
        Value quality = metric.properties() == null ? null : metric.properties().get("Quality");
        if (quality == null) {
            return;
        }
        if (quality.type() != DataType.INT32) {
            report.add("payloads-propertyset-quality-value-type", "'Quality' of " + label + " is an INT32");
        } else if (quality instanceof Value.Whole code
                && code.value() != 0
                && code.value() != 192
                && code.value() != 500) {
            report.add(
                    "payloads-propertyset-quality-value-value",
                    "'Quality' of " + label + " is 0, 192 or 500, not " + code.value());
        }
    }

    private void data(MessageType type, String device, Payload payload, Explainer.Report report) {
        Set<Long> announced = known.get(device);
        if (!born || announced == null) {
            report.add(
                    type == MessageType.NDATA ? "payloads-ndata-order" : "payloads-ddata-order",
                    type + " comes after the birth; this capture may have begun later");
            return;
        }
        Instant latest = Instant.MIN;
        for (Metric metric : payload.metrics()) {
            String label = metric.name() == null ? "alias " + metric.alias() : "metric '" + metric.name() + "'";
            if (metric.timestamp() == null) {
                report.add("payloads-name-birth-data-requirement", label + " has a timestamp");
            } else if (!metric.historical()) {
                if (metric.timestamp().isBefore(latest)) {
                    report.add(
                            type == MessageType.NDATA
                                    ? "operational-behavior-data-publish-nbirth-order"
                                    : "operational-behavior-data-publish-dbirth-order",
                            label + " is older than the metric before it");
                }
                latest = metric.timestamp();
            }
            if (metric.typed()) {
                report.add("payloads-metric-datatype-not-req", label + " repeats its datatype, which the birth said");
            }
            if (metric.alias() != null && metric.name() != null) {
                report.add("payloads-alias-data-cmd-requirement", label + " has an alias, so the name is left out");
            }
            boolean unknown = metric.alias() != null
                    ? !announced.contains(metric.alias())
                    : metric.name() == null
                            || !names.getOrDefault(device, Set.of()).contains(metric.name());
            if (unknown) {
                report.add(
                        type == MessageType.NDATA ? "topics-nbirth-metric-reqs" : "topics-dbirth-metric-reqs",
                        label + " was not announced in the birth");
            }
        }
    }

    private static @Nullable Metric find(Payload payload, String name) {
        for (Metric metric : payload.metrics()) {
            if (name.equals(metric.name())) {
                return metric;
            }
        }
        return null;
    }

    private static long whole(Value value) {
        return value instanceof Value.Whole whole ? whole.value() : value instanceof Value.Raw raw ? raw.bits() : -1;
    }
}
