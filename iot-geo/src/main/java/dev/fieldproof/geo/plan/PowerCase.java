package dev.fieldproof.geo.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * One set of figures for a node's power, and the same with any one of them somewhat worse or better. Immutable.
 *
 * @param budget what draws energy
 * @param battery that carries the node
 * @param panel that feeds it
 * @param panels how many
 * @param weather month by month
 * @param latitudeDegrees -66 to 66
 * @param demandedDays of autonomy
 */
record PowerCase(
        PowerBudget budget,
        Battery battery,
        SolarPanel panel,
        int panels,
        Weather weather,
        double latitudeDegrees,
        double demandedDays) {
    /** Nothing is known about parts so old. */
    static final double MAX_YEARS = 20;

    private static final double DAYS_A_YEAR = 365;
    private static final double MAX_CLEARNESS = 0.8;

    /** One assumption; a factor above 1 makes it so much worse, one below 1 so much better. */
    record Assumption(String name, Change change) {}

    /** Makes one assumption worse or better. */
    interface Change {
        PowerCase of(PowerCase from, double worse);
    }

    static PowerCase of(NodePower power, double latitudeDegrees) {
        return new PowerCase(
                power.budget(),
                power.battery(),
                power.panel(),
                power.panels(),
                power.weather(),
                latitudeDegrees,
                power.demandedDays());
    }

    /** Everything that a plan assumes about a node's power. */
    static List<Assumption> assumptions(NodePower power) {
        List<Assumption> all = new ArrayList<>();
        List<PowerBudget.Line> lines = power.budget().lines();
        for (int i = 0; i < lines.size(); i++) {
            int line = i;
            all.add(new Assumption("draw of: " + lines.get(i).name(), (from, worse) -> from.drawing(line, worse)));
        }
        List<PowerBudget.Line> atChip = power.budget(0).lines();
        all.add(new Assumption("losses of the regulator", (from, worse) -> from.losing(lines, atChip, worse)));
        all.add(new Assumption(
                "capacity in the cold and under load",
                (from, worse) -> from.with(
                        from.battery.coldShare() * (2 - worse), from.battery.fadePerYear(), from.selfDischarge())));
        all.add(new Assumption(
                "ageing of the battery",
                (from, worse) ->
                        from.with(from.battery.coldShare(), from.battery.fadePerYear() * worse, from.selfDischarge())));
        all.add(new Assumption(
                "self-discharge of the battery",
                (from, worse) ->
                        from.with(from.battery.coldShare(), from.battery.fadePerYear(), from.selfDischarge() * worse)));
        if (power.panels() > 0) {
            all.add(new Assumption("clearness of the sky", (from, worse) -> from.shining(worse)));
            all.add(new Assumption("performance of the panel", (from, worse) -> from.yielding(worse)));
        }
        return all;
    }

    private double selfDischarge() {
        return battery.selfDischargePerMonth();
    }

    private PowerCase drawing(int line, double worse) {
        List<PowerBudget.Line> lines = new ArrayList<>(budget.lines());
        PowerBudget.Line old = lines.get(line);
        lines.set(line, new PowerBudget.Line(old.name(), old.milliwatts() * worse, old.secondsPerDay()));
        return with(new PowerBudget(lines));
    }

    private PowerCase losing(List<PowerBudget.Line> drawn, List<PowerBudget.Line> atChip, double worse) {
        List<PowerBudget.Line> lines = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            PowerBudget.Line old = budget.lines().get(i);
            double lost = drawn.get(i).milliwatts() - atChip.get(i).milliwatts();
            lines.add(new PowerBudget.Line(
                    old.name(), Math.max(0, old.milliwatts() + (worse - 1) * lost), old.secondsPerDay()));
        }
        return with(new PowerBudget(lines));
    }

    private PowerCase with(PowerBudget other) {
        return new PowerCase(other, battery, panel, panels, weather, latitudeDegrees, demandedDays);
    }

    private PowerCase with(double coldShare, double fadePerYear, double selfDischargePerMonth) {
        Battery other = new Battery(
                battery.wattHours(),
                battery.usableShare(),
                Math.min(1, coldShare),
                fadePerYear,
                selfDischargePerMonth,
                battery.volts(),
                battery.ohms());
        return new PowerCase(budget, other, panel, panels, weather, latitudeDegrees, demandedDays);
    }

    private PowerCase shining(double worse) {
        Weather other = new Weather(weather.clearness().stream()
                .map(each -> Math.min(MAX_CLEARNESS, each * (2 - worse)))
                .toList());
        return new PowerCase(budget, battery, panel, panels, other, latitudeDegrees, demandedDays);
    }

    private PowerCase yielding(double worse) {
        SolarPanel other =
                new SolarPanel(panel.wattsPeak(), panel.tiltDegrees(), Math.min(1, panel.performance() * (2 - worse)));
        return new PowerCase(budget, battery, other, panels, weather, latitudeDegrees, demandedDays);
    }

    EnergyYear year() {
        return EnergyYear.of(budget, battery, panel, panels, latitudeDegrees, weather);
    }

    /**
     * How long the node lives: until the ageing battery no longer carries it through the demanded days in the dark,
     * or, where the sun does not cover the load in the worst month, until a full battery is empty under what is
     * missing, whichever is earlier. Without a panel there is only the latter.
     *
     * @return years, at most {@link #MAX_YEARS}
     */
    double lifeYears() {
        EnergyYear year = year();
        double missing =
                year.loadWattHoursPerDay() - year.harvestWattHoursPerDay().get(year.worstMonth());
        double empty = missing > 0 ? battery.autonomyDays(missing, 0) / DAYS_A_YEAR : MAX_YEARS;
        return Math.min(MAX_YEARS, panels == 0 ? empty : Math.min(empty, agedYears()));
    }

    private double agedYears() {
        double needed = battery.wattHoursNeeded(budget.wattHoursPerDay(), demandedDays, 0);
        if (needed >= battery.wattHours()) {
            return 0;
        }
        // (1 - fade) ^ years = needed / rated; without fading the quotient is infinite.
        return Math.log(needed / battery.wattHours()) / Math.log1p(-battery.fadePerYear());
    }

    /** What an assumption moves: the worst month's surplus in watt-hours a day, or days of life without a panel. */
    double measure() {
        if (panels > 0) {
            return year().worstSurplusWattHoursPerDay();
        }
        return battery.autonomyDays(budget.wattHoursPerDay(), 0);
    }
}
