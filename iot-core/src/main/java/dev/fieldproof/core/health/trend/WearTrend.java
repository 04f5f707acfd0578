package dev.fieldproof.core.health.trend;

import java.util.Arrays;
import java.util.Optional;

/**
 * When flash will be worn out, from erase counts over time: the median of the slopes between all pairs of points (Theil
 * 1950, Sen 1968), which a third of wrong points do not move much. Keeps at most 64 points, thinned evenly, so memory
 * is constant: about 1 KiB. Not thread-safe.
 */
public final class WearTrend {
    private static final int MOST_POINTS = 64;
    private static final int FEWEST_POINTS = 5;
    private static final double NORMAL_95 = 1.959964;

    private final double[] days = new double[MOST_POINTS];
    private final double[] erases = new double[MOST_POINTS];
    private int points;
    private int stride = 1;
    private int skipped;

    /** Makes an empty trend. */
    public WearTrend() {}

    /**
     * When the limit is reached, in days on the scale of the points given; infinite if wear stands still.
     *
     * @param earliest lower end of the 95 % interval
     * @param likely by the median slope
     * @param latest upper end of the 95 % interval
     */
    public record WearOut(double earliest, double likely, double latest) {}

    /**
     * Takes a count.
     *
     * @param day when, on any scale of days, not before the last
     * @param count erases of the most worn sector so far
     * @throws IllegalArgumentException if time goes back
     */
    public void add(double day, double count) {
        if (points > 0 && !(day >= days[points - 1])) {
            throw new IllegalArgumentException("day " + day + " comes before " + days[points - 1]);
        }
        if (skipped++ % stride != 0) {
            return;
        }
        if (points == MOST_POINTS) {
            for (int i = 0; i < MOST_POINTS / 2; i++) {
                days[i] = days[2 * i];
                erases[i] = erases[2 * i];
            }
            points = MOST_POINTS / 2;
            stride *= 2;
        }
        days[points] = day;
        erases[points++] = count;
    }

    /**
     * Erases per day.
     *
     * @return the median slope, or empty before five points
     */
    public Optional<Double> perDay() {
        double[] slopes = slopes();
        return points < FEWEST_POINTS || slopes.length == 0 ? Optional.empty() : Optional.of(median(slopes));
    }

    /**
     * When the flash is worn out.
     *
     * @param limit erases that a sector endures, such as 100,000
     * @return with its uncertainty by the rank of the slopes, or empty before five points
     */
    public Optional<WearOut> wearOut(double limit) {
        double[] slopes = slopes();
        if (points < FEWEST_POINTS || slopes.length == 0) {
            return Optional.empty();
        }
        double slope = median(slopes);
        double[] intercepts = new double[points];
        for (int i = 0; i < points; i++) {
            intercepts[i] = erases[i] - slope * days[i];
        }
        Arrays.sort(intercepts);
        double now = days[points - 1];
        double count = median(intercepts) + slope * now;
        double half = NORMAL_95 * Math.sqrt(points * (points - 1.0) * (2.0 * points + 5) / 18) / 2;
        int low = (int) Math.max(0, Math.floor(slopes.length / 2.0 - half));
        int high = (int) Math.min(slopes.length - 1, Math.ceil(slopes.length / 2.0 + half));
        return Optional.of(new WearOut(
                reach(now, count, slopes[high], limit),
                reach(now, count, slope, limit),
                reach(now, count, slopes[low], limit)));
    }

    private static double reach(double now, double count, double slope, double limit) {
        if (count >= limit) {
            return now;
        }
        return slope <= 0 ? Double.POSITIVE_INFINITY : now + (limit - count) / slope;
    }

    private double[] slopes() {
        double[] slopes = new double[points * (points - 1) / 2];
        int n = 0;
        for (int i = 0; i < points; i++) {
            for (int j = 0; j < i; j++) {
                if (days[i] > days[j]) {
                    slopes[n++] = (erases[i] - erases[j]) / (days[i] - days[j]);
                }
            }
        }
        double[] sorted = Arrays.copyOf(slopes, n);
        Arrays.sort(sorted);
        return sorted;
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
