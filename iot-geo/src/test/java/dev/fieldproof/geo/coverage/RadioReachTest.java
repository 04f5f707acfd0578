package dev.fieldproof.geo.coverage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.RadioModel;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.List;
import org.junit.jupiter.api.Test;

class RadioReachTest {
    private static final RadioModel FREE = new RadioModel(2400, 20, -80, 2, 12, 10);
    private static final PlanePoint A = new PlanePoint(0, 0);
    private static final PlanePoint B = new PlanePoint(100_000, 0);

    private static Obstacle wall(int height) {
        return new Obstacle(
                "w", PlanePolygon.ofRing(50_000, -5_000, 50_100, -5_000, 50_100, 5_000, 50_000, 5_000), height);
    }

    private static double loss(int height, int antennas) {
        return new RadioReach(FREE, List.of(wall(height))).obstructionDb(A, antennas, B, antennas);
    }

    @Test
    void freeSpaceIsFriisFormula() {
        // 20 log10(4 pi d / wavelength) at 100 m and 2.4 GHz is 80.05 dB.
        assertEquals(20 + 80 - 80.05, FREE.marginDb(100, 0), 0.02);
        assertEquals(FREE.marginDb(100, 0) - 12, FREE.marginDb(100, 12), 1e-9);
        assertEquals(FREE.marginDb(1, 0), FREE.marginDb(0.01, 0));
        assertEquals(10, FREE.marginDb(FREE.reachMetres(), 0), 1e-9);
    }

    @Test
    void theFirstFresnelZoneIsWidestInTheMiddle() {
        // sqrt(0.1249 m * 50 m * 50 m / 100 m)
        assertEquals(1.767, FREE.fresnelRadiusMetres(50, 50), 0.001);
        assertTrue(FREE.fresnelRadiusMetres(10, 90) < FREE.fresnelRadiusMetres(50, 50));
    }

    @Test
    void aKnifeEdgeOnTheLineCostsSixDecibels() {
        assertEquals(6.03, FREE.knifeEdgeDb(0, 50, 50), 0.02);
        assertEquals(0, FREE.knifeEdgeDb(-1.4, 50, 50));
        assertTrue(FREE.knifeEdgeDb(2, 50, 50) > 13);
    }

    @Test
    void aRoofBelowTheLineStillCostsUntilTheZoneIsFree() {
        assertEquals(0, loss(4_000, 6_000));
        assertTrue(loss(5_500, 6_000) > 2 && loss(5_500, 6_000) < 6);
        assertEquals(6.0, loss(6_000, 6_000), 0.1);
        assertEquals(12, loss(20_000, 6_000), "through the wall at most");
    }

    @Test
    void anObstacleBesideTheLineCostsNothing() {
        RadioReach reach = new RadioReach(FREE, List.of(wall(20_000)));
        PlanePoint a = new PlanePoint(0, 6_000);
        PlanePoint b = new PlanePoint(100_000, 6_000);
        assertEquals(0, reach.obstructionDb(a, 1_000, b, 1_000));
        assertEquals(FREE.marginDb(100, 0), reach.marginDb(a, 1_000, b, 1_000), 1e-9);
    }

    @Test
    void coverageIsACircleWithAShadow() {
        RadioModel weak = new RadioModel(2400, 5, -80, 2, 12, 10);
        ZoneGrid grid = ZoneGrid.square(new PlaneBox(-80_000, -80_000, 80_000, 80_000), 1_000);
        CellSet open = new RadioReach(weak, List.of()).cells(grid, A, 2_000, 2_000);
        double radius = weak.reachMetres();
        assertEquals(Math.PI * radius * radius, open.size(), 0.03 * open.size());
        Obstacle hall = new Obstacle(
                "h", PlanePolygon.ofRing(10_000, -10_000, 20_000, -10_000, 20_000, 10_000, 10_000, 10_000), 9_000);
        CellSet shaded = new RadioReach(weak, List.of(hall)).cells(grid, A, 2_000, 2_000);
        assertTrue(shaded.size() < open.size() && shaded.sizeShared(open) == shaded.size());
        assertTrue(open.copy().removeAll(shaded).size() > 50);
    }

    @Test
    void aRadioSensorHearsWhereItsLinkHoldsAndToldWhyElsewhere() {
        RadioModel weak = new RadioModel(2400, 5, -80, 2, 12, 10);
        ZoneGrid grid = ZoneGrid.square(new PlaneBox(-80_000, -80_000, 80_000, 80_000), 1_000);
        Obstacle hall = new Obstacle(
                "h", PlanePolygon.ofRing(10_000, -10_000, 20_000, -10_000, 20_000, 10_000, 10_000, 10_000), 9_000);
        Occlusion occlusion = new Occlusion(grid, List.of(hall), 1_500);
        Sensor radio = new Sensor("r", A, 2_000, 0, 0, SensorModel.radio("r", weak));
        CellSet heard = occlusion.visible(radio);
        assertEquals(new RadioReach(weak, List.of(hall)).cells(grid, A, 2_000, 1_500), heard);
        CellSet seen = occlusion.visible(new Sensor("e", A, 2_000, 0, 0, SensorModel.omnidirectional("e", 80_000)));
        assertTrue(heard.copy().removeAll(seen).size() > 20, "waves go where light does not");
        java.util.Map<Occlusion.Hindrance, Integer> outcomes = new java.util.EnumMap<>(Occlusion.Hindrance.class);
        for (int row = 0; row < grid.rows(); row++) {
            for (int column = 0; column < grid.columns(); column++) {
                Occlusion.Explanation why = occlusion.explain(radio, column, row);
                assertEquals(heard.contains(column, row), why.hindrance() == Occlusion.Hindrance.NONE);
                assertEquals(
                        why.hindrance() == Occlusion.Hindrance.BLOCKED,
                        why.obstacleId().isPresent());
                outcomes.merge(why.hindrance(), 1, Integer::sum);
            }
        }
        assertEquals(3, outcomes.size(), outcomes::toString);
        assertTrue(outcomes.values().stream().allMatch(count -> count > 50), outcomes::toString);
    }

    @Test
    void aRadioSensorIsAllRoundAndReachesNoFartherThanItsModel() {
        SensorModel model = SensorModel.radio("r", new RadioModel(868, 14, -120, 2, 12, 10));
        assertEquals(SensorModel.MAX_RANGE_MILLIMETRES, model.farMillimetres(), "as far as exact arithmetic goes");
        assertEquals(360, model.horizontalFieldDegrees());
        assertThrows(
                IllegalArgumentException.class, () -> new SensorModel("r", 90, 180, 0, 1_000, 0, RadioModel.WIFI_2400));
    }

    @Test
    void nonsenseIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new RadioModel(0, 0, 0, 2, 0, 0));
        assertThrows(IllegalArgumentException.class, () -> new RadioModel(2400, 0, 0, Double.NaN, 0, 0));
    }
}
