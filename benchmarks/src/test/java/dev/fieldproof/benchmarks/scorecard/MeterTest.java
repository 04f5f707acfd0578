package dev.fieldproof.benchmarks.scorecard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class MeterTest {
    private static Callable<?> spin(int rounds) {
        return () -> {
            long x = 1;
            for (int i = 0; i < rounds; i++) {
                x = x * 6364136223846793005L + 1442695040888963407L;
            }
            return x;
        };
    }

    private static Row.Timed timed(int ours, int theirs, Goal goal) {
        return new Row.Timed("t", "spinning", "itself", goal, 1, () -> spin(ours), () -> spin(theirs));
    }

    @Test
    void seesThatHundredTimesTheWorkTakesLonger() {
        Result result = Meter.QUICK.measure(timed(2_000, 200_000, new Goal.RatioAtMost(0.5)), name -> {});
        assertEquals("", result.failure());
        assertEquals(Meter.QUICK.rounds(), result.ratio().n());
        assertTrue(result.isMet(), () -> "ratio " + result.ratio());
    }

    @Test
    void saysSoWhenTheGoalIsMissed() {
        Result result = Meter.QUICK.measure(timed(200_000, 2_000, new Goal.RatioAtMost(0.5)), name -> {});
        assertEquals("not met", result.verdict());
    }

    @Test
    void comparesExactFigures() {
        Row row =
                new Row.Exact("e", "sizes", "bytes", "the other", new Goal.RatioAtMost(0.25), () -> 20.0, () -> 100.0);
        Result result = Meter.QUICK.measure(row, name -> {});
        assertEquals(0.2, result.ratio().median());
        assertEquals("met", result.verdict());
    }

    @Test
    void knowsFiguresWithoutARival() {
        Row row = new Row.Exact("e", "failures", "", "–", new Goal.AtMost(0), () -> 1.0, () -> Double.NaN);
        Result result = Meter.QUICK.measure(row, name -> {});
        assertEquals(0, result.ratio().n());
        assertEquals("not met", result.verdict());
    }

    @Test
    void aRowThatThrowsIsFailedNotMet() {
        Row row = new Row.Exact(
                "e",
                "breaks",
                "",
                "–",
                new Goal.AtMost(0),
                () -> {
                    throw new IllegalStateException("broken");
                },
                () -> Double.NaN);
        Result result = Meter.QUICK.measure(row, name -> {});
        assertFalse(result.isMet());
        assertEquals("failed", result.verdict());
        assertTrue(result.failure().contains("broken"));
    }
}
