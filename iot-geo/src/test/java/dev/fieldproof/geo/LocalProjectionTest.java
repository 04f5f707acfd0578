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

    /** Karney's geodesics are exact to nanometres; so is what they say of the distance between two points. */
    private static double worstErrorMetres(double diameterMetres) {
        double[][] sites = {{-34, 151}, {0, 0}, {17, 179.95}, {45, 7}, {54.5, 10}, {70, -150}};
        double worst = 0;
        var random = new java.util.SplittableRandom(7);
        for (double[] site : sites) {
            LocalProjection plane = LocalProjection.centredOn(new GeoPosition(site[1], site[0]));
            double[][] points = new double[60][];
            double[][] projected = new double[60][2];
            for (int i = 0; i < points.length; i++) {
                double radius = diameterMetres / 2 * Math.sqrt(random.nextDouble());
                var at = net.sf.geographiclib.Geodesic.WGS84.Direct(
                        site[0], site[1], random.nextDouble(360), i < 20 ? diameterMetres / 2 : radius);
                points[i] = new double[] {at.lat2, at.lon2};
                plane.project(at.lon2, at.lat2, projected[i]);
            }
            for (int i = 0; i < points.length; i++) {
                for (int j = 0; j < i; j++) {
                    double exact = net.sf.geographiclib.Geodesic.WGS84.Inverse(
                                    points[i][0], points[i][1], points[j][0], points[j][1])
                            .s12;
                    double ours = Math.hypot(projected[i][0] - projected[j][0], projected[i][1] - projected[j][1]);
                    worst = Math.max(worst, Math.abs(ours - exact));
                }
            }
        }
        return worst;
    }

    @Test
    void distancesOnAnOrdinarySiteAreRightWithinAMillimetre() {
        double worst = worstErrorMetres(10_000);
        assertTrue(worst <= 0.001 && worst > 1e-6, () -> "worst: " + worst);
    }

    @Test
    void distancesOnALargeSiteAreRightWithinFiveCentimetres() {
        double worst = worstErrorMetres(50_000);
        assertTrue(worst <= 0.050, () -> "worst: " + worst);
    }

    /** The definition with the platform's sines, cosines and arcsine, in coordinates from the earth's centre. */
    private static double[] byDefinition(GeoPosition origin, double lonDegrees, double latDegrees) {
        double[] o = centric(origin.longitudeDegrees(), origin.latitudeDegrees());
        double[] p = centric(lonDegrees, latDegrees);
        double lat = Math.toRadians(origin.latitudeDegrees());
        double lon = Math.toRadians(origin.longitudeDegrees());
        double dx = p[0] - o[0];
        double dy = p[1] - o[1];
        double dz = p[2] - o[2];
        double east = Math.cos(lon) * dy - Math.sin(lon) * dx;
        double outward = Math.cos(lon) * dx + Math.sin(lon) * dy;
        double north = Math.cos(lat) * dz - Math.sin(lat) * outward;
        double chord = Math.sqrt(dx * dx + dy * dy + dz * dz);
        double w2 = 1 - E2 * Math.sin(lat) * Math.sin(lat);
        double radius = 6_378_137.0 * Math.sqrt(1 - E2) / w2;
        double scale = 2 * radius * Math.asin(chord / (2 * radius)) / Math.hypot(east, north);
        return new double[] {east * scale, north * scale, chord};
    }

    private static final double E2 = (2 - 1 / 298.257223563) / 298.257223563;

    private static double[] centric(double lonDegrees, double latDegrees) {
        double lat = Math.toRadians(latDegrees);
        double lon = Math.toRadians(lonDegrees);
        double n = 6_378_137.0 / Math.sqrt(1 - E2 * Math.sin(lat) * Math.sin(lat));
        return new double[] {
            n * Math.cos(lat) * Math.cos(lon), n * Math.cos(lat) * Math.sin(lon), n * (1 - E2) * Math.sin(lat)
        };
    }

    @Test
    void theSeriesAgreeWithTheDefinitionWithinAMicrometreAsFarAsIsAllowed() {
        int[] far = {0};
        SeededRuns.check(20_000, random -> {
            GeoPosition origin = new GeoPosition(random.nextDouble(-180, 180), random.nextDouble(-90, 90));
            double reach = Math.pow(10, random.nextDouble(-5, 1));
            double lat = Math.max(-90, Math.min(90, origin.latitudeDegrees() + random.nextDouble(-reach, reach)));
            double wide = Math.min(180, reach / Math.max(0.01, Math.cos(Math.toRadians(lat))));
            double lon = origin.longitudeDegrees() + random.nextDouble(-wide, wide);
            double[] exact = byDefinition(origin, lon, lat);
            if (exact[2] < LocalProjection.MAX_RADIUS_METRES && exact[2] > 0.01) {
                double[] xy = new double[2];
                LocalProjection.centredOn(origin).project(random.nextBoolean() ? lon : lon - 360, lat, xy);
                // Both forms lose a few units in the last place of six million metres.
                assertEquals(exact[0], xy[0], 1e-6);
                assertEquals(exact[1], xy[1], 1e-6);
                far[0] += exact[2] > 900_000 ? 1 : 0;
            }
        });
        assertTrue(far[0] > 20, () -> "only " + far[0] + " near the limit");
    }

    @Test
    void whatIsTooFarIsRefusedWithTheDistance() {
        LocalProjection plane = LocalProjection.centredOn(new GeoPosition(0, 0));
        var e = assertThrows(IllegalArgumentException.class, () -> plane.toPlane(90, 0));
        assertTrue(e.getMessage().contains("9020 km"), e::getMessage);
    }
}
