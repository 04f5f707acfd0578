package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Jts;
import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.coverage.LineOfSight;
import dev.fieldproof.geo.coverage.LiveCoverage;
import dev.fieldproof.geo.coverage.Occlusion;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Sight past obstacles, ours and the rival's, on the same cells. */
final class SightWork {
    private static final int TARGET = 1_000;
    private static final long WARM_NANOS = 1_500_000_000L;
    private static final long ROUND_NANOS = 1_000_000_000L;
    private static final int NODES = 1_000;
    private static final int SIDE = 1_000;

    private SightWork() {}

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static int inView(double field) {
        return new Occlusion(GeoInputs.grid(), List.of(), TARGET)
                .visible(GeoInputs.eye(field))
                .size();
    }

    /** Millions of cells in view decided in a second of one core. */
    static double rate(int obstacles, double field) {
        Occlusion occlusion = new Occlusion(GeoInputs.grid(), GeoInputs.obstacles(obstacles), TARGET);
        Sensor eye = GeoInputs.eye(field);
        long warm = cpuNanos();
        while (cpuNanos() - warm < WARM_NANOS) {
            occlusion.visible(eye);
        }
        long start = cpuNanos();
        long spent = 0;
        long runs = 0;
        while (spent < ROUND_NANOS) {
            occlusion.visible(eye);
            runs++;
            spent = cpuNanos() - start;
        }
        return (double) runs * inView(field) * 1_000 / spent;
    }

    /** The same for the rival, on cells spread evenly over those in view. */
    static double rivalRate(int obstacles, double field) {
        Jts jts = new Jts();
        for (Obstacle obstacle : GeoInputs.obstacles(obstacles)) {
            jts.add(obstacle.footprint().ring(0), obstacle.heightMillimetres());
        }
        Sensor eye = GeoInputs.eye(field);
        ZoneGrid grid = GeoInputs.grid();
        List<PlanePoint> cells = new ArrayList<>();
        new Occlusion(grid, List.of(), TARGET).visible(eye).forEach((column, row) -> {
            if ((column * 31 + row * 17) % 97 == 0) {
                cells.add(grid.centre(column, row));
            }
        });
        long warm = cpuNanos();
        while (cpuNanos() - warm < WARM_NANOS) {
            seen(jts, eye, cells);
        }
        long start = cpuNanos();
        long spent = 0;
        long count = 0;
        while (spent < ROUND_NANOS) {
            seen(jts, eye, cells);
            count += cells.size();
            spent = cpuNanos() - start;
        }
        return count * 1_000.0 / spent;
    }

    private static int seen(Jts jts, Sensor eye, List<PlanePoint> cells) {
        int seen = 0;
        for (PlanePoint cell : cells) {
            seen += jts.isSeen(
                            eye.position().xMillimetres(),
                            eye.position().yMillimetres(),
                            eye.heightMillimetres(),
                            cell.xMillimetres(),
                            cell.yMillimetres(),
                            TARGET)
                    ? 1
                    : 0;
        }
        return seen;
    }

    /** Cells that differ from the definition, which is asked for every eighth. */
    static double differing(int obstacles) {
        List<Obstacle> scene = GeoInputs.obstacles(obstacles);
        ZoneGrid grid = GeoInputs.grid();
        Sensor eye = GeoInputs.eye(360);
        CellSet seen = new Occlusion(grid, scene, TARGET).visible(eye);
        LineOfSight sight = new LineOfSight(scene);
        int[] differing = {0};
        new Occlusion(grid, List.of(), TARGET).visible(eye).forEach((column, row) -> {
            if ((column + 3 * row) % 8 == 0) {
                boolean free = sight.between(eye.position(), eye.heightMillimetres(), grid.centre(column, row), TARGET)
                        .isEmpty();
                differing[0] += free == seen.contains(column, row) ? 0 : 1;
            }
        });
        return differing[0];
    }

    private static Sensor node(int index, SplittableRandom random) {
        SensorModel model = new SensorModel("m", 110, 180, 0, 60_000, 0);
        // Above every roof, so that no place is refused.
        return new Sensor(
                "n" + index,
                new PlanePoint(random.nextInt(SIDE * 1_000), random.nextInt(SIDE * 1_000)),
                12_000,
                random.nextDouble(360),
                0,
                model);
    }

    private static LiveCoverage live(Occlusion occlusion, SplittableRandom random) {
        List<Sensor> nodes = new ArrayList<>();
        for (int i = 0; i < NODES; i++) {
            nodes.add(node(i, random));
        }
        return new LiveCoverage(occlusion, nodes, 3);
    }

    private static Occlusion site() {
        ZoneGrid grid = ZoneGrid.square(new PlaneBox(0, 0, SIDE * 1_000 - 1, SIDE * 1_000 - 1), 1_000);
        return new Occlusion(grid, GeoInputs.obstacles(200), TARGET);
    }

    static double editMillis() {
        Occlusion occlusion = site();
        SplittableRandom random = new SplittableRandom(3);
        LiveCoverage live = live(occlusion, random);
        double[] millis = new double[301];
        for (int i = 0; i < millis.length; i++) {
            int index = random.nextInt(NODES);
            Sensor moved = node(index, random);
            long start = cpuNanos();
            live.replace(index, moved);
            millis[i] = (cpuNanos() - start) / 1e6;
        }
        Arrays.sort(millis);
        return millis[millis.length / 2];
    }

    static double editDiffering() {
        Occlusion occlusion = site();
        SplittableRandom random = new SplittableRandom(4);
        LiveCoverage live = live(occlusion, random);
        for (int i = 0; i < 100; i++) {
            int index = random.nextInt(NODES);
            live.replace(index, node(index, random));
        }
        LiveCoverage anew = new LiveCoverage(occlusion, live.sensors(), 3);
        int differing = 0;
        for (int k = 1; k <= 3; k++) {
            CellSet now = live.seenByAtLeast(k);
            CellSet then = anew.seenByAtLeast(k);
            differing += now.copy().removeAll(then).size()
                    + then.copy().removeAll(now).size();
        }
        return differing;
    }
}
