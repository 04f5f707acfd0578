package dev.fieldproof.geo.plan;

/**
 * A panel that faces the equator, and what the sun gives it in each month, by the formulas of Duffie and Beckman, Solar
 * Engineering of Thermal Processes, 4th edition. Immutable and thread-safe.
 *
 * @param wattsPeak rated power, above 0
 * @param tiltDegrees from the horizontal, 0 to 90
 * @param performance what is left after heat, dirt, wiring and charging, above 0 to 1
 */
public record SolarPanel(double wattsPeak, double tiltDegrees, double performance) {
    /** Of Klein's average days, one for each month (Duffie and Beckman, table 1.6.1). */
    private static final int[] AVERAGE_DAY = {17, 47, 75, 105, 135, 162, 198, 228, 258, 288, 318, 344};

    private static final double SOLAR_CONSTANT = 1367;
    private static final double GROUND_REFLECTANCE = 0.2;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public SolarPanel {
        if (!(wattsPeak > 0) || !(tiltDegrees >= 0 && tiltDegrees <= 90) || !(performance > 0 && performance <= 1)) {
            throw new IllegalArgumentException(
                    "panel of " + wattsPeak + " W, tilt " + tiltDegrees + ", performance " + performance);
        }
    }

    /**
     * What the sun would give to a horizontal square metre outside the air (equation 1.10.3).
     *
     * @param latitudeDegrees -90 to 90
     * @param month 0 to 11
     * @return watt-hours a day
     */
    public static double outsideWattHours(double latitudeDegrees, int month) {
        double day = AVERAGE_DAY[month];
        double lat = Math.toRadians(latitudeDegrees);
        double declination = declination(day);
        double sunset = sunset(lat, declination);
        double intensity = SOLAR_CONSTANT * (1 + 0.033 * Math.cos(2 * Math.PI * day / 365));
        double sum = Math.cos(lat) * Math.cos(declination) * Math.sin(sunset)
                + sunset * Math.sin(lat) * Math.sin(declination);
        return Math.max(0, 24 / Math.PI * intensity * sum);
    }

    /** Klein's average day of a month, 1 to 365. */
    static int averageDay(int month) {
        return AVERAGE_DAY[month];
    }

    private static double declination(double day) {
        return Math.toRadians(23.45 * Math.sin(2 * Math.PI * (284 + day) / 365));
    }

    private static double sunset(double latitude, double declination) {
        return Math.acos(Math.max(-1, Math.min(1, -Math.tan(latitude) * Math.tan(declination))));
    }

    /**
     * What the panel yields on an average day of a month.
     *
     * @param latitudeDegrees -66 to 66: beyond, days without sun are worse than any average
     * @param month 0 to 11
     * @param clearness share of the sun's energy that reaches the ground, above 0 to 0.8
     * @return watt-hours a day after all losses
     * @throws IllegalArgumentException if latitude or clearness is out of range
     */
    public double wattHoursPerDay(double latitudeDegrees, int month, double clearness) {
        if (!(Math.abs(latitudeDegrees) <= 66) || !(clearness > 0 && clearness <= 0.8)) {
            throw new IllegalArgumentException("latitude " + latitudeDegrees + ", clearness " + clearness);
        }
        double horizontal = clearness * outsideWattHours(latitudeDegrees, month);
        // Diffuse share after Collares-Pereira and Rabl for a middling sunset, simplified to Page's line.
        double diffuse = Math.max(0.1, Math.min(1, 1 - 1.13 * clearness));
        double lat = Math.toRadians(Math.abs(latitudeDegrees));
        double tilt = Math.toRadians(tiltDegrees);
        double declination = declination(AVERAGE_DAY[month]) * (latitudeDegrees < 0 ? -1 : 1);
        double sunset = sunset(lat, declination);
        double onPanel = Math.min(sunset, sunset(lat - tilt, declination));
        double tilted = Math.cos(lat - tilt) * Math.cos(declination) * Math.sin(onPanel)
                + onPanel * Math.sin(lat - tilt) * Math.sin(declination);
        double flat = Math.cos(lat) * Math.cos(declination) * Math.sin(sunset)
                + sunset * Math.sin(lat) * Math.sin(declination);
        double beam = flat <= 0 ? 0 : Math.max(0, tilted / flat);
        double share = (1 - diffuse) * beam
                + diffuse * (1 + Math.cos(tilt)) / 2
                + GROUND_REFLECTANCE * (1 - Math.cos(tilt)) / 2;
        return horizontal * share / 1000 * wattsPeak * performance;
    }
}
