package dev.fieldproof.core.anomaly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimDeviceTrace;
import dev.fieldproof.core.sim.SimDeviceTrace.Failure;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TestBankTest {
    private static final int DAY = SimDeviceTrace.TICKS_PER_DAY;
    private static final int FAILS = 14 * DAY;
    private static final int END = 21 * DAY;
    /** Forty statistics are watched at once, so each alone must be rarer than its percentile says. */
    private static final double SAFETY = 1.5;

    private static final int FEATURES = SimDeviceTrace.FEATURES.size();

    private static double[] thresholds;

    /** The 97th percentile of what 100 healthy devices reach at most in three weeks after learning. */
    @BeforeAll
    static void calibrate() {
        int devices = 100;
        double[][] maxima = new double[FEATURES * TestBank.STATISTICS][devices];
        for (int device = 0; device < devices; device++) {
            SimDeviceTrace trace = new SimDeviceTrace(777_000 + device, Failure.NONE, 0);
            TestBank bank = new TestBank(FEATURES, 7 * DAY, new double[FEATURES * TestBank.STATISTICS]);
            for (int tick = 0; tick < 28 * DAY; tick++) {
                bank.score(trace.next(), trace.secondOfDay());
                for (int i = 0; i < maxima.length; i++) {
                    double now = bank.statistic(i / TestBank.STATISTICS, i % TestBank.STATISTICS);
                    maxima[i][device] = Math.max(maxima[i][device], now);
                }
            }
        }
        thresholds = new double[maxima.length];
        for (int i = 0; i < maxima.length; i++) {
            Arrays.sort(maxima[i]);
            thresholds[i] = SAFETY * maxima[i][97 * devices / 100];
        }
    }

    private static TestBank bank() {
        return new TestBank(FEATURES, 7 * DAY, thresholds);
    }

    /** The tick of the first alarm from the given tick on, or -1; the bank is fed the whole life. */
    private static int firstAlarm(long seed, Failure failure, int from) {
        SimDeviceTrace trace = new SimDeviceTrace(seed, failure, FAILS);
        TestBank bank = bank();
        for (int tick = 0; tick < END; tick++) {
            double score = bank.score(trace.next(), trace.secondOfDay());
            if (tick >= from && score >= 1) {
                return tick;
            }
        }
        return -1;
    }

    @ParameterizedTest
    @EnumSource(value = Failure.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void findsEachKindOfFailureWithinAWeek(Failure failure) {
        int found = 0;
        int devices = 40;
        for (int device = 0; device < devices; device++) {
            found += firstAlarm(555 + device, failure, FAILS) >= 0 ? 1 : 0;
        }
        assertTrue(found >= 0.95 * devices, found + " of " + devices);
    }

    @Test
    void leavesHealthyDevicesAlone() {
        int alarms = 0;
        int devices = 60;
        for (int device = 0; device < devices; device++) {
            alarms += firstAlarm(31_337 + device, Failure.NONE, 7 * DAY) >= 0 ? 1 : 0;
        }
        // 14 scored days each: one alarm per 365 device-days would be 2.3 of them.
        assertTrue(alarms <= 4, alarms + " of " + devices + " healthy devices");
    }

    @Test
    void namesTheFeatureThatIsStrange() {
        SimDeviceTrace trace = new SimDeviceTrace(1, Failure.LEAK, FAILS);
        TestBank bank = bank();
        for (int tick = 0; tick < END; tick++) {
            bank.score(trace.next(), trace.secondOfDay());
        }
        assertEquals("heapKib", SimDeviceTrace.FEATURES.get(bank.suspect()));
    }

    @Test
    void aSavedModelGoesOnAsTheOriginal() {
        SimDeviceTrace trace = new SimDeviceTrace(2, Failure.NONE, FAILS);
        TestBank bank = bank();
        for (int tick = 0; tick < 8 * DAY; tick++) {
            bank.score(trace.next(), trace.secondOfDay());
        }
        byte[] model = bank.save();
        assertTrue(model.length <= 4096, model.length + " bytes");
        TestBank other = bank();
        other.load(model);
        for (int tick = 0; tick < DAY; tick++) {
            float[] vector = trace.next();
            assertEquals(bank.score(vector, trace.secondOfDay()), other.score(vector, trace.secondOfDay()));
        }
        assertArrayEquals(bank.save(), other.save());
    }

    @Test
    void refusesDamagedModels() {
        byte[] model = bank().save();
        assertThrows(IllegalArgumentException.class, () -> bank().load(new byte[3]));
        byte[] wrong = model.clone();
        wrong[0] ^= 1;
        assertThrows(IllegalArgumentException.class, () -> bank().load(wrong));
        byte[] infinite = model.clone();
        infinite[model.length - 4] = 0x7F;
        infinite[model.length - 3] = (byte) 0x80;
        assertThrows(IllegalArgumentException.class, () -> bank().load(infinite));
    }

    @Test
    void aMergedModelNeedsNoLearning() {
        TestBank merged = bank();
        for (int device = 0; device < 2; device++) {
            SimDeviceTrace trace = new SimDeviceTrace(7, Failure.NONE, FAILS);
            TestBank bank = bank();
            for (int tick = 0; tick < 8 * DAY; tick++) {
                bank.score(trace.next(), trace.secondOfDay());
            }
            merged.merge(bank);
        }
        SimDeviceTrace trace = new SimDeviceTrace(7, Failure.NONE, FAILS);
        double score = 0;
        for (int tick = 0; tick < DAY; tick++) {
            score = Math.max(score, merged.score(trace.next(), trace.secondOfDay()));
        }
        assertTrue(score > 0 && score < 1, "score " + score);
        assertThrows(IllegalArgumentException.class, () -> merged.merge(new TestBank(1, 1, 0, 0, 0, 0)));
    }

    @Test
    void refusesArgumentsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new TestBank(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new TestBank(1, 1, 1, 2, 3, -1));
        assertThrows(IllegalArgumentException.class, () -> bank().score(new float[1], 0));
        assertThrows(IllegalArgumentException.class, () -> bank().score(new float[FEATURES], 86_400));
    }
}
