package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.stream.IntStream;

/**
 * Which cells a sensor sees past hills. The eye stands on the cell centre nearest to the sensor, at its height above
 * the ground there; a target is hidden if the straight line to it runs below the ground at any crossing with a row or
 * column of cell centres, the ground being straight between neighbours. Touching does not hide, so flat ground is seen.
 * The earth's curvature is left out: it is 20 mm at 500 m. Immutable and thread-safe.
 */
public final class TerrainView {
    private static final int OCTANTS = 8;

    private final Terrain terrain;
    private final int targetMillimetres;

    /**
     * Prepares a terrain.
     *
     * @param terrain the ground, obstacles raised on it if wanted
     * @param targetMillimetres height above ground of what is to be seen, 0 to 1,000,000
     * @throws IllegalArgumentException if the height is out of range
     */
    public TerrainView(Terrain terrain, int targetMillimetres) {
        if (targetMillimetres < 0 || targetMillimetres > dev.fieldproof.geo.Obstacle.MAX_HEIGHT_MILLIMETRES) {
            throw new IllegalArgumentException("target height " + targetMillimetres + " mm");
        }
        this.terrain = terrain;
        this.targetMillimetres = targetMillimetres;
    }

    /**
     * The cells that a sensor sees, computed on the calling thread.
     *
     * @param sensor where it stands and what it can see
     * @return a new set
     * @throws IllegalArgumentException if the sensor stands outside the grid
     */
    public CellSet visible(Sensor sensor) {
        return visible(sensor, IntStream.range(0, OCTANTS));
    }

    /**
     * The same cells as {@link #visible}, the octants shared among the threads of the common pool.
     *
     * @param sensor where it stands and what it can see
     * @return a new set
     * @throws IllegalArgumentException if the sensor stands outside the grid
     */
    public CellSet visibleInParallel(Sensor sensor) {
        return visible(sensor, IntStream.range(0, OCTANTS).parallel());
    }

    private CellSet visible(Sensor sensor, IntStream octants) {
        ZoneGrid grid = terrain.grid();
        int pitch = grid.columnPitch();
        int column = Math.floorDiv(sensor.position().xMillimetres() - grid.x(0, 0) + pitch / 2, pitch);
        int row = Math.floorDiv(sensor.position().yMillimetres() - grid.y(0) + pitch / 2, pitch);
        if (column < 0 || row < 0 || column >= grid.columns() || row >= grid.rows()) {
            throw new IllegalArgumentException("sensor '" + sensor.id() + "' stands outside the terrain");
        }
        int eyeHeight = terrain.heightMillimetres(column, row) + sensor.heightMillimetres();
        int reach = sensor.model().farMillimetres() / pitch;
        CellSet open = new CellSet(grid);
        open.add(column, row);
        // Octants share words of the set, so each has a set of its own until all are done.
        octants.mapToObj(octant -> new TerrainOctant(terrain, column, row, eyeHeight, targetMillimetres, octant, true)
                        .visible(reach))
                .toList()
                .forEach(open::addAll);
        Sensor eye = new Sensor(
                sensor.id(),
                grid.centre(column, row),
                sensor.heightMillimetres(),
                sensor.azimuthDegrees(),
                sensor.tiltDegrees(),
                sensor.model());
        return inView(eye, eyeHeight, open);
    }

    /** Keeps what lies within range and view; the limits up and down are held against each cell's own height. */
    private CellSet inView(Sensor eye, int eyeHeight, CellSet open) {
        SensorModel all = eye.model();
        SensorModel level = new SensorModel(
                all.name(), all.horizontalFieldDegrees(), 180, all.nearMillimetres(), all.farMillimetres(), 0);
        ZoneGrid grid = terrain.grid();
        Sensor flat = new Sensor(eye.id(), eye.position(), eye.heightMillimetres(), eye.azimuthDegrees(), 0, level);
        CellSet cells = new VisibleRows(grid, SensorField.of(flat, targetMillimetres)).cells();
        cells.retainAll(open);
        if (all.verticalFieldDegrees() >= 180) {
            return cells;
        }
        double lowest = -eye.tiltDegrees() - all.verticalFieldDegrees() / 2;
        double highest = -eye.tiltDegrees() + all.verticalFieldDegrees() / 2;
        CellSet kept = new CellSet(grid);
        cells.forEach((column, row) -> {
            double rise = (double) terrain.heightMillimetres(column, row) + targetMillimetres - eyeHeight;
            double way = 1000 * eye.position().distanceMetres(new PlanePoint(grid.x(column, row), grid.y(row)));
            double elevation = Math.toDegrees(Math.atan2(rise, way));
            if (elevation >= lowest && elevation <= highest) {
                kept.add(column, row);
            }
        });
        return kept;
    }
}
