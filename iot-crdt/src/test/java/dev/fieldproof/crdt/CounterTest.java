package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CounterTest {
    @Test
    void countsUpAndDownOnBothSides() {
        PnCounter device = PnCounter.ZERO.add(boot(DEVICE, 1), 5).add(boot(DEVICE, 1), -2);
        PnCounter cloud = PnCounter.ZERO.add(boot(CLOUD, 1), 10);
        assertEquals(13, device.merge(cloud).value());
        assertEquals(device.merge(cloud), cloud.merge(device));
    }

    @Test
    void aRestartWithoutMemoryCountsNothingTwice() {
        PnCounter told = PnCounter.ZERO.add(boot(DEVICE, 1), 5);
        PnCounter afterwards = PnCounter.ZERO.add(boot(DEVICE, 2), 1);
        assertEquals(6, afterwards.merge(told).value());
    }

    @Test
    void aDeltaHoldsOneWriterAndMergesLikeTheWhole() {
        GCounter before = GCounter.ZERO.increment(boot(DEVICE, 1), 5).increment(boot(CLOUD, 1), 1);
        GCounter delta = before.incrementDelta(boot(DEVICE, 1), 2);
        assertEquals(1, delta.boots().length);
        assertEquals(before.increment(boot(DEVICE, 1), 2), before.merge(delta));
    }

    @Test
    void mergingWhatIsKnownMakesNoNewObject() {
        GCounter all = GCounter.ZERO.increment(boot(DEVICE, 1), 5).increment(boot(CLOUD, 1), 1);
        GCounter part = GCounter.ZERO.increment(boot(CLOUD, 1), 1);
        assertSame(all, all.merge(part));
        assertTrue(part.leq(all));
    }

    @Test
    void refusesToShrinkOrOverflow() {
        assertThrows(IllegalArgumentException.class, () -> GCounter.ZERO.increment(boot(DEVICE, 1), -1));
        GCounter full = GCounter.ZERO.increment(boot(DEVICE, 1), Long.MAX_VALUE);
        assertThrows(ArithmeticException.class, () -> full.increment(boot(DEVICE, 1), 1));
        assertThrows(ArithmeticException.class, () -> PnCounter.ZERO.add(boot(DEVICE, 1), Long.MIN_VALUE));
    }
}
