package dev.fieldproof.core.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * A day of a fleet in bounded memory: beats every quarter of an hour with one in twenty lost, one device in a thousand
 * dead at noon. By default 20,000 devices; {@code -Dfieldproof.runs=50} makes it a million.
 */
class SoakTest {
    private static final int DEVICES = 20_000 * Integer.getInteger("fieldproof.runs", 1);
    private static final long PERIOD_MILLIS = 900_000;
    private static final long NANOS = 1_000_000;
    private static final int BEATS = 96;
    private static final int SLICES = 900;

    @Test
    void aDayOfAFleetFindsTheDeadAndKeepsItsMemory() {
        FleetHealth fleet = new FleetHealth(Duration.ofMillis(PERIOD_MILLIS));
        long[] silent = new long[1];
        fleet.subscribe(event -> silent[0] +=
                event instanceof HealthEvent.DeviceChanged changed && changed.to() == DeviceState.SILENT ? 1 : 0);
        for (int i = 0; i < DEVICES; i++) {
            fleet.register(
                    DeviceProfile.of("d" + i, Duration.ofMillis(PERIOD_MILLIS)).behind("g" + i % (DEVICES / 500)), 0);
        }
        long beforeBytes = 0;
        for (int beat = 0; beat < BEATS; beat++) {
            for (int slice = 0; slice < SLICES; slice++) {
                long now = beat * PERIOD_MILLIS + slice * PERIOD_MILLIS / SLICES;
                int to = (int) ((slice + 1L) * DEVICES / SLICES);
                for (int i = (int) ((long) slice * DEVICES / SLICES); i < to; i++) {
                    boolean dead = i % 1000 == 7 && beat >= BEATS / 2;
                    long hash = (i * 0x9E37_79B9_7F4A_7C15L + beat) * 0xD134_2543_DE82_EF95L;
                    if (!dead && (hash >>> 40) % 20 != 0) {
                        fleet.feed(i, beat, now * NANOS);
                    }
                }
                fleet.advance(now * NANOS);
            }
            if (beat == BEATS / 4) {
                beforeBytes = fleet.bytes();
            }
        }
        int dead = (DEVICES + 992) / 1000;
        assertEquals(dead, fleet.count(DeviceState.SILENT), 0.05 * dead + 2, "found of " + dead);
        assertTrue(silent[0] <= 1.05 * dead + 2, silent[0] + " alarms");
        assertTrue(fleet.bytes() <= 1.1 * beforeBytes, beforeBytes + " bytes grew to " + fleet.bytes());
        assertTrue(fleet.bytes() / DEVICES <= 160, fleet.bytes() / DEVICES + " bytes per device in arrays");
    }
}
