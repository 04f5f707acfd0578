package dev.fieldproof.geo.coverage;

import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import java.util.List;

/**
 * Cuts the shadows of prisms out of a sensor's view. A prism's shadow is the union of the shadows of those edges that
 * face the eye, each an intersection of half-planes, and, where the eye is above a roof on which targets could stand,
 * of the footprint scaled from the eye. Gives the same cells as {@link SightLine}, by whole-number arithmetic alone.
 * Used once; not thread-safe.
 */
final class ShadowCaster {
    private final VisibleRows rows;
    private final SensorField field;
    private final WedgeRaster wedge;
    private final RoofFill roof;
    private final DarkBins bins = new DarkBins();
    private final double range;

    ShadowCaster(ZoneGrid grid, SensorField field) {
        this.field = field;
        rows = new VisibleRows(grid, field);
        wedge = new WedgeRaster(rows);
        roof = new RoofFill(rows);
        range = field.farMillimetres() + 1.0;
        if (field.sides() == 1) {
            bins.darkenOutside(field.leftX(), field.leftY(), field.rightX(), field.rightY());
        }
    }

    /** What is left when all prisms have cast their shadows. */
    CellSet visible(List<Prism> prisms) {
        if (rows.bottom() > rows.top()) {
            return rows.cells();
        }
        long[] order = new long[prisms.size()];
        int count = 0;
        for (int i = 0; i < order.length; i++) {
            long distance = prisms.get(i).distance(field.x(), field.y());
            if (distance <= field.farMillimetres()
                    && !field.passesBy(prisms.get(i).box())) {
                order[count++] = (distance << 24) | i;
            }
        }
        java.util.Arrays.sort(order, 0, count);
        for (int i = 0; i < count; i++) {
            cast(prisms.get((int) (order[i] & 0xff_ffff)));
        }
        return rows.cells();
    }

    private void cast(Prism prism) {
        long eye = field.eyeMillimetres();
        long target = field.targetMillimetres();
        long top = prism.top();
        if (top < Math.min(eye, target) || (top == eye && top < target)) {
            return;
        }
        // The ratio at which the shadow ends (low) or begins (mid), in lowest terms.
        long times = 1;
        long over = 1;
        if (top < Math.max(eye, target)) {
            long shared = Exact.gcd(eye - target, eye - top);
            times = Math.abs(eye - target) / shared;
            over = Math.abs(eye - top) / shared;
        }
        if (!fits(prism, times, over)) {
            slowly(prism);
        } else if (top < target) {
            edges(prism, Kind.MID, times, over);
        } else if (top >= eye) {
            edges(prism, Kind.TALL, 1, 1);
        } else if (times == over || edges(prism, Kind.LOW, times, over)) {
            roof.fill(prism, times, over);
        }
    }

    private enum Kind {
        TALL,
        LOW,
        MID
    }

    /** Whether all products stay within 64 bits. */
    private boolean fits(Prism prism, long times, long over) {
        double reach = prism.reach(field.x(), field.y());
        double grid = rows.grid().columnPitch() * 2.0 + Math.abs((double) rows.x(0)) + Math.abs((double) rows.y(0));
        double side = Math.max(reach, range + grid);
        return 8.0 * Math.max(times, over) * reach * side * 2 < Long.MAX_VALUE / 4.0;
    }

    /** Cell by cell, for shapes so large that products would not fit. */
    private void slowly(Prism prism) {
        for (int row = rows.bottom(); row <= rows.top(); row++) {
            int y = rows.grid().y(row);
            int last = rows.last(row);
            for (int column = rows.first(row); column <= last; column++) {
                int x = rows.grid().x(column, row);
                if (SightLine.isBlocked(
                        prism, field.x(), field.y(), field.eyeMillimetres(), x, y, field.targetMillimetres())) {
                    rows.clear(row, column, column);
                }
            }
        }
    }

    /** Casts the shadows of edges; false if all lay in the dark already and the eye is off the prism's box. */
    private boolean edges(Prism prism, Kind kind, long times, long over) {
        boolean drawn = prism.distance(field.x(), field.y()) == 0;
        for (int[] ring : prism.rings()) {
            int last = ring.length - 2;
            for (int i = 0, j = last; i <= last; j = i, i += 2) {
                long ax = (long) ring[j] - field.x();
                long ay = (long) ring[j + 1] - field.y();
                long bx = (long) ring[i] - field.x();
                long by = (long) ring[i + 1] - field.y();
                long c = ax * by - ay * bx;
                if (c < 0) {
                    drawn |= edge(kind, ax, ay, bx, by, c, times, over);
                } else if (c > 0 && !prism.simple()) {
                    drawn |= edge(kind, bx, by, ax, ay, -c, times, over);
                }
            }
        }
        return drawn;
    }

    /** Casts the shadow of one edge, b clockwise of a; false if it falls into the dark. */
    private boolean edge(Kind kind, long ax, long ay, long bx, long by, long c, long times, long over) {
        long nx = ay - by;
        long ny = bx - ax;
        double scale = kind == Kind.MID ? (double) times / over : 1;
        double nearest = (double) -c / (Math.abs(nx) + Math.abs(ny)) * scale;
        if (nearest > range * 1.000001) {
            return false;
        }
        if (bins.allDark((double) ax, (double) ay, (double) bx, (double) by, nearest * 0.999999)) {
            return false;
        }
        wedge.begin();
        wedge.plane(ay, -ax, 0);
        wedge.plane(-by, bx, 0);
        if (kind == Kind.MID) {
            wedge.plane(over * nx, over * ny, times * -c);
        } else {
            wedge.plane(nx, ny, -c);
        }
        double lowY = Math.min(ay, by) * scale;
        double highY = Math.max(ay, by) * scale;
        if (kind == Kind.LOW) {
            wedge.plane(-over * nx, -over * ny, times * c);
            double k = (double) times / over;
            wedge.fill(Math.min(lowY, lowY * k), Math.max(highY, highY * k));
            return true;
        }
        double aEnd = ay * range / Math.max(Math.abs(ax), Math.abs(ay));
        double bEnd = by * range / Math.max(Math.abs(bx), Math.abs(by));
        lowY = Math.min(lowY, Math.min(aEnd, bEnd));
        highY = Math.max(highY, Math.max(aEnd, bEnd));
        if (bx >= 0 && ax <= 0) {
            highY = range;
        }
        if (bx <= 0 && ax >= 0) {
            lowY = -range;
        }
        wedge.fill(Math.max(lowY, -range), Math.min(highY, range));
        double farthest = Math.max(Math.max(Math.abs(ax), Math.abs(ay)), Math.max(Math.abs(bx), Math.abs(by))) * scale;
        bins.darken((double) ax, (double) ay, (double) bx, (double) by, farthest * 1.000001);
        return true;
    }
}
