package dev.fieldproof.geo.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Worked by hand: cells of 1 m, an eye at (0.5, 2.5) m, a wall from (4, 2) to (5, 3) m. */
class OcclusionTest {
    private static final ZoneGrid GRID = ZoneGrid.square(new PlaneBox(0, 0, 11_999, 5_999), 1_000);

    private static Obstacle box(String id, int x1, int y1, int x2, int y2, int height) {
        return new Obstacle(id, PlanePolygon.ofRing(x1, y1, x2, y1, x2, y2, x1, y2), height);
    }

    private static Sensor eye(int x, int y, int height) {
        return new Sensor("eye", new PlanePoint(x, y), height, 0, 0, SensorModel.omnidirectional("all", 1_000_000));
    }

    private static List<String> dark(CellSet seen) {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < GRID.rows(); row++) {
            StringBuilder columns = new StringBuilder();
            for (int column = 0; column < 12; column++) {
                columns.append(seen.contains(column, row) ? '.' : '#');
            }
            rows.add(columns.toString());
        }
        return rows;
    }

    private static List<String> wall(int eye, int target, int height) {
        Occlusion occlusion = new Occlusion(GRID, List.of(box("wall", 4_000, 2_000, 5_000, 3_000, height)), target);
        return dark(occlusion.visible(eye(500, 2_500, eye))).subList(1, 4);
    }

    @Test
    void aTallWallHidesAllBehindItAndAGrazedCornerBlocks() {
        assertEquals(List.of(".......#####", "....########", ".......#####"), wall(2_000, 1_000, 3_000));
    }

    @Test
    void aLowWallHidesOnlyAsFarAsItsShadow() {
        assertEquals(List.of(".......###..", "....######..", ".......###.."), wall(2_000, 1_000, 1_500));
    }

    @Test
    void aWallBetweenTheHeightsOfEyeAndTargetHidesWhatIsFar() {
        assertEquals(List.of(".......#####", ".......#####", ".......#####"), wall(1_000, 2_000, 1_500));
    }

    @Test
    void aRoofAtTheTargetsHeightHidesItsFootprintAlone() {
        assertEquals(List.of("............", "....#.......", "............"), wall(2_000, 1_000, 1_000));
    }

    @Test
    void touchingWallsDoNotLeak() {
        Occlusion occlusion = new Occlusion(
                GRID,
                List.of(box("a", 4_000, 1_500, 5_000, 2_500, 3_000), box("b", 4_000, 2_500, 5_000, 3_500, 3_000)),
                1_000);
        List<String> rows = dark(occlusion.visible(eye(500, 2_500, 2_000)));
        int[] first = {7, 4, 4, 4, 7, 11};
        for (int row = 0; row < 6; row++) {
            assertEquals(".".repeat(first[row]) + "#".repeat(12 - first[row]), rows.get(row), "row " + row);
        }
    }

    @Test
    void whatLiesUnderARoofAndJustBehindIsDark() {
        ZoneGrid grid = ZoneGrid.square(new PlaneBox(0, 0, 59_999, 59_999), 1_000);
        Occlusion occlusion = new Occlusion(grid, List.of(box("roof", 20_000, 20_000, 40_000, 40_000, 5_000)), 0);
        assertEquals(2_000, occlusion.visible(eye(30_000, 30_000, 10_000)).size());
    }

    @Test
    void anEyeOnAWallIsRefusedByName() {
        Occlusion occlusion = new Occlusion(GRID, List.of(box("wall", 4_000, 2_000, 5_000, 3_000, 3_000)), 0);
        var e = assertThrows(SensorInObstacleException.class, () -> occlusion.visible(eye(4_000, 2_500, 3_000)));
        assertEquals("wall", e.obstacleId());
    }
}
