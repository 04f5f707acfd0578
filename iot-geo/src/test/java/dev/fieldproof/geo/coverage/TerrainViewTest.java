package dev.fieldproof.geo.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TerrainViewTest {
    private static final SensorModel FAR = SensorModel.omnidirectional("far", 5_000_000);

    private static ZoneGrid grid(int columns, int rows) {
        ZoneGrid grid = ZoneGrid.square(new PlaneBox(0, 0, columns * 1_000 - 1, rows * 1_000 - 1), 1_000);
        assertEquals(columns, grid.columns());
        assertEquals(rows, grid.rows());
        return grid;
    }

    private static Sensor eye(int column, int row, int height) {
        return new Sensor("e", new PlanePoint(column * 1_000 + 500, row * 1_000 + 500), height, 0, 0, FAR);
    }

    @Test
    void aHillHidesWhatLiesJustBehindIt() {
        int[] posts = {0, 0, 3_000, 0, 6_000};
        Terrain terrain = Terrain.sample(grid(5, 1), (x, y) -> posts[x / 1_000]);
        CellSet seen = new TerrainView(terrain, 0).visible(eye(0, 0, 2_000));
        for (int column = 0; column < 5; column++) {
            assertEquals(column != 3, seen.contains(column, 0), "column " + column);
        }
    }

    @Test
    void theEdgeBetweenTwoPostsHidesToo() {
        // The line to (2, 1) runs between post (1, 0), which is low, and post (1, 1), which is high.
        Terrain terrain = Terrain.sample(
                grid(3, 2),
                (x, y) -> x < 1_000 || (y < 1_000 && x < 2_000) ? 0 : x < 2_000 ? 8_000 : y < 1_000 ? 0 : 5_000);
        CellSet seen = new TerrainView(terrain, 0).visible(eye(0, 0, 2_000));
        assertFalse(seen.contains(2, 1));
        assertTrue(seen.contains(2, 0));
    }

    @Test
    void flatGroundIsSeenInFull() {
        Terrain terrain = Terrain.sample(grid(40, 30), (x, y) -> 7_000);
        assertEquals(1_200, new TerrainView(terrain, 0).visible(eye(3, 4, 1)).size());
    }

    private static Terrain terrain(RandomGenerator random, ZoneGrid grid) {
        int kind = random.nextInt(4);
        int step = random.nextBoolean() ? 1_000 : 1;
        double a = random.nextDouble(-200, 200);
        double b = random.nextDouble(-200, 200);
        int roughness = random.nextInt(1, 4_000);
        return Terrain.sample(grid, (x, y) -> {
            int height = switch (kind) {
                // Inclined planes and terraces are full of exact ties.
                case 0 -> (int) (a * Math.floorDiv(x, 1_000) + b * Math.floorDiv(y, 1_000));
                case 1 -> (x / 4_000 + y / 3_000) * 1_000;
                case 2 -> random.nextInt(roughness);
                default -> (int) (3_000 * Math.sin(x / 5_000.0 + a) + 2_000 * Math.cos(y / 7_000.0 + b));
            };
            return height / step * step;
        });
    }

    /** Cells that differ from the definition, and how many were in doubt. */
    private static long[] differing(Terrain terrain, int column, int row, int eye, int target, boolean bothWays) {
        ZoneGrid grid = terrain.grid();
        long wrong = 0;
        long asked = 0;
        for (int octant = 0; octant < 8; octant++) {
            int height = terrain.heightMillimetres(column, row) + eye;
            TerrainOctant fast = new TerrainOctant(terrain, column, row, height, target, octant, bothWays);
            CellSet seen = fast.visible(100_000);
            boolean swap = (octant & 1) != 0;
            int east = (octant & 2) != 0 ? -1 : 1;
            int north = (octant & 4) != 0 ? -1 : 1;
            int columns = grid.columns();
            TerrainRay ray = new TerrainRay(
                    terrain.heights(),
                    row * columns + column,
                    height,
                    swap ? north * columns : east,
                    swap ? east : north * columns);
            for (int i = 1; i < Math.max(columns, grid.rows()); i++) {
                for (int j = 0; j <= i; j++) {
                    int c = column + east * (swap ? j : i);
                    int r = row + north * (swap ? i : j);
                    if (c >= 0 && r >= 0 && c < columns && r < grid.rows()) {
                        wrong += seen.contains(c, r) == ray.isHidden(i, j, target) ? 1 : 0;
                    }
                }
            }
            asked += fast.asked();
        }
        return new long[] {wrong, asked};
    }

    @Test
    void everyCellAgreesWithTheDefinitionOnRandomGround() {
        SeededRuns.check(400, random -> {
            ZoneGrid grid = grid(random.nextInt(1, 50), random.nextInt(1, 50));
            Terrain terrain = terrain(random, grid);
            int eye = random.nextInt(3) == 0 ? 0 : random.nextInt(6) * 500;
            int column = random.nextInt(grid.columns());
            int row = random.nextInt(grid.rows());
            int target = random.nextInt(3) * 500;
            assertEquals(0, differing(terrain, column, row, eye, target, true)[0]);
        });
    }

    @Test
    void everyCellAgreesAlsoWhereManyStretchesOfDirectionsAreSettledAtOnce() {
        // Long enough for many stretches, shallow enough for most to be hidden, narrow so that rings are cut off.
        SeededRuns.check(30, random -> {
            int length = random.nextInt(150, 400);
            int width = random.nextInt(1, 150);
            ZoneGrid grid = random.nextBoolean() ? grid(length, width) : grid(width, length);
            int roughness = random.nextInt(1, 3_000);
            double wave = random.nextDouble(3_000, 60_000);
            Terrain terrain = Terrain.sample(
                    grid,
                    (x, y) -> (int) (6_000 * Math.sin(x / wave) * Math.cos(y / wave)) + random.nextInt(roughness));
            int column = random.nextInt(grid.columns());
            int row = random.nextInt(grid.rows());
            int eye = random.nextInt(8) * 1_000;
            assertEquals(0, differing(terrain, column, row, eye, random.nextInt(3) * 500, true)[0]);
        });
    }

    @Test
    void leavingOutTheRowsOfPostsWouldBeNoticed() {
        ZoneGrid grid = grid(60, 60);
        Terrain terrain = Terrain.sample(grid, (x, y) -> (int) ((x * 7_919L + y * 104_729L) / 13 % 1_500));
        assertTrue(differing(terrain, 30, 30, 1_500, 0, false)[0] > 10);
        assertEquals(0, differing(terrain, 30, 30, 1_500, 0, true)[0]);
    }

    @Test
    void fewCellsNeedTheSlowWay() {
        ZoneGrid grid = grid(200, 200);
        var random = new java.util.SplittableRandom(3);
        Terrain terrain = Terrain.sample(grid, (x, y) -> random.nextInt(2_000));
        long asked = differing(terrain, 100, 100, 5_000, 1_000, true)[1];
        assertTrue(asked < 400, () -> "asked: " + asked);
    }

    @Test
    void threadsGiveTheSameCellsAndViewLimitsHold() {
        ZoneGrid grid = grid(90, 70);
        Terrain terrain = Terrain.sample(grid, (x, y) -> (int) (4_000 * Math.sin(x / 9_000.0) * Math.cos(y / 8_000.0)));
        SensorModel model = new SensorModel("m", 100, 30, 5_000, 40_000, 0);
        Sensor sensor = new Sensor("s", new PlanePoint(40_400, 30_600), 6_000, 60, 15, model);
        TerrainView view = new TerrainView(terrain, 1_000);
        CellSet seen = view.visible(sensor);
        assertEquals(seen, view.visibleInParallel(sensor));
        CellSet all = view.visible(new Sensor("s", sensor.position(), 6_000, 0, 0, FAR));
        assertTrue(seen.size() > 100 && seen.size() < all.size() / 3, () -> seen + " of " + all);
        assertEquals(seen.size(), seen.sizeShared(all));
        double eye = terrain.heightMillimetres(40, 30) + 6_000.0;
        seen.forEach((column, row) -> {
            double way = Math.hypot(column - 40, row - 30) * 1_000;
            assertTrue(way >= 5_000 && way <= 40_000);
            double elevation = Math.toDegrees(Math.atan2(terrain.heightMillimetres(column, row) + 1_000 - eye, way));
            assertTrue(elevation >= -30.001 && elevation <= 0.001, () -> "elevation " + elevation);
        });
    }

    @Test
    void obstaclesRaiseTheGroundTheyStandOn() {
        ZoneGrid grid = grid(30, 1);
        Obstacle wall =
                new Obstacle("w", PlanePolygon.ofRing(10_000, 0, 12_000, 0, 12_000, 1_000, 10_000, 1_000), 4_000);
        Terrain terrain = Terrain.sample(grid, (x, y) -> x / 10).with(List.of(wall, wall));
        assertEquals(1_050 + 4_000, terrain.heightMillimetres(10, 0));
        assertEquals(1_250, terrain.heightMillimetres(12, 0));
        CellSet seen = new TerrainView(terrain, 0).visible(eye(5, 0, 2_000));
        assertTrue(seen.contains(9, 0) && seen.contains(10, 0) && !seen.contains(15, 0));
    }

    @Test
    void anElevationModelIsTakenAsItIs() {
        int[] heights = {1, 2, 3, 4, 5, 6};
        Terrain terrain = Terrain.of(grid(3, 2), heights);
        heights[5] = 0;
        assertEquals(6, terrain.heightMillimetres(2, 1));
        assertThrows(IllegalArgumentException.class, () -> Terrain.of(grid(3, 3), heights));
        heights[4] = Integer.MIN_VALUE;
        var high = assertThrows(IllegalArgumentException.class, () -> Terrain.of(grid(3, 2), heights));
        assertTrue(high.getMessage().contains("column 1, row 1"), high::getMessage);
    }

    @Test
    void mistakesAreNamed() {
        Terrain terrain = Terrain.sample(grid(3, 3), (x, y) -> 0);
        var outside =
                assertThrows(IllegalArgumentException.class, () -> new TerrainView(terrain, 0).visible(eye(9, 0, 1)));
        assertTrue(outside.getMessage().contains("'e'"));
        assertThrows(IllegalArgumentException.class, () -> new TerrainView(terrain, -1));
        assertThrows(IllegalArgumentException.class, () -> Terrain.sample(grid(3, 3), (x, y) -> 10_000_001));
        ZoneGrid hexagons = ZoneGrid.hexagonal(new PlaneBox(0, 0, 9_000, 9_000), 1_000);
        assertThrows(IllegalArgumentException.class, () -> Terrain.sample(hexagons, (x, y) -> 0));
        assertThrows(IndexOutOfBoundsException.class, () -> terrain.heightMillimetres(3, 0));
    }
}
