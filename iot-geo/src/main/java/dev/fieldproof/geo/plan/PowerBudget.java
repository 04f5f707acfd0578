package dev.fieldproof.geo.plan;

import java.util.List;

/**
 * Where a node's energy goes, day by day, and whether sun and battery keep up. Straight sums of the stated lines; no
 * temperature, no ageing.
 *
 * @param lines what draws energy
 * @param batteryWattHours usable energy of the battery, full
 * @param harvestWattHoursPerDay what the panel yields on a day of the worst month, losses taken off; 0 without a panel
 */
public record PowerBudget(List<Line> lines, double batteryWattHours, double harvestWattHoursPerDay) {
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
     * A camera node of the ESP32-S3 class that looks once a minute and decides on its own, and reports every quarter of
     * an hour. Drawn from a 10 W panel in the worst month of middle latitudes (0.9 peak sun hours, 70 % left after
     * losses) and a 6.4 V 12 Ah LiFePO4 battery of which 80 % is used.
     *
     * @return the budget
     */
    public static PowerBudget cameraNode() {
        double looks = 24 * 60;
        double reports = 24 * 4;
        return new PowerBudget(
                List.of(
                        new Line("picture and inference", 690, looks * 1.2),
                        new Line("radio: connect and send", 860, reports * 1.5),
                        new Line("update check and retries", 860, 20),
                        new Line("sleep, board included", 0.5, 86_400 - looks * 1.2 - reports * 1.5 - 20)),
                6.4 * 12 * 0.8,
                10 * 0.9 * 0.7);
    }

    /**
     * The energy of a day.
     *
     * @return watt-hours, the sum of the lines
     */
    public double wattHoursPerDay() {
        return lines.stream().mapToDouble(Line::wattHoursPerDay).sum();
    }

    /**
     * How long the battery lasts without any sun.
     *
     * @return days
     */
    public double autonomyDays() {
        return batteryWattHours / wattHoursPerDay();
    }

    /**
     * What the worst month leaves over.
     *
     * @return watt-hours a day, negative if the battery runs down
     */
    public double surplusWattHoursPerDay() {
        return harvestWattHoursPerDay - wattHoursPerDay();
    }

    /**
     * The budget as comma-separated values (RFC 4180).
     *
     * @return lines that end in CR LF
     */
    public String toCsv() {
        StringBuilder csv = new StringBuilder("item,milliwatts,seconds_per_day,watt_hours_per_day\r\n");
        for (Line line : lines) {
            csv.append(BillOfMaterials.quoted(line.name())).append(',');
            csv.append(milli(line.milliwatts()))
                    .append(',')
                    .append(milli(line.secondsPerDay()))
                    .append(',');
            csv.append(milli(line.wattHoursPerDay())).append("\r\n");
        }
        csv.append("total,,,").append(milli(wattHoursPerDay())).append("\r\n");
        csv.append("harvest in the worst month,,,")
                .append(milli(harvestWattHoursPerDay))
                .append("\r\n");
        csv.append("battery,,,").append(milli(batteryWattHours)).append("\r\n");
        csv.append("days without sun,,,").append(milli(autonomyDays())).append("\r\n");
        return csv.toString();
    }

    /** Three decimals, rounded, the same in every locale. */
    private static String milli(double value) {
        return java.math.BigDecimal.valueOf(value)
                .setScale(3, java.math.RoundingMode.HALF_UP)
                .toPlainString();
    }
}
