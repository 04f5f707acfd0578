package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlanePoint;
import java.util.List;

/** Which obstacles the straight line between two points meets; touching counts. Immutable and thread-safe. */
public final class LineOfSight {
    private final List<Prism> prisms;

    /**
     * Prepares the obstacles.
     *
     * @param obstacles what may be in the way
     */
    public LineOfSight(List<Obstacle> obstacles) {
        prisms = obstacles.stream().map(Prism::of).toList();
    }

    /**
     * The obstacles in the way.
     *
     * @param a one end
     * @param aMillimetres its height above ground
     * @param b the other end
     * @param bMillimetres its height above ground
     * @return their ids, in the order given at first
     */
    public List<String> between(PlanePoint a, int aMillimetres, PlanePoint b, int bMillimetres) {
        return prisms.stream()
                .filter(prism -> SightLine.isBlocked(
                        prism,
                        a.xMillimetres(),
                        a.yMillimetres(),
                        aMillimetres,
                        b.xMillimetres(),
                        b.yMillimetres(),
                        bMillimetres))
                .map(Prism::id)
                .toList();
    }
}
