package dev.fieldproof.core.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ResetReasonTest {
    @Test
    void hasTheSixteenNumbersOfEspIdf() {
        assertEquals(16, ResetReason.values().length);
        for (int code = 0; code < 16; code++) {
            assertEquals(code, ResetReason.ofCode(code).orElseThrow().code());
        }
        assertEquals(Optional.empty(), ResetReason.ofCode(16));
        assertEquals(Optional.empty(), ResetReason.ofCode(-1));
        assertEquals(Optional.of(ResetReason.BROWN_OUT), ResetReason.ofCode(9));
        assertEquals(Optional.of(ResetReason.CPU_LOCKUP), ResetReason.ofCode(15));
    }

    @Test
    void tellsCrashesFromExpectedStarts() {
        assertTrue(ResetReason.DEEP_SLEEP.isExpected());
        assertFalse(ResetReason.TASK_WATCHDOG.isExpected());
    }
}
