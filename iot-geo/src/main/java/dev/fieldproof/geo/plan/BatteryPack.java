package dev.fieldproof.geo.plan;

/**
 * A battery as one buys it. Immutable and thread-safe.
 *
 * @param part name in the catalogue of parts
 * @param chemistry how its cells behave
 * @param wattHours rated energy when new, above 0
 * @param usableShare how much of it is used, above 0 to 1
 * @param nominalVolts in the middle of its charge, above 0
 * @param emptyVolts when nearly empty, above 0
 * @param ohms inner resistance when cold and old, 0 or more
 */
public record BatteryPack(
        String part,
        Chemistry chemistry,
        double wattHours,
        double usableShare,
        double nominalVolts,
        double emptyVolts,
        double ohms) {
    /** Two cells of lithium iron phosphate in series: planning figures, not a data sheet's. */
    public static final BatteryPack LIFEPO4 =
            new BatteryPack("LiFePO4 battery 6.4 V 12 Ah with charger", Chemistry.LIFEPO4, 76.8, 0.8, 6.4, 5.8, 0.08);

    /** Two cells of lithium-ion in series: planning figures, not a data sheet's. */
    public static final BatteryPack LITHIUM_ION =
            new BatteryPack("Li-ion battery 7.2 V 10 Ah with charger", Chemistry.LITHIUM_ION, 72, 0.8, 7.2, 6.4, 0.12);

    /** Two D cells of lithium thionyl chloride in series: planning figures, not a data sheet's. */
    public static final BatteryPack LITHIUM_THIONYL_CHLORIDE =
            new BatteryPack("Li-SOCl2 battery 7.2 V 19 Ah", Chemistry.LITHIUM_THIONYL_CHLORIDE, 136.8, 1, 7.2, 6, 20);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value is out of its range
     */
    public BatteryPack {
        if (!(wattHours > 0)
                || !(usableShare > 0 && usableShare <= 1)
                || !(emptyVolts > 0)
                || !(nominalVolts >= emptyVolts)
                || !(ohms >= 0)) {
            throw new IllegalArgumentException("battery '" + part + "': " + wattHours + " Wh, usable " + usableShare
                    + ", " + nominalVolts + " to " + emptyVolts + " V, " + ohms + " ohms");
        }
    }

    /**
     * The same with another inner resistance, such as a measured one.
     *
     * @param measuredOhms when cold and old, 0 or more
     * @return a new battery
     * @throws IllegalArgumentException if it is negative
     */
    public BatteryPack withOhms(double measuredOhms) {
        return new BatteryPack(part, chemistry, wattHours, usableShare, nominalVolts, emptyVolts, measuredOhms);
    }

    /**
     * Some of them side by side under given conditions.
     *
     * @param packs how many, 1 or more
     * @param coldestCelsius at which they still have to carry the load
     * @param meanCelsius over the year
     * @param loadWatts the mean load of all together, 0 or more
     * @return one battery that stands for all
     * @throws IllegalArgumentException if a value is out of its range
     */
    public Battery battery(int packs, double coldestCelsius, double meanCelsius, double loadWatts) {
        return chemistry.battery(
                packs * wattHours, usableShare, coldestCelsius, meanCelsius, loadWatts, emptyVolts, ohms / packs);
    }
}
