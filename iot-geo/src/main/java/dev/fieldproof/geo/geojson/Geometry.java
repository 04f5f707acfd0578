package dev.fieldproof.geo.geojson;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A geometry of RFC 7946, section 3.1. Immutable and thread-safe if the values of its foreign members are. */
public sealed interface Geometry {
    /** The members of geometries that RFC 7946 defines (section 7.1 reserves the last four). */
    Set<String> DEFINED = Set.of("type", "bbox", "coordinates", "geometries", "geometry", "properties", "features");

    /**
     * Foreign members beside type and coordinates (section 6.1), in order; values as for {@link Feature#properties}.
     *
     * @return empty for most
     */
    Map<String, @Nullable Object> members();

    /**
     * The same geometry with other foreign members.
     *
     * @param members in order
     * @return a new geometry
     * @throws IllegalArgumentException if one has the name of a member that the standard defines
     */
    Geometry with(Map<String, @Nullable Object> members);

    private static Map<String, @Nullable Object> copied(Map<String, @Nullable Object> members) {
        for (String name : members.keySet()) {
            if (DEFINED.contains(name)) {
                throw new IllegalArgumentException("'" + name + "' is no foreign member of a geometry");
            }
        }
        return members.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    /**
     * One position.
     *
     * @param position exactly one position
     * @param members foreign members
     */
    record Point(Positions position, Map<String, @Nullable Object> members) implements Geometry {
        /**
         * Checks that there is one position.
         *
         * @throws IllegalArgumentException if there is none or more than one, or a foreign member has a name that the
         * standard defines
         */
        public Point {
            if (position.size() != 1) {
                throw new IllegalArgumentException("a point has one position, not " + position.size());
            }
            members = copied(members);
        }

        /**
         * Without foreign members.
         *
         * @param position exactly one position
         * @throws IllegalArgumentException if there is none or more than one
         */
        public Point(Positions position) {
            this(position, Map.of());
        }

        @Override
        public Point with(Map<String, @Nullable Object> others) {
            return new Point(position, others);
        }
    }

    /**
     * Several points.
     *
     * @param positions one for each point
     * @param members foreign members
     */
    record MultiPoint(Positions positions, Map<String, @Nullable Object> members) implements Geometry {
        /**
         * Copies the members.
         *
         * @throws IllegalArgumentException if a foreign member has a name that the standard defines
         */
        public MultiPoint {
            members = copied(members);
        }

        /**
         * Without foreign members.
         *
         * @param positions one for each point
         */
        public MultiPoint(Positions positions) {
            this(positions, Map.of());
        }

        @Override
        public MultiPoint with(Map<String, @Nullable Object> others) {
            return new MultiPoint(positions, others);
        }
    }

    /**
     * A line.
     *
     * @param positions two or more
     * @param members foreign members
     */
    record LineString(Positions positions, Map<String, @Nullable Object> members) implements Geometry {
        /**
         * Checks that it is a line.
         *
         * @throws IllegalArgumentException if there are fewer than two positions, or a foreign member has a name that
         * the standard defines
         */
        public LineString {
            if (positions.size() < 2) {
                throw new IllegalArgumentException("a line has two positions or more, not " + positions.size());
            }
            members = copied(members);
        }

        /**
         * Without foreign members.
         *
         * @param positions two or more
         * @throws IllegalArgumentException if there are fewer than two positions
         */
        public LineString(Positions positions) {
            this(positions, Map.of());
        }

        @Override
        public LineString with(Map<String, @Nullable Object> others) {
            return new LineString(positions, others);
        }
    }

    /**
     * Several lines.
     *
     * @param lines each of two positions or more
     * @param members foreign members
     */
    record MultiLineString(List<Positions> lines, Map<String, @Nullable Object> members) implements Geometry {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if a foreign member has a name that the standard defines
         */
        public MultiLineString {
            lines = List.copyOf(lines);
            members = copied(members);
        }

        /**
         * Without foreign members.
         *
         * @param lines each of two positions or more
         */
        public MultiLineString(List<Positions> lines) {
            this(lines, Map.of());
        }

        @Override
        public MultiLineString with(Map<String, @Nullable Object> others) {
            return new MultiLineString(lines, others);
        }
    }

    /**
     * An area.
     *
     * @param rings the outer ring, then the holes, each closed
     * @param members foreign members
     */
    record Polygon(List<Positions> rings, Map<String, @Nullable Object> members) implements Geometry {
        /**
         * Copies the list and checks the rings.
         *
         * @throws IllegalArgumentException if there is no ring or one is not closed, or a foreign member has a name
         * that the standard defines
         */
        public Polygon {
            rings = List.copyOf(rings);
            boolean closed = !rings.isEmpty();
            for (Positions ring : rings) {
                closed &= ring.isRing();
            }
            if (!closed) {
                throw new IllegalArgumentException("a polygon needs rings of four positions or more, first and last "
                        + "the same; it has " + rings.size());
            }
            members = copied(members);
        }

        /**
         * Without foreign members.
         *
         * @param rings the outer ring, then the holes, each closed
         * @throws IllegalArgumentException if there is no ring or one is not closed
         */
        public Polygon(List<Positions> rings) {
            this(rings, Map.of());
        }

        @Override
        public Polygon with(Map<String, @Nullable Object> others) {
            return new Polygon(rings, others);
        }
    }

    /**
     * Several areas.
     *
     * @param polygons one or more
     * @param members foreign members
     */
    record MultiPolygon(List<Polygon> polygons, Map<String, @Nullable Object> members) implements Geometry {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if a foreign member has a name that the standard defines
         */
        public MultiPolygon {
            polygons = List.copyOf(polygons);
            members = copied(members);
        }

        /**
         * Without foreign members.
         *
         * @param polygons one or more
         */
        public MultiPolygon(List<Polygon> polygons) {
            this(polygons, Map.of());
        }

        @Override
        public MultiPolygon with(Map<String, @Nullable Object> others) {
            return new MultiPolygon(polygons, others);
        }
    }

    /**
     * Any geometries together.
     *
     * @param geometries in order
     * @param members foreign members
     */
    record GeometryCollection(List<Geometry> geometries, Map<String, @Nullable Object> members) implements Geometry {
        /**
         * Copies the list.
         *
         * @throws IllegalArgumentException if a foreign member has a name that the standard defines
         */
        public GeometryCollection {
            geometries = List.copyOf(geometries);
            members = copied(members);
        }

        /**
         * Without foreign members.
         *
         * @param geometries in order
         */
        public GeometryCollection(List<Geometry> geometries) {
            this(geometries, Map.of());
        }

        @Override
        public GeometryCollection with(Map<String, @Nullable Object> others) {
            return new GeometryCollection(geometries, others);
        }
    }
}
