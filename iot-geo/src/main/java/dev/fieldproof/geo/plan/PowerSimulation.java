package dev.fieldproof.geo.plan;

/**
 * The same energy hour by hour, by counting instead of formulas: the sun is stepped through the day's hours and the
 * battery gives and loses what each hour asks. {@link EnergyYear} and {@link Battery} are held against it. Stateless
 * and thread-safe.
 */
public final class PowerSimulation {
    private static final int HOURS = 24;
    private static final int MAX_HOURS = HOURS * 365 * 100;

    private PowerSimulation() {}

    /**
     * How long a full battery lasts without any sun.
     *
     * @param budget what draws energy
     * @param battery the battery
     * @param years in service
     * @return days, at most a hundred years
     */
    public static double daysWithoutSun(PowerBudget budget, Battery battery, double years) {
        double energy = battery.usableWattHours(years);
        double keptInAnHour = Math.pow(1 - battery.selfDischargePerMonth(), 1.0 / (30 * HOURS));
        double load = budget.wattHoursPerDay() / HOURS;
        int hours = 0;
        while (energy > 0 && hours < MAX_HOURS) {
            energy = energy * keptInAnHour - load;
            hours++;
        }
        // The last hour counts as far as the charge went.
        return (hours + energy / load) / HOURS;
    }

    /**
     * What the sun gives to a horizontal square metre outside the air on a day, a minute at a time.
     *
     * @param latitudeDegrees -90 to 90
     * @param dayOfYear 1 to 365
     * @return watt-hours
     */
    public static double outsideWattHours(double latitudeDegrees, int dayOfYear) {
        double lat = Math.toRadians(latitudeDegrees);
        double declination = Math.toRadians(23.45 * Math.sin(2 * Math.PI * (284 + dayOfYear) / 365));
        double intensity = 1367 * (1 + 0.033 * Math.cos(2 * Math.PI * dayOfYear / 365));
        double sum = 0;
        int minutes = HOURS * 60;
        for (int minute = 0; minute < minutes; minute++) {
            double hourAngle = 2 * Math.PI * (minute + 0.5) / minutes - Math.PI;
            double height =
                    Math.sin(lat) * Math.sin(declination) + Math.cos(lat) * Math.cos(declination) * Math.cos(hourAngle);
            sum += Math.max(0, height) * intensity / 60;
        }
        return sum;
    }
}
