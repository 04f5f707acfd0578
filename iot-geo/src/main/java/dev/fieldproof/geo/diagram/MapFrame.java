package dev.fieldproof.geo.diagram;

import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePolygon;
import java.util.List;

/**
 * Where the site lies on the page: a true scale, north up.
 *
 * @param scale millimetres on the ground for one on paper
 * @param left of the site's west edge on the page, in millimetres
 * @param top of the site's north edge on the page, in millimetres
 * @param box of the site
 */
record MapFrame(int scale, double left, double top, PlaneBox box) {
    private static final int[] SCALES = {
        50, 100, 200, 250, 500, 750, 1000, 1250, 1500, 2000, 2500, 3000, 4000, 5000, 7500, 10_000, 15_000, 20_000,
        25_000, 50_000, 100_000, 200_000, 500_000, 1_000_000
    };

    /** Centres a site in an area of the page at the largest round scale that fits. */
    static MapFrame fit(PlaneBox box, double x, double y, double width, double height) {
        double wide = (double) box.maxX() - box.minX();
        double high = (double) box.maxY() - box.minY();
        int scale = SCALES[SCALES.length - 1];
        for (int i = SCALES.length - 1; i >= 0; i--) {
            if (wide / SCALES[i] <= width && high / SCALES[i] <= height) {
                scale = SCALES[i];
            }
        }
        return new MapFrame(scale, x + (width - wide / scale) / 2, y + (height - high / scale) / 2, box);
    }

    double x(double siteMillimetres) {
        return left + (siteMillimetres - box.minX()) / scale;
    }

    double y(double siteMillimetres) {
        return top + (box.maxY() - siteMillimetres) / scale;
    }

    /** The path data of polygons. */
    String path(List<PlanePolygon> polygons) {
        StringBuilder path = new StringBuilder();
        for (PlanePolygon polygon : polygons) {
            for (int r = 0; r < polygon.ringCount(); r++) {
                int[] ring = polygon.ring(r);
                for (int i = 0; i < ring.length; i += 2) {
                    path.append(i == 0 ? 'M' : 'L').append(SvgWriter.number(x(ring[i])));
                    path.append(' ').append(SvgWriter.number(y(ring[i + 1])));
                }
                path.append('Z');
            }
        }
        return path.toString();
    }
}
