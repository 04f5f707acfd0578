package dev.fieldproof.sparkplug.cli;

import dev.fieldproof.sparkplug.payload.DataSet;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PropertySet;
import dev.fieldproof.sparkplug.payload.PropertySetList;
import dev.fieldproof.sparkplug.payload.Template;
import dev.fieldproof.sparkplug.payload.Value;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Payloads as JSON (RFC 8259) and as lines for people. Stateless. */
final class Json {
    private Json() {}

    static String payload(@Nullable String topic, Payload payload) {
        return "{" + (topic == null ? "" : "\"topic\":" + text(topic) + ",")
                + (payload.timestamp() == null
                        ? ""
                        : "\"timestamp\":" + payload.timestamp().toEpochMilli() + ",")
                + (payload.seq() == null ? "" : "\"seq\":" + Long.toUnsignedString(payload.seq()) + ",")
                + (payload.uuid() == null ? "" : "\"uuid\":" + text(payload.uuid()) + ",")
                + "\"metrics\":" + array(payload.metrics(), Json::metric) + "}";
    }

    private static String metric(Metric metric) {
        return "{" + (metric.name() == null ? "" : "\"name\":" + text(metric.name()) + ",")
                + (metric.alias() == null ? "" : "\"alias\":" + Long.toUnsignedString(metric.alias()) + ",")
                + (metric.timestamp() == null
                        ? ""
                        : "\"timestamp\":" + metric.timestamp().toEpochMilli() + ",")
                + (metric.typed() ? "\"dataType\":\"" + metric.value().type() + "\"," : "")
                + (metric.historical() ? "\"isHistorical\":true," : "")
                + (metric.isTransient() ? "\"isTransient\":true," : "")
                + (metric.properties() == null ? "" : "\"properties\":" + value(metric.properties()) + ",")
                + "\"value\":" + value(metric.value()) + "}";
    }

    static String lines(Payload payload) {
        StringBuilder lines = new StringBuilder("timestamp " + payload.timestamp() + ", seq " + payload.seq());
        for (Metric metric : payload.metrics()) {
            lines.append("\n  ")
                    .append(metric.name() == null ? "alias " + metric.alias() : metric.name())
                    .append(metric.typed() ? " (" + metric.value().type() + ")" : "")
                    .append(" = ")
                    .append(value(metric.value()))
                    .append(metric.historical() ? " historical" : "");
        }
        return lines.toString();
    }

    static String value(Value value) {
        if (value instanceof Value.Whole whole) {
            return whole.toBigInteger().toString();
        } else if (value instanceof Value.Single single) {
            return number(single.value(), Float.toString(single.value()));
        } else if (value instanceof Value.Real real) {
            return number(real.value(), Double.toString(real.value()));
        } else if (value instanceof Value.Flag flag) {
            return Boolean.toString(flag.value());
        } else if (value instanceof Value.Text text) {
            return text(text.value());
        } else if (value instanceof Value.Binary binary) {
            return text(HexFormat.of().formatHex(binary.value()));
        } else if (value instanceof Value.WholeArray array) {
            return Arrays.toString(array.values());
        } else if (value instanceof Value.SingleArray array) {
            return Arrays.toString(array.values());
        } else if (value instanceof Value.RealArray array) {
            return Arrays.toString(array.values());
        } else if (value instanceof Value.FlagArray array) {
            return Arrays.toString(array.values());
        } else if (value instanceof Value.TextArray array) {
            return array(array.values(), Json::text);
        }
        return nested(value);
    }

    private static String nested(Value value) {
        if (value instanceof DataSet table) {
            return "{\"columns\":" + array(table.columns(), Json::text) + ",\"types\":"
                    + array(table.types(), type -> "\"" + type + "\"") + ",\"rows\":"
                    + array(table.rows(), row -> array(row, Json::value)) + "}";
        } else if (value instanceof Template template) {
            return "{\"isDefinition\":" + template.definition()
                    + (template.reference() == null ? "" : ",\"templateRef\":" + text(template.reference()))
                    + (template.version() == null ? "" : ",\"version\":" + text(template.version()))
                    + ",\"metrics\":" + array(template.members(), Json::metric) + ",\"parameters\":{"
                    + template.parameters().stream()
                            .map(each -> text(each.name()) + ":" + value(each.value()))
                            .collect(Collectors.joining(","))
                    + "}}";
        } else if (value instanceof PropertySet set) {
            return set.properties().stream()
                    .map(each -> text(each.key()) + ":" + value(each.value()))
                    .collect(Collectors.joining(",", "{", "}"));
        } else if (value instanceof PropertySetList list) {
            return array(list.sets(), Json::value);
        } else if (value instanceof Value.Raw raw) {
            return switch (raw.slot()) {
                case FLOAT ->
                    number(Float.intBitsToFloat((int) raw.bits()), Float.toString(Float.intBitsToFloat((int)
                            raw.bits())));
                case DOUBLE ->
                    number(Double.longBitsToDouble(raw.bits()), Double.toString(Double.longBitsToDouble(raw.bits())));
                case BOOLEAN -> Boolean.toString(raw.bits() != 0);
                case STRING -> text(new String(raw.bytes(), java.nio.charset.StandardCharsets.UTF_8));
                case INT, LONG -> Long.toUnsignedString(raw.bits());
                default -> text(HexFormat.of().formatHex(raw.bytes()));
            };
        }
        return "null";
    }

    private static String number(double value, String shown) {
        return Double.isFinite(value) ? shown : text(shown);
    }

    private static <T> String array(List<T> items, Function<T, String> shown) {
        return items.stream().map(shown).collect(Collectors.joining(",", "[", "]"));
    }

    static String text(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < 0x20) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
