package dev.fieldproof.geo.kml;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads ExtendedData: untyped Data, and SchemaData in the types its Schema declares. Not thread-safe. */
final class ExtendedDataReader {
    private final XmlScanner xml;

    /** Types by "schema id/field name", as far as schemas came before their use. */
    private final Map<String, String> types;

    ExtendedDataReader(XmlScanner xml, Map<String, String> types) {
        this.xml = xml;
        this.types = types;
    }

    /** Reads the ExtendedData just started. */
    void read(Map<String, @Nullable Object> into) throws IOException, KmlException {
        while (xml.nextStart()) {
            if (xml.tag() == Tag.DATA) {
                String name = xml.attribute("name");
                String value = null;
                while (xml.nextStart()) {
                    if (xml.tag() == Tag.VALUE) {
                        value = xml.text();
                    } else {
                        xml.skip();
                    }
                }
                put(into, name, value);
            } else if (xml.tag() == Tag.SCHEMA_DATA) {
                String url = xml.attribute("schemaUrl");
                schemaData(url == null ? "" : url.substring(url.indexOf('#') + 1), into);
            } else {
                // Elements of a foreign namespace: their text is data under their own name.
                String name = xml.name();
                put(into, name, xml.text());
            }
        }
    }

    private void schemaData(String schema, Map<String, @Nullable Object> into) throws IOException, KmlException {
        while (xml.nextStart()) {
            String name = xml.attribute("name");
            if (xml.tag() == Tag.SIMPLE_DATA) {
                put(into, name, typed(types.get(schema + "/" + name), xml.text()));
            } else if (xml.tag() == Tag.SIMPLE_ARRAY_DATA) {
                List<@Nullable Object> values = new ArrayList<>();
                String type = types.get(schema + "/" + name);
                while (xml.nextStart()) {
                    values.add(typed(type, xml.text()));
                }
                put(into, name, values);
            } else {
                xml.skip();
            }
        }
    }

    private static void put(Map<String, @Nullable Object> into, @Nullable String name, @Nullable Object value) {
        String key = name == null ? "" : name;
        if (into.containsKey(key)) {
            key = "ExtendedData." + key;
        }
        into.put(key, value);
    }

    /** The value in the type its schema declares; text that does not fit stays text. */
    static Object typed(@Nullable String type, String text) {
        if (type == null) {
            return text;
        }
        switch (type) {
            case "int", "uint", "short", "ushort" -> {
                try {
                    return Long.valueOf(text);
                } catch (NumberFormatException e) {
                    return text;
                }
            }
            case "float", "double" -> {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                double value = dev.fieldproof.geo.text.Decimals.parse(bytes, 0, bytes.length);
                return Double.isNaN(value) ? text : (Object) value;
            }
            case "bool" -> {
                if (text.equals("1") || text.equals("true")) {
                    return true;
                }
                return text.equals("0") || text.equals("false") ? (Object) false : text;
            }
            default -> {
                return text;
            }
        }
    }
}
