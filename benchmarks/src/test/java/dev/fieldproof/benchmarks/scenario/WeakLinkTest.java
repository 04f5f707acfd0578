package dev.fieldproof.benchmarks.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A file over the weak link takes at least what its bytes take, and what was lost on top. */
class WeakLinkTest {
    @Test
    void lossAndDeadSpotsCostTimeButNoEnd() throws IOException {
        Duration time = WeakLink.timeFor(600_000, 1);
        // 2,000 bytes per second
        Duration bytesAlone = Duration.ofMinutes(5);
        assertTrue(time.compareTo(bytesAlone.plusSeconds(30)) > 0, "one dead spot at least: " + time);
        assertTrue(time.compareTo(bytesAlone.multipliedBy(4)) < 0, "and it goes on: " + time);
    }

    @Test
    void theSameSeedTakesTheSameTime() throws IOException {
        assertEquals(WeakLink.timeFor(50_000, 3), WeakLink.timeFor(50_000, 3));
        assertNotEquals(WeakLink.timeFor(50_000, 3), WeakLink.timeFor(50_000, 4));
    }
}
