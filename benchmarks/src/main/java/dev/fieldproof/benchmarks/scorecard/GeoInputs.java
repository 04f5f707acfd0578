package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.coverage.Terrain;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Generated inputs for the geo rows, the same ones every time. */
final class GeoInputs {
    static final int RADIUS = 500_000;

    private GeoInputs() {}

    /** Writes a survey of about so many bytes: points, lines and polygons with holes, heights and typed data. */
    static void writeKml(Path file, long bytes) throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 16)) {
            long written = write(
                    out,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<kml xmlns=\"http://www.opengis.net/kml/2.2\">"
                            + "<Document><name>Generated survey</name>\n");
            for (int i = 0; written < bytes; i++) {
                written += write(out, placemark(i, random));
            }
            write(out, "</Document></kml>\n");
        }
    }

    private static int write(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes);
        return bytes.length;
    }

    private static String placemark(int i, SplittableRandom random) {
        double lon = random.nextDouble(9, 10);
        double lat = random.nextDouble(54, 55);
        StringBuilder text = new StringBuilder("<Placemark id=\"p")
                .append(i)
                .append("\"><name>Asset ")
                .append(i)
                .append("</name><description>Seen from the road &amp; surveyed on foot</description><ExtendedData>")
                .append("<Data name=\"height\"><value>")
                .append(random.nextInt(120) / 10.0)
                .append("</value></Data><Data name=\"owner\"><value>Works ")
                .append(random.nextInt(40))
                .append("</value></Data></ExtendedData>");
        switch (i % 3) {
            case 0 ->
                text.append("<Point><coordinates>")
                        .append(position(lon, lat, 12.5))
                        .append("</coordinates></Point>");
            case 1 -> {
                text.append("<LineString><altitudeMode>absolute</altitudeMode><coordinates>");
                for (int k = 0; k < 30; k++) {
                    text.append(position(lon + k * 1e-5, lat + random.nextDouble() * 1e-5, k * 0.25));
                }
                text.append("</coordinates></LineString>");
            }
            default -> {
                text.append("<Polygon><outerBoundaryIs>");
                ring(text, lon, lat, 2e-3, 24);
                text.append("</outerBoundaryIs><innerBoundaryIs>");
                ring(text, lon, lat, 5e-4, 8);
                text.append("</innerBoundaryIs></Polygon>");
            }
        }
        return text.append("</Placemark>\n").toString();
    }

    private static void ring(StringBuilder text, double lon, double lat, double radius, int corners) {
        text.append("<LinearRing><coordinates>");
        for (int k = 0; k <= corners; k++) {
            double turn = 2 * Math.PI * (k % corners) / corners;
            text.append(position(lon + radius * Math.cos(turn), lat + radius * Math.sin(turn), 3.5));
        }
        text.append("</coordinates></LinearRing>");
    }

    private static String position(double lon, double lat, double height) {
        return Math.round(lon * 1e8) / 1e8 + "," + Math.round(lat * 1e8) / 1e8 + "," + height + " ";
    }

    /** A circle of 785,000 cells of one metre. */
    static ZoneGrid grid() {
        return ZoneGrid.square(new PlaneBox(-RADIUS, -RADIUS, RADIUS, RADIUS), 1_000);
    }

    /** An eye in the middle. */
    static Sensor eye(double fieldDegrees) {
        return new Sensor(
                "eye", new PlanePoint(137, 213), 4_000, 30, 0, new SensorModel("m", fieldDegrees, 180, 0, RADIUS, 0));
    }

    /** Rectangles, L shapes and stars of 0.5 to 11.9 m around the eye, but not over it. */
    static List<Obstacle> obstacles(int count) {
        SplittableRandom random = new SplittableRandom(count);
        List<Obstacle> obstacles = new ArrayList<>();
        while (obstacles.size() < count) {
            int x = random.nextInt(-RADIUS, RADIUS);
            int y = random.nextInt(-RADIUS, RADIUS);
            int w = random.nextInt(3_000, 20_000);
            int h = random.nextInt(3_000, 20_000);
            if (Math.hypot(x, y) < 45_000) {
                continue;
            }
            int[] ring = switch (random.nextInt(3)) {
                case 0 -> new int[] {x, y, x + w, y, x + w, y + h, x, y + h};
                case 1 ->
                    new int[] {x, y, x + w, y, x + w, y + h / 3, x + w / 3, y + h / 3, x + w / 3, y + h, x, y + h};
                default -> star(x, y, w);
            };
            obstacles.add(new Obstacle("o" + obstacles.size(), PlanePolygon.ofRing(ring), random.nextInt(500, 11_900)));
        }
        return obstacles;
    }

    private static int[] star(int x, int y, int size) {
        int[] ring = new int[20];
        for (int i = 0; i < 10; i++) {
            double radius = i % 2 == 0 ? size : size * 0.5;
            ring[2 * i] = x + (int) (radius * Math.cos(Math.PI * i / 5));
            ring[2 * i + 1] = y + (int) (radius * Math.sin(Math.PI * i / 5));
        }
        return ring;
    }

    /** Hills with boulders: posts of one metre in whole millimetres. */
    static Terrain terrain(int side) {
        SplittableRandom random = new SplittableRandom(5);
        ZoneGrid grid = ZoneGrid.square(new PlaneBox(0, 0, side * 1_000 - 1, side * 1_000 - 1), 1_000);
        return Terrain.sample(grid, (x, y) -> (int) (20_000 * Math.sin(x / 170_000.0) * Math.cos(y / 130_000.0)
                + 8_000 * Math.sin(x / 37_000.0 + y / 51_000.0)
                + random.nextInt(300)));
    }
}
