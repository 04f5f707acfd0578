package dev.fieldproof.core.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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

    @Test
    void zephyrsFlagsMapToTheNearestReasonTheWorstFirst() {
        ResetReason[] byBit = {
            ResetReason.EXTERNAL, // pin
            ResetReason.SOFTWARE,
            ResetReason.BROWN_OUT,
            ResetReason.POWER_ON,
            ResetReason.OTHER_WATCHDOG,
            ResetReason.JTAG, // debug event
            ResetReason.PANIC, // security violation
            ResetReason.DEEP_SLEEP,
            ResetReason.CPU_LOCKUP,
            ResetReason.PANIC, // parity error
            ResetReason.POWER_GLITCH, // PLL error
            ResetReason.POWER_GLITCH, // clock error
            ResetReason.UNKNOWN, // some hardware
            ResetReason.EXTERNAL, // user
            ResetReason.PANIC, // temperature
            ResetReason.SOFTWARE, // boot loader
            ResetReason.PANIC // flash error
        };
        for (int bit = 0; bit < byBit.length; bit++) {
            assertEquals(byBit[bit], ResetReason.ofZephyr(1 << bit), "bit " + bit);
        }
        assertEquals(ResetReason.UNKNOWN, ResetReason.ofZephyr(0));
        assertEquals(ResetReason.UNKNOWN, ResetReason.ofZephyr(1 << 30));
        assertEquals(ResetReason.OTHER_WATCHDOG, ResetReason.ofZephyr(1 << 4 | 1 << 3 | 1), "a watchdog and the pin");
        assertEquals(ResetReason.BROWN_OUT, ResetReason.ofZephyr(1 << 2 | 1 << 3), "a brown-out and the power back");
    }

    @Test
    void aKindIsExpectedOrNotAsItsReasonsAre() {
        Map<ResetReason.Kind, Set<Boolean>> expected = new EnumMap<>(ResetReason.Kind.class);
        for (ResetReason reason : ResetReason.values()) {
            expected.computeIfAbsent(reason.kind(), kind -> new TreeSet<>()).add(reason.isExpected());
        }
        assertEquals(Set.of(ResetReason.Kind.values()), expected.keySet(), "every kind has a reason");
        expected.forEach((kind, both) -> assertEquals(1, both.size(), kind + " is both"));
    }
}
