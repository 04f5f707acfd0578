package dev.fieldproof.geo.plan;

/**
 * A battery as a plan sees it. Immutable and thread-safe.
 *
 * @param wattHours rated energy when new, above 0
 * @param usableShare how much of it is used, above 0 to 1
 * @param coldShare how much of that is left at the coldest planned temperature, above 0 to 1
 * @param fadePerYear share of the rated energy lost in a year, 0 to below 1
 * @param selfDischargePerMonth share of the charge lost in a month of 30 days, 0 to below 1
 * @param volts when nearly empty
 * @param ohms inner resistance when cold and old, 0 or more
 */
public record Battery(
        double wattHours,
        double usableShare,
        double coldShare,
        double fadePerYear,
        double selfDischargePerMonth,
        double volts,
        double ohms) {
    /** 6.4 V 12 Ah LiFePO4, two cells in series, down to -10 degrees: planning figures, not a data sheet's. */
    public static final Battery LIFEPO4_77_WH = new Battery(76.8, 0.8, 0.75, 0.03, 0.03, 5.8, 0.08);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Battery {
        if (!(wattHours > 0)
                || !(usableShare > 0 && usableShare <= 1)
                || !(coldShare > 0 && coldShare <= 1)
                || !(fadePerYear >= 0 && fadePerYear < 1)
                || !(selfDischargePerMonth >= 0 && selfDischargePerMonth < 1)
                || !(volts > 0)
                || !(ohms >= 0)) {
            throw new IllegalArgumentException("battery of " + wattHours + " Wh, usable " + usableShare + ", cold "
                    + coldShare + ", fade " + fadePerYear + ", self-discharge " + selfDischargePerMonth + ", " + volts
                    + " V, " + ohms + " ohms");
        }
    }

    /**
     * The energy at hand when full.
     *
     * @param years in service
     * @return watt-hours in the cold
     */
    public double usableWattHours(double years) {
        return wattHours * usableShare * coldShare * Math.pow(1 - fadePerYear, years);
    }

    /**
     * What a full battery loses by itself.
     *
     * @return watt-hours a day
     */
    public double selfDischargeWattHoursPerDay() {
        return -Math.expm1(-rate()) * usableWattHours(0);
    }

    /** Of self-discharge, a day. */
    private double rate() {
        return -Math.log1p(-selfDischargePerMonth) / 30;
    }

    /**
     * How long a full battery carries a load without any sun: with self-discharge at a rate s, the charge E falls by
     * P + s E, so that it is gone after ln(1 + s E / P) / s.
     *
     * @param wattHoursPerDay the load, above 0
     * @param years in service
     * @return days
     * @throws IllegalArgumentException if there is no load
     */
    public double autonomyDays(double wattHoursPerDay, double years) {
        if (!(wattHoursPerDay > 0)) {
            throw new IllegalArgumentException("load of " + wattHoursPerDay + " Wh a day");
        }
        double energy = usableWattHours(years);
        double rate = rate();
        return rate == 0 ? energy / wattHoursPerDay : Math.log1p(rate * energy / wattHoursPerDay) / rate;
    }

    /**
     * The rated energy that a battery of this kind needs to carry a load so long without any sun.
     *
     * @param wattHoursPerDay the load, above 0
     * @param days of autonomy, 0 or more
     * @param years in service by then
     * @return watt-hours when new
     * @throws IllegalArgumentException if there is no load or the days are negative
     */
    public double wattHoursNeeded(double wattHoursPerDay, double days, double years) {
        if (!(wattHoursPerDay > 0) || !(days >= 0)) {
            throw new IllegalArgumentException("load of " + wattHoursPerDay + " Wh a day for " + days + " days");
        }
        double rate = rate();
        double energy = rate == 0 ? wattHoursPerDay * days : Math.expm1(rate * days) * wattHoursPerDay / rate;
        return energy / (usableWattHours(years) / wattHours);
    }

    /**
     * The voltage under a pulse of load.
     *
     * @param milliwatts the greatest load
     * @return volts at the terminals, nearly empty; NaN if the battery cannot give that much
     */
    public double voltsUnder(double milliwatts) {
        // V = U - R P / V
        return (volts + Math.sqrt(volts * volts - 4 * ohms * milliwatts / 1000)) / 2;
    }
}
