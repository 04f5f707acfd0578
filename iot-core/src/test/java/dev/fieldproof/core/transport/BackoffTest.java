package dev.fieldproof.core.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Full jitter: evenly from nothing to a ceiling that doubles up to a limit. */
class BackoffTest {
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));
    private static final int DRAWS = 20_000;
    private static final int BINS = 10;

    @ParameterizedTest
    @CsvSource({"0, 500", "1, 1000", "2, 2000", "5, 16000", "6, 30000", "7, 30000", "2147483647, 30000"})
    void isSpreadEvenlyUpToADoublingCeiling(int failures, long ceilingMillis) {
        SplittableRandom random = new SplittableRandom(failures);
        int[] bins = new int[BINS];
        long ceilingNanos = Duration.ofMillis(ceilingMillis).toNanos();
        for (int i = 0; i < DRAWS; i++) {
            long nanos = BACKOFF.wait(failures, random).toNanos();
            assertTrue(nanos >= 0 && nanos <= ceilingNanos, "within " + ceilingMillis + " ms: " + nanos + " ns");
            bins[(int) Math.min(BINS - 1, nanos * BINS / ceilingNanos)]++;
        }
        for (int bin : bins) {
            assertEquals(DRAWS / BINS, bin, 300, "seven standard deviations");
        }
    }

    @Test
    void reachesBothEnds() {
        RandomGenerator least = () -> 0;
        assertEquals(Duration.ZERO, BACKOFF.wait(3, least));
        Backoff tiny = new Backoff(Duration.ofNanos(1), Duration.ofNanos(1));
        SplittableRandom random = new SplittableRandom(1);
        assertTrue(random.longs(64)
                .mapToObj(seed -> tiny.wait(0, new SplittableRandom(seed)))
                .anyMatch(Duration.ofNanos(1)::equals));
    }

    @Test
    void refusesWhatIsNoBackoff() {
        Duration second = Duration.ofSeconds(1);
        assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ZERO, second));
        assertThrows(IllegalArgumentException.class, () -> new Backoff(second.negated(), second));
        assertThrows(IllegalArgumentException.class, () -> new Backoff(second, Duration.ofMillis(999)));
        assertThrows(IllegalArgumentException.class, () -> new Backoff(second, Duration.ofDays(2)));
    }
}
