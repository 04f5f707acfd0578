package dev.fieldproof.geo.plan;

import org.jspecify.annotations.Nullable;

/**
 * What stands between a battery and a chip: what a load at the chip draws from the battery. Immutable and thread-safe.
 *
 * @param name for tables
 * @param outputVolts at the chip, above 0
 * @param leastInputVolts below which it no longer holds its output, above 0
 * @param quiescentMilliamps drawn from the battery by the regulator itself, 0 or more
 * @param efficiency share of the energy that arrives, over the load; null for a linear regulator, which burns what the
 *     battery has above the output
 */
public record Regulator(
        String name,
        double outputVolts,
        double leastInputVolts,
        double quiescentMilliamps,
        @Nullable Curve efficiency) {
    /** A step-down converter to 3.3 V: planning figures of small ones, not a data sheet's. */
    public static final Regulator BUCK = new Regulator(
            "buck", 3.3, 3.7, 0.005, Curve.of(0.01, 0.5, 0.1, 0.75, 1, 0.85, 10, 0.9, 100, 0.92, 500, 0.88));

    /** A linear regulator to 3.3 V that needs 0.3 V more: planning figures, not a data sheet's. */
    public static final Regulator LINEAR = linear("linear", 3.3, 0.3, 0.005);

    /** A converter up or down to 3.3 V, also from a nearly empty cell: planning figures, not a data sheet's. */
    public static final Regulator BUCK_BOOST = new Regulator(
            "buck-boost", 3.3, 1.8, 0.03, Curve.of(0.01, 0.4, 0.1, 0.65, 1, 0.78, 10, 0.85, 100, 0.9, 500, 0.84));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Regulator {
        boolean positive = outputVolts > 0 && leastInputVolts > 0 && quiescentMilliamps >= 0;
        if (!positive || (efficiency == null && leastInputVolts < outputVolts)) {
            throw new IllegalArgumentException("regulator '" + name + "': " + outputVolts + " V from " + leastInputVolts
                    + " V on, " + quiescentMilliamps + " mA");
        }
        if (efficiency != null && !(efficiency.least() > 0 && efficiency.greatest() <= 1)) {
            throw new IllegalArgumentException("regulator '" + name + "' has an efficiency out of 0 to 1");
        }
    }

    /**
     * A linear regulator.
     *
     * @param name for tables
     * @param outputVolts at the chip, above 0
     * @param dropoutVolts how much more it needs, 0 or more
     * @param quiescentMilliamps drawn by itself, 0 or more
     * @return the regulator
     * @throws IllegalArgumentException if a value is out of its range
     */
    public static Regulator linear(String name, double outputVolts, double dropoutVolts, double quiescentMilliamps) {
        return new Regulator(name, outputVolts, outputVolts + dropoutVolts, quiescentMilliamps, null);
    }

    /**
     * What a load takes from the battery.
     *
     * @param milliamps at the chip, 0 or more
     * @param batteryVolts at the terminals
     * @return milliwatts, the regulator's own draw included
     * @throws IllegalArgumentException if the current is negative, or the battery of a linear regulator is below its
     *     output
     */
    public double batteryMilliwatts(double milliamps, double batteryVolts) {
        if (!(milliamps >= 0) || !(batteryVolts > 0) || (efficiency == null && batteryVolts < outputVolts)) {
            throw new IllegalArgumentException(
                    "regulator '" + name + "': " + milliamps + " mA from " + batteryVolts + " V");
        }
        double own = quiescentMilliamps * batteryVolts;
        return own
                + (efficiency == null
                        // The same current flows on both sides.
                        ? milliamps * batteryVolts
                        : milliamps * outputVolts / efficiency.at(milliamps));
    }

    /**
     * A line of a power budget.
     *
     * @param part draws the current, at the output's voltage
     * @param batteryVolts at the terminals
     * @param secondsPerDay how long, 0 to 86400
     * @return the line, named after part and state
     * @throws IllegalArgumentException if the part's figure is for another voltage, or a value is out of its range
     */
    public PowerBudget.Line line(CurrentCatalogue.Entry part, double batteryVolts, double secondsPerDay) {
        if (Math.abs(part.volts() - outputVolts) > 0.1 * outputVolts) {
            throw new IllegalArgumentException("'" + part.part() + "' has its figure at " + part.volts() + " V, '"
                    + name + "' gives " + outputVolts);
        }
        return new PowerBudget.Line(
                part.part() + ": " + part.state(), batteryMilliwatts(part.milliamps(), batteryVolts), secondsPerDay);
    }
}
