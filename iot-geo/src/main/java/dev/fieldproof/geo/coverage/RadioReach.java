package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.RadioModel;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How well a radio is received past obstacles. An obstacle counts where the straight line crosses its footprint, also
 * when it passes above the roof but not clear of it; waves around the sides are left out, and losses of several
 * obstacles are added, so the figures are on the safe side. Immutable and thread-safe.
 */
public final class RadioReach {
    private final RadioModel radio;
    private final List<Prism> prisms;

    /**
     * Prepares the obstacles.
     *
     * @param radio path loss and sensitivity
     * @param obstacles what may be in the way
     */
    public RadioReach(RadioModel radio, List<Obstacle> obstacles) {
        this(obstacles.stream().map(Prism::of).toList(), radio);
    }

    RadioReach(List<Prism> prisms, RadioModel radio) {
        this.radio = radio;
        this.prisms = prisms;
    }

    /**
     * The radio.
     *
     * @return path loss and sensitivity
     */
    public RadioModel radio() {
        return radio;
    }

    /**
     * What a link has in hand.
     *
     * @param a one antenna
     * @param aMillimetres its height above ground
     * @param b the other antenna
     * @param bMillimetres its height above ground
     * @return decibels over the sensitivity, negative if the link does not work
     */
    public double marginDb(PlanePoint a, int aMillimetres, PlanePoint b, int bMillimetres) {
        double ground = a.distanceMetres(b);
        double rise = ((double) bMillimetres - aMillimetres) / 1000;
        return radio.marginDb(
                Math.sqrt(ground * ground + rise * rise), obstructionDb(a, aMillimetres, b, bMillimetres));
    }

    /** Whether a link has the required margin. */
    boolean holds(PlanePoint a, int aMillimetres, PlanePoint b, int bMillimetres) {
        return marginDb(a, aMillimetres, b, bMillimetres) >= radio.requiredMarginDb();
    }

    /**
     * The loss by obstacles.
     *
     * @param a one antenna
     * @param aMillimetres its height above ground
     * @param b the other antenna
     * @param bMillimetres its height above ground
     * @return decibels, 0 or more
     */
    public double obstructionDb(PlanePoint a, int aMillimetres, PlanePoint b, int bMillimetres) {
        double sum = 0;
        for (Prism prism : prisms) {
            if (mayMeet(prism, a, b)) {
                sum += Math.min(radio.obstacleLossDb(), overDb(prism, a, aMillimetres, b, bMillimetres));
            }
        }
        return sum;
    }

    /** The obstacle that costs a link most, if any costs something. */
    @Nullable
    Prism worst(PlanePoint a, int aMillimetres, PlanePoint b, int bMillimetres) {
        Prism worst = null;
        double most = 0;
        for (Prism prism : prisms) {
            double loss = mayMeet(prism, a, b) ? overDb(prism, a, aMillimetres, b, bMillimetres) : 0;
            worst = loss > most ? prism : worst;
            most = Math.max(most, loss);
        }
        return worst;
    }

    private static boolean mayMeet(Prism prism, PlanePoint a, PlanePoint b) {
        return Math.max(a.xMillimetres(), b.xMillimetres()) >= prism.box().minX()
                && Math.min(a.xMillimetres(), b.xMillimetres()) <= prism.box().maxX()
                && Math.max(a.yMillimetres(), b.yMillimetres()) >= prism.box().minY()
                && Math.min(a.yMillimetres(), b.yMillimetres()) <= prism.box().maxY();
    }

    /** The greatest loss over the places where the line crosses the footprint's edges. */
    private double overDb(Prism prism, PlanePoint a, int aHeight, PlanePoint b, int bHeight) {
        double ground = a.distanceMetres(b);
        double dx = (double) b.xMillimetres() - a.xMillimetres();
        double dy = (double) b.yMillimetres() - a.yMillimetres();
        double worst = 0;
        for (int[] ring : prism.rings()) {
            for (int i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
                double px = (double) ring[j] - a.xMillimetres();
                double py = (double) ring[j + 1] - a.yMillimetres();
                double ex = (double) ring[i] - ring[j];
                double ey = (double) ring[i + 1] - ring[j + 1];
                double cross = dx * ey - dy * ex;
                double along = (px * ey - py * ex) / cross;
                double onEdge = (px * dy - py * dx) / cross;
                if (cross != 0 && along > 0 && along < 1 && onEdge >= 0 && onEdge <= 1) {
                    double line = aHeight + ((double) bHeight - aHeight) * along;
                    double above = (prism.top() - line) / 1000;
                    worst = Math.max(worst, radio.knifeEdgeDb(above, ground * along, ground * (1 - along)));
                }
            }
        }
        return worst;
    }

    /**
     * The cells where a radio is received with the required margin.
     *
     * @param grid the cells
     * @param station where the antenna is
     * @param stationMillimetres its height above ground
     * @param targetMillimetres height above ground of the antennas that should hear it
     * @return a new set
     */
    public CellSet cells(ZoneGrid grid, PlanePoint station, int stationMillimetres, int targetMillimetres) {
        CellSet cells = new CellSet(grid);
        double reach = radio.reachMetres();
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                PlanePoint at = grid.centre(column, row);
                if (station.distanceMetres(at) <= reach && holds(station, stationMillimetres, at, targetMillimetres)) {
                    cells.add(column, row);
                }
            }
        }
        return cells;
    }
}
