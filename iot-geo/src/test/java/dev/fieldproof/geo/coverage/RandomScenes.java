package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.Obstacle;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.PlanePolygon;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws obstacles and sensors that are hard to get right: touching, concave, overlapping, on the lattice, slivers. */
final class RandomScenes {
    private final RandomGenerator random;

    /** On a lattice, corners, eyes and cell centres fall on the same lines. */
    private final boolean lattice;

    private final int extent;
    private final int unit;

    RandomScenes(RandomGenerator random, int extentMillimetres, int cellMillimetres) {
        this.random = random;
        lattice = random.nextBoolean();
        extent = extentMillimetres;
        unit = cellMillimetres / 2;
    }

    private int coordinate(int low, int high) {
        int value = random.nextInt(low, high + 1);
        return lattice ? value / unit * unit : value;
    }

    List<Obstacle> obstacles(int count) {
        List<Obstacle> obstacles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            try {
                obstacles.add(new Obstacle("o" + i, footprint(), height()));
            } catch (IllegalArgumentException e) {
                // A shape without area, as lattice rounding makes some: one obstacle fewer.
            }
        }
        return obstacles;
    }

    int height() {
        return random.nextInt(3) == 0 ? random.nextInt(1, 12_000) : random.nextInt(1, 12) * 1_000;
    }

    private PlanePolygon footprint() {
        int x = coordinate(0, extent);
        int y = coordinate(0, extent);
        int w = coordinate(unit, extent / 4);
        int h = random.nextInt(6) == 0 ? coordinate(1, unit) : coordinate(unit, extent / 4);
        return switch (random.nextInt(7)) {
            case 0, 1 -> PlanePolygon.ofRing(x, y, x + w, y, x + w, y + h, x, y + h);
            case 2 ->
                PlanePolygon.ofRing(x, y, x + w, y, x + w, y + h / 2, x + w / 2, y + h / 2, x + w / 2, y + h, x, y + h);
            case 3 ->
                PlanePolygon.ofRing(
                        x,
                        y,
                        x + w,
                        y,
                        x + w,
                        y + h,
                        x + w * 2 / 3,
                        y + h,
                        x + w * 2 / 3,
                        y + h / 3,
                        x + w / 3,
                        y + h / 3,
                        x + w / 3,
                        y + h,
                        x,
                        y + h);
            case 4 -> star(x, y, Math.max(w, h));
            case 5 ->
                PlanePolygon.of(List.of(
                        new int[] {x, y, x + 4 * unit + w, y, x + 4 * unit + w, y + 4 * unit + h, x, y + 4 * unit + h},
                        new int[] {
                            x + unit,
                            y + unit,
                            x + unit + w,
                            y + unit,
                            x + unit + w,
                            y + unit + h,
                            x + unit,
                            y + unit + h
                        }));
            default ->
                PlanePolygon.ofRing(
                        x, y, coordinate(0, extent), coordinate(0, extent), x + w, y + h, coordinate(0, extent), y);
        };
    }

    private PlanePolygon star(int x, int y, int size) {
        int corners = random.nextInt(3, 9) * 2;
        int[] ring = new int[2 * corners];
        for (int i = 0; i < corners; i++) {
            double radius = i % 2 == 0 ? size : size * 0.4;
            ring[2 * i] = x + (int) (radius * Math.cos(2 * Math.PI * i / corners));
            ring[2 * i + 1] = y + (int) (radius * Math.sin(2 * Math.PI * i / corners));
        }
        return PlanePolygon.ofRing(ring);
    }

    Sensor sensor(String id) {
        double field = List.of(360.0, 90.0, 180.0, 270.0, 37.5).get(random.nextInt(5));
        int far = random.nextInt(extent / 4, extent * 2);
        int near = random.nextInt(3) == 0 ? random.nextInt(far / 2) : 0;
        double vertical = random.nextInt(3) == 0 ? random.nextDouble(20, 120) : 180;
        double tilt = vertical == 180 ? 0 : random.nextDouble(-20, 40);
        double azimuth = lattice ? random.nextInt(8) * 45.0 : random.nextDouble(360);
        return new Sensor(
                id,
                new PlanePoint(coordinate(0, extent), coordinate(0, extent)),
                height(),
                azimuth,
                tilt,
                new SensorModel("m", field, vertical, near, far, 0));
    }

    /** An eye a millimetre beside a wall, or in line with one, else anywhere. */
    Sensor sensor(String id, List<Obstacle> obstacles) {
        Sensor anywhere = sensor(id);
        if (obstacles.isEmpty() || random.nextBoolean()) {
            return anywhere;
        }
        int[] ring = obstacles.get(random.nextInt(obstacles.size())).footprint().ring(0);
        int corner = random.nextInt(ring.length / 2) * 2;
        int x = ring[corner] + random.nextInt(-1, 2) * (random.nextBoolean() ? 1 : unit);
        int y = ring[corner + 1] + random.nextInt(-1, 2) * (random.nextBoolean() ? 1 : unit);
        return new Sensor(
                id,
                new PlanePoint(x, y),
                anywhere.heightMillimetres(),
                anywhere.azimuthDegrees(),
                anywhere.tiltDegrees(),
                anywhere.model());
    }
}
