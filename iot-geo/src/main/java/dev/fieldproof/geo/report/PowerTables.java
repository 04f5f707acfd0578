package dev.fieldproof.geo.report;

import dev.fieldproof.geo.plan.EnergyYear;
import dev.fieldproof.geo.plan.NodePower;
import dev.fieldproof.geo.plan.PowerBudget;
import dev.fieldproof.geo.plan.PowerForecast;
import dev.fieldproof.geo.plan.SitePlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The tables and figures of a plan's power. Stateless and thread-safe. */
final class PowerTables {
    private PowerTables() {}

    static List<Table> of(SitePlan plan) {
        PowerForecast forecast = plan.forecast();
        return List.of(budget(forecast), forecast(forecast), assumptions(forecast), energyYear(forecast.year()));
    }

    private static Table budget(PowerForecast forecast) {
        List<NodePower.State> states = forecast.power().states();
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < states.size(); i++) {
            NodePower.State state = states.get(i);
            PowerBudget.Line line = forecast.budget().lines().get(i);
            rows.add(List.of(
                    line.name(),
                    number(4, state.figure().milliamps()),
                    number(4, line.milliwatts()),
                    number(3, line.secondsPerDay()),
                    number(5, line.wattHoursPerDay()),
                    state.figure().basis().word(),
                    state.figure().source()));
        }
        rows.add(List.of("total", "", "", "", number(5, forecast.budget().wattHoursPerDay()), "", ""));
        return new Table(
                "power-budget",
                "Power budget of a node",
                List.of(
                        "item",
                        "milliamps_at_chip",
                        "milliwatts_at_battery",
                        "seconds_per_day",
                        "watt_hours_per_day",
                        "basis",
                        "source"),
                rows);
    }

    private static Table forecast(PowerForecast forecast) {
        NodePower power = forecast.power();
        EnergyYear year = forecast.year();
        List<List<String>> rows = new ArrayList<>();
        row(rows, "board", power.board(), "");
        row(rows, "regulator", power.regulator().name(), "");
        row(rows, "battery", power.packs() + " x " + power.pack().part(), "");
        row(rows, "battery, rated", number(1, forecast.battery().wattHours()), "Wh");
        row(rows, "battery, usable when new, cold and loaded", number(2, usable(forecast)), "Wh");
        row(rows, "battery, rated, needed", number(1, forecast.batteryWattHoursNeeded()), "Wh");
        row(rows, "panels", number(1, power.panels() * power.panel().wattsPeak()), "W");
        row(rows, "panels needed", finite(1, year.panelWattsNeeded()), "W");
        row(rows, "worst month", forecast.worstMonth(), "");
        row(rows, "harvest in the worst month", number(3, harvest(year)), "Wh a day");
        row(rows, "load", number(3, year.loadWattHoursPerDay()), "Wh a day");
        row(rows, "self-discharge", number(3, year.selfDischargeWattHoursPerDay()), "Wh a day");
        row(rows, "surplus in the worst month", number(3, year.worstSurplusWattHoursPerDay()), "Wh a day");
        row(rows, "autonomy demanded", number(1, power.demandedDays()), "days");
        row(rows, "autonomy when new", number(2, year.autonomyDays().get(2)), "days");
        row(rows, "autonomy after five years", number(2, year.autonomyDays().get(1)), "days");
        row(rows, "autonomy after ten years", number(2, year.autonomyDays().get(0)), "days");
        row(
                rows,
                "life, all assumptions a fifth worse",
                number(2, forecast.lifeYears().get(0)),
                "years");
        row(rows, "life, as assumed", number(2, forecast.lifeYears().get(1)), "years");
        row(
                rows,
                "life, all assumptions a fifth better",
                number(2, forecast.lifeYears().get(2)),
                "years");
        row(rows, "dominating assumption", forecast.dominating(), "");
        row(rows, "spared by judging on the node", number(3, forecast.sparedWattHoursPerDay()), "Wh a day");
        row(rows, "peak load", number(1, forecast.peakMilliwatts()), "mW");
        row(rows, "battery voltage at the peak, nearly empty", finite(3, forecast.peakVolts()), "V");
        row(rows, "least input of the regulator", number(3, power.regulator().leastInputVolts()), "V");
        row(rows, "inner resistance", number(3, forecast.battery().ohms()), "ohm");
        row(rows, "inner resistance allowed", number(3, forecast.ohmsAllowed()), "ohm");
        row(rows, "brownout", forecast.isBrownOut() ? "yes" : "no", "");
        return new Table(
                "power-forecast", "What follows for a node without mains", List.of("quantity", "value", "unit"), rows);
    }

    private static double usable(PowerForecast forecast) {
        return forecast.battery().usableWattHours(0);
    }

    private static double harvest(EnergyYear year) {
        return year.harvestWattHoursPerDay().get(year.worstMonth());
    }

    private static void row(List<List<String>> rows, String quantity, String value, String unit) {
        rows.add(List.of(quantity, value, unit));
    }

    private static Table assumptions(PowerForecast forecast) {
        String unit = forecast.power().panels() > 0 ? "Wh a day of the worst month's surplus" : "days of life";
        List<List<String>> rows = new ArrayList<>();
        for (PowerForecast.Effect effect : forecast.effects()) {
            rows.add(List.of(effect.assumption(), number(4, effect.worseBy()), unit));
        }
        return new Table(
                "power-assumptions",
                "What it costs if an assumption is a fifth worse",
                List.of("assumption", "cost", "unit"),
                rows);
    }

    private static Table energyYear(EnergyYear year) {
        List<List<String>> rows = new ArrayList<>();
        for (int month = 0; month < year.harvestWattHoursPerDay().size(); month++) {
            rows.add(List.of(
                    String.valueOf(month + 1),
                    number(3, year.harvestWattHoursPerDay().get(month)),
                    number(3, year.loadWattHoursPerDay()),
                    number(3, year.selfDischargeWattHoursPerDay()),
                    number(3, year.surplusWattHoursPerDay(month))));
        }
        return new Table(
                "energy-year",
                "Energy of a solar node through the year",
                List.of(
                        "month",
                        "harvest_wh_per_day",
                        "load_wh_per_day",
                        "self_discharge_wh_per_day",
                        "surplus_wh_per_day"),
                rows);
    }

    /** The figures for {@code plan.json}. */
    static Map<String, Object> summary(SitePlan plan) {
        PowerForecast forecast = plan.forecast();
        EnergyYear year = forecast.year();
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("wattHoursPerDay", rounded(year.loadWattHoursPerDay()));
        result.put("worstMonth", year.worstMonth() + 1);
        result.put("worstSurplusWattHoursPerDay", rounded(year.worstSurplusWattHoursPerDay()));
        result.put(
                "autonomyDaysAfterTenFiveNoYears",
                year.autonomyDays().stream().map(PowerTables::rounded).toList());
        result.put(
                "lifeYearsWorseStatedBetter",
                forecast.lifeYears().stream().map(PowerTables::rounded).toList());
        if (Double.isFinite(year.panelWattsNeeded())) {
            result.put("panelWattsNeeded", rounded(year.panelWattsNeeded()));
        }
        result.put("batteryWattHoursNeeded", rounded(forecast.batteryWattHoursNeeded()));
        result.put("dominatingAssumption", forecast.dominating());
        if (Double.isFinite(forecast.peakVolts())) {
            result.put("peakVolts", rounded(forecast.peakVolts()));
        }
        result.put("brownout", forecast.isBrownOut());
        return result;
    }

    /** Six decimals: further ones differ between Java platforms. */
    private static double rounded(double value) {
        return Math.rint(value * 1e6) / 1e6;
    }

    private static String finite(int decimals, double value) {
        return Double.isFinite(value) ? number(decimals, value) : "none";
    }

    private static String number(int decimals, double value) {
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
