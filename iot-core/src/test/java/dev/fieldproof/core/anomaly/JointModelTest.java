package dev.fieldproof.core.anomaly;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.core.sim.SimDeviceTrace;
import dev.fieldproof.core.sim.SimDeviceTrace.Failure;
import dev.fieldproof.core.sim.SimOddity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JointModelTest {
    private static final int DAY = SimDeviceTrace.TICKS_PER_DAY;
    private static final int LEARN = 7 * DAY;
    private static final int FAILS = 10 * DAY;
    private static final int END = 17 * DAY;
    private static final int FEATURES = SimDeviceTrace.FEATURES.size();
    private static final int STATISTICS = JointModel.statistics(FEATURES);

    private static double[] thresholds = {};

    @BeforeAll
    static void calibrate() {
        Calibration calibration = new Calibration(STATISTICS, 60);
        for (int device = 0; device < 60; device++) {
            JointModel model = new JointModel(FEATURES, LEARN, 0, new double[STATISTICS]);
            SimDeviceTrace trace = new SimDeviceTrace(778_000 + device, Failure.NONE, 0);
            for (int tick = 0; tick < 28 * DAY; tick++) {
                model.score(trace.next(), trace.secondOfDay());
                calibration.observe(model::statistic);
            }
            calibration.next();
        }
        thresholds = calibration.thresholds(0.97, 1.3);
    }

    private static JointModel model() {
        return new JointModel(FEATURES, LEARN, 0, thresholds);
    }

    private static JointModel learned(long seed) {
        JointModel model = model();
        SimDeviceTrace trace = new SimDeviceTrace(seed, Failure.NONE, 0);
        for (int tick = 0; tick < LEARN; tick++) {
            assertEquals(0, model.score(trace.next(), trace.secondOfDay()));
        }
        return model;
    }

    @ParameterizedTest
    @EnumSource(
            value = SimOddity.class,
            names = {"NOISY_SENSOR", "JUMPY_CLOCK", "TWO_ANTENNAS", "WEAK_BATTERY", "STUTTER", "STALE_COPIES"})
    void findsWhatNoTestWasWrittenFor(SimOddity oddity) {
        int found = 0;
        for (int device = 0; device < 20; device++) {
            SimOddity.Life life = oddity.of(556 + device, FAILS);
            JointModel model = model();
            boolean alarm = false;
            for (int tick = 0; tick < END; tick++) {
                double score = model.score(life.next(), life.secondOfDay());
                alarm |= tick >= FAILS && score >= 1;
            }
            found += alarm ? 1 : 0;
        }
        assertTrue(found >= 18, found + " of 20");
    }

    @Test
    void leavesHealthyDevicesAlone() {
        int alarms = 0;
        for (int device = 0; device < 60; device++) {
            JointModel model = model();
            SimDeviceTrace trace = new SimDeviceTrace(31_337 + device, Failure.NONE, 0);
            boolean alarm = false;
            for (int tick = 0; tick < 21 * DAY; tick++) {
                alarm |= model.score(trace.next(), trace.secondOfDay()) >= 1;
            }
            alarms += alarm ? 1 : 0;
        }
        // 14 scored days each: one alarm per 60 device-days would be 14 of them.
        assertTrue(alarms <= 14, alarms + " of 60 healthy devices");
    }

    @Test
    void saysWhichFeaturesPart() {
        SimOddity.Life life = SimOddity.WEAK_BATTERY.of(1, FAILS);
        JointModel model = model();
        assertEquals(-1, model.suspect());
        for (int tick = 0; tick < END; tick++) {
            model.score(life.next(), life.secondOfDay());
        }
        Explanation why = model.explain();
        assertEquals("messages", SimDeviceTrace.FEATURES.get(why.feature()));
        assertEquals("it moves with feature 2 in another way", why.test());
        assertTrue(why.score() >= 1);
    }

    @Test
    void aSavedModelMovesAndGoesOn() {
        JointModel model = learned(3);
        byte[] saved = model.save();
        JointModel other = model();
        other.load(saved);
        assertArrayEquals(saved, other.save());
        assertTrue(model.bytes() + saved.length <= 65_536);
        JointModel again = model();
        again.load(saved);
        SimDeviceTrace trace = new SimDeviceTrace(3, Failure.NONE, 0);
        for (int tick = 0; tick < DAY; tick++) {
            float[] vector = trace.next();
            assertEquals(other.score(vector, trace.secondOfDay()), again.score(vector, trace.secondOfDay()));
        }
    }

    @Test
    void mergedHalvesAreAWarmStart() {
        JointModel merged = model();
        merged.merge(learned(3));
        merged.merge(learned(3));
        assertArrayEquals(
                learned(3).save(), scrubCounts(merged.save(), learned(3).save()));
        assertThrows(IllegalArgumentException.class, () -> merged.merge(new JointModel(1, 10, 0, new double[3])));
    }

    /** Merging equal models keeps every number, only the counts of the hours add up. */
    private static byte[] scrubCounts(byte[] merged, byte[] single) {
        byte[] scrubbed = merged.clone();
        System.arraycopy(single, 8, scrubbed, 8, 4 * 25);
        return scrubbed;
    }

    @Test
    void followsASeasonIfAllowedTo() {
        JointModel still = new JointModel(1, 7 * DAY, 0, 1, 1, 1);
        JointModel following = new JointModel(1, 7 * DAY, 0.025, 1, 1, 1);
        SimDeviceTrace trace = new SimDeviceTrace(9, Failure.NONE, 0);
        float[] vector = new float[1];
        double highest = 0;
        for (int tick = 0; tick < 60 * DAY; tick++) {
            // The noise of the link is white; the season is a degree in ten days.
            vector[0] = trace.next()[4] + Math.max(0, tick - 7 * DAY) * 0.1f / DAY;
            still.score(vector, trace.secondOfDay());
            highest = Math.max(highest, following.score(vector, trace.secondOfDay()));
        }
        assertTrue(still.explain().score() > 1, still.explain()::toString);
        assertTrue(highest < 1, "score " + highest);
    }

    @Test
    void anyBytesAreRefusedOrLoaded() {
        byte[] good = learned(3).save();
        SeededRuns.check(3000, random -> {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            JointModel model = model();
            byte[] before = model.save();
            try {
                model.load(bytes);
                assertTrue(Double.isFinite(model.score(new float[FEATURES], 0)));
            } catch (IllegalArgumentException e) {
                assertArrayEquals(before, model.save());
            }
        });
    }

    @Test
    void refusesArgumentsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new JointModel(65, 1000, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> new JointModel(2, 19, 0, new double[7]));
        assertThrows(IllegalArgumentException.class, () -> new JointModel(2, 20, 0.6, new double[7]));
        assertThrows(IllegalArgumentException.class, () -> new JointModel(2, 20, 0, 1, 2));
        assertThrows(IllegalArgumentException.class, () -> model().score(new float[1], 0));
        assertThrows(IllegalArgumentException.class, () -> new Calibration(0, 1));
        assertThrows(IllegalStateException.class, () -> new Calibration(1, 1).thresholds(0.9, 1));
    }
}
