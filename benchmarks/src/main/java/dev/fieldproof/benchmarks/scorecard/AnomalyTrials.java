package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.CutForest;
import dev.fieldproof.core.anomaly.Calibration;
import dev.fieldproof.core.anomaly.JointModel;
import dev.fieldproof.core.anomaly.TestBank;
import dev.fieldproof.core.sim.SimDeviceTrace;
import dev.fieldproof.core.sim.SimDeviceTrace.Failure;
import dev.fieldproof.core.sim.SimOddity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;

/**
 * How many failures a detector finds within a week, at a threshold that rings once per thirty device-days on healthy
 * devices of other seeds: the same for every detector, whatever its score means.
 */
final class AnomalyTrials {
    static final int FEATURES = SimDeviceTrace.FEATURES.size();
    private static final int DAY = SimDeviceTrace.TICKS_PER_DAY;
    private static final int LEARN = 7 * DAY;
    private static final int FAILS = 10 * DAY;
    private static final int END = 17 * DAY;
    private static final int HEALTHY_END = 21 * DAY;
    private static final double DAYS_PER_ALARM = 30;
    private static final double WILSON = 1.96;
    private static final double SAFETY = 1.5;
    private static final double RIVAL_WEIGHT = 0.03;

    private static double[] bankThresholds = {};
    private static double[] jointThresholds = {};

    /** Scores vectors of one device. */
    interface Scorer {
        double score(float[] vector, int secondOfDay);
    }

    /** Found of all, with the 95 % interval of the share (Wilson 1927). */
    record Found(int found, int all) {
        double share() {
            return (double) found / all;
        }

        double low() {
            return centre() - half();
        }

        double high() {
            return centre() + half();
        }

        private double centre() {
            return (share() + WILSON * WILSON / (2 * all)) / (1 + WILSON * WILSON / all);
        }

        private double half() {
            double spread = share() * (1 - share()) / all + WILSON * WILSON / (4.0 * all * all);
            return WILSON * Math.sqrt(spread) / (1 + WILSON * WILSON / all);
        }
    }

    private AnomalyTrials() {}

    static synchronized Scorer bank() {
        if (bankThresholds.length == 0) {
            bankThresholds = calibrateBank();
        }
        return TestBank.following(FEATURES, LEARN, 0, bankThresholds)::score;
    }

    static synchronized Scorer joint() {
        if (jointThresholds.length == 0) {
            jointThresholds = calibrateJoint();
        }
        return new JointModel(FEATURES, LEARN, 0, jointThresholds)::score;
    }

    /** The bank for what its tests know, the model for what they do not. */
    static Scorer both() {
        Scorer bank = bank();
        Scorer joint = joint();
        return (vector, second) -> Math.max(bank.score(vector, second), joint.score(vector, second));
    }

    /** The forest at its best: on the residuals of a daily profile, its score averaged. */
    static Scorer forest(long seed) {
        CutForest forest = new CutForest(FEATURES, seed);
        float[][] profile = new float[24][FEATURES];
        int[] seen = new int[24];
        float[] residual = new float[FEATURES];
        double[] average = new double[1];
        return (vector, second) -> {
            int bin = second / 3600;
            boolean learning = seen[bin] < 7 * 6;
            seen[bin]++;
            for (int i = 0; i < FEATURES; i++) {
                residual[i] = vector[i] - profile[bin][i];
                if (learning) {
                    profile[bin][i] += Math.max(0.02f, 1f / seen[bin]) * residual[i];
                }
            }
            if (seen[bin] > 2) {
                average[0] += RIVAL_WEIGHT * (forest.score(residual) - average[0]);
            }
            return average[0];
        };
    }

    private static double[] calibrateBank() {
        int devices = 100;
        int statistics = FEATURES * TestBank.STATISTICS;
        Calibration calibration = new Calibration(statistics, devices);
        for (int device = 0; device < devices; device++) {
            TestBank bank = new TestBank(FEATURES, LEARN, new double[statistics]);
            SimDeviceTrace trace = new SimDeviceTrace(777_000 + device, Failure.NONE, 0);
            for (int tick = 0; tick < 28 * DAY; tick++) {
                bank.score(trace.next(), trace.secondOfDay());
                calibration.observe(i -> bank.statistic(i / TestBank.STATISTICS, i % TestBank.STATISTICS));
            }
            calibration.next();
        }
        return calibration.thresholds(0.97, SAFETY);
    }

    private static double[] calibrateJoint() {
        int devices = 100;
        int statistics = JointModel.statistics(FEATURES);
        Calibration calibration = new Calibration(statistics, devices);
        for (int device = 0; device < devices; device++) {
            JointModel model = new JointModel(FEATURES, LEARN, 0, new double[statistics]);
            SimDeviceTrace trace = new SimDeviceTrace(778_000 + device, Failure.NONE, 0);
            for (int tick = 0; tick < 28 * DAY; tick++) {
                model.score(trace.next(), trace.secondOfDay());
                calibration.observe(model::statistic);
            }
            calibration.next();
        }
        return calibration.thresholds(0.97, SAFETY);
    }

    /** The threshold that healthy devices pass once per thirty days, an alarm muting its device for a day. */
    static double threshold(LongFunction<Scorer> scorers, int devices) {
        List<float[]> scores = new ArrayList<>();
        for (int device = 0; device < devices; device++) {
            SimDeviceTrace trace = new SimDeviceTrace(31_337 + device, Failure.NONE, 0);
            Scorer scorer = scorers.apply(device);
            float[] life = new float[HEALTHY_END];
            for (int tick = 0; tick < HEALTHY_END; tick++) {
                life[tick] = (float) scorer.score(trace.next(), trace.secondOfDay());
            }
            scores.add(life);
        }
        double budget = devices * (HEALTHY_END - LEARN) / (double) DAY / DAYS_PER_ALARM;
        double low = 0;
        double high = 1000;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            long alarms =
                    scores.stream().mapToLong(life -> alarms(life, middle)).sum();
            if (alarms > budget) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    private static long alarms(float[] life, double threshold) {
        long alarms = 0;
        for (int tick = LEARN; tick < life.length; tick++) {
            if (life[tick] >= threshold) {
                alarms++;
                tick += DAY;
            }
        }
        return alarms;
    }

    /** The ten kinds that the tests were made for. */
    static Found known(LongFunction<Scorer> scorers, double threshold, int devicesPerKind) {
        int found = 0;
        List<Failure> kinds = Arrays.stream(Failure.values())
                .filter(kind -> kind != Failure.NONE)
                .toList();
        for (Failure kind : kinds) {
            for (int device = 0; device < devicesPerKind; device++) {
                SimDeviceTrace trace = new SimDeviceTrace(555_000 + device, kind, FAILS);
                found += finds(scorers.apply(device), () -> trace.next(), trace::secondOfDay, threshold) ? 1 : 0;
            }
        }
        return new Found(found, kinds.size() * devicesPerKind);
    }

    /** Kinds that no test was made for. */
    static Found unknown(LongFunction<Scorer> scorers, double threshold, int devicesPerKind) {
        int found = 0;
        for (SimOddity kind : SimOddity.values()) {
            for (int device = 0; device < devicesPerKind; device++) {
                SimOddity.Life life = kind.of(556_000 + device, FAILS);
                found += finds(scorers.apply(device), life::next, life::secondOfDay, threshold) ? 1 : 0;
            }
        }
        return new Found(found, SimOddity.values().length * devicesPerKind);
    }

    private static boolean finds(
            Scorer scorer,
            java.util.function.Supplier<float[]> next,
            java.util.function.IntSupplier second,
            double threshold) {
        boolean found = false;
        for (int tick = 0; tick < END && !found; tick++) {
            float[] vector = next.get();
            double score = scorer.score(vector, second.getAsInt());
            found = tick >= FAILS && score >= threshold;
        }
        return found;
    }
}
