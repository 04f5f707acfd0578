package dev.fieldproof.benchmarks.scorecard;

import java.util.Locale;

/** What a row has to reach. */
public sealed interface Goal {
    /**
     * Whether a result reaches the goal.
     *
     * @param ours the measured value
     * @param ratio ours divided by the rival's, NaN without a rival
     * @return true if met
     */
    boolean isMet(double ours, double ratio);

    /**
     * Our value divided by the rival's is at most this.
     *
     * @param limit inclusive
     */
    record RatioAtMost(double limit) implements Goal {
        @Override
        public boolean isMet(double ours, double ratio) {
            return ratio <= limit;
        }

        @Override
        public String toString() {
            return "ratio ≤ " + plain(limit);
        }
    }

    /**
     * Our value divided by the rival's is at least this.
     *
     * @param limit inclusive
     */
    record RatioAtLeast(double limit) implements Goal {
        @Override
        public boolean isMet(double ours, double ratio) {
            return ratio >= limit;
        }

        @Override
        public String toString() {
            return "ratio ≥ " + plain(limit);
        }
    }

    /**
     * Our value is at most this.
     *
     * @param limit inclusive, in the row's unit
     */
    record AtMost(double limit) implements Goal {
        @Override
        public boolean isMet(double ours, double ratio) {
            return ours <= limit;
        }

        @Override
        public String toString() {
            return "≤ " + plain(limit);
        }
    }

    /**
     * Our value is at least this.
     *
     * @param limit inclusive, in the row's unit
     */
    record AtLeast(double limit) implements Goal {
        @Override
        public boolean isMet(double ours, double ratio) {
            return ours >= limit;
        }

        @Override
        public String toString() {
            return "≥ " + plain(limit);
        }
    }

    /**
     * A number for people: three significant digits, thousands grouped.
     *
     * @param value any number
     * @return its text, {@code –} if it is not a number
     */
    static String plain(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        double size = Math.abs(value);
        if (size >= 100 || value == Math.rint(value)) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 0.1 ? "%.2f" : "%.4f", value);
    }
}
