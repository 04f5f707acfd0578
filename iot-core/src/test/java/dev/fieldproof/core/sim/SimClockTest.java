package dev.fieldproof.core.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fieldproof.core.Scheduler.Cancellable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimClockTest {
    private final SimClock clock = new SimClock(Instant.EPOCH);
    private final List<String> ran = new ArrayList<>();

    private Cancellable schedule(long millis, String name) {
        return clock.schedule(Duration.ofMillis(millis), () -> ran.add(name + "@" + clock.nanoTime() / 1_000_000));
    }

    @Test
    void runsTasksInOrderOfTheirDueTimeAndThenOfScheduling() {
        schedule(20, "c");
        schedule(10, "a");
        schedule(10, "b");
        assertEquals(2, clock.advance(Duration.ofMillis(19)));
        assertEquals(List.of("a@10", "b@10"), ran);
        assertEquals(1, clock.advance(Duration.ofMillis(1)));
        assertEquals(List.of("a@10", "b@10", "c@20"), ran);
    }

    @Test
    void runsWhatTasksScheduleOnTheWay() {
        clock.schedule(Duration.ofMillis(5), () -> schedule(5, "nested"));
        assertEquals(2, clock.advance(Duration.ofMillis(10)));
        assertEquals(List.of("nested@10"), ran);
    }

    @Test
    void doesNotRunWhatWasCancelled() {
        Cancellable task = schedule(1, "never");
        task.cancel();
        assertEquals(0, clock.pending());
        assertEquals(0, clock.advance(Duration.ofMillis(2)));
        assertEquals(List.of(), ran);
    }

    @Test
    void aWallClockStepLeavesMonotonicTimeAlone() {
        schedule(10, "a");
        clock.advance(Duration.ofMillis(4));
        clock.setInstant(Instant.parse("1970-01-01T00:00:00Z"));
        assertEquals(4_000_000, clock.nanoTime());
        clock.advance(Duration.ofMillis(6));
        assertEquals(Instant.ofEpochMilli(6), clock.instant());
        assertEquals(List.of("a@10"), ran);
    }

    @Test
    void stopsAtTheLimitOfTasks() {
        clock.schedule(Duration.ZERO, this::again);
        assertEquals(7, clock.runUntilIdle(7));
    }

    private void again() {
        clock.schedule(Duration.ofMillis(1), this::again);
    }

    @Test
    void refusesToGoBack() {
        assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofMillis(-1)));
    }
}
