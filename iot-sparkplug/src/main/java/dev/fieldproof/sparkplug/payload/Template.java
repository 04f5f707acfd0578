package dev.fieldproof.sparkplug.payload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A template definition or instance (Sparkplug 3.0, section 6.4.13). Immutable.
 *
 * @param version of the template; null if not said
 * @param definition true for a definition, false for an instance
 * @param reference name of the definition that an instance follows; null in a definition
 * @param members metrics of the template; may be templates themselves
 * @param parameters defaults in a definition, overrides in an instance
 * @param unknown fields of later versions
 */
public record Template(
        @Nullable String version,
        boolean definition,
        @Nullable String reference,
        List<Metric> members,
        List<Parameter> parameters,
        UnknownFields unknown)
        implements Value {
    /** Copies the lists. */
    public Template {
        members = List.copyOf(members);
        parameters = List.copyOf(parameters);
    }

    /**
     * A definition.
     *
     * @param members all that instances may hold
     * @param parameters all that instances may set, with defaults
     * @return a template without version
     */
    public static Template definition(List<Metric> members, List<Parameter> parameters) {
        return new Template(null, true, null, members, parameters, UnknownFields.NONE);
    }

    /**
     * An instance.
     *
     * @param reference the name of the metric that holds the definition
     * @param members values of the definition's members
     * @param parameters those that differ from the definition's defaults
     * @return a template without version
     */
    public static Template instance(String reference, List<Metric> members, List<Parameter> parameters) {
        return new Template(null, false, reference, members, parameters, UnknownFields.NONE);
    }

    @Override
    public DataType type() {
        return DataType.TEMPLATE;
    }

    /**
     * A parameter of a template.
     *
     * @param name its name
     * @param value of a basic type, or {@link Value.Null} for none
     */
    public record Parameter(String name, Value value) {}
}
