package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.CutForest;
import dev.fieldproof.core.anomaly.JointModel;
import dev.fieldproof.core.anomaly.TestBank;
import dev.fieldproof.core.sim.SimDeviceTrace;
import dev.fieldproof.core.sim.SimDeviceTrace.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;

/** Anomalies beside Random Cut Forest: speed, memory, and failures found at equal false alarms. */
final class AnomalyRows {
    private static final int VECTORS = 2_000;
    private static final int HEALTHY = 100;
    private static final int EACH = 40;
    private static final int RIVAL_HEALTHY = 24;
    private static final int RIVAL_EACH = 8;

    private AnomalyRows() {}

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        Goal halfMicrosecond = new Goal.AtMost(500);
        rows.add(speed(
                "anomaly.bank-speed",
                "score a vector of ten features with the bank of tests",
                halfMicrosecond,
                AnomalyTrials::bank));
        rows.add(speed(
                "anomaly.bank-ratio",
                "the same against the forest",
                new Goal.RatioAtMost(1 / 50.0),
                AnomalyTrials::bank));
        rows.add(speed(
                "anomaly.both-ratio",
                "bank and learned model together",
                new Goal.RatioAtMost(1 / 50.0),
                AnomalyTrials::both));
        rows.add(memory("anomaly.bank-bytes", "memory of the bank", 4096, () -> (double)
                new TestBank(AnomalyTrials.FEATURES, 1, new double[AnomalyTrials.FEATURES * TestBank.STATISTICS])
                        .bytes()));
        rows.add(memory("anomaly.both-bytes", "memory of the bank and the learned model", 65_536, () -> {
            int features = AnomalyTrials.FEATURES;
            int bank = new TestBank(features, 1, new double[features * TestBank.STATISTICS]).bytes();
            return (double)
                    (bank + new JointModel(features, 1000, 0, new double[JointModel.statistics(features)]).bytes());
        }));
        Trial ours = new Trial(device -> AnomalyTrials.both(), HEALTHY, EACH);
        Trial theirs = new Trial(AnomalyTrials::forest, RIVAL_HEALTHY, RIVAL_EACH);
        rows.add(quality("anomaly.known", "of ten kinds of failure, found within a week", ours::known, theirs::known));
        rows.add(quality("anomaly.unknown", "of ten kinds no test was written for", ours::unknown, theirs::unknown));
        return rows;
    }

    /** A detector, calibrated once to an alarm in thirty device-days. */
    private static final class Trial {
        private final LongFunction<AnomalyTrials.Scorer> scorers;
        private final int healthy;
        private final int each;
        private double threshold = Double.NaN;

        Trial(LongFunction<AnomalyTrials.Scorer> scorers, int healthy, int each) {
            this.scorers = scorers;
            this.healthy = healthy;
            this.each = each;
        }

        private double threshold() {
            if (Double.isNaN(threshold)) {
                threshold = AnomalyTrials.threshold(scorers, healthy);
            }
            return threshold;
        }

        AnomalyTrials.Found known() {
            return AnomalyTrials.known(scorers, threshold(), each);
        }

        AnomalyTrials.Found unknown() {
            return AnomalyTrials.unknown(scorers, threshold(), each);
        }
    }

    /** Ours at the lower end of its 95 % interval against the forest at the upper end of its own. */
    private static Row quality(
            String name, String what, Callable<AnomalyTrials.Found> ours, Callable<AnomalyTrials.Found> theirs) {
        return new Row.Exact(
                name,
                "share " + what + " at one alarm in 30 device-days; lower 95 % limit against the forest's upper;"
                        + " seeds 777,000 to learn thresholds, 31,337 healthy, 555,000 and 556,000 failing",
                "%",
                CutForest.NAME,
                new Goal.RatioAtLeast(1),
                () -> 100 * ours.call().low(),
                () -> 100 * theirs.call().high(),
                true);
    }

    private static Row memory(String name, String what, double most, Callable<Double> ours) {
        return new Row.Exact(name, what, "bytes", "–", new Goal.AtMost(most), ours, () -> Double.NaN);
    }

    private static Row speed(String name, String what, Goal goal, Callable<AnomalyTrials.Scorer> ours) {
        return new Row.Timed(
                name,
                what,
                CutForest.NAME,
                goal,
                VECTORS,
                () -> work(ours.call()),
                () -> work(AnomalyTrials.forest(1)));
    }

    private static Callable<?> work(AnomalyTrials.Scorer scorer) {
        SimDeviceTrace trace = new SimDeviceTrace(1, Failure.NONE, 0);
        float[][] vectors = new float[VECTORS][];
        int[] seconds = new int[VECTORS];
        for (int i = 0; i < VECTORS; i++) {
            vectors[i] = trace.next().clone();
            seconds[i] = trace.secondOfDay();
            scorer.score(vectors[i], seconds[i]);
        }
        return () -> {
            double sum = 0;
            for (int i = 0; i < VECTORS; i++) {
                sum += scorer.score(vectors[i], seconds[i]);
            }
            return sum;
        };
    }
}
