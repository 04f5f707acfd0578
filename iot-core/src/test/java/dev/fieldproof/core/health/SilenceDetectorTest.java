package dev.fieldproof.core.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SilenceDetectorTest {
    private static final int PERIOD = 60_000;

    /** False alarms per device-year, and the median delay in periods of dead devices. */
    private record Score(double alarmsPerYear, double medianPeriods) {}

    /** Beats of devices with drifting clocks over a channel with the two states of Gilbert and Elliott. */
    private static Score play(double toBad, double toGood, double lossGood, double lossBad, int retries, long seed) {
        int devices = 40;
        int beats = 130_000;
        int warm = 2000;
        int[] alarms = new int[1];
        long[] diedAt = new long[devices];
        double[] delays = new double[devices];
        SilenceDetector.Parameters parameters = new SilenceDetector.Parameters(0.5, retries);
        SilenceDetector detector = new SilenceDetector(devices, parameters, (device, from, to, at, misses) -> {
            if (to == DeviceState.SILENT && diedAt[device] > 0) {
                delays[device] = (at - diedAt[device]) / (double) PERIOD;
            } else if (to == DeviceState.SILENT && at > (long) warm * PERIOD) {
                alarms[0]++;
            }
        });
        SplittableRandom random = new SplittableRandom(seed);
        double[] due = new double[devices];
        double[] period = new double[devices];
        double[] arrives = new double[devices];
        int[] sequence = new int[devices];
        boolean[] bad = new boolean[devices];
        for (int device = 0; device < devices; device++) {
            due[device] = random.nextDouble() * PERIOD;
            period[device] = PERIOD * (1 + random.nextDouble(-1e-4, 1e-4));
            arrives[device] = Double.MAX_VALUE;
            detector.expect(device, PERIOD, 0);
        }
        long now = 0;
        for (; now < (long) beats * PERIOD; now += PERIOD / 10) {
            for (int device = 0; device < devices; device++) {
                if (arrives[device] <= now) {
                    detector.beat(device, sequence[device], (long) arrives[device]);
                    arrives[device] = Double.MAX_VALUE;
                }
                if (due[device] <= now) {
                    bad[device] = random.nextDouble() < (bad[device] ? 1 - toGood : toBad);
                    double loss = bad[device] ? lossBad : lossGood;
                    double late = random.nextInt(100) == 0 ? -0.1 * Math.log(1 - random.nextDouble()) : 0;
                    sequence[device]++;
                    for (int attempt = 0; attempt <= retries; attempt++) {
                        if (random.nextDouble() >= loss) {
                            double jitter = 0.02 * random.nextGaussian();
                            arrives[device] = due[device] + (0.1 * attempt + late + jitter) * PERIOD;
                            break;
                        }
                    }
                    due[device] += period[device];
                }
            }
            detector.advance(now);
        }
        for (int device = 0; device < devices; device++) {
            diedAt[device] = now;
        }
        for (int step = 0; step < 100 * 60; step++) {
            detector.advance(now + step * 1000L);
        }
        Arrays.sort(delays);
        double years = devices * (beats - warm) * (double) PERIOD / (365.25 * 86_400_000);
        return new Score(alarms[0] / years, delays[devices / 2]);
    }

    @Test
    void keepsItsBudgetUnderIndependentLossNearTheBound() {
        Score score = play(0, 1, 0.05, 0, 0, 1);
        assertTrue(score.alarmsPerYear <= 0.8, score::toString);
        assertTrue(score.medianPeriods <= 5.1, score::toString);
    }

    @Test
    void keepsItsBudgetUnderBurstsByWaitingLonger() {
        Score mild = play(0.01, 1 / 3.0, 0.0235, 0.9, 0, 2);
        assertTrue(mild.alarmsPerYear <= 1.2, mild::toString);
        assertTrue(mild.medianPeriods > 10 && mild.medianPeriods < 45, mild::toString);
    }

    @Test
    void acknowledgedBeatsNeedTwoPeriods() {
        Score score = play(0, 1, 0.05, 0, 2, 3);
        assertTrue(score.alarmsPerYear <= 0.8, score::toString);
        assertTrue(score.medianPeriods <= 2.4, score::toString);
    }

    @Test
    void learnsAPeriodThatWasPromisedWrongly() {
        SilenceDetector detector = new SilenceDetector(1, SilenceDetector.Parameters.defaults(), (d, f, t, a, m) -> {});
        detector.expect(0, 10_000, 0);
        for (int beat = 0; beat < 40; beat++) {
            detector.beat(0, beat, beat * 12_000L);
            detector.advance(beat * 12_000L);
        }
        assertEquals(12_000, detector.periodMillis(0), 150);
    }

    @Test
    void refusesPeriodsAndSleepsOutOfRange() {
        SilenceDetector detector = new SilenceDetector(1, SilenceDetector.Parameters.defaults(), (d, f, t, a, m) -> {});
        assertThrows(IllegalArgumentException.class, () -> detector.expect(0, 99, 0));
        detector.expect(0, PERIOD, 0);
        assertThrows(IllegalArgumentException.class, () -> detector.sleep(0, 21L * 86_400_000, 0));
        assertThrows(IllegalArgumentException.class, () -> new SilenceDetector.Parameters(0, 0));
    }
}
