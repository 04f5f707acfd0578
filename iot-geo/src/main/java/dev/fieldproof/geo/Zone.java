package dev.fieldproof.geo;

/**
 * A named part of the site with a rule. Immutable and thread-safe.
 *
 * @param id the placemark's name, unique among zones
 * @param area where it holds
 * @param kind which rule
 * @param requiredSensors how many sensors must see each of its cells, 1 to 8; 0 for {@link Kind#KEEP_OUT}
 */
public record Zone(String id, PlanePolygon area, Kind kind, int requiredSensors) {
    /** The rule of a zone. */
    public enum Kind {
        /** Must be seen by the required number of sensors. */
        WATCH,
        /** As {@link #WATCH}, and must stay seen when any one node fails. */
        CRITICAL,
        /** Need not be seen, and no node may stand in it. */
        KEEP_OUT
    }

    /**
     * Checks the number of sensors.
     *
     * @throws IllegalArgumentException if it does not fit the kind
     */
    public Zone {
        boolean fits = kind == Kind.KEEP_OUT ? requiredSensors == 0 : requiredSensors >= 1 && requiredSensors <= 8;
        if (!fits) {
            throw new IllegalArgumentException(
                    "zone '" + id + "' of kind " + kind + " cannot require " + requiredSensors + " sensors");
        }
    }
}
