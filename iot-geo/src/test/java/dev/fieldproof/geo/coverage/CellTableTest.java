package dev.fieldproof.geo.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.geo.GeoPosition;
import dev.fieldproof.geo.LocalProjection;
import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CellTableTest {
    private static final ZoneGrid GRID = ZoneGrid.square(new PlaneBox(0, 0, 49_999, 9_999), 1_000);
    private static final LocalProjection PLANE = LocalProjection.centredOn(new GeoPosition(10, 54));
    private static final Obstacle WALL =
            new Obstacle("wall", PlanePolygon.ofRing(30_000, 0, 31_000, 0, 31_000, 10_000, 30_000, 10_000), 9_000);

    private static Coverage coverage(Obstacle... obstacles) {
        Occlusion occlusion = new Occlusion(GRID, List.of(obstacles), 1_000);
        CellSet all = new CellSet(GRID);
        for (int row = 0; row < GRID.rows(); row++) {
            for (int column = 0; column < GRID.columns(); column++) {
                all.add(column, row);
            }
        }
        SensorModel camera = new SensorModel("c", 90, 180, 0, 100_000, 2_000);
        Sensor east = new Sensor("e", new PlanePoint(500, 4_500), 1_000, 90, 0, camera);
        Sensor round =
                new Sensor("r", new PlanePoint(500, 5_500), 1_000, 0, 0, SensorModel.omnidirectional("o", 5_000));
        return Coverage.of(occlusion, new Demand(GRID, List.of(all)), List.of(east, round));
    }

    @Test
    void levelsAreThoseOfTheStandard() {
        assertEquals(Optional.empty(), Dori.at(12.4));
        assertEquals(Optional.of(Dori.MONITOR), Dori.at(12.5));
        assertEquals(Optional.of(Dori.OBSERVE), Dori.at(124));
        assertEquals(Optional.of(Dori.IDENTIFY), Dori.at(1_000));
        assertEquals(100, Dori.pixelsPerMetre(new SensorModel("c", 90, 90, 0, 1_000, 2_000), 10), 1e-9);
        assertEquals(0, Dori.pixelsPerMetre(SensorModel.omnidirectional("o", 1_000), 10));
    }

    @Test
    void theBestPictureOfEachCellIsTold() {
        float[] best = CellTable.pixelsPerMetre(coverage(), 1_000);
        // 2000 pixels over a view of 2 * 20 m.
        assertEquals(50, best[4 * GRID.columns() + 20], 1e-4);
        assertEquals(0, best[9 * GRID.columns()], "not in view");
    }

    @Test
    void everyRequiredCellHasALine() throws Exception {
        Coverage coverage = coverage(WALL);
        StringBuilder csv = new StringBuilder();
        CellTable.write(coverage, 1_000, PLANE, csv);
        String[] lines = csv.toString().split("\r\n", -1);
        assertEquals(1 + 500 + 1, lines.length);
        assertEquals("column,row,longitude,latitude,required,sensors,pixels_per_metre,dori", lines[0]);
        String near = lines[1 + 4 * 50 + 3];
        assertTrue(near.startsWith("3,4,10.0000") && near.endsWith(",1,2,333.3,identify"), near);
        String behind = lines[1 + 4 * 50 + 40];
        assertTrue(behind.endsWith(",1,0,0.0,"), behind);
    }

    @Test
    void hillsHideAndAreNamedAsTheCause() {
        Terrain hills = Terrain.sample(GRID, (x, y) -> x >= 20_000 && x < 22_000 ? 8_000 : 0);
        Coverage flat = coverage();
        Occlusion occlusion = new Occlusion(GRID, List.of(), 1_000);
        Coverage hilly = Coverage.of(occlusion, new TerrainView(hills, 1_000), flat.demand(), flat.sensors());
        assertTrue(hilly.seenBy(0).size() < flat.seenBy(0).size());
        assertTrue(hilly.blindSpots().stream().anyMatch(spot -> spot.cause().equals("hidden by the ground")));
        assertEquals(
                1,
                coverage(WALL).blindSpots().stream()
                        .filter(s -> s.cause().equals("hidden by wall"))
                        .count());
    }
}
