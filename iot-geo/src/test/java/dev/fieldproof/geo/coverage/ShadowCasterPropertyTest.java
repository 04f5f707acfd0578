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
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The shadow caster against the definition, cell by cell, on random sites. */
class ShadowCasterPropertyTest {
    private static final int EXTENT = 60_000;

    private long cells;
    private long dark;
    private long refused;

    private void check(RandomGenerator random) {
        int size = random.nextBoolean() ? 1_000 : 900;
        PlaneBox box = new PlaneBox(-5_000, -5_000, EXTENT + 5_000, EXTENT + 5_000);
        ZoneGrid grid = random.nextInt(4) == 0 ? ZoneGrid.hexagonal(box, size) : ZoneGrid.square(box, size);
        RandomScenes scenes = new RandomScenes(random, EXTENT, size);
        List<Obstacle> obstacles = scenes.obstacles(random.nextInt(0, 14));
        Sensor sensor = scenes.sensor("eye", obstacles);
        int target = random.nextInt(3) == 0 ? sensor.heightMillimetres() : random.nextInt(0, 8) * 1_000;
        try {
            compare(grid, obstacles, sensor, target);
        } catch (SensorInObstacleException e) {
            refused++;
        }
    }

    private void compare(ZoneGrid grid, List<Obstacle> obstacles, Sensor sensor, int target) {
        CellSet seen = new Occlusion(grid, obstacles, target).visible(sensor);
        SensorField field = SensorField.of(sensor, target);
        List<Prism> prisms = obstacles.stream().map(Prism::of).toList();
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                int x = grid.x(column, row);
                int y = grid.y(row);
                boolean inView = field.reaches((long) x - field.x(), (long) y - field.y());
                boolean expected = inView
                        && prisms.stream()
                                .noneMatch(prism -> SightLine.isBlocked(
                                        prism, field.x(), field.y(), field.eyeMillimetres(), x, y, target));
                cells += inView ? 1 : 0;
                dark += inView && !expected ? 1 : 0;
                if (expected != seen.contains(column, row)) {
                    throw new AssertionError("cell " + column + ", " + row + " at (" + x + ", " + y + ") should be "
                            + (expected ? "seen" : "hidden") + "; " + sensor + ", target " + target + ", " + obstacles);
                }
            }
        }
    }

    @Test
    void aThousandRandomSitesAgreeInEveryCell() {
        SeededRuns.check(1_000, this::check);
        // The scenes must be worth something: much in view, much of it dark, few eyes refused.
        assertTrue(cells > 1_000_000 && dark > cells / 10 && refused < 500, cells + " " + dark + " " + refused);
    }

    @Test
    void hugeObstaclesTakeTheSlowWayAndAgree() {
        ZoneGrid grid = ZoneGrid.square(new PlaneBox(0, 0, 20_000, 20_000), 1_000);
        int far = 900_000_000;
        Obstacle wedge = new Obstacle("w", PlanePolygon.ofRing(9_000, 8_000, far, -far, far, far), 1_999);
        Sensor eye = new Sensor("e", new PlanePoint(500, 500), 7_013, 0, 0, SensorModel.omnidirectional("m", 50_000));
        compare(grid, List.of(wedge), eye, 17);
        assertTrue(dark > 20, () -> "dark: " + dark);
    }

    @Test
    void anEyeInsideOnTheEdgeOrAtTheRoofIsRefusedButAboveItIsNot() {
        ZoneGrid grid = ZoneGrid.square(new PlaneBox(0, 0, 20_000, 20_000), 1_000);
        Obstacle hall =
                new Obstacle("h", PlanePolygon.ofRing(4_000, 4_000, 9_000, 4_000, 9_000, 9_000, 4_000, 9_000), 5_000);
        SensorModel model = SensorModel.omnidirectional("m", 50_000);
        int[][] bad = {{6_000, 6_000, 3_000}, {4_000, 6_000, 3_000}, {9_000, 9_000, 5_000}};
        for (int[] eye : bad) {
            Sensor sensor = new Sensor("e", new PlanePoint(eye[0], eye[1]), eye[2], 0, 0, model);
            assertThrows(SensorInObstacleException.class, () -> new Occlusion(grid, List.of(hall), 0).visible(sensor));
        }
        compare(grid, List.of(hall), new Sensor("e", new PlanePoint(6_000, 6_000), 5_001, 0, 0, model), 0);
        assertEquals((long) grid.columns() * grid.rows(), cells);
    }

    /** What is left aside at once has no point in view, its limits included; and most of what could be is. */
    @Test
    void boxesThatPassByTheViewHaveNoPointInIt() {
        int[] counts = new int[3];
        SeededRuns.check(3_000, random -> {
            double view = random.nextInt(1, 361);
            SensorModel model = new SensorModel("m", view, 180, 0, SensorModel.MAX_RANGE_MILLIMETRES, 0);
            PlanePoint at = new PlanePoint(random.nextInt(40), random.nextInt(40));
            SensorField field = SensorField.of(new Sensor("e", at, 5, random.nextInt(24) * 15, 0, model), 5);
            int x = random.nextInt(40);
            int y = random.nextInt(40);
            PlaneBox box = new PlaneBox(x, y, x + random.nextInt(12), y + random.nextInt(12));
            boolean any = false;
            for (int px = box.minX(); px <= box.maxX(); px++) {
                for (int py = box.minY(); py <= box.maxY(); py++) {
                    any |= field.reaches((long) px - field.x(), (long) py - field.y());
                }
            }
            boolean aside = field.passesBy(box);
            assertFalse(aside && any, () -> field + " " + box);
            counts[aside ? 0 : any ? 1 : 2]++;
        });
        assertTrue(counts[0] > 600 && counts[1] > 600 && counts[2] < counts[0], () -> Arrays.toString(counts));
    }
}
