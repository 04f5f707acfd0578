package dev.fieldproof.geo.report;

import dev.fieldproof.geo.plan.NodePower;
import dev.fieldproof.geo.plan.PowerForecast;
import dev.fieldproof.geo.plan.PowerSimulation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Reads the tables of power back: against the model, against each other, and against counting hour by hour. */
final class PowerCheck {
    /** Formula and counting may differ by so much. */
    private static final double SHARE = 0.005;

    private final PowerForecast forecast;
    private final Function<String, List<List<String>>> tables;
    private final List<String> wrong;

    private PowerCheck(PowerForecast forecast, Function<String, List<List<String>>> tables, List<String> wrong) {
        this.forecast = forecast;
        this.tables = tables;
        this.wrong = wrong;
    }

    /** Adds what is wrong; throws an IllegalArgumentException if a table cannot be read. */
    static void of(PowerForecast forecast, Function<String, List<List<String>>> tables, List<String> wrong) {
        PowerCheck check = new PowerCheck(forecast, tables, wrong);
        check.budget();
        check.year();
        check.forecast();
        check.assumptions();
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            wrong.add(otherwise);
        }
    }

    private static double number(String text) {
        return Double.parseDouble(text);
    }

    private void budget() {
        NodePower power = forecast.power();
        double sum = 0;
        double seconds = 0;
        double total = -1;
        for (List<String> row : tables.apply("power-budget")) {
            if (row.get(0).equals("total")) {
                total = number(row.get(4));
                continue;
            }
            double drawn = power.regulator()
                    .batteryMilliwatts(number(row.get(1)), power.pack().nominalVolts());
            require(
                    Math.abs(drawn - number(row.get(2))) <= 0.001 + 0.001 * drawn,
                    "power-budget.csv takes " + row.get(0) + " through another regulator");
            double line = number(row.get(2)) * number(row.get(3)) / 3_600_000;
            sum += line;
            seconds += number(row.get(3));
            require(Math.abs(line - number(row.get(4))) < 0.0001, "power-budget.csv multiplies wrongly: " + row.get(0));
        }
        require(Math.abs(seconds - 86_400) < 0.01, "power-budget.csv has a day of " + seconds + " s");
        require(
                Math.abs(sum - total) < 0.0005
                        && Math.abs(total - forecast.budget().wattHoursPerDay()) < 0.0001,
                "power-budget.csv adds up to " + sum + ", states " + total);
    }

    private void year() {
        List<List<String>> rows = tables.apply("energy-year");
        require(rows.size() == 12, "energy-year.csv has " + rows.size() + " months");
        for (int month = 0; month < rows.size(); month++) {
            List<String> row = rows.get(month);
            double harvest = number(row.get(1));
            double counted = PowerSimulation.harvestWattHours(
                    forecast.power(), forecast.year().latitudeDegrees(), month);
            double surplus = harvest - number(row.get(2)) - number(row.get(3));
            require(
                    Math.abs(surplus - number(row.get(4))) < 0.003
                            && Math.abs(number(row.get(2)) - forecast.budget().wattHoursPerDay()) < 0.001
                            && Math.abs(harvest - counted) < 0.001 + SHARE * counted,
                    "energy-year.csv misstates month " + row.get(0));
        }
    }

    private void forecast() {
        Map<String, String> values = new HashMap<>();
        tables.apply("power-forecast").forEach(row -> values.put(row.get(0), row.get(1)));
        require(
                values.getOrDefault("dominating assumption", "").equals(forecast.dominating())
                        && values.getOrDefault("worst month", "").equals(forecast.worstMonth()),
                "power-forecast.csv names another month or assumption");
        double[] years = {0, 5, 10};
        String[] names = {"autonomy when new", "autonomy after five years", "autonomy after ten years"};
        for (int i = 0; i < years.length; i++) {
            double counted = PowerSimulation.daysWithoutSun(forecast.power(), years[i]);
            require(
                    Math.abs(value(values, names[i]) - counted) <= 0.01 + SHARE * counted,
                    "power-forecast.csv misstates the " + names[i] + ": " + counted + " days are counted");
        }
        double surplus = value(values, "harvest in the worst month") - value(values, "load");
        require(
                Math.abs(surplus - value(values, "self-discharge") - value(values, "surplus in the worst month"))
                        < 0.003,
                "power-forecast.csv subtracts wrongly");
        double volts = value(values, "battery voltage at the peak, nearly empty");
        double amps = value(values, "peak load") / 1000 / volts;
        boolean ohm = Double.isNaN(volts)
                || Math.abs(forecast.battery().volts() - volts - value(values, "inner resistance") * amps) < 0.01;
        boolean low = !(volts >= value(values, "least input of the regulator"));
        require(
                ohm && "yes".equals(values.get("brownout")) == low,
                "power-forecast.csv misstates the voltage at the peak");
        double worse = value(values, "life, all assumptions a fifth worse");
        double better = value(values, "life, all assumptions a fifth better");
        double life = value(values, "life, as assumed");
        require(
                worse <= life
                        && life <= better
                        && Math.abs(life - forecast.lifeYears().get(1)) < 0.01,
                "power-forecast.csv misstates the life");
        require(
                Math.abs(value(values, "battery, rated, needed") - forecast.batteryWattHoursNeeded()) < 0.06
                        && !(Math.abs(value(values, "panels needed")
                                        - forecast.year().panelWattsNeeded())
                                > 0.06),
                "power-forecast.csv misstates what is needed");
    }

    private static double value(Map<String, String> values, String name) {
        String text = values.get(name);
        if (text == null) {
            throw new IllegalArgumentException("power-forecast.csv has no row '" + name + "'");
        }
        return text.equals("none") ? Double.NaN : number(text);
    }

    private void assumptions() {
        List<List<String>> rows = tables.apply("power-assumptions");
        require(rows.size() == forecast.effects().size(), "power-assumptions.csv has " + rows.size() + " assumptions");
        for (int i = 0; i < Math.min(rows.size(), forecast.effects().size()); i++) {
            PowerForecast.Effect effect = forecast.effects().get(i);
            require(
                    rows.get(i).get(0).equals(effect.assumption())
                            && Math.abs(number(rows.get(i).get(1)) - effect.worseBy()) < 0.0001,
                    "power-assumptions.csv misstates " + rows.get(i).get(0));
        }
    }
}
