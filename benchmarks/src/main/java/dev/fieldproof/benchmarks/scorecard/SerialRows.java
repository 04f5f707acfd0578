package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Esptool;
import dev.fieldproof.serial.sim.SimTiming;
import java.util.List;
import java.util.concurrent.Callable;

/** Flashing over a serial line, one model of the wire for both tools. */
final class SerialRows {
    private static final String LIMIT = " of max(wire, flash) + verify";

    private SerialRows() {}

    static List<Row> rows() {
        Callable<SerialTrials.Cuts> cuts = Rows.once(SerialTrials::cuts);
        return List.of(
                session("serial.session-921600", "0.7 ms a page,", LIMIT, 921_600, SimTiming.TYPICAL_PAGES, 87),
                session("serial.session-instant", "instant flash,", LIMIT, 921_600, SimTiming.INSTANT_FLASH, 97),
                session(
                        "serial.session-115200",
                        "0.7 ms a page,",
                        " of the wire",
                        115_200,
                        SimTiming.TYPICAL_PAGES,
                        97),
                new Row.Exact(
                        "serial.bytes",
                        "bytes sent in a session that writes 1 MiB of firmware",
                        "bytes",
                        Esptool.NAME,
                        new Goal.RatioAtMost(0.985),
                        () -> (double) SerialWork.ours(921_600, SimTiming.INSTANT_FLASH)
                                .sentBytes(),
                        () -> (double) SerialWork.theirs(921_600, SimTiming.INSTANT_FLASH)
                                .sentBytes()),
                alone(
                        "serial.cuts",
                        "sessions of 1,000 that a cut at a random byte, half with the program killed, does not spoil",
                        "sessions",
                        new Goal.AtLeast(SerialTrials.TRIALS),
                        () -> (double) cuts.call().recovered()),
                alone(
                        "serial.cuts-resent",
                        "most that one of those cuts made be sent again, in windows of 64 KiB",
                        "windows",
                        new Goal.AtMost(2),
                        () -> cuts.call().mostSentAgain()),
                new Row.Exact(
                        "serial.faults",
                        "sessions of 1,000 with one byte lost, doubled, flipped or after a stray delimiter that end"
                                + " right, neighbours included; the rival with one acknowledgement lost, 5 sessions",
                        "%",
                        Esptool.NAME,
                        new Goal.AtLeast(100),
                        SerialTrials::faultsSurvivedPercent,
                        SerialTrials::rivalFaultsSurvivedPercent,
                        true),
                alone(
                        "serial.nothing-changed",
                        "bytes sent after connecting when 1 MiB is in flash already",
                        "bytes",
                        new Goal.AtMost(1024),
                        () -> (double) SerialTrials.sentForChange(false)),
                alone(
                        "serial.one-sector",
                        "the same when one sector differs and cannot be compressed",
                        "bytes",
                        new Goal.AtMost(4096 + 2048),
                        () -> (double) SerialTrials.sentForChange(true)),
                alone(
                        "serial.mutated",
                        "erase commands sent for 10,000 plans with a wrong byte, length, place or chip",
                        "commands",
                        new Goal.AtMost(0),
                        () -> (double) SerialTrials.erasesOfMutatedPlans()),
                alone(
                        "serial.ports",
                        "sixteen ports at once against one alone, at the wire's pace",
                        "times",
                        new Goal.AtMost(1.1),
                        SerialWork::sixteenPorts));
    }

    private static Row session(String name, String flash, String of, int baud, SimTiming timing, double goal) {
        return new Row.Exact(
                name,
                "whole session of 1 MiB, " + flash + " share" + of,
                "%",
                Esptool.NAME,
                new Goal.AtLeast(goal),
                () -> SerialWork.share(baud, timing, SerialWork.ours(baud, timing)),
                () -> SerialWork.share(baud, timing, SerialWork.theirs(baud, timing)));
    }

    private static Row alone(String name, String what, String unit, Goal goal, Callable<Double> ours) {
        return new Row.Exact(name, what, unit, "–", goal, ours, () -> Double.NaN, true);
    }
}
