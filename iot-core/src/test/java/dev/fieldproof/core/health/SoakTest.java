package dev.fieldproof.core.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A day of a fleet in bounded memory: beats every quarter of an hour with one in twenty lost, one device in a thousand
 * dead at noon, one gateway in forty lost from six to nine in the evening. By default 20,000 devices; the full profile
 * ({@code -Dfieldproof.runs=10}) plays the million.
 */
class SoakTest {
    private static final int RUNS = Integer.getInteger("fieldproof.runs", 1);
    private static final int DEVICES = RUNS >= 10 ? 1_000_000 : 20_000 * RUNS;
    private static final int GATEWAYS = DEVICES / 500;
    /** One device in so many dies; no divisor of the devices, or whole gateways would. */
    private static final int DEATHS = 1009;

    private static final int OUTAGE_FROM = 72;
    private static final int OUTAGE_TO = 84;
    private static final long PERIOD_MILLIS = 900_000;
    private static final long NANOS = 1_000_000;
    private static final int BEATS = 96;
    private static final int SLICES = 900;

    @Test
    void aDayOfAFleetFindsTheDeadAndKeepsItsMemory() {
        FleetHealth fleet = new FleetHealth(Duration.ofMillis(PERIOD_MILLIS));
        long[] silent = new long[1];
        long[] gatewaysDown = new long[1];
        fleet.subscribe(event -> {
            silent[0] +=
                    event instanceof HealthEvent.DeviceChanged changed && changed.to() == DeviceState.SILENT ? 1 : 0;
            gatewaysDown[0] += event instanceof HealthEvent.GatewayDown ? 1 : 0;
        });
        for (int i = 0; i < DEVICES; i++) {
            fleet.register(
                    DeviceProfile.of("d" + i, Duration.ofMillis(PERIOD_MILLIS)).behind("g" + i % GATEWAYS), 0);
        }
        long beforeBytes = 0;
        long beforeHeap = 0;
        for (int beat = 0; beat < BEATS; beat++) {
            for (int slice = 0; slice < SLICES; slice++) {
                long now = beat * PERIOD_MILLIS + slice * PERIOD_MILLIS / SLICES;
                int to = (int) ((slice + 1L) * DEVICES / SLICES);
                for (int i = (int) ((long) slice * DEVICES / SLICES); i < to; i++) {
                    boolean dead = i % DEATHS == 7 && beat >= BEATS / 2;
                    boolean dark = i % GATEWAYS % 40 == 3 && beat >= OUTAGE_FROM && beat < OUTAGE_TO;
                    if (!dead && !dark && !isLost(i, beat)) {
                        fleet.feed(i, beat, now * NANOS);
                    }
                }
                fleet.advance(now * NANOS);
            }
            if (beat == BEATS / 4) {
                beforeBytes = fleet.bytes();
                beforeHeap = heapBytes();
            }
            if (beat == OUTAGE_TO - 1) {
                int lost = (GATEWAYS + 36) / 40;
                assertEquals(lost, fleet.snapshot().gatewaysDown().size());
                assertEquals(
                        500.0 * lost, fleet.count(DeviceState.UNREACHABLE), 2.0 * lost, fleet.snapshot()::toString);
            }
        }
        int dead = (DEVICES + DEATHS - 8) / DEATHS;
        assertEquals(dead, fleet.count(DeviceState.SILENT), 0.05 * dead + 2, "found of " + dead);
        assertEquals(0, fleet.count(DeviceState.UNREACHABLE));
        double budget = 0.5 * DEVICES / 365.25;
        assertTrue(silent[0] - dead <= budget + 3 * Math.sqrt(budget), silent[0] - dead + " false alarms");
        assertEquals((GATEWAYS + 36) / 40, gatewaysDown[0], "one alarm for each gateway that was lost");
        assertTrue(fleet.bytes() <= 1.1 * beforeBytes, beforeBytes + " bytes grew to " + fleet.bytes());
        long heap = heapBytes();
        assertTrue(heap <= 1.1 * beforeHeap + (16 << 20), beforeHeap + " bytes of heap grew to " + heap);
        assertTrue(fleet.bytes() / DEVICES <= 160, fleet.bytes() / DEVICES + " bytes per device in arrays");
    }

    /** One in twenty, each on its own: the mixing function of SplitMix64 (Steele, Lea and Flood 2014). */
    private static boolean isLost(int device, int beat) {
        long z = (device * 1000L + beat) * 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return ((z ^ (z >>> 31)) >>> 40) % 20 == 0;
    }

    private static long heapBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
