package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.RadioModel;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.List;
import java.util.Optional;

/**
 * Which cells a sensor sees past obstacles on flat ground, or hears where it senses by radio. A cell is its centre at
 * the target height; a sight line that only touches an obstacle is blocked, and a target exactly at the limit of range
 * or view is seen. Immutable and thread-safe.
 */
public final class Occlusion {
    private final ZoneGrid grid;
    private final int targetMillimetres;
    private final List<Prism> prisms;

    /**
     * Prepares the obstacles.
     *
     * @param grid the cells
     * @param obstacles what blocks sight
     * @param targetMillimetres height above ground of what is to be seen, 0 to {@value Obstacle#MAX_HEIGHT_MILLIMETRES}
     * @throws IllegalArgumentException if the height is out of range
     */
    public Occlusion(ZoneGrid grid, List<Obstacle> obstacles, int targetMillimetres) {
        if (targetMillimetres < 0 || targetMillimetres > Obstacle.MAX_HEIGHT_MILLIMETRES) {
            throw new IllegalArgumentException("target height " + targetMillimetres + " mm");
        }
        this.grid = grid;
        this.targetMillimetres = targetMillimetres;
        prisms = obstacles.stream().map(Prism::of).toList();
    }

    /**
     * The grid.
     *
     * @return the cells
     */
    public ZoneGrid grid() {
        return grid;
    }

    /**
     * The height of what is to be seen.
     *
     * @return millimetres above ground
     */
    public int targetMillimetres() {
        return targetMillimetres;
    }

    /**
     * The cells that a sensor sees.
     *
     * @param sensor where it stands and what it can see
     * @return a new set
     * @throws SensorInObstacleException if the eye is in or on an obstacle that is at least as high
     */
    public CellSet visible(Sensor sensor) {
        for (Prism prism : prisms) {
            if (prism.top() >= sensor.heightMillimetres()
                    && prism.footprint()
                            .contains(
                                    sensor.position().xMillimetres(),
                                    sensor.position().yMillimetres())) {
                throw new SensorInObstacleException(sensor.id(), prism.id());
            }
        }
        RadioModel radio = sensor.model().radio();
        return radio == null
                ? new ShadowCaster(grid, SensorField.of(sensor, targetMillimetres)).visible(prisms)
                : new RadioReach(prisms, radio)
                        .cells(grid, sensor.position(), sensor.heightMillimetres(), targetMillimetres);
    }

    private @org.jspecify.annotations.Nullable Prism blocker(SensorField field, int x, int y) {
        for (Prism prism : prisms) {
            if (SightLine.isBlocked(
                    prism, field.x(), field.y(), field.eyeMillimetres(), x, y, field.targetMillimetres())) {
                return prism;
            }
        }
        return null;
    }

    /** Why a sensor does not see a cell. */
    public enum Hindrance {
        /** It does see it. */
        NONE,
        /** The cell is out of its range or view. */
        OUT_OF_VIEW,
        /** An obstacle is in the way. */
        BLOCKED
    }

    /**
     * An explanation.
     *
     * @param hindrance why
     * @param obstacleId one obstacle in the way, if any is
     */
    public record Explanation(Hindrance hindrance, Optional<String> obstacleId) {}

    /**
     * Explains whether a sensor sees a cell.
     *
     * @param sensor the sensor
     * @param column of the cell
     * @param row of the cell
     * @return what is in the way
     */
    public Explanation explain(Sensor sensor, int column, int row) {
        SensorField field = SensorField.of(sensor, targetMillimetres);
        int x = grid.x(column, row);
        int y = grid.y(row);
        if (sensor.model().radio() != null) {
            return explain(sensor, sensor.model().radio(), new PlanePoint(x, y));
        }
        if (!field.reaches((long) x - field.x(), (long) y - field.y())) {
            return new Explanation(Hindrance.OUT_OF_VIEW, Optional.empty());
        }
        Prism prism = blocker(field, x, y);
        return prism == null
                ? new Explanation(Hindrance.NONE, Optional.empty())
                : new Explanation(Hindrance.BLOCKED, Optional.of(prism.id()));
    }

    /** What the link to a cell lacks: nothing, or the loss of an obstacle, or it would be too long without one. */
    private Explanation explain(Sensor sensor, RadioModel radio, PlanePoint at) {
        RadioReach reach = new RadioReach(prisms, radio);
        int height = sensor.heightMillimetres();
        if (reach.holds(sensor.position(), height, at, targetMillimetres)) {
            return new Explanation(Hindrance.NONE, Optional.empty());
        }
        boolean open = new RadioReach(List.of(), radio).holds(sensor.position(), height, at, targetMillimetres);
        Prism worst = open ? reach.worst(sensor.position(), height, at, targetMillimetres) : null;
        return worst == null
                ? new Explanation(Hindrance.OUT_OF_VIEW, Optional.empty())
                : new Explanation(Hindrance.BLOCKED, Optional.of(worst.id()));
    }
}
