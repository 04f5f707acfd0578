package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.GeoPosition;
import dev.fieldproof.geo.LocalProjection;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A coverage cell by cell as comma-separated values (RFC 4180): where each required cell is, how many sensors see it,
 * how many pixels the best camera has on a metre there, and what the picture is good for. Stateless and thread-safe.
 */
public final class CellTable {
    private CellTable() {}

    /**
     * The best picture of each cell.
     *
     * @param coverage what the sensors see
     * @param targetMillimetres height above ground of what is seen
     * @return pixels a metre for each cell, row by row from the south-west; 0 where no camera sees it
     */
    public static float[] pixelsPerMetre(Coverage coverage, int targetMillimetres) {
        ZoneGrid grid = coverage.demand().grid();
        float[] best = new float[grid.columns() * grid.rows()];
        List<Sensor> sensors = coverage.sensors();
        for (int i = 0; i < sensors.size(); i++) {
            Sensor sensor = sensors.get(i);
            double drop = ((double) sensor.heightMillimetres() - targetMillimetres) / 1000;
            if (sensor.model().horizontalPixels() > 0) {
                coverage.seenBy(i).forEach((column, row) -> {
                    double ground = sensor.position().distanceMetres(grid.centre(column, row));
                    double pixels = Dori.pixelsPerMetre(sensor.model(), Math.sqrt(ground * ground + drop * drop));
                    int at = row * grid.columns() + column;
                    best[at] = (float) Math.max(best[at], pixels);
                });
            }
        }
        return best;
    }

    /**
     * Writes a heading and a line for each required cell, row by row from the south-west.
     *
     * @param coverage what the sensors see
     * @param targetMillimetres height above ground of what is seen
     * @param projection gives longitude and latitude
     * @param out receives lines that end in CR LF
     * @throws IOException if writing fails
     */
    public static void write(Coverage coverage, int targetMillimetres, LocalProjection projection, Appendable out)
            throws IOException {
        out.append("column,row,longitude,latitude,required,sensors,pixels_per_metre,dori\r\n");
        ZoneGrid grid = coverage.demand().grid();
        float[] best = pixelsPerMetre(coverage, targetMillimetres);
        CellSet required = coverage.demand().required();
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                if (required.contains(column, row)) {
                    PlanePoint at = grid.centre(column, row);
                    GeoPosition position = projection.toPosition(at);
                    double pixels = best[row * grid.columns() + column];
                    Optional<Dori> level = Dori.at(pixels);
                    out.append(String.format(
                            Locale.ROOT,
                            "%d,%d,%.8f,%.8f,%d,%d,%.1f,%s\r\n",
                            column,
                            row,
                            position.longitudeDegrees(),
                            position.latitudeDegrees(),
                            required(coverage, column, row),
                            seenBy(coverage, column, row),
                            pixels,
                            level.map(dori -> dori.name().toLowerCase(Locale.ROOT))
                                    .orElse("")));
                }
            }
        }
    }

    private static int required(Coverage coverage, int column, int row) {
        int count = 0;
        for (CellSet level : coverage.demand().atLeast()) {
            count += level.contains(column, row) ? 1 : 0;
        }
        return count;
    }

    private static int seenBy(Coverage coverage, int column, int row) {
        int count = 0;
        for (int i = 0; i < coverage.sensors().size(); i++) {
            count += coverage.seenBy(i).contains(column, row) ? 1 : 0;
        }
        return count;
    }
}
