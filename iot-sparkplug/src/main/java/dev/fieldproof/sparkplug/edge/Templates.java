package dev.fieldproof.sparkplug.edge;

import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Template;
import dev.fieldproof.sparkplug.payload.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds template instances to their definitions (Sparkplug 3.0, section 6.4.13). Immutable. */
final class Templates {
    private final Map<String, Template> definitions;

    Templates(Map<String, Template> definitions) {
        this.definitions = definitions;
    }

    /**
     * What a metric holds after a value was set: that value, and of a template instance the members and parameters that
     * it leaves out as they were, since a birth certificate tells them all.
     *
     * @param metric its name, for the message
     * @param old the value so far; null for none
     * @throws IllegalArgumentException if an instance does not follow its definition
     */
    Value merge(String metric, @Nullable Value old, Value value) {
        if (!(value instanceof Template instance)) {
            return value;
        }
        Template definition = instance.reference() == null ? null : definitions.get(instance.reference());
        require(!instance.definition(), metric, "a value is an instance; definitions are given to the builder");
        if (definition == null) {
            throw new IllegalArgumentException(
                    "metric '" + metric + "': there is no template '" + instance.reference() + "'");
        }
        for (Template.Parameter each : instance.parameters()) {
            Template.Parameter known = parameter(definition, each.name());
            require(
                    known != null && known.value().type() == each.value().type(),
                    metric,
                    "the definition has no parameter '" + each.name() + "' of type "
                            + each.value().type());
        }
        for (Metric each : instance.members()) {
            Metric known = member(definition, each.name());
            require(
                    known != null && known.value().type() == each.value().type(),
                    metric,
                    "the definition has no member '" + each.name() + "' of type "
                            + each.value().type());
        }
        Template before = old instanceof Template template ? template : null;
        List<Metric> members = new ArrayList<>();
        for (Metric each : definition.members()) {
            Metric now = member(instance, each.name());
            Metric then = before == null ? null : member(before, each.name());
            if (now == null && then == null) {
                throw new IllegalArgumentException(
                        "metric '" + metric + "': a first instance has every member; '" + each.name() + "' is missing");
            }
            members.add(
                    now == null ? then : now.withValue(merge(metric, then == null ? null : then.value(), now.value())));
        }
        List<Template.Parameter> parameters = new ArrayList<>();
        for (Template.Parameter each : definition.parameters()) {
            Template.Parameter now = parameter(instance, each.name());
            Template.Parameter kept = now != null || before == null ? now : parameter(before, each.name());
            if (kept != null) {
                parameters.add(kept);
            }
        }
        return new Template(instance.version(), false, instance.reference(), members, parameters, instance.unknown());
    }

    private static void require(boolean holds, String metric, String rule) {
        if (!holds) {
            throw new IllegalArgumentException("metric '" + metric + "': " + rule);
        }
    }

    private static @Nullable Metric member(Template of, @Nullable String name) {
        return of.members().stream()
                .filter(each -> each.name() != null && each.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static Template.@Nullable Parameter parameter(Template of, String name) {
        return of.parameters().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
