package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.geojson.Feature;
import dev.fieldproof.geo.geojson.Geometry;
import dev.fieldproof.geo.geojson.Positions;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The measures among a feature's data. */
final class FeatureData {
    private final Feature feature;

    FeatureData(Feature feature) {
        this.feature = feature;
    }

    /** A length in metres, with or without its unit, as millimetres; null if there is none. */
    @Nullable
    Integer millimetres(String key) {
        Object value = feature.properties().get(key);
        if (value == null) {
            return null;
        }
        double metres = parse(key, value) * 1000;
        if (!(Math.abs(metres) < Integer.MAX_VALUE)) {
            throw new IllegalArgumentException(key + " is '" + value + "'");
        }
        return (int) Math.rint(metres);
    }

    boolean has(String key) {
        return feature.properties().containsKey(key);
    }

    double number(String key, double otherwise) {
        Object value = feature.properties().get(key);
        return value == null ? otherwise : parse(key, value);
    }

    /** A whole number. */
    int count(String key, int otherwise) {
        double value = number(key, otherwise);
        if (value != Math.rint(value) || Math.abs(value) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    key + " is '" + feature.properties().get(key) + "', not a whole number");
        }
        return (int) value;
    }

    boolean flag(String key) {
        Object value = feature.properties().get(key);
        String word = value == null ? "" : value.toString().strip().toLowerCase(Locale.ROOT);
        return word.equals("yes") || word.equals("true") || word.equals("1");
    }

    private static double parse(String key, Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        String text = value.toString().strip();
        if (text.endsWith("m")) {
            text = text.substring(0, text.length() - 1).strip();
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        double number = dev.fieldproof.geo.text.Decimals.parse(bytes, 0, bytes.length);
        if (Double.isNaN(number)) {
            throw new IllegalArgumentException(key + " is '" + value + "', not a number");
        }
        return number;
    }

    /** The height, else the greatest altitude of an extruded polygon above ground; null if there is neither. */
    @Nullable
    Integer obstacleHeightMillimetres() {
        Integer height = millimetres("height");
        boolean extruded = Boolean.TRUE.equals(feature.properties().get("extrude"))
                && "relativeToGround".equals(feature.properties().get("altitudeMode"));
        if (height != null || !extruded || !(feature.geometry() instanceof Geometry.Polygon polygon)) {
            return height;
        }
        Positions ring = polygon.rings().get(0);
        double top = 0;
        for (int i = 0; i < ring.size(); i++) {
            top = Math.max(top, ring.altitude(i));
        }
        return top > 0 && top < 1_000 ? (Integer) (int) Math.rint(top * 1000) : null;
    }
}
