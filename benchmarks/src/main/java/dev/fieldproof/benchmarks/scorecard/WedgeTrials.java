package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.core.health.FrozenSignal;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * Signals that freeze while their device beats: unit variance, correlated from sample to sample by a factor, rounded to
 * steps; one sample per minute, twenty device-years each, seeds 99 + 7,919 per device.
 */
final class WedgeTrials {
    private static final double BUDGET = 0.5;
    private static final double[] MEMORIES = {0, 0.9, 0.99};
    private static final double RAW_STEP = 0.025;
    private static final double[] STEPS = {0.1, 1, 2};
    private static final int YEARS = 20;
    private static final int SAMPLES_PER_YEAR = 525_960;
    private static final int LEARN = 20_000;
    private static final int FREEZE_EVERY = 50_000;

    /**
     * Of one kind of signal; the least is the run that chance reaches as often as the budget says, counted afterwards.
     */
    record Score(double alarmsPerYear, double medianSamples, double leastSamples) {
        /** The upper end of the 95 % interval of the rate. */
        double mostAlarmsPerYear() {
            return SilenceTrials.most(alarmsPerYear * YEARS) / YEARS;
        }
    }

    private WedgeTrials() {}

    /** The trial with the most false alarms of nine. */
    static Score worst() {
        Score worst = play(STEPS[0], MEMORIES[0]);
        for (double step : STEPS) {
            for (double memory : MEMORIES) {
                Score score = play(step, memory);
                worst = score.alarmsPerYear() > worst.alarmsPerYear() ? score : worst;
            }
        }
        return worst;
    }

    /** The slowest median over all correlations at steps of at most the given size. */
    static double slowest(double coarsest) {
        double worst = 0;
        for (double step : STEPS) {
            for (double memory : MEMORIES) {
                if (step <= coarsest) {
                    worst = Math.max(worst, play(step, memory).medianSamples());
                }
            }
        }
        return worst;
    }

    static Score play(double step, double memory) {
        return play(step, memory, false);
    }

    /** The same with the lowest eight bits of a raw reading of forty steps per deviation as witness. */
    static Score witnessed(double step, double memory) {
        return play(step, memory, true);
    }

    private static Score play(double step, double memory, boolean witnessed) {
        NavigableMap<Integer, Integer> runs = new TreeMap<>();
        double[] delays = new double[YEARS * SAMPLES_PER_YEAR / FREEZE_EVERY];
        int frozen = 0;
        int alarms = 0;
        for (int device = 0; device < YEARS; device++) {
            SplittableRandom random = new SplittableRandom(99 + device * 7919L);
            FrozenSignal signal = new FrozenSignal(60_000, BUDGET);
            double now = random.nextGaussian();
            double last = Double.NaN;
            long lastWitness = 0;
            int run = 0;
            boolean was = false;
            for (int i = 0; i < LEARN + SAMPLES_PER_YEAR; i++) {
                now = memory * now + Math.sqrt(1 - memory * memory) * random.nextGaussian();
                double value = Math.rint(now / step);
                long witness = witnessed ? Math.round(now / RAW_STEP) & 0xFF : 0;
                boolean is = signal.sample(value, witness);
                alarms += is && !was && i >= LEARN ? 1 : 0;
                was = is;
                boolean repeats = value == last && witness == lastWitness;
                if (!repeats) {
                    runs.merge(run, 1, Integer::sum);
                }
                run = repeats ? run + 1 : 1;
                last = value;
                lastWitness = witness;
                if (i >= LEARN && i % FREEZE_EVERY == 777 && frozen < delays.length) {
                    // From here on it would repeat this value, whose run has already begun.
                    delays[frozen++] = Math.max(0, signal.samplesToTell() - run);
                }
            }
        }
        double[] sorted = Arrays.copyOf(delays, frozen);
        Arrays.sort(sorted);
        return new Score(alarms / (double) YEARS, sorted[frozen / 2], least(runs));
    }

    private static double least(NavigableMap<Integer, Integer> runs) {
        int beyond = 0;
        for (var entry : runs.descendingMap().entrySet()) {
            beyond += entry.getValue();
            if (beyond > BUDGET * YEARS) {
                return entry.getKey();
            }
        }
        return 1;
    }
}
