package dev.fieldproof.geo.geojson;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A feature of RFC 7946, section 3.2. Immutable if the values of its properties are.
 *
 * @param id its identifier, or null
 * @param geometry its geometry, or null for a feature without a place
 * @param properties in order; values are {@link String}, {@link Number}, {@link Boolean}, null, or {@link
 * java.util.List}
 *     and {@link Map} of such values
 */
public record Feature(@Nullable String id, @Nullable Geometry geometry, Map<String, @Nullable Object> properties) {
    /** Copies the map, keeping its order. */
    public Feature {
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }
}
