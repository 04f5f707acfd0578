package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.PhiAccrual;
import dev.fieldproof.benchmarks.scorecard.SilenceTrials.Life;
import dev.fieldproof.core.health.RhythmDetector;
import dev.fieldproof.core.sim.SimBeats.Channel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/** Liveness: speed and agreement beside Pekko, delays and false alarms beside phi accrual and a fixed deadline. */
final class HealthRows {
    private static final int FLEET = 1_000_000;
    private static final int RIVAL_FLEET = 20_000;
    private static final int PERIOD_MILLIS = 60_000;
    private static final int BATCH = 1_000;
    private static final RhythmDetector.Parameters USUAL =
            new RhythmDetector.Parameters(8, 100, 500, 3000, PERIOD_MILLIS);

    private HealthRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row.Timed(
                "health.heartbeat",
                "take a heartbeat, expiry included, of one million devices; Pekko's detectors of 20,000",
                PhiAccrual.NAME,
                new Goal.AtMost(1000 / 24.0),
                FLEET,
                HealthRows::beats,
                HealthRows::rivalBeats));
        rows.add(exact(
                "health.bytes-per-device", "state and timing wheel of one device in a million", "bytes", 21, () -> {
                    RhythmDetector detector = new RhythmDetector(FLEET, USUAL);
                    for (long minute = 0; minute < 3; minute++) {
                        beatAll(detector, minute * PERIOD_MILLIS);
                    }
                    return (double) detector.bytes() / FLEET;
                }));
        rows.add(new Row.Exact(
                "health.phi-agreement",
                "verdicts equal to Pekko's at equal parameters, at random times in steady rhythm",
                "%",
                PhiAccrual.NAME,
                new Goal.AtLeast(99.9),
                HealthRows::agreement,
                () -> 100.0));
        silence(rows, "independent", Life.of(Channel.INDEPENDENT), 4.6);
        silence(rows, "long-bursts", Life.of(Channel.LONG_BURSTS), Double.MAX_VALUE);
        silence(rows, "mild-bursts", Life.of(Channel.MILD_BURSTS), Double.MAX_VALUE);
        silence(rows, "acknowledged", new Life(Channel.INDEPENDENT, 2, Integer.MAX_VALUE, 0), 2);
        sleep(rows, "sleep-independent", Channel.INDEPENDENT);
        sleep(rows, "sleep-mild-bursts", Channel.MILD_BURSTS);
        Callable<GatewayTrials.Score> gateway = Rows.once(GatewayTrials::play);
        rows.add(exact(
                "health.gateway.alarms",
                "alarms per outage of a gateway with 500 devices, 150 outages",
                "alarms",
                1.01,
                () -> gateway.call().alarmsPerOutage()));
        rows.add(exact(
                "health.gateway.delay",
                "median time from the outage to the alarm",
                "periods",
                0.2,
                () -> gateway.call().medianPeriods()));
        wedged(rows);
        fleet(rows);
        return rows;
    }

    private static void silence(List<Row> rows, String channel, Life life, double mostPeriods) {
        Callable<SilenceTrials.Score> ours = Rows.once(() -> SilenceTrials.ours(life));
        Callable<SilenceTrials.Score> phi = Rows.once(() -> SilenceTrials.gaps(life, device -> SilenceTrials.phi()));
        Callable<SilenceTrials.Score> fixed =
                Rows.once(() -> SilenceTrials.gaps(life, device -> SilenceTrials.fixed(1.5)));
        String name = "health.silent." + channel;
        rows.add(alarms(name + ".alarms", "phi accrual", PhiAccrual.NAME, ours, phi));
        rows.add(alarms(name + ".alarms-fixed", "1.5 periods", "a fixed deadline", ours, fixed));
        rows.add(most(name + ".alarms-most", ours));
        rows.add(new Row.Exact(
                name + ".delay-most",
                "upper 95 % limit of the median delay, 1,500 deaths",
                "periods",
                PhiAccrual.NAME,
                mostPeriods == Double.MAX_VALUE ? new Goal.AtMost(200) : new Goal.AtMost(mostPeriods),
                () -> ours.call().mostMedianPeriods(),
                () -> phi.call().mostMedianPeriods()));
        rows.add(new Row.Exact(
                name + ".delay",
                "median time from a device's death to the alarm, 1,500 deaths",
                "periods",
                PhiAccrual.NAME,
                // Under bursts the bound depends on the bursts: the delay is told, the budget is the goal.
                mostPeriods == Double.MAX_VALUE ? new Goal.AtMost(200) : new Goal.AtMost(mostPeriods),
                () -> ours.call().medianPeriods(),
                () -> phi.call().medianPeriods()));
    }

    private static void sleep(List<Row> rows, String name, Channel channel) {
        Life life = new Life(channel, 0, 100, 200);
        Callable<SilenceTrials.Score> ours = Rows.once(() -> SilenceTrials.ours(life));
        rows.add(alarms(
                "health.silent." + name + ".alarms",
                "phi accrual",
                PhiAccrual.NAME,
                ours,
                Rows.once(() -> SilenceTrials.gaps(life, device -> SilenceTrials.phi()))));
        rows.add(most("health.silent." + name + ".alarms-most", ours));
    }

    /** The interval beside the figure: twice the budget must be excluded. */
    private static Row most(String name, Callable<SilenceTrials.Score> ours) {
        return exact(
                name,
                "upper 95 % limit of the false alarms per device-year awake",
                "alarms",
                1,
                () -> ours.call().mostAlarmsPerYear());
    }

    private static Row alarms(
            String name,
            String against,
            String rival,
            Callable<SilenceTrials.Score> ours,
            Callable<SilenceTrials.Score> theirs) {
        return new Row.Exact(
                name,
                "false alarms per device-year awake, beats every 60 s, seeds from 42,000,126; beside " + against,
                "alarms",
                rival,
                new Goal.AtMost(0.5),
                () -> ours.call().alarmsPerYear(),
                () -> theirs.call().alarmsPerYear());
    }

    private static void wedged(List<Row> rows) {
        Callable<WedgeTrials.Score> worst = Rows.once(WedgeTrials::worst);
        rows.add(exact(
                "health.wedged.alarms",
                "false alarms per device-year, worst of nine signals from fine to coarse, white to slow, seeds from 99",
                "alarms",
                1,
                () -> worst.call().alarmsPerYear()));
        rows.add(exact(
                "health.wedged.alarms-most",
                "upper 95 % limit of the worst of the nine",
                "alarms",
                1,
                () -> worst.call().mostAlarmsPerYear()));
        rows.add(exact(
                "health.wedged.fine",
                "median samples to tell a frozen signal with a raw digit, slowest of three correlations",
                "samples",
                150,
                () -> WedgeTrials.slowest(0.1)));
        rows.add(exact(
                "health.wedged.coarse",
                "the same, steps up to twice the noise, slowest of nine signals",
                "samples",
                150,
                () -> WedgeTrials.slowest(2)));
        rows.add(exact(
                "health.wedged.witness",
                "the coarsest and slowest of them, sent with eight raw bits as witness",
                "samples",
                150,
                () -> WedgeTrials.witnessed(2, 0.99).medianSamples()));
        rows.add(exact(
                "health.wedged.witness-alarms",
                "false alarms per device-year of the same",
                "alarms",
                1,
                () -> WedgeTrials.witnessed(2, 0.99).alarmsPerYear()));
        rows.add(new Row.Exact(
                "health.wedged.coarse-bound",
                "the slowest of them beside the run that chance alone reaches once in two years",
                "samples",
                "the law known exactly",
                new Goal.RatioAtMost(1.3),
                () -> WedgeTrials.play(2, 0.99).medianSamples(),
                () -> WedgeTrials.play(2, 0.99).leastSamples()));
    }

    private static void fleet(List<Row> rows) {
        Callable<FleetTrials.Score> fleet = Rows.once(FleetTrials::play);
        rows.add(exact(
                "health.fleet.beat",
                "take a numbered beat in the view of a million devices behind 2,000 gateways, all judgements included",
                "ns",
                5_000,
                () -> fleet.call().beatNanos()));
        rows.add(exact(
                "health.fleet.bytes",
                "heap per device of the whole view, names and profiles included",
                "bytes",
                1_000,
                () -> fleet.call().heapBytes()));
        rows.add(exact(
                "health.fleet.query",
                "find the thousand devices of one site and state among a million",
                "ms",
                50,
                () -> fleet.call().queryMillis()));
        rows.add(exact(
                "health.fleet.snapshot",
                "counts by state, gateways and sites that are down, of a million devices",
                "ms",
                50,
                () -> fleet.call().snapshotMillis()));
    }

    private static Row exact(String name, String what, String unit, double most, Callable<Double> ours) {
        return new Row.Exact(name, what, unit, "–", new Goal.AtMost(most), ours, () -> Double.NaN);
    }

    private static Callable<?> beats() {
        RhythmDetector detector = new RhythmDetector(FLEET, USUAL);
        long[] now = {0};
        return () -> {
            now[0] += PERIOD_MILLIS;
            return beatAll(detector, now[0]);
        };
    }

    /** Every device beats once, spread over a period, and the wheel turns with the time. */
    private static long beatAll(RhythmDetector detector, long fromMillis) {
        long[] silent = {0};
        for (int device = 0; device < FLEET; device++) {
            long now = fromMillis + (long) device * PERIOD_MILLIS / FLEET;
            detector.beat(device, now);
            if (device % BATCH == 0) {
                detector.advance(now, gone -> silent[0]++);
            }
        }
        return silent[0];
    }

    private static Callable<?> rivalBeats() {
        PhiAccrual[] detectors = new PhiAccrual[RIVAL_FLEET];
        for (int i = 0; i < detectors.length; i++) {
            detectors[i] = new PhiAccrual(8, 100, 500, 3000, PERIOD_MILLIS);
        }
        long[] now = {0};
        return () -> {
            // One call counts as a million beats: the same work fifty times.
            for (int round = 0; round < FLEET / RIVAL_FLEET; round++) {
                now[0] += PERIOD_MILLIS;
                for (int i = 0; i < RIVAL_FLEET; i++) {
                    detectors[i].beat(now[0] + (long) i * PERIOD_MILLIS / RIVAL_FLEET);
                }
            }
            return detectors;
        };
    }

    private static double agreement() {
        long agreed = 0;
        long asked = 0;
        for (int seed = 0; seed < 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RhythmDetector ours = new RhythmDetector(1, USUAL);
            PhiAccrual theirs = new PhiAccrual(8, 100, 500, 3000, PERIOD_MILLIS);
            double now = 0;
            for (int beat = 0; beat < 3000; beat++) {
                double late = random.nextInt(100) == 0 ? -6000 * Math.log(1 - random.nextDouble()) : 0;
                double gap = PERIOD_MILLIS + 1500 * random.nextGaussian() + late;
                long ask = (long) (now + random.nextDouble() * gap);
                if (beat > 0) {
                    asked++;
                    agreed += ours.phi(0, ask) < USUAL.threshold() == theirs.isAvailable(ask) ? 1 : 0;
                }
                now += gap;
                ours.beat(0, (long) now);
                theirs.beat((long) now);
            }
        }
        return 100.0 * agreed / asked;
    }
}
