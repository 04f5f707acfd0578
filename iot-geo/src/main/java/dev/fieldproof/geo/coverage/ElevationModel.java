package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.GeoPosition;
import dev.fieldproof.geo.LocalProjection;
import dev.fieldproof.geo.coverage.ElevationException.Rule;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Heights of the ground at posts on lines of longitude and latitude (WGS 84), as elevation files have them; between
 * posts by the two linear means. Immutable and thread-safe.
 */
public final class ElevationModel {
    /** The most posts that a file may have. */
    public static final int MAX_POSTS = 100_000_000;

    /** What stands where a file knows no height. */
    static final int UNKNOWN = Integer.MIN_VALUE;

    private final int columns;
    private final int rows;
    private final double west;
    private final double north;
    private final double columnDegrees;
    private final double rowDegrees;
    private final int[] heights;

    /**
     * Takes heights.
     *
     * @param columns posts from west to east
     * @param rows posts from north to south
     * @param west longitude of the first post
     * @param north latitude of the first post
     * @param columnDegrees from post to post eastward
     * @param rowDegrees from post to post southward
     * @param heights in millimetres, row by row from the north-west; not copied
     */
    ElevationModel(
            int columns, int rows, double west, double north, double columnDegrees, double rowDegrees, int[] heights) {
        this.columns = columns;
        this.rows = rows;
        this.west = west;
        this.north = north;
        this.columnDegrees = columnDegrees;
        this.rowDegrees = rowDegrees;
        this.heights = heights;
    }

    /**
     * Reads an Esri ASCII grid in degrees, or a tile of the Shuttle Radar Topography Mission whose name says where it
     * lies ({@code N54E009.hgt}). Heights are metres; a grid may say which number stands for an unknown one.
     *
     * @param file told apart by the name's end
     * @return the heights
     * @throws ElevationException if the file breaks a rule
     * @throws IOException if reading fails
     */
    public static ElevationModel read(Path file) throws IOException, ElevationException {
        return new ElevationFile(file).read();
    }

    /**
     * The height at a position.
     *
     * @param position within half a post's spacing of the posts
     * @return millimetres
     * @throws ElevationException if the model does not reach there, or a post that counts has no height
     */
    public int heightMillimetres(GeoPosition position) throws ElevationException {
        double east = position.longitudeDegrees() - west;
        double halfColumn = columnDegrees / 2;
        // A tile that ends at the antimeridian is asked for longitudes on either side of it.
        east = east < -halfColumn ? east + 360 : east >= 360 - halfColumn ? east - 360 : east;
        double x = east / columnDegrees;
        double y = (north - position.latitudeDegrees()) / rowDegrees;
        if (!(x >= -0.5 && x <= columns - 0.5 && y >= -0.5 && y <= rows - 0.5)) {
            throw unknown(position);
        }
        x = Math.max(0, Math.min(columns - 1, x));
        y = Math.max(0, Math.min(rows - 1, y));
        int column = (int) x;
        int row = (int) y;
        double rightShare = x - column;
        double lowerShare = y - row;
        double sum = 0;
        for (int corner = 0; corner < 4; corner++) {
            boolean right = (corner & 1) != 0;
            boolean lower = (corner & 2) != 0;
            double share = (right ? rightShare : 1 - rightShare) * (lower ? lowerShare : 1 - lowerShare);
            // A post without a share may lie outside.
            if (share > 0) {
                int height = heights[(row + (lower ? 1 : 0)) * columns + column + (right ? 1 : 0)];
                if (height == UNKNOWN) {
                    throw unknown(position);
                }
                sum += share * height;
            }
        }
        return (int) Math.rint(sum);
    }

    private static ElevationException unknown(GeoPosition position) {
        return new ElevationException(
                Rule.NOT_COVERED,
                -1,
                "no height is known at longitude " + position.longitudeDegrees() + ", latitude "
                        + position.latitudeDegrees());
    }

    /**
     * The ground under a site's grid.
     *
     * @param grid of squares
     * @param projection the site's
     * @return the terrain
     * @throws ElevationException if no height is known at some cell's centre
     * @throws IllegalArgumentException if the grid is not of squares or too large
     */
    public Terrain over(ZoneGrid grid, LocalProjection projection) throws ElevationException {
        int[] ground = new int[Terrain.posts(grid)];
        int n = 0;
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                ground[n++] = heightMillimetres(projection.toPosition(grid.centre(column, row)));
            }
        }
        return Terrain.of(grid, ground);
    }
}
