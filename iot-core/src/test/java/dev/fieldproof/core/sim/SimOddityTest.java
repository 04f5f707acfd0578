package dev.fieldproof.core.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimDeviceTrace.Failure;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimOddityTest {
    @ParameterizedTest
    @EnumSource(SimOddity.class)
    void isAHealthyLifeUntilItBegins(SimOddity oddity) {
        SimDeviceTrace healthy = new SimDeviceTrace(5, Failure.NONE, 0);
        SimOddity.Life odd = oddity.of(5, 300);
        SimOddity.Life again = oddity.of(5, 300);
        boolean differs = false;
        for (int tick = 0; tick < 1000; tick++) {
            float[] expected = healthy.next();
            float[] actual = odd.next();
            assertArrayEquals(actual, again.next());
            assertEquals(healthy.secondOfDay(), odd.secondOfDay());
            if (tick < 300) {
                assertArrayEquals(expected, actual);
            } else {
                differs |= !Arrays.equals(expected, actual);
            }
        }
        assertTrue(differs);
    }
}
