package dev.fieldproof.core.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.fieldproof.core.sim.SimDeviceTrace.Failure;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimDeviceTraceTest {
    @ParameterizedTest
    @EnumSource(Failure.class)
    void isHealthyUntilItsFailureAndTheSameForASeed(Failure failure) {
        SimDeviceTrace healthy = new SimDeviceTrace(5, Failure.NONE, 0);
        SimDeviceTrace failing = new SimDeviceTrace(5, failure, 300);
        SimDeviceTrace again = new SimDeviceTrace(5, failure, 300);
        boolean differs = false;
        for (int tick = 0; tick < 1000; tick++) {
            float[] expected = healthy.next();
            float[] actual = failing.next();
            assertArrayEquals(actual, again.next());
            if (tick < 300) {
                assertArrayEquals(expected, actual);
            } else {
                differs |= !Arrays.equals(expected, actual);
            }
        }
        assertEquals(failure != Failure.NONE, differs);
    }

    @Test
    void tellsTheTimeOfDay() {
        SimDeviceTrace trace = new SimDeviceTrace(1, Failure.NONE, 0);
        trace.next();
        assertEquals(0, trace.secondOfDay());
        trace.next();
        assertEquals(600, trace.secondOfDay());
        assertFalse(SimDeviceTrace.FEATURES.isEmpty());
    }
}
