package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Karney;
import dev.fieldproof.geo.GeoPosition;
import dev.fieldproof.geo.LocalProjection;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/** How true the plane is, and how fast. */
final class PlaneWork {
    static final int POINTS = 1_000;
    private static final double[][] SITES = {{-34, 151}, {0, 0}, {17, 179.95}, {45, 7}, {54.5, 10}, {70, -150}};

    private PlaneWork() {}

    static double worstMillimetres(double diameterMetres) {
        SplittableRandom random = new SplittableRandom(7);
        double worst = 0;
        for (double[] site : SITES) {
            double[][] points = points(site, diameterMetres, 60, random);
            LocalProjection plane = LocalProjection.centredOn(new GeoPosition(site[1], site[0]));
            double[][] flat = new double[points.length][2];
            for (int i = 0; i < points.length; i++) {
                plane.project(points[i][0], points[i][1], flat[i]);
                for (int j = 0; j < i; j++) {
                    double exact = Karney.distanceMetres(points[i][1], points[i][0], points[j][1], points[j][0]);
                    double ours = Math.hypot(flat[i][0] - flat[j][0], flat[i][1] - flat[j][1]);
                    worst = Math.max(worst, Math.abs(ours - exact));
                }
            }
        }
        return worst * 1_000;
    }

    private static double[][] points(double[] site, double diameterMetres, int count, SplittableRandom random) {
        double[][] points = new double[count][];
        for (int i = 0; i < count; i++) {
            // A third lies on the rim, where errors are greatest.
            double radius = diameterMetres / 2 * (i % 3 == 0 ? 1 : Math.sqrt(random.nextDouble()));
            points[i] = Karney.destination(site[0], site[1], random.nextDouble(360), radius);
        }
        return points;
    }

    static Callable<?> project() {
        double[][] points = points(SITES[4], 10_000, POINTS, new SplittableRandom(1));
        LocalProjection plane = LocalProjection.centredOn(new GeoPosition(SITES[4][1], SITES[4][0]));
        double[] xy = new double[2];
        return () -> {
            double sum = 0;
            for (double[] point : points) {
                plane.project(point[0], point[1], xy);
                sum += xy[0] + xy[1];
            }
            return sum;
        };
    }

    static Callable<?> inverse() {
        double[][] points = points(SITES[4], 10_000, POINTS, new SplittableRandom(1));
        return () -> {
            double sum = 0;
            for (double[] point : points) {
                sum += Karney.distanceMetres(SITES[4][0], SITES[4][1], point[1], point[0]);
            }
            return sum;
        };
    }
}
