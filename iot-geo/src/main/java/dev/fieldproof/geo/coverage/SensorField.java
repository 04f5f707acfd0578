package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;

/**
 * A sensor's field of view on the plane of targets, with every limit rounded once to an integer, so that all later
 * decisions are exact. On the limit counts as inside. Immutable and thread-safe.
 *
 * @param x of the eye in millimetres
 * @param y of the eye in millimetres
 * @param eyeMillimetres height of the eye
 * @param targetMillimetres height of what is to be seen
 * @param nearMillimetres least distance along the ground
 * @param farMillimetres greatest distance along the ground; less than near if nothing can be seen
 * @param sides 0 sees all around, 1 is a sector up to 180 degrees, 2 is one of more
 * @param rightX direction of the clockwise limit
 * @param rightY direction of the clockwise limit
 * @param leftX direction of the counter-clockwise limit
 * @param leftY direction of the counter-clockwise limit
 */
record SensorField(
        int x,
        int y,
        int eyeMillimetres,
        int targetMillimetres,
        int nearMillimetres,
        int farMillimetres,
        int sides,
        int rightX,
        int rightY,
        int leftX,
        int leftY) {
    private static final int DIRECTION_SCALE = 1 << 15;

    static SensorField of(Sensor sensor, int targetMillimetres) {
        SensorModel model = sensor.model();
        double half = Math.toRadians(model.horizontalFieldDegrees() / 2);
        double azimuth = Math.toRadians(sensor.azimuthDegrees());
        int sides = model.horizontalFieldDegrees() >= 360 ? 0 : model.horizontalFieldDegrees() <= 180 ? 1 : 2;
        double drop = (double) sensor.heightMillimetres() - targetMillimetres;
        double down = sensor.tiltDegrees() + model.verticalFieldDegrees() / 2;
        double up = sensor.tiltDegrees() - model.verticalFieldDegrees() / 2;
        // Targets above the eye are the mirror image of those below.
        double steepest = drop >= 0 ? down : -up;
        double flattest = drop >= 0 ? up : -down;
        double far = model.farMillimetres();
        double near = model.nearMillimetres();
        if (drop == 0) {
            far = down >= 0 && up <= 0 ? far : -1;
        } else {
            if (steepest < 90) {
                near = steepest <= 0
                        ? Double.MAX_VALUE
                        : Math.max(near, Math.abs(drop) / Math.tan(Math.toRadians(steepest)));
            }
            if (flattest > 0) {
                far = flattest >= 90 ? 0 : Math.min(far, Math.abs(drop) / Math.tan(Math.toRadians(flattest)));
            }
        }
        return new SensorField(
                sensor.position().xMillimetres(),
                sensor.position().yMillimetres(),
                sensor.heightMillimetres(),
                targetMillimetres,
                (int) Math.rint(Math.min(near, Integer.MAX_VALUE)),
                (int) Math.rint(far),
                sides,
                (int) Math.rint(DIRECTION_SCALE * Math.sin(azimuth + half)),
                (int) Math.rint(DIRECTION_SCALE * Math.cos(azimuth + half)),
                (int) Math.rint(DIRECTION_SCALE * Math.sin(azimuth - half)),
                (int) Math.rint(DIRECTION_SCALE * Math.cos(azimuth - half)));
    }

    /** Whether a target at a point relative to the eye is within range and view, obstacles aside. */
    boolean reaches(long dx, long dy) {
        long square = dx * dx + dy * dy;
        if (square > (long) farMillimetres * farMillimetres
                || square < (long) nearMillimetres * nearMillimetres
                || farMillimetres < nearMillimetres) {
            return false;
        }
        if (sides == 0) {
            return true;
        }
        boolean leftOfRight = rightX * dy - rightY * dx >= 0;
        boolean rightOfLeft = leftX * dy - leftY * dx <= 0;
        return sides == 1 ? leftOfRight && rightOfLeft : leftOfRight || rightOfLeft;
    }

    /** Whether nothing in a box can be seen or hide anything: it lies wholly beyond one limit of the view. */
    boolean passesBy(PlaneBox box) {
        return sides == 1 && (isBeyond(box, rightY, -rightX) || isBeyond(box, -leftY, leftX));
    }

    /** Whether {@code a * dx + b * dy > 0} at every corner. */
    private boolean isBeyond(PlaneBox box, int a, int b) {
        long dx = (a > 0 ? (long) box.minX() : box.maxX()) - x;
        long dy = (b > 0 ? (long) box.minY() : box.maxY()) - y;
        return a * dx + b * dy > 0;
    }
}
