package dev.fieldproof.core.health.trend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WearTrendTest {
    private static final double LIMIT = 100_000;

    @Test
    void aSteadyWearHasADate() {
        WearTrend trend = new WearTrend();
        for (int day = 0; day < 100; day++) {
            trend.add(day, 500 + 40 * day);
        }
        WearTrend.WearOut wearOut = trend.wearOut(LIMIT).orElseThrow();
        assertEquals((LIMIT - 500) / 40, wearOut.likely(), 1);
        assertEquals(40, trend.perDay().orElseThrow(), 1e-9);
    }

    @Test
    void wrongCountsDoNotMoveTheDateMuch() {
        SplittableRandom random = new SplittableRandom(3);
        WearTrend trend = new WearTrend();
        for (int day = 0; day < 200; day++) {
            trend.add(day, random.nextInt(5) == 0 ? random.nextInt(60_000) : 40 * day);
        }
        WearTrend.WearOut wearOut = trend.wearOut(LIMIT).orElseThrow();
        assertEquals(2500, wearOut.likely(), 200);
    }

    @Test
    void theIntervalHoldsTheTruthMostly() {
        SplittableRandom random = new SplittableRandom(4);
        int held = 0;
        for (int trial = 0; trial < 300; trial++) {
            WearTrend trend = new WearTrend();
            for (int day = 0; day < 60; day++) {
                trend.add(day, 40 * day + 200 * random.nextGaussian());
            }
            WearTrend.WearOut wearOut = trend.wearOut(LIMIT).orElseThrow();
            held += wearOut.earliest() <= 2500 && wearOut.latest() >= 2500 ? 1 : 0;
        }
        assertTrue(held >= 275, held + " of 300");
    }

    @Test
    void keepsAFewPointsOfALongLife() {
        WearTrend trend = new WearTrend();
        for (int hour = 0; hour < 100_000; hour++) {
            trend.add(hour / 24.0, 2.0 * hour);
        }
        assertEquals(48, trend.perDay().orElseThrow(), 1e-6);
        assertEquals(4166, trend.wearOut(LIMIT).orElseThrow().likely(), 200, "worn out already: now");
    }

    @Test
    void aFlashAtRestLastsForEver() {
        WearTrend trend = new WearTrend();
        assertEquals(Optional.empty(), trend.wearOut(LIMIT));
        for (int day = 0; day < 10; day++) {
            trend.add(day, 7);
        }
        assertEquals(
                Double.POSITIVE_INFINITY, trend.wearOut(LIMIT).orElseThrow().likely());
        assertThrows(IllegalArgumentException.class, () -> trend.add(3, 7));
    }
}
