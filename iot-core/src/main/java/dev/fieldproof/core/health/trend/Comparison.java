package dev.fieldproof.core.health.trend;

import java.util.List;
import java.util.Locale;

/**
 * How many times as often one firmware version restarts unexpectedly as another, on the same hardware.
 *
 * @param firmware the version in question
 * @param before the version it is compared with
 * @param hardware the revisions that ran both
 * @param ratio of the rates
 * @param logDeviation standard deviation of the ratio's logarithm
 * @param freedom degrees of freedom of that deviation, at least 1
 * @param restarts of the version in question, capped per device
 * @param restartsBefore of the other
 * @param deviceDays of the version in question
 * @param deviceDaysBefore of the other
 */
public record Comparison(
        String firmware,
        String before,
        List<String> hardware,
        double ratio,
        double logDeviation,
        int freedom,
        double restarts,
        double restartsBefore,
        double deviceDays,
        double deviceDaysBefore) {
    private static final double NORMAL_95 = 1.959964;

    /** Copies the list. */
    public Comparison {
        hardware = List.copyOf(hardware);
    }

    /**
     * The lower end of the interval that holds the true ratio 95 times in a hundred.
     *
     * @return above 0
     */
    public double low() {
        return ratio * Math.exp(-quantile() * logDeviation);
    }

    /**
     * The upper end of that interval.
     *
     * @return above 0
     */
    public double high() {
        return ratio * Math.exp(quantile() * logDeviation);
    }

    /** Student's quantile from the normal one (Fisher and Cornish 1960, three terms). */
    private double quantile() {
        double z = NORMAL_95;
        double z3 = z * z * z;
        double z5 = z3 * z * z;
        double z7 = z5 * z * z;
        double n = freedom;
        return z
                + (z3 + z) / (4 * n)
                + (5 * z5 + 16 * z3 + 3 * z) / (96 * n * n)
                + (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * n * n * n);
    }

    /**
     * Whether the versions differ beyond chance.
     *
     * @return true if the 95 % interval lies on one side of 1
     */
    public boolean isClear() {
        return low() > 1 || high() < 1;
    }

    /**
     * The comparison in a sentence.
     *
     * @return English text
     */
    public String statement() {
        return String.format(
                Locale.ROOT,
                "%s restarts unexpectedly %.2g times as often as %s on the same hardware %s (95 %% between %.2g and"
                        + " %.2g; %.0f restarts in %.0f device-days against %.0f in %.0f)%s",
                firmware,
                ratio,
                before,
                hardware,
                low(),
                high(),
                restarts,
                deviceDays,
                restartsBefore,
                deviceDaysBefore,
                isClear() ? "" : "; that may be chance");
    }
}
