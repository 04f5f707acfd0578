package dev.fieldproof.core.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimBeats;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
                if (arrives[device] <= now) {
                    detector.beat(device, sequence[device], (long) arrives[device]);
                    arrives[device] = Double.MAX_VALUE;
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
        assertTrue(score.medianPeriods <= 4.8, score::toString);
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
        assertThrows(IllegalArgumentException.class, () -> detector.sleep(0, 20, 10, 0));
    }

    /** False alarms per year awake of devices that beat 100 times and sleep 200 periods, announced with every beat. */
    private static double alarmsOfSleepers(SimBeats.Channel channel, boolean announced) {
        int devices = announced ? 60 : 20;
        int[] alarms = new int[1];
        SilenceDetector detector =
                new SilenceDetector(devices, SilenceDetector.Parameters.defaults(), (device, from, to, at, misses) -> {
                    alarms[0] += to == DeviceState.SILENT ? 1 : 0;
                });
        SimBeats[] beats = new SimBeats[devices];
        for (int i = 0; i < devices; i++) {
            beats[i] = new SimBeats(77 + i * 7919L, channel, PERIOD, 0, 100, 200);
            beats[i].next();
            detector.expect(i, PERIOD, 0);
        }
        long awake = 0;
        for (long now = 0; now < 250_000L * PERIOD; now += PERIOD / 10) {
            for (int i = 0; i < devices; i++) {
                while (beats[i].dueMillis() <= now && !(beats[i].arrivalMillis() > now)) {
                    long arrival = (long) beats[i].arrivalMillis();
                    if (!Double.isNaN(beats[i].arrivalMillis())) {
                        detector.beat(i, beats[i].sequence(), arrival);
                        long bed = (long) (beats[i].dueMillis() + (beats[i].beatsUntilSleep() + 0.5) * PERIOD);
                        if (announced) {
                            detector.sleep(i, bed, (long) beats[i].wakeMillis(), arrival);
                        }
                    }
                    beats[i].next();
                    awake++;
                }
            }
            detector.advance(now);
        }
        return alarms[0] / (awake * (double) PERIOD / (365.25 * 86_400_000));
    }

    @Test
    void announcedSleepCostsNoFalseAlarms() {
        assertTrue(alarmsOfSleepers(SimBeats.Channel.INDEPENDENT, true) <= 0.8);
        assertTrue(alarmsOfSleepers(SimBeats.Channel.MILD_BURSTS, true) <= 1.2);
    }

    @Test
    void sleepThatNobodyAnnouncedWouldCostMany() {
        assertTrue(alarmsOfSleepers(SimBeats.Channel.INDEPENDENT, false) > 100);
    }

    @Test
    void aDeviceThatDiesBeforeItsAnnouncedSleepIsStillMissed() {
        List<DeviceState> states = new ArrayList<>();
        SilenceDetector detector = new SilenceDetector(
                1, SilenceDetector.Parameters.defaults(), (device, from, to, at, misses) -> states.add(to));
        detector.expect(0, PERIOD, 0);
        for (int beat = 0; beat < 30; beat++) {
            detector.beat(0, beat, beat * (long) PERIOD);
            detector.advance(beat * (long) PERIOD);
        }
        detector.sleep(0, 60L * PERIOD, 100L * PERIOD, 29L * PERIOD);
        for (int step = 29; step < 120; step++) {
            detector.advance(step * (long) PERIOD);
        }
        assertEquals(
                List.of(DeviceState.SUSPECT, DeviceState.SILENT),
                states,
                "silence before bedtime is silence, and stays so until it beats");
    }

    @Test
    void fallsAsleepOnTimeAndOversleepingIsNoticed() {
        List<DeviceState> states = new ArrayList<>();
        SilenceDetector detector = new SilenceDetector(
                1, SilenceDetector.Parameters.defaults(), (device, from, to, at, misses) -> states.add(to));
        detector.expect(0, PERIOD, 0);
        for (int beat = 0; beat < 30; beat++) {
            detector.beat(0, beat, beat * (long) PERIOD);
            detector.advance(beat * (long) PERIOD);
        }
        detector.sleep(0, 29L * PERIOD + PERIOD / 2, 100L * PERIOD, 29L * PERIOD);
        assertEquals(DeviceState.ALIVE, detector.state(0));
        for (int step = 29; step < 120; step++) {
            detector.advance(step * (long) PERIOD);
        }
        assertEquals(List.of(DeviceState.ASLEEP, DeviceState.ALIVE, DeviceState.SUSPECT, DeviceState.SILENT), states);
    }
}
