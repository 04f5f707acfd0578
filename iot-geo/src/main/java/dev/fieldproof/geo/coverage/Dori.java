package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.List;
import java.util.Optional;

/** What a camera's picture is good for by its pixels on a metre of the target, after EN 62676-4. */
public enum Dori {
    /** Something is there: 12.5 pixels a metre. */
    MONITOR(12.5),
    /** A person is there: 25 pixels a metre. */
    DETECT(25),
    /** What the person wears: 62.5 pixels a metre. */
    OBSERVE(62.5),
    /** Whether the person is a known one: 125 pixels a metre. */
    RECOGNISE(125),
    /** Who the person is: 250 pixels a metre. */
    IDENTIFY(250);

    private final double pixelsPerMetre;

    Dori(double pixelsPerMetre) {
        this.pixelsPerMetre = pixelsPerMetre;
    }

    /**
     * The least density of the level.
     *
     * @return pixels a metre
     */
    public double pixelsPerMetre() {
        return pixelsPerMetre;
    }

    /**
     * How far a camera reaches at this level: the picture's width over the width of the view.
     *
     * @param camera with pixels and a field of view below 180 degrees
     * @return millimetres along the line of sight, not more than its range; 0 for what is no camera
     */
    public int rangeMillimetres(SensorModel camera) {
        if (camera.horizontalPixels() == 0 || camera.horizontalFieldDegrees() >= 180) {
            return 0;
        }
        double metres = pixelsPerMetre(camera, 1) / pixelsPerMetre;
        return (int) Math.min(camera.farMillimetres(), metres * 1000);
    }

    /**
     * How many pixels a camera has on a metre of the target.
     *
     * @param camera with a field of view below 180 degrees
     * @param distanceMetres along the line of sight, above 0
     * @return pixels a metre; 0 for what is no camera
     */
    public static double pixelsPerMetre(SensorModel camera, double distanceMetres) {
        if (camera.horizontalFieldDegrees() >= 180) {
            return 0;
        }
        double width = 2 * distanceMetres * Math.tan(Math.toRadians(camera.horizontalFieldDegrees() / 2));
        return camera.horizontalPixels() / width;
    }

    /**
     * The highest level that a pixel density reaches.
     *
     * @param pixelsPerMetre of the picture
     * @return empty below {@link #MONITOR}
     */
    public static Optional<Dori> at(double pixelsPerMetre) {
        Dori best = null;
        for (Dori level : values()) {
            best = pixelsPerMetre >= level.pixelsPerMetre ? level : best;
        }
        return Optional.ofNullable(best);
    }

    /**
     * The cells that some camera sees at this level.
     *
     * @param sensors in their places
     * @param occlusion what each of them sees
     * @return a new set
     * @throws SensorInObstacleException if an eye is in or on an obstacle that is at least as high
     */
    public CellSet cells(List<Sensor> sensors, Occlusion occlusion) {
        ZoneGrid grid = occlusion.grid();
        CellSet cells = new CellSet(grid);
        for (Sensor sensor : sensors) {
            double reach = rangeMillimetres(sensor.model());
            double drop = (double) sensor.heightMillimetres() - occlusion.targetMillimetres();
            if (reach > 0) {
                occlusion.visible(sensor).forEach((column, row) -> {
                    double dx = (double) grid.x(column, row) - sensor.position().xMillimetres();
                    double dy = (double) grid.y(row) - sensor.position().yMillimetres();
                    if (dx * dx + dy * dy + drop * drop <= reach * reach) {
                        cells.add(column, row);
                    }
                });
            }
        }
        return cells;
    }
}
