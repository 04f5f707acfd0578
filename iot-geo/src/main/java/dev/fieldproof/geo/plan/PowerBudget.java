package dev.fieldproof.geo.plan;

import java.util.List;

/**
 * Where a node's energy goes, day by day. Immutable and thread-safe.
 *
 * @param lines what draws energy
 */
public record PowerBudget(List<Line> lines) {
    /**
     * One state of the node.
     *
     * @param name of the state
     * @param milliwatts drawn from the battery
     * @param secondsPerDay how long, 0 to 86400
     */
    public record Line(String name, double milliwatts, double secondsPerDay) {
        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a value is out of range
         */
        public Line {
            if (!(milliwatts >= 0) || !(secondsPerDay >= 0 && secondsPerDay <= 86_400)) {
                throw new IllegalArgumentException(
                        "line '" + name + "': " + milliwatts + " mW for " + secondsPerDay + " s a day");
            }
        }

        /**
         * The energy of a day.
         *
         * @return watt-hours
         */
        public double wattHoursPerDay() {
            return milliwatts * secondsPerDay / 3_600_000;
        }
    }

    /** Copies the list. */
    public PowerBudget {
        lines = List.copyOf(lines);
    }

    /**
     * The energy of a day.
     *
     * @return watt-hours, the sum of the lines
     */
    public double wattHoursPerDay() {
        return lines.stream().mapToDouble(Line::wattHoursPerDay).sum();
    }
}
