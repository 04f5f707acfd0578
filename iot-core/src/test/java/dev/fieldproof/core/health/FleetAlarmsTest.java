package dev.fieldproof.core.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.health.micrometer.MicrometerHealthMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a fleet tells: sites, flapping, restarts, the list of open alarms, and how others read it. */
class FleetAlarmsTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long PERIOD = 60 * SECOND;

    private final FleetHealth fleet = new FleetHealth(Duration.ofMinutes(1));
    private final List<HealthEvent> events = new ArrayList<>();

    FleetAlarmsTest() {
        fleet.subscribe(events::add);
    }

    private <T extends HealthEvent> List<T> of(Class<T> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Devices behind gateways of one site; each gateway is dark for the periods that its row names. */
    private void play(int perGateway, int periods, int[]... dark) {
        SplittableRandom random = new SplittableRandom(4);
        int devices = perGateway * dark.length;
        long[] next = new long[devices];
        int[] handle = new int[devices];
        int[] sequence = new int[devices];
        for (int i = 0; i < devices; i++) {
            next[i] = random.nextLong(PERIOD);
            handle[i] = fleet.register(
                    DeviceProfile.of("d" + i, Duration.ofMinutes(1)).at("mill").behind("gw" + i / perGateway), 0);
        }
        for (long now = 0; now < periods * PERIOD; now += SECOND) {
            for (int i = 0; i < devices; i++) {
                if (next[i] <= now) {
                    next[i] += PERIOD;
                    sequence[i]++;
                    int[] from = dark[i / perGateway];
                    boolean isDark = now >= from[0] * PERIOD && now < from[1] * PERIOD;
                    if (!isDark && random.nextInt(20) > 0) {
                        fleet.feed(handle[i], sequence[i], now);
                    }
                }
            }
            fleet.advance(now);
        }
    }

    private boolean blamesADevice() {
        return of(HealthEvent.DeviceChanged.class).stream().anyMatch(e -> e.to() == DeviceState.SILENT);
    }

    @Test
    void aSiteThatGoesDarkIsOneAlarm() {
        play(100, 100, new int[] {50, 70}, new int[] {50, 70}, new int[] {50, 70});
        assertEquals(1, of(HealthEvent.SiteDown.class).size(), events::toString);
        HealthEvent.SiteDown down = of(HealthEvent.SiteDown.class).get(0);
        assertEquals(3, down.gateways());
        assertTrue(down.atNanos() - 50 * PERIOD < PERIOD / 2, "late");
        assertTrue(Math.abs(down.sinceNanos() - 50 * PERIOD) < PERIOD / 4);
        assertEquals("beats through any of its gateways", down.clearedBy());
        assertEquals(1, of(HealthEvent.SiteUp.class).size());
        assertEquals(0, of(HealthEvent.GatewayDown.class).size(), "no gateway is blamed");
        assertFalse(blamesADevice());
        assertEquals(List.of(), fleet.alarms());
        assertEquals(Map.of(), fleet.snapshot().sitesDown());
    }

    @Test
    void oneGatewayOfASiteIsNotTheSite() {
        play(100, 100, new int[] {50, 70}, new int[] {1000, 1000});
        assertEquals(0, of(HealthEvent.SiteDown.class).size());
        assertEquals(1, of(HealthEvent.GatewayDown.class).size());
        HealthEvent.GatewayDown down = of(HealthEvent.GatewayDown.class).get(0);
        assertEquals("gw0", down.gatewayId());
        assertTrue(down.atNanos() - 50 * PERIOD < PERIOD / 2);
        assertTrue(down.evidence().startsWith("the beats of "), down::evidence);
        assertEquals(1, of(HealthEvent.GatewayUp.class).size());
        assertFalse(blamesADevice());
    }

    @Test
    void aGatewayThatStaysDarkWhenTheSiteReturnsIsTold() {
        play(100, 100, new int[] {50, 60}, new int[] {50, 1000});
        assertEquals(1, of(HealthEvent.SiteDown.class).size());
        assertEquals(1, of(HealthEvent.SiteUp.class).size());
        assertEquals(
                List.of("gw1"),
                of(HealthEvent.GatewayDown.class).stream()
                        .map(HealthEvent.GatewayDown::gatewayId)
                        .toList());
        assertEquals(1, fleet.alarms().size());
        assertEquals(Map.of("gw1", 100), fleet.snapshot().gatewaysDown());
    }

    /**
     * Children that are switched on together beat together: their misses come in a heap, and are chance all the same.
     */
    @Test
    void childrenThatBeatAllAtOnceDoNotBlameTheirGateway() {
        SplittableRandom random = new SplittableRandom(8);
        int[] handle = new int[500];
        for (int i = 0; i < handle.length; i++) {
            handle[i] = fleet.register(
                    DeviceProfile.of("d" + i, Duration.ofMinutes(1)).behind("gw"), 0);
        }
        long outage = 300 * PERIOD;
        for (long now = 0; now < outage + 2 * PERIOD; now += SECOND) {
            if (now % PERIOD == 20 * SECOND && now < outage) {
                for (int device : handle) {
                    if (random.nextInt(20) > 0) {
                        fleet.feed(device, (int) (now / PERIOD), now);
                    }
                }
            }
            fleet.advance(now);
        }
        List<HealthEvent.GatewayDown> down = of(HealthEvent.GatewayDown.class);
        assertEquals(1, down.size(), down::toString);
        assertTrue(down.get(0).atNanos() - outage - 20 * SECOND < PERIOD / 5, "0.2 periods after the evidence");
        assertTrue(down.get(0).atNanos() > outage, "not before");
    }

    @Test
    void aFlappingDeviceRingsAFewTimesAndThenOnce() {
        long now = 0;
        for (int minute = 0; minute < 1200; minute++, now += PERIOD) {
            fleet.feed("a", now);
            if (minute < 400) {
                fleet.degraded("a", minute % 10 == 5 ? "hot" : "", now);
            }
            fleet.advance(now);
        }
        long rings = of(HealthEvent.DeviceChanged.class).stream()
                .filter(e -> e.to() == DeviceState.DEGRADED)
                .count();
        assertEquals(1, of(HealthEvent.Flapping.class).size());
        assertTrue(rings <= 4, rings + " alarms of forty");
        HealthEvent.Flapping flapping = of(HealthEvent.Flapping.class).get(0);
        assertTrue(flapping.sinceNanos() < flapping.atNanos());
        assertTrue(flapping.clearedBy().contains("minutes"), flapping::clearedBy);
        assertEquals(1, of(HealthEvent.Settled.class).size());
        assertEquals(DeviceState.ALIVE, of(HealthEvent.Settled.class).get(0).state());
        assertEquals(List.of(), fleet.alarms());
    }

    private static Heartbeat beat(ResetReason reason, int sequence, long uptimeSeconds) {
        return new Heartbeat(reason, 0, 0, sequence, uptimeSeconds, 17, 0, 0, 0, 0, 0, 0, 0, Heartbeat.NOT_MEASURED, 0);
    }

    @Test
    void aCrashDegradesADeviceForAnHour() {
        fleet.feed("a", beat(ResetReason.POWER_ON, 1, 10), 0);
        assertEquals(Optional.of(DeviceState.ALIVE), fleet.state("a"));
        fleet.feed("a", beat(ResetReason.TASK_WATCHDOG, 2, 5), PERIOD);
        assertEquals(Optional.of(DeviceState.DEGRADED), fleet.state("a"));
        HealthEvent alarm = fleet.alarms().get(0);
        assertTrue(alarm.evidence().startsWith("started by TASK_WATCHDOG, boot 17"), alarm::evidence);
        fleet.feed("a", beat(ResetReason.TASK_WATCHDOG, 3, 3700), 2 * PERIOD);
        assertEquals(Optional.of(DeviceState.ALIVE), fleet.state("a"));
        assertEquals(List.of(), fleet.alarms());
    }

    @Test
    void eventsAreLinesOfJson() {
        StringBuilder out = new StringBuilder();
        fleet.subscribe(HealthJson.writer(out, nanos -> Instant.ofEpochSecond(0, nanos), e -> {}));
        fleet.degraded("a\"b", "line\nbreak \\", 5 * SECOND);
        assertEquals(
                "{\"event\":\"DeviceChanged\",\"subject\":\"a\\\"b\",\"from\":\"ALIVE\",\"to\":\"DEGRADED\","
                        + "\"at\":\"1970-01-01T00:00:05Z\",\"since\":\"1970-01-01T00:00:05Z\","
                        + "\"evidence\":\"line\\u000abreak \\\\\","
                        + "\"clearedBy\":\"a report that it is well, or an hour without a restart\"}\n",
                out.toString());
        List<IOException> failures = new ArrayList<>();
        Appendable full = new Appendable() {
            @Override
            public Appendable append(CharSequence text) throws IOException {
                throw new IOException("full");
            }

            @Override
            public Appendable append(CharSequence text, int from, int to) throws IOException {
                throw new IOException("full");
            }

            @Override
            public Appendable append(char c) throws IOException {
                throw new IOException("full");
            }
        };
        HealthJson.writer(full, nanos -> Instant.EPOCH, failures::add).accept(events.get(0));
        assertEquals(1, failures.size());
    }

    @Test
    void micrometerSeesStatesAlarmsAndEvents() {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Runnable end = new MicrometerHealthMetrics(registry).bind(fleet);
        fleet.feed("a", 0);
        fleet.feed("b", 0);
        fleet.degraded("b", "hot", SECOND);
        assertEquals(
                1, registry.get("fleet.devices").tag("state", "alive").gauge().value());
        assertEquals(
                1,
                registry.get("fleet.devices").tag("state", "degraded").gauge().value());
        assertEquals(1, registry.get("fleet.alarms").gauge().value());
        assertEquals(0, registry.get("fleet.down").tag("of", "sites").gauge().value());
        assertEquals(
                1,
                registry.get("fleet.events")
                        .tag("kind", "DeviceChanged")
                        .counter()
                        .count());
        end.run();
        fleet.degraded("b", "", 2 * SECOND);
        assertEquals(
                1,
                registry.get("fleet.events")
                        .tag("kind", "DeviceChanged")
                        .counter()
                        .count());
    }

    @Test
    void numbersAreChecked() {
        int device = fleet.register(DeviceProfile.of("a", Duration.ofMinutes(1)), 0);
        assertEquals(device, fleet.register(DeviceProfile.of("a", Duration.ofMinutes(1)), 0));
        fleet.feed(device, 1, SECOND);
        assertThrows(IndexOutOfBoundsException.class, () -> fleet.feed(1, 1, SECOND));
        fleet.sample("a", "coarse", 1, SECOND);
        assertEquals(List.of("a/coarse"), fleet.slowToTell(10));
    }
}
