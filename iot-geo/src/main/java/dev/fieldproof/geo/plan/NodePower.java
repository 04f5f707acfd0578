package dev.fieldproof.geo.plan;

import dev.fieldproof.geo.plan.CurrentCatalogue.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * All that is assumed about the power of a node away from the mains: what it does, what its parts draw, what feeds it
 * and where. {@link PowerForecast} works out what follows. Immutable and thread-safe.
 *
 * @param board the part whose figures count: {@value #LOOK}, {@value #SEND}, {@value #PEAK}, {@value #SLEEP} and, if
 *     there is one, {@value #REST}
 * @param currents what parts draw
 * @param duty what the node does on a day
 * @param regulator between battery and chip
 * @param pack the battery
 * @param packs how many of them side by side, 1 to 100
 * @param panel one panel
 * @param panels how many of them, 0 to 100
 * @param weather month by month
 * @param coldestCelsius at which the battery still has to carry the node, -60 to 60
 * @param meanCelsius over the year, from the coldest to 60
 * @param demandedDays of autonomy, 0 to 365
 */
public record NodePower(
        String board,
        CurrentCatalogue currents,
        Duty duty,
        Regulator regulator,
        BatteryPack pack,
        int packs,
        SolarPanel panel,
        int panels,
        Weather weather,
        double coldestCelsius,
        double meanCelsius,
        double demandedDays) {
    /** State of a node that looks and judges. */
    public static final String LOOK = "look";

    /** State of a node that connects and sends; the mean over both. */
    public static final String SEND = "connect and send";

    /** The greatest current, for the battery's voltage under it. */
    public static final String PEAK = "transmit peak";

    /** State of a sleeping chip, or of chip and board. */
    public static final String SLEEP = "deep sleep";

    /** What else a sleeping board draws. */
    public static final String REST = "rest of the board";

    /** One panel of 10 W at 60 degrees, of whose yield 70 % is left after heat, dirt, wiring and charging. */
    public static final SolarPanel PANEL = new SolarPanel(10, 60, 0.7);

    /** Share of the sun's energy that reaches the ground in a cloudy month: the cautious side of middle Europe. */
    public static final double CLOUDY = 0.3;

    /**
     * A camera node of the ESP32-S3 class behind a step-down converter, with a battery of lithium iron phosphate and a
     * panel of 10 W, under the clouds of middle Europe, down to -10 degrees, 10 on average, five days in the dark.
     */
    public static final NodePower CAMERA = new NodePower(
            "ESP32-S3 camera node",
            CurrentCatalogue.reference(),
            Duty.CAMERA,
            Regulator.BUCK,
            BatteryPack.LIFEPO4,
            1,
            PANEL,
            1,
            Weather.always(CLOUDY),
            -10,
            10,
            5);

    private static final int MAX_COUNT = 100;
    private static final double HOTTEST = 60;
    private static final double MAX_DAYS = 365;

    /**
     * Checks that all fits together.
     *
     * @throws IllegalArgumentException if a figure is missing or out of range, a battery that cannot be charged has a
     *     panel, or the regulator cannot run from a nearly empty battery
     */
    public NodePower {
        if (packs < 1 || packs > MAX_COUNT || panels < 0 || panels > MAX_COUNT) {
            throw new IllegalArgumentException(packs + " batteries and " + panels + " panels; allowed are 1 to "
                    + MAX_COUNT + " and 0 to " + MAX_COUNT);
        }
        if (panels > 0 && !pack.chemistry().rechargeable()) {
            throw new IllegalArgumentException(
                    "'" + pack.part() + "' cannot be charged: it takes no panel, not " + panels);
        }
        if (pack.emptyVolts() < regulator.leastInputVolts()) {
            throw new IllegalArgumentException("regulator '" + regulator.name() + "' needs "
                    + String.format(Locale.ROOT, "%.2f", regulator.leastInputVolts()) + " V; '" + pack.part() + "' has "
                    + pack.emptyVolts()
                    + " V when nearly empty");
        }
        if (!(coldestCelsius >= -HOTTEST && meanCelsius >= coldestCelsius && meanCelsius <= HOTTEST)) {
            throw new IllegalArgumentException(
                    "temperatures from " + coldestCelsius + " with a mean of " + meanCelsius + " degrees");
        }
        if (!(demandedDays >= 0 && demandedDays <= MAX_DAYS)) {
            throw new IllegalArgumentException(demandedDays + " days of autonomy");
        }
        for (String state : List.of(LOOK, SEND, PEAK, SLEEP)) {
            Entry figure = currents.find(board, state);
            if (Math.abs(figure.volts() - regulator.outputVolts()) > 0.1 * regulator.outputVolts()) {
                throw new IllegalArgumentException("'" + board + "', " + state + ": a figure at " + figure.volts()
                        + " V; the regulator gives " + regulator.outputVolts());
            }
        }
    }

    /**
     * A state in a node's day.
     *
     * @param name for tables
     * @param figure the current at the chip
     * @param secondsPerDay how long
     */
    public record State(String name, Entry figure, double secondsPerDay) {}

    /**
     * The states of a day; together they last 24 hours.
     *
     * @return looking, judging, reporting, updates, sleep
     */
    public List<State> states() {
        List<State> states = new ArrayList<>();
        states.add(new State(LOOK, currents.find(board, LOOK), duty.looksPerDay() * duty.secondsPerLook()));
        PowerBudget.Line judging = duty.inference().line(duty.inferencesPerDay());
        states.add(new State(
                judging.name(),
                new Entry(
                        duty.inference().name(),
                        "inference",
                        judging.milliwatts() / regulator.outputVolts(),
                        regulator.outputVolts(),
                        CurrentCatalogue.Basis.MEASURED,
                        duty.inference().source()),
                judging.secondsPerDay()));
        Entry send = currents.find(board, SEND);
        states.add(new State("reports and their retries", send, duty.reportSecondsPerDay()));
        states.add(new State("updates and their retries", send, duty.updateSecondsPerDay()));
        states.add(new State("sleep of chip and board", asleep(), duty.sleepSecondsPerDay()));
        return states;
    }

    private Entry asleep() {
        Entry chip = currents.find(board, SLEEP);
        if (!currents.has(board, REST)) {
            return chip;
        }
        Entry rest = currents.find(board, REST);
        // The less certain of the two tells how certain the sum is.
        boolean chipIsWeaker = chip.basis().compareTo(rest.basis()) > 0;
        return new Entry(
                board,
                SLEEP,
                chip.milliamps() + rest.milliamps(),
                chip.volts(),
                chipIsWeaker ? chip.basis() : rest.basis(),
                chip.source() + "; " + rest.source());
    }

    /**
     * What these states draw from the battery.
     *
     * @return a line for each
     */
    public PowerBudget budget() {
        return budget(1);
    }

    /** The same if the regulator lost so many times as much. */
    PowerBudget budget(double lossFactor) {
        List<PowerBudget.Line> lines = new ArrayList<>();
        for (State state : states()) {
            double atChip = state.figure().milliamps() * regulator.outputVolts();
            double drawn = regulator.batteryMilliwatts(state.figure().milliamps(), pack.nominalVolts());
            lines.add(
                    new PowerBudget.Line(state.name(), atChip + lossFactor * (drawn - atChip), state.secondsPerDay()));
        }
        return new PowerBudget(lines);
    }

    /**
     * The battery in the cold and under the node's load. One that is never charged again serves through warm and cold,
     * so it is taken at the mean temperature.
     *
     * @return the battery
     */
    public Battery battery() {
        double celsius = panels == 0 ? meanCelsius : coldestCelsius;
        return pack.battery(packs, celsius, meanCelsius, budget().wattHoursPerDay() / 24);
    }

    /**
     * What one report costs at the battery.
     *
     * @return joules
     */
    public double joulesPerReport() {
        double milliwatts =
                regulator.batteryMilliwatts(currents.find(board, SEND).milliamps(), pack.nominalVolts());
        return milliwatts / 1000 * duty.secondsPerReport();
    }
}
