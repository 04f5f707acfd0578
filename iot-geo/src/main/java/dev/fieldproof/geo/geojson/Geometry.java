package dev.fieldproof.geo.geojson;

import java.util.List;

/** A geometry of RFC 7946, section 3.1. Immutable and thread-safe. */
public sealed interface Geometry {
    /**
     * One position.
     *
     * @param position exactly one position
     */
    record Point(Positions position) implements Geometry {
        /**
         * Checks that there is one position.
         *
         * @throws IllegalArgumentException if there is none or more than one
         */
        public Point {
            if (position.size() != 1) {
                throw new IllegalArgumentException("a point has one position, not " + position.size());
            }
        }
    }

    /**
     * Several points.
     *
     * @param positions one for each point
     */
    record MultiPoint(Positions positions) implements Geometry {}

    /**
     * A line.
     *
     * @param positions two or more
     */
    record LineString(Positions positions) implements Geometry {
        /**
         * Checks that it is a line.
         *
         * @throws IllegalArgumentException if there are fewer than two positions
         */
        public LineString {
            if (positions.size() < 2) {
                throw new IllegalArgumentException("a line has two positions or more, not " + positions.size());
            }
        }
    }

    /**
     * Several lines.
     *
     * @param lines each of two positions or more
     */
    record MultiLineString(List<Positions> lines) implements Geometry {
        /** Copies the list. */
        public MultiLineString {
            lines = List.copyOf(lines);
        }
    }

    /**
     * An area.
     *
     * @param rings the outer ring, then the holes, each closed
     */
    record Polygon(List<Positions> rings) implements Geometry {
        /**
         * Copies the list and checks the rings.
         *
         * @throws IllegalArgumentException if there is no ring or one is not closed
         */
        public Polygon {
            rings = List.copyOf(rings);
            if (rings.isEmpty() || !rings.stream().allMatch(Positions::isRing)) {
                throw new IllegalArgumentException("a polygon needs rings of four positions or more, first and last "
                        + "the same; it has " + rings.size());
            }
        }
    }

    /**
     * Several areas.
     *
     * @param polygons one or more
     */
    record MultiPolygon(List<Polygon> polygons) implements Geometry {
        /** Copies the list. */
        public MultiPolygon {
            polygons = List.copyOf(polygons);
        }
    }

    /**
     * Any geometries together.
     *
     * @param geometries in order
     */
    record GeometryCollection(List<Geometry> geometries) implements Geometry {
        /** Copies the list. */
        public GeometryCollection {
            geometries = List.copyOf(geometries);
        }
    }
}
