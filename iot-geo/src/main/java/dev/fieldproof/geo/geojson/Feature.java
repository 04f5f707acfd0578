package dev.fieldproof.geo.geojson;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A feature of RFC 7946, section 3.2. Immutable if the values of its properties are.
 *
 * @param id its identifier, a {@link String} or {@link Number}, or null
 * @param geometry its geometry, or null for a feature without a place
 * @param properties in order; values are {@link String}, {@link Number}, {@link Boolean}, null, or {@link
 *     java.util.List} and {@link Map} of such values
 * @param members foreign members beside these (section 6.1), in order; values as for properties
 */
public record Feature(
        @Nullable Object id,
        @Nullable Geometry geometry,
        Map<String, @Nullable Object> properties,
        Map<String, @Nullable Object> members) {
    /**
     * Copies the maps, keeping their order.
     *
     * @throws IllegalArgumentException if a foreign member has the name of one that the standard defines, or the
     *     identifier is neither text nor a number
     */
    public Feature {
        if (id != null && !(id instanceof String) && !(id instanceof Number)) {
            throw new IllegalArgumentException("an identifier that is neither text nor a number: " + id);
        }
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
        members = members.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(members));
        for (String name : members.keySet()) {
            if (DEFINED.contains(name)) {
                throw new IllegalArgumentException("'" + name + "' is no foreign member of a feature");
            }
        }
    }

    /** The members of a feature that RFC 7946 defines (section 7.1 reserves the last four). */
    static final Set<String> DEFINED =
            Set.of("type", "id", "bbox", "geometry", "properties", "coordinates", "geometries", "features");

    /**
     * A feature without foreign members.
     *
     * @param id its identifier, text or a number, or null
     * @param geometry its geometry, or null for a feature without a place
     * @param properties in order
     * @throws IllegalArgumentException if the identifier is neither text nor a number
     */
    public Feature(@Nullable Object id, @Nullable Geometry geometry, Map<String, @Nullable Object> properties) {
        this(id, geometry, properties, Map.of());
    }
}
