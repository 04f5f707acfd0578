package dev.fieldproof.benchmarks.scorecard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MeterTest {
    /** CPU time, which passes only where work is done. */
    private final AtomicLong cpuNanos = new AtomicLong();

    private Callable<?> spends(long nanos) {
        return () -> cpuNanos.addAndGet(nanos);
    }

    /** Measures two kinds of work by a clock that shows whole ticks only. */
    private Result measure(long tickNanos, Callable<?> ours, Callable<?> theirs) {
        Meter meter = new Meter(50, 30, 3, () -> cpuNanos.get() / tickNanos * tickNanos);
        Goal goal = new Goal.RatioAtMost(0.5);
        return meter.measure(new Row.Timed("t", "spending", "itself", goal, 10, () -> ours, () -> theirs), name -> {});
    }

    @Test
    void theRatioIsThatOfTheWork() {
        Result result = measure(1, spends(20_000), spends(2_000_000));
        assertEquals("", result.failure());
        assertEquals(3, result.ratio().n());
        assertEquals(2_000, result.ours().median());
        assertEquals(200_000, result.theirs().median());
        assertEquals(0.01, result.ratio().median());
        assertEquals("met", result.verdict());
    }

    @Test
    void saysSoWhenTheGoalIsMissed() {
        assertEquals("not met", measure(1, spends(2_000_000), spends(20_000)).verdict());
    }

    /** A round that ended before the first tick would have cost nothing, or a made-up time. */
    @Test
    void workThatBecameFastIsRepeatedUntilItFillsItsRound() {
        AtomicInteger calls = new AtomicInteger();
        Callable<?> slowAtFirst = () -> cpuNanos.addAndGet(calls.getAndIncrement() == 0 ? 60_000_000 : 20_000);
        Result result = measure(10_000_000, slowAtFirst, spends(2_000_000));
        assertEquals(2_000, result.ours().median(), 2_000 / 3.0, "within the one tick in three that may be missed");
        assertEquals("met", result.verdict());
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
