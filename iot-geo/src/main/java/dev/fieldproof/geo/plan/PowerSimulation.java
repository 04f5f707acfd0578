package dev.fieldproof.geo.plan;

/**
 * The same energy hour by hour, by counting instead of formulas: the sun is stepped through the day's minutes and the
 * battery gives and loses what each hour asks. {@link EnergyYear}, {@link Battery} and {@link PowerForecast} are held
 * against it. Stateless and thread-safe.
 */
public final class PowerSimulation {
    private static final int HOURS = 24;
    private static final int DAYS_A_YEAR = 365;
    private static final int MAX_HOURS = HOURS * DAYS_A_YEAR * 100;
    private static final int MINUTES = HOURS * 60;
    private static final double GROUND_REFLECTANCE = 0.2;

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
        return daysOf(
                battery.usableWattHours(years), budget.wattHoursPerDay() / HOURS, battery.selfDischargePerMonth());
    }

    /**
     * How long a full battery lasts without any sun, from the parts themselves: each hour every state of the node draws
     * its current through the regulator, and the cells lose what the temperature makes them lose.
     *
     * @param power the assumptions
     * @param years in service
     * @return days, at most a hundred years
     */
    public static double daysWithoutSun(NodePower power, double years) {
        double hour = 0;
        for (NodePower.State state : power.states()) {
            double drawn = power.regulator()
                    .batteryMilliwatts(state.figure().milliamps(), power.pack().nominalVolts());
            hour += drawn / 1000 * state.secondsPerDay() / HOURS / 3600;
        }
        return daysOf(energy(power, hour, years), hour, lostInAMonth(power));
    }

    /** What the cells give at their temperature, after so many years of ageing month by month. */
    private static double energy(NodePower power, double loadWatts, double years) {
        Chemistry cells = power.pack().chemistry();
        double rated = power.packs() * power.pack().wattHours();
        double celsius = power.panels() == 0 ? power.meanCelsius() : power.coldestCelsius();
        double energy = rated * power.pack().usableShare();
        energy *= cells.shareByCelsius().at(celsius) * cells.shareByRate().at(loadWatts / rated);
        double keptInAMonth = Math.pow(1 - cells.fadePerYear(), 1 / 12.0);
        for (int month = 0; month < Math.round(years * 12); month++) {
            energy *= keptInAMonth;
        }
        return energy;
    }

    private static double lostInAMonth(NodePower power) {
        return power.pack().chemistry().selfDischargePerMonth(power.meanCelsius());
    }

    private static double daysOf(double full, double load, double lostInAMonth) {
        double energy = full;
        double keptInAnHour = Math.pow(1 - lostInAMonth, 1.0 / (30 * HOURS));
        int hours = 0;
        while (energy > 0 && hours < MAX_HOURS) {
            energy = energy * keptInAnHour - load;
            hours++;
        }
        // The last hour counts as far as the charge went.
        return (hours + Math.min(0, energy) / load) / HOURS;
    }

    /**
     * How long the node lives, counted as {@link PowerForecast#lifeYears} defines it: month by month until the aged
     * battery fails a test of the demanded days in the dark, and hour by hour until it is empty where the sun does not
     * cover the load.
     *
     * @param power the assumptions
     * @param latitudeDegrees -66 to 66
     * @return years, at most 20
     */
    public static double lifeYears(NodePower power, double latitudeDegrees) {
        double load = 0;
        for (PowerBudget.Line line : power.budget().lines()) {
            load += line.wattHoursPerDay();
        }
        double least = Double.POSITIVE_INFINITY;
        for (int month = 0; month < 12; month++) {
            least = Math.min(least, harvestWattHours(power, latitudeDegrees, month));
        }
        double empty = PowerCase.MAX_YEARS;
        if (least < load) {
            double days = daysOf(energy(power, load / HOURS, 0), (load - least) / HOURS, lostInAMonth(power));
            empty = Math.min(empty, days / DAYS_A_YEAR);
        }
        int month = 0;
        while (power.panels() > 0
                && month < 12 * empty
                && daysWithoutSun(power, month / 12.0) >= power.demandedDays()) {
            month++;
        }
        return power.panels() > 0 ? Math.min(empty, month / 12.0) : empty;
    }

    /**
     * What all panels yield on an average day of a month, a minute at a time.
     *
     * @param power the assumptions
     * @param latitudeDegrees -66 to 66
     * @param month 0 to 11
     * @return watt-hours
     */
    public static double harvestWattHours(NodePower power, double latitudeDegrees, int month) {
        SolarPanel panel = power.panel();
        double clearness = power.weather().clearness().get(month);
        double lat = Math.toRadians(Math.abs(latitudeDegrees));
        double tilt = Math.toRadians(panel.tiltDegrees());
        int day = SolarPanel.averageDay(month);
        double declination = declination(day) * (latitudeDegrees < 0 ? -1 : 1);
        double flat = 0;
        double tilted = 0;
        for (int minute = 0; minute < MINUTES; minute++) {
            double height = height(lat, declination, minute);
            if (height > 0) {
                flat += height;
                tilted += Math.max(0, height(lat - tilt, declination, minute));
            }
        }
        double diffuse = Math.max(0.1, Math.min(1, 1 - 1.13 * clearness));
        double share = (1 - diffuse) * (flat == 0 ? 0 : tilted / flat)
                + diffuse * (1 + Math.cos(tilt)) / 2
                + GROUND_REFLECTANCE * (1 - Math.cos(tilt)) / 2;
        double level = clearness * outsideWattHours(latitudeDegrees, day) / 1000;
        return power.panels() * panel.wattsPeak() * panel.performance() * share * level;
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
        double declination = declination(dayOfYear);
        double intensity = 1367 * (1 + 0.033 * Math.cos(2 * Math.PI * dayOfYear / DAYS_A_YEAR));
        double sum = 0;
        for (int minute = 0; minute < MINUTES; minute++) {
            sum += Math.max(0, height(lat, declination, minute)) * intensity / 60;
        }
        return sum;
    }

    private static double declination(int day) {
        return Math.toRadians(23.45 * Math.sin(2 * Math.PI * (284 + day) / DAYS_A_YEAR));
    }

    /** The sine of the sun's height in the middle of a minute. */
    private static double height(double latitude, double declination, int minute) {
        double hourAngle = 2 * Math.PI * (minute + 0.5) / MINUTES - Math.PI;
        return Math.sin(latitude) * Math.sin(declination)
                + Math.cos(latitude) * Math.cos(declination) * Math.cos(hourAngle);
    }
}
