package dev.fieldproof.geo.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A node's energy through the year: harvest and load of each month, how long the battery carries it in the dark, and
 * which assumption matters most. Immutable and thread-safe.
 *
 * @param latitudeDegrees of the site
 * @param loadWattHoursPerDay what the node draws
 * @param harvestWattHoursPerDay what the panel yields on an average day of each month, January first
 * @param autonomyDays in the cold: after ten years, after five, when new
 * @param worstMonth 0 to 11
 * @param panelWattsNeeded the least panel that covers the load in the worst month
 * @param dominating the assumption whose change by a fifth moves the worst month's surplus most
 */
public record EnergyYear(
        double latitudeDegrees,
        double loadWattHoursPerDay,
        List<Double> harvestWattHoursPerDay,
        List<Double> autonomyDays,
        int worstMonth,
        double panelWattsNeeded,
        String dominating) {
    /** Share of the sun's energy that reaches the ground in a cloudy month: the cautious side of middle Europe. */
    public static final double CLOUDY = 0.3;

    private static final int MONTHS = 12;
    private static final double FIFTH = 0.8;

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
     * @param panel that feeds it
     * @param latitudeDegrees -66 to 66
     * @param clearness share of the sun's energy that reaches the ground, above 0 to 0.8
     * @return the year
     * @throws IllegalArgumentException if latitude or clearness is out of range, or nothing draws energy
     */
    public static EnergyYear of(
            PowerBudget budget, Battery battery, SolarPanel panel, double latitudeDegrees, double clearness) {
        return of(budget, battery, panel, latitudeDegrees, Weather.always(clearness));
    }

    /**
     * Works a year out by a table of the weather.
     *
     * @param budget what draws energy
     * @param battery that carries the node through the dark
     * @param panel that feeds it
     * @param latitudeDegrees -66 to 66
     * @param weather month by month
     * @return the year
     * @throws IllegalArgumentException if the latitude is out of range, or nothing draws energy
     */
    public static EnergyYear of(
            PowerBudget budget, Battery battery, SolarPanel panel, double latitudeDegrees, Weather weather) {
        double load = budget.wattHoursPerDay();
        List<Double> harvest = new ArrayList<>();
        int worst = 0;
        for (int month = 0; month < MONTHS; month++) {
            harvest.add(panel.wattHoursPerDay(
                    latitudeDegrees, month, weather.clearness().get(month)));
            worst = harvest.get(month) < harvest.get(worst) ? month : worst;
        }
        double least = harvest.get(worst);
        return new EnergyYear(
                latitudeDegrees,
                load,
                harvest,
                List.of(battery.autonomyDays(load, 10), battery.autonomyDays(load, 5), battery.autonomyDays(load, 0)),
                worst,
                least == 0 ? Double.POSITIVE_INFINITY : panel.wattsPeak() * load / least,
                dominating(budget, panel, latitudeDegrees, weather.clearness().get(worst), worst));
    }

    private record Effect(String assumption, double wattHours) {}

    private static String dominating(
            PowerBudget budget, SolarPanel panel, double latitude, double clearness, int month) {
        double harvest = panel.wattHoursPerDay(latitude, month, clearness);
        List<Effect> effects = new ArrayList<>();
        for (PowerBudget.Line line : budget.lines()) {
            effects.add(new Effect(line.name(), (1 - FIFTH) * line.wattHoursPerDay()));
        }
        double cloudier = panel.wattHoursPerDay(latitude, month, FIFTH * clearness);
        effects.add(new Effect("clearness of the sky", harvest - cloudier));
        effects.add(new Effect("performance of the panel", (1 - FIFTH) * harvest));
        return effects.stream()
                .max(Comparator.comparingDouble(Effect::wattHours))
                .map(Effect::assumption)
                .orElse("");
    }

    /**
     * What an average day of the worst month leaves over.
     *
     * @return watt-hours, negative if the battery runs down
     */
    public double worstSurplusWattHoursPerDay() {
        return harvestWattHoursPerDay.get(worstMonth) - loadWattHoursPerDay;
    }
}
