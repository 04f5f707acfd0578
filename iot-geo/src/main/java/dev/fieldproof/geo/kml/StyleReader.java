package dev.fieldproof.geo.kml;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads styles into properties in the manner of the simplestyle convention, colours as #rrggbb with their opacity
 * apart. Shared styles are kept by identifier. Not thread-safe.
 */
final class StyleReader {
    private static final int MAX_REFERENCES = 4;

    private final XmlScanner xml;
    private final int maxStyles;
    private final Consumer<String> losses;
    private final Map<String, Map<String, Object>> styles = new HashMap<>();
    private final Map<String, String> maps = new HashMap<>();

    StyleReader(XmlScanner xml, int maxStyles, Consumer<String> losses) {
        this.xml = xml;
        this.maxStyles = maxStyles;
        this.losses = losses;
    }

    private void leaveOut() throws IOException, KmlException {
        losses.accept(xml.name() + " of a style left out");
        xml.skip();
    }

    /** Reads the Style just started and keeps it by its identifier, if it has one. */
    Map<String, Object> style() throws IOException, KmlException {
        String id = xml.attribute("id");
        Map<String, Object> style = new LinkedHashMap<>();
        while (xml.nextStart()) {
            switch (xml.tag()) {
                case LINE_STYLE -> part(style, "stroke");
                case POLY_STYLE -> part(style, "fill");
                case ICON_STYLE -> part(style, "icon");
                case LABEL_STYLE -> part(style, "label");
                default -> leaveOut();
            }
        }
        if (id != null && styles.size() < maxStyles) {
            styles.put(id, style);
        }
        return style;
    }

    private void part(Map<String, Object> style, String what) throws IOException, KmlException {
        while (xml.nextStart()) {
            switch (xml.tag()) {
                case COLOR -> colour(style, what, xml.text());
                case WIDTH -> style.put(what + "-width", ExtendedDataReader.typed("double", xml.text()));
                case SCALE -> style.put(what + "-scale", ExtendedDataReader.typed("double", xml.text()));
                case HEADING -> style.put(what + "-heading", ExtendedDataReader.typed("double", xml.text()));
                case FILL -> flag(style, "fill-opacity", xml.text());
                case OUTLINE -> flag(style, "stroke-opacity", xml.text());
                case ICON -> {
                    while (xml.nextStart()) {
                        if (xml.tag() == Tag.HREF) {
                            style.put("icon", xml.text());
                        } else {
                            xml.skip();
                        }
                    }
                }
                default -> leaveOut();
            }
        }
    }

    /** A part switched off is a part of no opacity. */
    private static void flag(Map<String, Object> style, String key, String text) {
        if (!GeometryReader.flag(text)) {
            style.put(key, 0L);
        }
    }

    /** KML writes aabbggrr. */
    private static void colour(Map<String, Object> style, String what, String text) {
        String hex = text.startsWith("#") ? text.substring(1) : text;
        if (hex.length() != 8 || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
            style.put(what + "-kml-color", text);
            return;
        }
        String key = what.equals("stroke") || what.equals("fill") ? what : what + "-color";
        style.put(key, "#" + hex.substring(6, 8) + hex.substring(4, 6) + hex.substring(2, 4));
        double opacity = Math.rint(Integer.parseInt(hex.substring(0, 2), 16) / 255.0 * 1000) / 1000;
        style.putIfAbsent(key + "-opacity", opacity);
    }

    /** Reads the StyleMap just started: what counts is its normal state. */
    void styleMap() throws IOException, KmlException {
        String id = xml.attribute("id");
        while (xml.nextStart()) {
            if (xml.tag() != Tag.PAIR) {
                xml.skip();
                continue;
            }
            String key = "";
            String url = null;
            Map<String, Object> own = null;
            while (xml.nextStart()) {
                switch (xml.tag()) {
                    case KEY -> key = xml.text();
                    case STYLE_URL -> url = xml.text();
                    case STYLE -> own = style();
                    default -> leaveOut();
                }
            }
            if (!key.equals("normal")) {
                losses.accept("style for '" + (key.equals("highlight") ? key : "another state") + "' left out");
            } else if (id != null && own != null && styles.size() < maxStyles) {
                styles.put(id, own);
            } else if (id != null && url != null && maps.size() < maxStyles) {
                maps.put(id, url);
            }
        }
    }

    /** Adds what a reference within the file leads to; false if it leads nowhere known. */
    boolean resolve(String url, Map<String, @Nullable Object> properties) {
        String at = url;
        for (int i = 0; i < MAX_REFERENCES && at.startsWith("#"); i++) {
            String id = at.substring(1);
            Map<String, Object> style = styles.get(id);
            if (style != null) {
                style.forEach(properties::putIfAbsent);
                return true;
            }
            String next = maps.get(id);
            if (next == null) {
                return false;
            }
            at = next.startsWith("#") || next.contains("/") ? next : "#" + next;
        }
        return false;
    }
}
