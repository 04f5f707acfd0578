package dev.fieldproof.geo.kml;

import dev.fieldproof.geo.geojson.Feature;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a placemark means for a site: the conventions of the template. */
enum SiteRole {
    BOUNDARY("boundary", "site boundary", "boundaries"),
    OBSTACLE("obstacle", "obstacles", "building", "buildings", "tank", "tanks"),
    MOUNT("mount", "mounts", "pole", "poles"),
    SENSOR("sensor", "sensors", "camera", "cameras"),
    GATEWAY("gateway", "gateways"),
    ZONE("zone", "zones"),
    KEEP_OUT("keep-out", "keep out", "keepout", "keep-outs");

    /** Filled by the constructors, which may not touch static fields of their own class. */
    private static final class Words {
        static final Map<String, SiteRole> ROLES = new HashMap<>();
    }

    private final String word;

    SiteRole(String... words) {
        word = words[0];
        for (String each : words) {
            Words.ROLES.put(each, this);
        }
    }

    /** The word used in messages. */
    String word() {
        return word;
    }

    /** By the data field "role", else the innermost folder that is named after a role, else the name before a colon. */
    static Optional<SiteRole> of(Feature feature) {
        if (feature.properties().get("role") instanceof String word) {
            return named(word);
        }
        if (feature.properties().get("folders") instanceof List<?> folders) {
            for (int i = folders.size() - 1; i >= 0; i--) {
                Optional<SiteRole> role = named(String.valueOf(folders.get(i)));
                if (role.isPresent()) {
                    return role;
                }
            }
        }
        String name = name(feature);
        int colon = name.indexOf(':');
        return named(colon < 0 ? name : name.substring(0, colon));
    }

    private static Optional<SiteRole> named(String word) {
        return Optional.ofNullable(Words.ROLES.get(word.strip().toLowerCase(Locale.ROOT)));
    }

    static String name(Feature feature) {
        return feature.properties().get("name") instanceof String name ? name.strip() : "";
    }
}
