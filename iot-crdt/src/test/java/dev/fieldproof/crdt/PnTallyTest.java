package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.GATEWAY;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.List;
import org.junit.jupiter.api.Test;

class PnTallyTest {
    private final PnTally gateway = new PnTally(boot(GATEWAY, 1));

    @Test
    void countsWhatTheImmutableCounterCountsOnEveryHistory() {
        Boot[] writers = {boot(DEVICE, 1), boot(CLOUD, 1), boot(GATEWAY, 1)};
        SeededRuns.check(100_000, random -> {
            PnTally[] tallies = new PnTally[3];
            PnCounter[] counters = new PnCounter[3];
            for (int i = 0; i < 3; i++) {
                tallies[i] = new PnTally(writers[i]);
                counters[i] = PnCounter.ZERO;
            }
            for (int step = 0; step < 12; step++) {
                int i = random.nextInt(3);
                if (random.nextBoolean()) {
                    int by = random.nextInt(9) - 4;
                    tallies[i].add(by);
                    counters[i] = counters[i].add(writers[i], by);
                } else {
                    int from = random.nextInt(3);
                    PnCounter part =
                            random.nextBoolean() ? counters[from].addDelta(writers[from], 0) : tallies[from].snapshot();
                    tallies[i].merge(part);
                    counters[i] = counters[i].merge(part);
                }
            }
            for (int i = 0; i < 3; i++) {
                assertEquals(counters[i].value(), tallies[i].value());
                assertEquals(
                        counters[i].ups().value(), tallies[i].snapshot().ups().value());
            }
        });
    }

    @Test
    void changesNothingThatItGaveAwayOrTookIn() {
        PnCounter device = PnCounter.ZERO.add(boot(DEVICE, 1), 7).add(boot(DEVICE, 1), -2);
        gateway.merge(device);
        PnCounter before = gateway.snapshot();
        gateway.add(3);
        gateway.add(-1);
        gateway.merge(device.add(boot(DEVICE, 1), 100));
        assertEquals(5, device.value());
        assertEquals(5, before.value());
        assertEquals(107, gateway.value());
        assertEquals(
                List.of(110L, 3L),
                List.of(
                        gateway.snapshot().ups().value(),
                        gateway.snapshot().downs().value()));
    }

    @Test
    void refusesToOverflowAndIsAsItWas() {
        gateway.add(Long.MAX_VALUE);
        assertThrows(ArithmeticException.class, () -> gateway.add(1));
        assertThrows(ArithmeticException.class, () -> gateway.add(Long.MIN_VALUE));
        assertEquals(Long.MAX_VALUE, gateway.value());
    }
}
