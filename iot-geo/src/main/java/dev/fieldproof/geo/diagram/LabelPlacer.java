package dev.fieldproof.geo.diagram;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds room for labels: each takes the first of its places that nothing else holds. Not thread-safe. */
final class LabelPlacer {
    /** Width of an average bold character over the font's size. */
    private static final double CHARACTER_WIDTH = 0.6;

    /**
     * Room taken on the page, in millimetres.
     *
     * @param left edge
     * @param top edge
     * @param right edge
     * @param bottom edge
     */
    record Box(double left, double top, double right, double bottom) {
        boolean meets(Box other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }

        boolean within(Box other) {
            return left >= other.left && right <= other.right && top >= other.top && bottom <= other.bottom;
        }
    }

    private final Box page;
    private final List<Box> taken = new ArrayList<>();

    LabelPlacer(Box page) {
        this.page = page;
    }

    static double width(String text, double fontSize) {
        return text.length() * fontSize * CHARACTER_WIDTH;
    }

    /** Takes room for something that is drawn in any case. */
    void take(Box box) {
        taken.add(box);
    }

    List<Box> taken() {
        return taken;
    }

    boolean isFree(Box box) {
        return box.within(page) && taken.stream().noneMatch(box::meets);
    }

    /** Finds a place for a label beside a point, the middle of its text; null if there is none. */
    double @Nullable [] beside(double x, double y, String text, double fontSize, double gap) {
        double w = width(text, fontSize) / 2;
        double h = fontSize / 2;
        for (double reach = gap; reach < gap * 4; reach += gap) {
            double dx = w + reach;
            double dy = h + reach;
            double[][] places = {
                {x + dx, y}, {x - dx, y}, {x, y - dy}, {x, y + dy},
                {x + dx, y - dy}, {x + dx, y + dy}, {x - dx, y - dy}, {x - dx, y + dy}
            };
            for (double[] place : places) {
                Box box = new Box(place[0] - w, place[1] - h, place[0] + w, place[1] + h);
                if (isFree(box)) {
                    take(box);
                    return place;
                }
            }
        }
        return null;
    }
}
