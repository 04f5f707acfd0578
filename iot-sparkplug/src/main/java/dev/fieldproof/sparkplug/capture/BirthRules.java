package dev.fieldproof.sparkplug.capture;

import dev.fieldproof.sparkplug.payload.DataType;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.Template;
import dev.fieldproof.sparkplug.payload.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The rules that the metrics of an edge node's births have to keep, and what those births announced. */
final class BirthRules {
    private final Set<Long> aliases = new HashSet<>();
    private final Map<String, Announced> announced = new HashMap<>();
    private final Map<String, Template> definitions = new HashMap<>();

    /** The metrics of one birth. */
    private record Announced(Set<String> names, Set<Long> aliases) {}

    /** The node is born anew: what it announced before counts no more. */
    void clear() {
        aliases.clear();
        announced.clear();
        definitions.clear();
    }

    /** A device has died. */
    void forget(String device) {
        Announced gone = announced.remove(device);
        if (gone != null) {
            aliases.removeAll(gone.aliases());
        }
    }

    /** Whether a birth was seen; the node itself is the device without a name. */
    boolean knows(String device) {
        return announced.containsKey(device);
    }

    /** Whether a metric of data was announced; one without name and alias never is. */
    boolean announces(String device, Metric metric) {
        Announced birth = announced.get(device);
        return birth != null
                && (metric.alias() != null
                        ? birth.aliases().contains(metric.alias())
                        : metric.name() != null && birth.names().contains(metric.name()));
    }

    void check(String device, Payload payload, Explainer.Report report) {
        forget(device);
        Set<String> lower = new HashSet<>();
        Announced birth = new Announced(new HashSet<>(), new HashSet<>());
        for (Metric metric : payload.metrics()) {
            if (metric.name() == null) {
                report.add(
                        "payloads-alias-birth-requirement",
                        (metric.alias() == null ? "a metric" : "the metric with alias " + metric.alias())
                                + " has no name; a birth must name each");
                continue;
            }
            String label = "metric '" + metric.name() + "'";
            if (!birth.names().add(metric.name())) {
                report.add("case-sensitivity-metric-names", label + " is there twice");
            } else if (!lower.add(metric.name().toLowerCase(Locale.ROOT))) {
                report.add("case-sensitivity-metric-names", label + " differs from another in nothing but case");
            }
            if (!metric.typed()) {
                report.add("payloads-metric-datatype-req", label + " has no datatype; a birth must give each one");
            }
            if (metric.timestamp() == null) {
                report.add(
                        "payloads-name-birth-data-requirement",
                        label + " has no timestamp; every metric of births and data must have its own");
            }
            if (metric.alias() != null) {
                birth.aliases().add(metric.alias());
                if (!aliases.add(metric.alias())) {
                    report.add(
                            "payloads-alias-uniqueness",
                            label + " has alias " + metric.alias()
                                    + ", which another metric of this node has; it must be unique, devices included");
                }
            }
            if (metric.value() instanceof Template template) {
                template(device, metric.name(), template, report);
            }
            quality(metric, label, report);
        }
        announced.put(device, birth);
    }

    private void template(String device, String metric, Template template, Explainer.Report report) {
        String reference = template.reference() == null ? "" : template.reference();
        if (template.definition()) {
            definitions.put(metric, template);
            if (!device.isEmpty()) {
                report.add(
                        "payloads-template-definition-nbirth-only",
                        "template definition '" + metric + "' is in a DBIRTH; it must be in the NBIRTH");
            }
            if (!reference.isEmpty()) {
                report.add(
                        "payloads-template-definition-ref",
                        "template definition '" + metric + "' refers to '" + reference
                                + "'; a definition must not refer to another");
            }
            return;
        }
        Template definition = definitions.get(reference);
        if (reference.isEmpty()) {
            report.add(
                    "payloads-template-instance-ref",
                    "template instance '" + metric + "' does not say which definition it follows");
        } else if (definition == null) {
            String near = definitions.keySet().stream()
                    .filter(name -> name.endsWith("/" + reference))
                    .findFirst()
                    .map(name -> "; it has '" + name + "', and a reference must be the metric's whole name")
                    .orElse("");
            report.add(
                    "payloads-template-definition-nbirth",
                    "template instance '" + metric + "' follows '" + reference + "', which the NBIRTH does not define"
                            + near);
        } else {
            members(metric, template, definition, report);
        }
    }

    private static void members(String metric, Template template, Template definition, Explainer.Report report) {
        Set<String> defined = new HashSet<>();
        definition.members().forEach(each -> defined.add(each.name() == null ? "" : each.name()));
        Set<String> missing = new HashSet<>(defined);
        for (Metric member : template.members()) {
            String name = member.name() == null ? "" : member.name();
            missing.remove(name);
            if (!defined.contains(name)) {
                report.add(
                        "payloads-template-instance-members",
                        "template instance '" + metric + "' has a member '" + name + "' that its definition has not");
            }
        }
        for (String name : missing) {
            report.add(
                    "payloads-template-instance-members-birth",
                    "template instance '" + metric + "' lacks the member '" + name
                            + "' of its definition; a birth must have them all");
        }
        for (Template.Parameter parameter : template.parameters()) {
            if (definition.parameters().stream().noneMatch(each -> each.name().equals(parameter.name()))) {
                report.add(
                        "payloads-template-definition-parameters",
                        "template instance '" + metric + "' sets the parameter '" + parameter.name()
                                + "' that its definition has not");
            }
        }
    }

    private static void quality(Metric metric, String label, Explainer.Report report) {
        Value quality = metric.properties() == null ? null : metric.properties().get("Quality");
        if (quality == null) {
            return;
        }
        if (quality.type() != DataType.INT32) {
            report.add(
                    "payloads-propertyset-quality-value-type",
                    "'Quality' of " + label + " is of type " + quality.type() + "; it must be an INT32");
        } else if (quality instanceof Value.Whole code
                && code.value() != 0
                && code.value() != 192
                && code.value() != 500) {
            report.add(
                    "payloads-propertyset-quality-value-value",
                    "'Quality' of " + label + " is " + code.value()
                            + "; it must be 0 (bad), 192 (good) or 500 (stale)");
        }
    }
}
