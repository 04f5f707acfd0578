package dev.fieldproof.geo.plan;

/**
 * How a kind of cell behaves: what share of its rated charge it gives in the cold and under load, and how fast it loses
 * it by itself. The constants are planning figures on the cautious side, not a data sheet's: put the curves of the cell
 * at hand in their place. Immutable and thread-safe.
 *
 * @param name for tables
 * @param shareByCelsius share of the rated charge over the temperature
 * @param shareByRate share of the rated charge over the load in multiples of the charge an hour
 * @param selfDischargePerMonth share lost in 30 days at 20 degrees, 0 to below 1
 * @param doublingCelsius by how many degrees self-discharge doubles, above 0
 * @param fadePerYear share of the rated charge lost in a year, 0 to below 1
 * @param rechargeable whether a panel may feed it
 */
public record Chemistry(
        String name,
        Curve shareByCelsius,
        Curve shareByRate,
        double selfDischargePerMonth,
        double doublingCelsius,
        double fadePerYear,
        boolean rechargeable) {
    /** Lithium iron phosphate. */
    public static final Chemistry LIFEPO4 = new Chemistry(
            "LiFePO4",
            Curve.of(-20, 0.5, -10, 0.7, 0, 0.85, 25, 1),
            Curve.of(0.2, 1, 1, 0.95, 2, 0.9),
            0.03,
            10,
            0.03,
            true);

    /** Lithium-ion with cobalt or nickel. */
    public static final Chemistry LITHIUM_ION = new Chemistry(
            "Li-ion",
            Curve.of(-20, 0.6, -10, 0.75, 0, 0.88, 25, 1),
            Curve.of(0.2, 1, 1, 0.95, 2, 0.88),
            0.03,
            10,
            0.05,
            true);

    /**
     * Lithium thionyl chloride, not rechargeable: lasts for years and gives little at once. Its shares over the load
     * are read off figure 14.17 of Linden's Handbook of Batteries: of 19 Ah a D cell gives 13.5 at 20 mA, 7 at 35.
     */
    public static final Chemistry LITHIUM_THIONYL_CHLORIDE = new Chemistry(
            "Li-SOCl2",
            Curve.of(-40, 0.4, -20, 0.65, 0, 0.85, 25, 1),
            Curve.of(0.0002, 1, 0.001, 0.71, 0.0018, 0.37),
            0.001,
            10,
            0,
            false);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Chemistry {
        boolean shares = shareByCelsius.least() > 0
                && shareByCelsius.greatest() <= 1
                && shareByRate.least() > 0
                && shareByRate.greatest() <= 1;
        if (!shares
                || !(selfDischargePerMonth >= 0 && selfDischargePerMonth < 1)
                || !(doublingCelsius > 0)
                || !(fadePerYear >= 0 && fadePerYear < 1)) {
            throw new IllegalArgumentException("chemistry '" + name + "': shares " + shareByCelsius + ", " + shareByRate
                    + ", self-discharge " + selfDischargePerMonth + ", fade " + fadePerYear);
        }
    }

    /**
     * What is left of the charge in a month.
     *
     * @param celsius mean temperature
     * @return share lost in 30 days, below 1
     */
    public double selfDischargePerMonth(double celsius) {
        double rate = -Math.log1p(-selfDischargePerMonth) * Math.pow(2, (celsius - 20) / doublingCelsius);
        return -Math.expm1(-rate);
    }

    /**
     * A battery of this kind under given conditions.
     *
     * @param wattHours rated energy when new, above 0
     * @param usableShare how much of it is used, above 0 to 1
     * @param coldestCelsius at which it still has to carry the load
     * @param meanCelsius over the year
     * @param loadWatts the mean load, 0 or more
     * @param volts when nearly empty
     * @param ohms inner resistance when cold and old, 0 or more
     * @return the battery, whose share in the cold includes what the load costs
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Battery battery(
            double wattHours,
            double usableShare,
            double coldestCelsius,
            double meanCelsius,
            double loadWatts,
            double volts,
            double ohms) {
        double share = shareByCelsius.at(coldestCelsius) * shareByRate.at(loadWatts / wattHours);
        return new Battery(wattHours, usableShare, share, fadePerYear, selfDischargePerMonth(meanCelsius), volts, ohms);
    }
}
