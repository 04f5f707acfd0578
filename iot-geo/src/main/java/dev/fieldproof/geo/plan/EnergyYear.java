package dev.fieldproof.geo.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * A node's energy through the year: harvest and load of each month, and how long the battery carries it in the dark.
 * Immutable and thread-safe.
 *
 * @param latitudeDegrees of the site
 * @param loadWattHoursPerDay what the node draws
 * @param selfDischargeWattHoursPerDay what the full battery loses by itself
 * @param harvestWattHoursPerDay what the panels yield on an average day of each month, January first
 * @param autonomyDays in the cold: after ten years, after five, when new
 * @param worstMonth 0 to 11: when a panel yields least
 * @param panelWattsNeeded the least panel that covers load and self-discharge in the worst month; infinite if there is
 *     no sun then
 */
public record EnergyYear(
        double latitudeDegrees,
        double loadWattHoursPerDay,
        double selfDischargeWattHoursPerDay,
        List<Double> harvestWattHoursPerDay,
        List<Double> autonomyDays,
        int worstMonth,
        double panelWattsNeeded) {
    private static final int MONTHS = 12;

    /** Copies the lists. */
    public EnergyYear {
        harvestWattHoursPerDay = List.copyOf(harvestWattHoursPerDay);
        autonomyDays = List.copyOf(autonomyDays);
    }

    /**
     * Works a year out.
     *
     * @param budget what draws energy
     * @param battery that carries the node through the dark
     * @param panel one of those that feed it
     * @param panels how many, 0 or more
     * @param latitudeDegrees -66 to 66
     * @param weather month by month
     * @return the year
     * @throws IllegalArgumentException if the latitude is out of range, or nothing draws energy
     */
    public static EnergyYear of(
            PowerBudget budget,
            Battery battery,
            SolarPanel panel,
            int panels,
            double latitudeDegrees,
            Weather weather) {
        double load = budget.wattHoursPerDay();
        double lost = battery.selfDischargeWattHoursPerDay();
        List<Double> harvest = new ArrayList<>();
        int worst = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int month = 0; month < MONTHS; month++) {
            double one = panel.wattHoursPerDay(
                    latitudeDegrees, month, weather.clearness().get(month));
            harvest.add(panels * one);
            worst = one < least ? month : worst;
            least = Math.min(least, one);
        }
        return new EnergyYear(
                latitudeDegrees,
                load,
                lost,
                harvest,
                List.of(battery.autonomyDays(load, 10), battery.autonomyDays(load, 5), battery.autonomyDays(load, 0)),
                worst,
                least == 0 ? Double.POSITIVE_INFINITY : panel.wattsPeak() * (load + lost) / least);
    }

    /**
     * What an average day of a month leaves over.
     *
     * @param month 0 to 11
     * @return watt-hours, negative if the battery runs down
     */
    public double surplusWattHoursPerDay(int month) {
        return harvestWattHoursPerDay.get(month) - loadWattHoursPerDay - selfDischargeWattHoursPerDay;
    }

    /**
     * What an average day of the worst month leaves over.
     *
     * @return watt-hours, negative if the battery runs down
     */
    public double worstSurplusWattHoursPerDay() {
        return surplusWattHoursPerDay(worstMonth);
    }
}
