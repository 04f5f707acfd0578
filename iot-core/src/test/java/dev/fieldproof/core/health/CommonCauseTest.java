package dev.fieldproof.core.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CommonCauseTest {
    private static int missesUntilDown(double lossProbability) {
        CommonCause cause = new CommonCause();
        cause.add(0);
        int misses = 1;
        while (!cause.miss(0, lossProbability)) {
            misses++;
        }
        return misses;
    }

    @Test
    void theMoreIsLostAnywayTheMoreMissesItTakes() {
        assertEquals(6, missesUntilDown(0.02));
        assertEquals(8, missesUntilDown(0.05));
        assertTrue(missesUntilDown(0.5) > 30);
    }

    /** A young fleet has seen too little to know how much is lost. */
    @Test
    void aLossTooSmallToBeKnownIsNotBelievedIn() {
        assertEquals(missesUntilDown(0.02), missesUntilDown(1e-6));
        CommonCause cause = new CommonCause();
        cause.add(0);
        SplittableRandom random = new SplittableRandom(1);
        for (int beat = 0; beat < 3_000_000; beat++) {
            boolean lost = random.nextInt(20) == 0;
            assertFalse(lost ? cause.miss(0, 1e-6) : cause.beat(0, 1e-6), "down after beat " + beat);
        }
    }

    @Test
    void itIsUpWhenAsMuchSpeaksForIt() {
        CommonCause cause = new CommonCause();
        cause.add(0);
        for (int miss = 0; miss < 20; miss++) {
            cause.miss(0, 0.05);
        }
        assertTrue(cause.isDown(0));
        int beats = 1;
        while (!cause.beat(0, 0.05)) {
            beats++;
        }
        assertEquals(11, beats, "the sum is capped at 50, each beat takes 4.55");
        assertFalse(cause.isDown(0));
    }
}
