package dev.fieldproof.core.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RhythmDetectorTest {
    private static final RhythmDetector.Parameters USUAL = new RhythmDetector.Parameters(8, 100, 500, 3000, 60_000);

    @Test
    void reportsADeviceOnceAndItsReturn() {
        RhythmDetector detector = new RhythmDetector(2, USUAL);
        List<Integer> silent = new ArrayList<>();
        long now = 0;
        for (int beat = 0; beat < 200; beat++, now += 60_000) {
            assertFalse(detector.beat(1, now));
            detector.advance(now, silent::add);
        }
        assertEquals(List.of(), silent);
        assertTrue(detector.phi(1, now) < 1);
        for (int second = 0; second < 600; second++, now += 1000) {
            detector.advance(now, silent::add);
        }
        assertEquals(List.of(1), silent);
        assertTrue(detector.phi(1, now) > 8);
        assertTrue(detector.beat(1, now));
    }

    /** The window detector as its paper states it, with the parameters that Pekko has. */
    private static final class Window {
        private final ArrayDeque<Double> intervals = new ArrayDeque<>(List.of(45_000.0, 75_000.0));
        private double last;
        private boolean heard;

        void beat(double now) {
            if (heard && phi(now) < 8) {
                intervals.add(now - last);
                if (intervals.size() > 100) {
                    intervals.remove();
                }
            }
            heard = true;
            last = now;
        }

        double phi(double now) {
            double mean = 0;
            double squares = 0;
            for (double interval : intervals) {
                mean += interval / intervals.size();
                squares += interval * interval / intervals.size();
            }
            double y = (now - last - mean - 3000) / Math.max(500, Math.sqrt(squares - mean * mean));
            double e = Math.exp(-y * (1.5976 + 0.070566 * y * y));
            return y > 0 ? -Math.log10(e / (1 + e)) : -Math.log10(1 - 1 / (1 + e));
        }
    }

    @Test
    void agreesWithAWindowOfIntervalsInSteadyRhythm() {
        int agreed = 0;
        int asked = 0;
        for (int seed = 0; seed < 40; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            RhythmDetector detector = new RhythmDetector(1, USUAL);
            Window window = new Window();
            double now = 0;
            for (int beat = 0; beat < 1000; beat++) {
                double delay = random.nextInt(100) == 0 ? -6000 * Math.log(1 - random.nextDouble()) : 0;
                double gap = 60_000 + 1500 * random.nextGaussian() + delay;
                long ask = (long) (now + random.nextDouble() * gap);
                asked++;
                agreed += detector.phi(0, ask) >= 8 == window.phi((double) ask) >= 8 ? 1 : 0;
                now = (long) (now + gap);
                detector.beat(0, (long) now);
                window.beat(now);
            }
        }
        assertTrue(agreed >= 0.999 * asked, agreed + " of " + asked);
    }

    @Test
    void needsTwentyOneBytesPerDevice() {
        int devices = 200_000;
        RhythmDetector detector = new RhythmDetector(devices, USUAL);
        SplittableRandom random = new SplittableRandom(3);
        long now = 0;
        for (int round = 0; round < 5; round++) {
            for (int device = 0; device < devices; device++) {
                detector.beat(device, now + random.nextInt(1000));
                if (device % 4000 == 0) {
                    now += 1200;
                    detector.advance(now, silent -> {});
                }
            }
        }
        assertTrue(detector.bytes() <= 21.5 * devices, detector.bytes() / (double) devices + " bytes per device");
    }

    @Test
    void refusesParametersOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new RhythmDetector.Parameters(0, 100, 500, 0, 1000));
        assertThrows(IllegalArgumentException.class, () -> new RhythmDetector.Parameters(8, 3, 500, 0, 1000));
    }
}
