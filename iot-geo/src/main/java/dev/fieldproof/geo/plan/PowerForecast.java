package dev.fieldproof.geo.plan;

import java.time.Month;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What follows from the assumptions about a node's power. Immutable and thread-safe.
 *
 * @param power the assumptions
 * @param budget what the node draws from its battery
 * @param battery as it is in the cold and under this load
 * @param year harvest, load and days of autonomy
 * @param batteryWattHoursNeeded rated energy of a new battery that carries the node through the demanded days in ten
 *     years
 * @param lifeYears until the battery is empty, or too old for the demanded days: if every assumption is a fifth worse,
 * as assumed, a fifth better; at most 20
 * @param peakMilliwatts the greatest load on the battery
 * @param peakVolts of the nearly empty battery under it; NaN if it cannot give that much
 * @param effects of each assumption being a fifth worse, the greatest first
 * @param sparedWattHoursPerDay what judging on the node saves over sending every look
 */
public record PowerForecast(
        NodePower power,
        PowerBudget budget,
        Battery battery,
        EnergyYear year,
        double batteryWattHoursNeeded,
        List<Double> lifeYears,
        double peakMilliwatts,
        double peakVolts,
        List<Effect> effects,
        double sparedWattHoursPerDay) {
    /** The sun's path is reckoned with up to this latitude. */
    public static final double MAX_LATITUDE = 66;

    private static final double WORSE = 1.2;
    private static final double BETTER = 0.8;
    private static final double OLD_YEARS = 10;

    /**
     * What an assumption does.
     *
     * @param assumption its name
     * @param worseBy how much less is left if it is a fifth worse: watt-hours a day of the worst month's surplus, or
     *     days of life for a node without a panel
     */
    public record Effect(String assumption, double worseBy) {}

    /** Copies the lists. */
    public PowerForecast {
        lifeYears = List.copyOf(lifeYears);
        effects = List.copyOf(effects);
    }

    /**
     * Works out what follows.
     *
     * @param power the assumptions
     * @param latitudeDegrees of the site; beyond {@value #MAX_LATITUDE} that one is taken
     * @return the forecast
     * @throws IllegalArgumentException if nothing draws energy
     */
    public static PowerForecast of(NodePower power, double latitudeDegrees) {
        double latitude = Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, latitudeDegrees));
        PowerCase stated = PowerCase.of(power, latitude);
        PowerCase worst = stated;
        PowerCase best = stated;
        List<Effect> effects = new ArrayList<>();
        for (PowerCase.Assumption assumption : PowerCase.assumptions(power)) {
            double left = assumption.change().of(stated, WORSE).measure();
            effects.add(new Effect(assumption.name(), stated.measure() - left));
            worst = assumption.change().of(worst, WORSE);
            best = assumption.change().of(best, BETTER);
        }
        effects.sort(Comparator.comparingDouble(Effect::worseBy).reversed());
        BatteryPack pack = power.pack();
        double peak = power.regulator()
                .batteryMilliwatts(
                        power.currents().find(power.board(), NodePower.PEAK).milliamps(), pack.emptyVolts());
        Duty duty = power.duty();
        double spared = Math.max(0, Math.min(duty.looksPerDay(), duty.inferencesPerDay()) - duty.reportsPerDay());
        return new PowerForecast(
                power,
                stated.budget(),
                stated.battery(),
                stated.year(),
                stated.battery().wattHoursNeeded(stated.budget().wattHoursPerDay(), power.demandedDays(), OLD_YEARS),
                List.of(worst.lifeYears(), stated.lifeYears(), best.lifeYears()),
                peak,
                stated.battery().voltsUnder(peak),
                effects,
                duty.inference().savedWattHoursPerDay(duty.inferencesPerDay(), spared, power.joulesPerReport()));
    }

    /**
     * The assumption that matters most.
     *
     * @return its name
     */
    public String dominating() {
        return effects.get(0).assumption();
    }

    /**
     * Whether the node would reset when it sends with a nearly empty battery.
     *
     * @return true if the voltage falls below what the regulator needs
     */
    public boolean isBrownOut() {
        // NaN is no voltage at all.
        return !(peakVolts >= power.regulator().leastInputVolts());
    }

    /**
     * The greatest inner resistance of the battery at which the node still sends.
     *
     * @return ohms
     */
    public double ohmsAllowed() {
        // Below half its own voltage a battery gives less the more is asked.
        double least = Math.max(power.regulator().leastInputVolts(), battery.volts() / 2);
        return (battery.volts() - least) * least * 1000 / peakMilliwatts;
    }

    /**
     * The life and its interval in words.
     *
     * @return such as 0.8 years (0.5 to 1.1)
     */
    public String life() {
        if (lifeYears.get(0) >= PowerCase.MAX_YEARS) {
            return text("%.0f years or more", PowerCase.MAX_YEARS);
        }
        return text("%s years (%s to %s)", years(1), years(0), years(2));
    }

    private String years(int index) {
        double years = lifeYears.get(index);
        return years >= PowerCase.MAX_YEARS ? text("%.0f or more", PowerCase.MAX_YEARS) : text("%.1f", years);
    }

    /**
     * What the sun gives, in words.
     *
     * @return whether the worst month's harvest covers the load
     */
    public String sun() {
        if (power.panels() == 0) {
            return "no panel feeds them";
        }
        double surplus = year.worstSurplusWattHoursPerDay();
        return text(
                "%s %s with %.1f W of panels, %.1f W are needed",
                worstMonth(),
                text(surplus < 0 ? "lacks %.2f Wh a day" : "leaves %.2f Wh a day over", Math.abs(surplus)),
                power.panels() * power.panel().wattsPeak(),
                year.panelWattsNeeded());
    }

    /**
     * The worst month's name.
     *
     * @return such as December
     */
    public String worstMonth() {
        String name = Month.of(year.worstMonth() + 1).name();
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    /**
     * What does not suffice.
     *
     * @param latitudeDegrees of the site
     * @return a sentence for each shortage; empty if all is well
     */
    public List<String> warnings(double latitudeDegrees) {
        List<String> warnings = new ArrayList<>();
        if (Math.abs(latitudeDegrees) > MAX_LATITUDE) {
            warnings.add(text(
                    "the site lies at %.1f degrees: power is reckoned with the sun of %.0f degrees, winters"
                            + " there are darker",
                    latitudeDegrees, Math.copySign(MAX_LATITUDE, latitudeDegrees)));
        }
        if (isBrownOut()) {
            String falls = Double.isNaN(peakVolts) ? "collapses" : text("falls to %.2f V", peakVolts);
            warnings.add(text(
                    "brownout: a peak of %.0f mW on a nearly empty '%s' of %.2f ohms %s, regulator '%s' needs %.2f V;"
                            + " up to %.2f ohms would do, or a capacitor for the peak",
                    peakMilliwatts,
                    power.pack().part(),
                    battery.ohms(),
                    falls,
                    power.regulator().name(),
                    power.regulator().leastInputVolts(),
                    ohmsAllowed()));
        }
        if (power.panels() > 0 && year.worstSurplusWattHoursPerDay() < 0) {
            warnings.add(text(
                    "solar nodes lack %.2f Wh a day in %s: panels of %.1f W are needed, not %.1f W",
                    -year.worstSurplusWattHoursPerDay(),
                    worstMonth(),
                    year.panelWattsNeeded(),
                    power.panels() * power.panel().wattsPeak()));
        }
        if (power.panels() > 0 && batteryWattHoursNeeded > battery.wattHours()) {
            warnings.add(text(
                    "solar nodes last %.1f days in the dark after ten years, not %.1f: a battery of %.0f Wh is needed,"
                            + " not %.0f Wh",
                    year.autonomyDays().get(0), power.demandedDays(), batteryWattHoursNeeded, battery.wattHours()));
        }
        return warnings;
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
