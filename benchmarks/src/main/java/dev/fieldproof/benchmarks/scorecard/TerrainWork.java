package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Gdal;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.coverage.Terrain;
import dev.fieldproof.geo.coverage.TerrainView;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Sight over hills, ours and the rival's, on the same posts. */
final class TerrainWork {
    private static final int SIDE = 2_000;
    private static final int EYE = 2_000;
    private static final int TARGET = 1_000;
    private static final int RUNS = 12;

    private TerrainWork() {}

    private static Sensor eye() {
        int middle = SIDE / 2 * 1_000 + 500;
        return new Sensor(
                "eye", new PlanePoint(middle, middle), EYE, 0, 0, SensorModel.omnidirectional("m", 5_000_000));
    }

    /** Millions of posts in a second by the wall clock, best of a few: what a user waits for. */
    static double rate() {
        TerrainView view = new TerrainView(GeoInputs.terrain(SIDE), TARGET);
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 2 * RUNS; i++) {
            long start = System.nanoTime();
            view.visibleInParallel(eye());
            best = Math.min(best, System.nanoTime() - start);
        }
        return (double) SIDE * SIDE * 1_000 / best;
    }

    /** Reads the rival's raster, computes and writes the rival's output: what {@link #processRate} runs. */
    public static void main(String[] arguments) throws IOException {
        int[] heights = new int[SIDE * SIDE];
        try (FileChannel file = FileChannel.open(Path.of(arguments[0]))) {
            IntBuffer posts = file.map(FileChannel.MapMode.READ_ONLY, 0, 4L * heights.length)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asIntBuffer();
            for (int row = SIDE - 1; row >= 0; row--) {
                posts.get(heights, row * SIDE, SIDE);
            }
        }
        ZoneGrid grid = ZoneGrid.square(new PlaneBox(0, 0, SIDE * 1_000 - 1, SIDE * 1_000 - 1), 1_000);
        CellSet seen = new TerrainView(Terrain.of(grid, heights), TARGET).visibleInParallel(eye());
        byte[] bytes = new byte[heights.length];
        seen.forEach((column, row) -> bytes[(SIDE - 1 - row) * SIDE + column] = -1);
        Files.write(Path.of(arguments[1]), bytes);
    }

    /** The same as a whole process that starts cold, as the rival does. */
    static double processRate() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("viewshed");
        try {
            Path raster = raster(folder);
            double best = Double.MAX_VALUE;
            for (int i = 0; i < RUNS; i++) {
                best = Math.min(
                        best,
                        ConversionWork.fork(
                                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseParallelGC", "-Xms200m"),
                                TerrainWork.class,
                                raster.toString(),
                                folder.resolve("seen.img").toString()));
            }
            return SIDE / 1e6 * SIDE / best;
        } finally {
            ConversionWork.delete(folder);
        }
    }

    static double rivalRate() throws IOException, InterruptedException {
        if (!Gdal.isInstalled(Gdal.VIEWSHED)) {
            return Double.NaN;
        }
        Path folder = Files.createTempDirectory("viewshed");
        try {
            Path raster = raster(folder);
            double best = Double.MAX_VALUE;
            for (int i = 0; i < RUNS; i++) {
                best = Math.min(best, view(raster, folder).wallSeconds());
            }
            return SIDE / 1e6 * SIDE / best;
        } finally {
            ConversionWork.delete(folder);
        }
    }

    private static Path raster(Path folder) throws IOException {
        Terrain terrain = GeoInputs.terrain(SIDE);
        int[] heights = new int[SIDE * SIDE];
        for (int i = 0; i < heights.length; i++) {
            heights[i] = terrain.heightMillimetres(i % SIDE, i / SIDE);
        }
        Path raster = folder.resolve("posts.img");
        Gdal.writeRaster(raster, SIDE, heights);
        return raster;
    }

    private static Gdal.Run view(Path raster, Path folder) throws IOException, InterruptedException {
        Sensor eye = eye();
        return Gdal.viewshed(
                raster,
                folder.resolve("seen.img"),
                eye.position().xMillimetres(),
                eye.position().yMillimetres(),
                EYE,
                TARGET);
    }

    static double wrong() {
        Terrain terrain = GeoInputs.terrain(SIDE);
        return differing(terrain, new TerrainView(terrain, TARGET).visibleInParallel(eye()));
    }

    static double rivalWrong() throws IOException, InterruptedException {
        if (!Gdal.isInstalled(Gdal.VIEWSHED)) {
            return Double.NaN;
        }
        Path folder = Files.createTempDirectory("viewshed");
        try {
            view(raster(folder), folder);
            byte[] bytes = Files.readAllBytes(folder.resolve("seen.img"));
            Terrain terrain = GeoInputs.terrain(SIDE);
            CellSet seen = new CellSet(terrain.grid());
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] != 0) {
                    seen.add(i % SIDE, SIDE - 1 - i / SIDE);
                }
            }
            return differing(terrain, seen);
        } finally {
            ConversionWork.delete(folder);
        }
    }

    private static double differing(Terrain terrain, CellSet seen) {
        int middle = SIDE / 2;
        long eye = terrain.heightMillimetres(middle, middle) + (long) EYE;
        int differing = 0;
        for (int row = 0; row < SIDE; row++) {
            for (int column = 0; column < SIDE; column++) {
                differing += isSeen(terrain, eye, column - middle, row - middle) == seen.contains(column, row) ? 0 : 1;
            }
        }
        return differing;
    }

    /** The line of sight in whole numbers, written apart from the library: at each crossing, is the ground higher? */
    private static boolean isSeen(Terrain terrain, long eye, int dx, int dy) {
        int middle = SIDE / 2;
        long rise = terrain.heightMillimetres(middle + dx, middle + dy) + TARGET - eye;
        int sx = Integer.signum(dx);
        int sy = Integer.signum(dy);
        int ax = Math.abs(dx);
        int ay = Math.abs(dy);
        for (int m = 1; m < ax; m++) {
            int k = (int) ((long) ay * m / ax);
            int part = (int) ((long) ay * m % ax);
            int x = middle + m * sx;
            long ground = (terrain.heightMillimetres(x, middle + k * sy) - eye) * (ax - part);
            if (part != 0) {
                ground += (terrain.heightMillimetres(x, middle + (k + 1) * sy) - eye) * part;
            }
            if (ground > rise * m) {
                return false;
            }
        }
        for (int n = 1; n < ay; n++) {
            int k = (int) ((long) ax * n / ay);
            int part = (int) ((long) ax * n % ay);
            int y = middle + n * sy;
            long ground = (terrain.heightMillimetres(middle + k * sx, y) - eye) * (ay - part);
            if (part != 0) {
                ground += (terrain.heightMillimetres(middle + (k + 1) * sx, y) - eye) * part;
            }
            if (ground > rise * n) {
                return false;
            }
        }
        return true;
    }
}
