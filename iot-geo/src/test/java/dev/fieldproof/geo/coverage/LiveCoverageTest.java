package dev.fieldproof.geo.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveCoverageTest {
    @Test
    void editsGiveTheSameAsComputingAnew() {
        ZoneGrid grid = ZoneGrid.square(new PlaneBox(0, 0, 60_000, 60_000), 1_000);
        SeededRuns.check(100, random -> {
            RandomScenes scenes = new RandomScenes(random, 60_000, 1_000);
            List<Obstacle> obstacles = scenes.obstacles(5);
            Occlusion occlusion = new Occlusion(grid, obstacles, 1_500);
            List<Sensor> sensors = new ArrayList<>();
            while (sensors.size() < 6) {
                Sensor sensor = scenes.sensor("s" + sensors.size());
                if (stands(occlusion, sensor)) {
                    sensors.add(sensor);
                }
            }
            LiveCoverage live = new LiveCoverage(occlusion, sensors, 3);
            for (int edit = 0; edit < 20; edit++) {
                Sensor moved = scenes.sensor("m" + edit);
                if (stands(occlusion, moved)) {
                    live.replace(random.nextInt(6), moved);
                }
            }
            LiveCoverage anew = new LiveCoverage(occlusion, live.sensors(), 3);
            for (int k = 1; k <= 3; k++) {
                assertEquals(anew.seenByAtLeast(k), live.seenByAtLeast(k));
            }
        });
    }

    private static boolean stands(Occlusion occlusion, Sensor sensor) {
        try {
            occlusion.visible(sensor);
            return true;
        } catch (SensorInObstacleException e) {
            return false;
        }
    }

    @Test
    void aCameraReachesAsFarAsItsPixelsGo() {
        SensorModel camera = new SensorModel("c", 90, 180, 0, 100_000, 2_000);
        assertEquals(40_000, Dori.DETECT.rangeMillimetres(camera));
        assertEquals(4_000, Dori.IDENTIFY.rangeMillimetres(camera));
        assertEquals(0, Dori.DETECT.rangeMillimetres(SensorModel.omnidirectional("o", 1_000)));
        ZoneGrid grid = ZoneGrid.square(new PlaneBox(0, 0, 100_000, 100_000), 1_000);
        Occlusion occlusion = new Occlusion(grid, List.of(), 1_000);
        List<Sensor> sensors = List.of(new Sensor("s", new PlanePoint(500, 500), 1_000, 45, 0, camera));
        CellSet detect = Dori.DETECT.cells(sensors, occlusion);
        assertTrue(detect.contains(28, 28) && !detect.contains(29, 29));
        assertEquals(detect.size(), detect.sizeShared(occlusion.visible(sensors.get(0))));
    }
}
