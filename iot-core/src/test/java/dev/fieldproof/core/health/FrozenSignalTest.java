package dev.fieldproof.core.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FrozenSignalTest {
    private static final double MINUTE = 60_000;
    private static final int SAMPLES_PER_YEAR = 525_960;
    private static final int LEARN = 20_000;

    /** A signal with unit variance, rounded to steps. */
    private static final class Signal {
        private final SplittableRandom random;
        private final double step;
        private final double memory;
        private double now;

        Signal(long seed, double step, double memory) {
            random = new SplittableRandom(seed);
            this.step = step;
            this.memory = memory;
            now = random.nextGaussian();
        }

        double next() {
            now = memory * now + Math.sqrt(1 - memory * memory) * random.nextGaussian();
            return Math.rint(now / step);
        }
    }

    /** Twelve device-years of each: fine, coarse, and coarse and slow. The last needs hundreds of samples by nature. */
    @ParameterizedTest
    @CsvSource({
        "0.1, 0, 15",
        "0.1, 0.9, 20",
        "0.1, 0.99, 25",
        "1, 0, 30",
        "1, 0.9, 60",
        "1, 0.99, 250",
        "2, 0, 60",
        "2, 0.9, 150",
        "2, 0.99, 900"
    })
    void keepsItsBudgetHoweverCoarseAndSlowTheSignal(double step, double memory, int samplesToTell) {
        int alarms = 0;
        int slowest = 0;
        int years = 12;
        for (int device = 0; device < years; device++) {
            Signal signal = new Signal(99 + device * 7919L, step, memory);
            FrozenSignal frozen = new FrozenSignal(MINUTE, 0.5);
            boolean was = false;
            for (int i = 0; i < LEARN + SAMPLES_PER_YEAR; i++) {
                boolean is = frozen.sample(signal.next());
                alarms += is && !was && i >= LEARN ? 1 : 0;
                was = is;
            }
            slowest = Math.max(slowest, frozen.samplesToTell());
        }
        assertTrue(alarms <= years, alarms + " false alarms in " + years + " device-years");
        assertTrue(slowest <= samplesToTell, slowest + " samples");
    }

    @Test
    void tellsAtTheRunThatItSays() {
        Signal signal = new Signal(5, 1, 0.9);
        FrozenSignal frozen = new FrozenSignal(MINUTE, 0.5);
        for (int i = 0; i < LEARN; i++) {
            frozen.sample(signal.next());
        }
        frozen.sample(1e9);
        int needed = frozen.samplesToTell();
        for (int run = 2; run < needed; run++) {
            assertFalse(frozen.sample(1e9), "run " + run);
        }
        assertTrue(frozen.sample(1e9));
        assertEquals(needed, frozen.run());
        assertFalse(frozen.sample(0), "a new value clears it");
        assertTrue(frozen.samplesToTell() <= needed + 40, "an alarm that was none teaches, within bounds");
    }

    /** Twelve device-years: the coarsest and slowest of the signals, with the lowest eight bits of its raw reading. */
    @Test
    void aWitnessOfTheRawReadingTellsWhatValuesCannot() {
        int alarms = 0;
        int slowest = 0;
        for (int device = 0; device < 12; device++) {
            SplittableRandom random = new SplittableRandom(99 + device * 7919L);
            FrozenSignal frozen = new FrozenSignal(MINUTE, 0.5);
            double now = random.nextGaussian();
            boolean was = false;
            for (int i = 0; i < LEARN + SAMPLES_PER_YEAR; i++) {
                now = 0.99 * now + Math.sqrt(1 - 0.99 * 0.99) * random.nextGaussian();
                boolean is = frozen.sample(Math.rint(now / 2), Math.round(now / 0.05) & 0xFF);
                alarms += is && !was && i >= LEARN ? 1 : 0;
                was = is;
            }
            slowest = Math.max(slowest, frozen.samplesToTell());
        }
        assertTrue(alarms <= 12, alarms + " false alarms in 12 device-years");
        assertTrue(slowest <= 20, slowest + " samples");
    }

    @Test
    void aCounterIsWatchedFromTheStart() {
        FrozenSignal frozen = new FrozenSignal(MINUTE, 0.5);
        for (int i = 0; i < 200; i++) {
            assertFalse(frozen.sample(i));
        }
        int run = 0;
        while (!frozen.sample(7.5)) {
            run++;
        }
        assertTrue(run <= 10, run + " samples");
    }

    @Test
    void refusesParametersOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new FrozenSignal(0, 1));
        assertThrows(IllegalArgumentException.class, () -> new FrozenSignal(1, 0));
    }
}
