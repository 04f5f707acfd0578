package dev.fieldproof.core.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimBeats.Channel;
import org.junit.jupiter.api.Test;

class SimBeatsTest {
    private static final double PERIOD = 60_000;

    private static int lost(Channel channel, int retries, int beats) {
        SimBeats device = new SimBeats(42, channel, PERIOD, retries);
        int lost = 0;
        for (int i = 0; i < beats; i++) {
            device.next();
            lost += Double.isNaN(device.arrivalMillis()) ? 1 : 0;
        }
        return lost;
    }

    @Test
    void losesWhatTheChannelSays() {
        assertEquals(5000, lost(Channel.INDEPENDENT, 0, 100_000), 400);
        assertEquals(5000, lost(Channel.LONG_BURSTS, 0, 100_000), 900);
        assertEquals(4900, lost(Channel.MILD_BURSTS, 0, 100_000), 700);
        assertEquals(12, lost(Channel.INDEPENDENT, 2, 100_000), 12);
    }

    @Test
    void aSeedIsOneHistoryNearItsGrid() {
        SimBeats one = new SimBeats(7, Channel.INDEPENDENT, PERIOD, 0);
        SimBeats two = new SimBeats(7, Channel.INDEPENDENT, PERIOD, 0);
        double before = 0;
        for (int i = 0; i < 10_000; i++) {
            one.next();
            two.next();
            assertEquals(one.arrivalMillis(), two.arrivalMillis());
            assertEquals(i, one.sequence());
            if (i > 0) {
                assertEquals(PERIOD, one.dueMillis() - before, 20);
            }
            before = one.dueMillis();
        }
    }

    @Test
    void sleepsAndWakesAsPromised() {
        SimBeats device = new SimBeats(7, Channel.INDEPENDENT, PERIOD, 0, 10, 20);
        double promised = 0;
        double due = 0;
        for (int i = 0; i < 100; i++) {
            device.next();
            if (i > 0 && i % 10 == 0) {
                assertEquals(21 * PERIOD, device.dueMillis() - due, 200);
                assertEquals(promised, device.dueMillis(), 300);
            }
            assertEquals(9 - i % 10, device.beatsUntilSleep());
            promised = device.wakeMillis();
            due = device.dueMillis();
        }
    }

    @Test
    void refusesValuesOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new Channel(0, 1, 1.5, 0));
        assertThrows(IllegalArgumentException.class, () -> new SimBeats(1, Channel.INDEPENDENT, 0, 0));
        assertTrue(new SimBeats(1, Channel.INDEPENDENT, 1, 0).beatsUntilSleep() > 1_000_000);
    }
}
