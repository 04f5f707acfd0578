package dev.fieldproof.geo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import org.junit.jupiter.api.Test;

class LocalProjectionTest {
    @Test
    void theOriginIsZero() {
        assertEquals(
                new PlanePoint(0, 0),
                LocalProjection.centredOn(new GeoPosition(9.98, 54.5)).toPlane(9.98, 54.5));
    }

    @Test
    void northIsUpAndEastIsRightAlsoAcrossTheAntimeridian() {
        LocalProjection plane = LocalProjection.centredOn(new GeoPosition(179.9999, -17));
        PlanePoint east = plane.toPlane(-179.9999, -17);
        PlanePoint north = plane.toPlane(179.9999, -16.9999);
        assertTrue(east.xMillimetres() > 21_000 && Math.abs(east.yMillimetres()) < 10, east::toString);
        assertTrue(north.yMillimetres() > 11_000 && Math.abs(north.xMillimetres()) < 10, north::toString);
    }

    @Test
    void theInverseUndoesTheProjection() {
        SeededRuns.check(500, random -> {
            GeoPosition origin = new GeoPosition(random.nextDouble(-180, 180), random.nextDouble(-88, 88));
            LocalProjection plane = LocalProjection.centredOn(origin);
            double x = random.nextDouble(-25_000, 25_000);
            double y = random.nextDouble(-25_000, 25_000);
            GeoPosition position = plane.toPosition(x, y);
            double[] back = new double[2];
            plane.project(position.longitudeDegrees(), position.latitudeDegrees(), back);
            assertEquals(x, back[0], 1e-6);
            assertEquals(y, back[1], 1e-6);
        });
    }

    @Test
    void whatIsTooFarIsRefusedWithTheDistance() {
        LocalProjection plane = LocalProjection.centredOn(new GeoPosition(0, 0));
        var e = assertThrows(IllegalArgumentException.class, () -> plane.toPlane(90, 0));
        assertTrue(e.getMessage().contains("9020 km"), e::getMessage);
    }
}
