package dev.fieldproof.benchmarks.rival;

import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;
import org.locationtech.jts.index.strtree.STRtree;

/** Sight past obstacles with JTS: an index over prepared polygons, asked for each line of sight. */
public final class Jts {
    /** Name and version. */
    public static final String NAME = "JTS 1.20, prepared and indexed";

    private final GeometryFactory factory = new GeometryFactory();
    private final STRtree index = new STRtree();

    private record Prism(PreparedGeometry footprint, int top) {}

    /** Makes a scene without obstacles. */
    public Jts() {}

    /**
     * Adds an obstacle; all come before the first question.
     *
     * @param ring x, y, x, y
     * @param top its height
     */
    public void add(int[] ring, int top) {
        Coordinate[] corners = new Coordinate[ring.length / 2 + 1];
        for (int i = 0; i < corners.length; i++) {
            int at = 2 * i % ring.length;
            corners[i] = new Coordinate(ring[at], ring[at + 1]);
        }
        Geometry polygon = factory.createPolygon(corners);
        index.insert(polygon.getEnvelopeInternal(), new Prism(PreparedGeometryFactory.prepare(polygon), top));
    }

    /**
     * Whether a line of sight is free.
     *
     * @param x of the eye
     * @param y of the eye
     * @param eye its height
     * @param tx of the target
     * @param ty of the target
     * @param target its height
     * @return true if it meets no obstacle
     */
    public boolean isSeen(double x, double y, double eye, double tx, double ty, double target) {
        LineString line = line(x, y, tx, ty);
        List<?> near = index.query(line.getEnvelopeInternal());
        for (Object item : near) {
            Prism prism = (Prism) item;
            if (prism.top() < Math.min(eye, target)) {
                continue;
            }
            // The stretch of the line that runs at or below the roof.
            LineString low = line;
            if (prism.top() < Math.max(eye, target)) {
                double share = (eye - prism.top()) / (eye - target);
                double mx = x + (tx - x) * share;
                double my = y + (ty - y) * share;
                low = prism.top() < eye ? line(mx, my, tx, ty) : line(x, y, mx, my);
            }
            if (prism.footprint().intersects(low)) {
                return false;
            }
        }
        return true;
    }

    private LineString line(double x, double y, double tx, double ty) {
        return factory.createLineString(new Coordinate[] {new Coordinate(x, y), new Coordinate(tx, ty)});
    }
}
