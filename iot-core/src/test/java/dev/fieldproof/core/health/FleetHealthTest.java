package dev.fieldproof.core.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FleetHealthTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long PERIOD = 60 * SECOND;

    private final FleetHealth fleet = new FleetHealth(Duration.ofMinutes(1));
    private final List<HealthEvent> events = new ArrayList<>();
    private long now;

    FleetHealthTest() {
        fleet.subscribe(events::add);
    }

    /** Lets time pass in seconds; every device of the list beats once per minute. */
    private void pass(int minutes, String... beating) {
        for (int second = 0; second < 60 * minutes; second++) {
            now += SECOND;
            if (second % 60 == 30) {
                for (String device : beating) {
                    fleet.feed(device, now);
                }
            }
            fleet.advance(now);
        }
    }

    private List<DeviceState> statesOf(String device) {
        return events.stream()
                .filter(HealthEvent.DeviceChanged.class::isInstance)
                .map(HealthEvent.DeviceChanged.class::cast)
                .filter(event -> event.deviceId().equals(device))
                .map(HealthEvent.DeviceChanged::to)
                .toList();
    }

    @Test
    void aDeviceThatStopsIsSuspectThenSilentThenAliveAgain() {
        pass(30, "a", "b");
        assertEquals(2, fleet.snapshot().byState().get(DeviceState.ALIVE));
        pass(12, "b");
        assertEquals(Optional.of(DeviceState.SILENT), fleet.state("a"));
        assertEquals(List.of("a"), fleet.query(DeviceState.SILENT, profile -> true));
        pass(2, "a", "b");
        assertEquals(List.of(DeviceState.SUSPECT, DeviceState.SILENT, DeviceState.ALIVE), statesOf("a"));
        assertEquals(List.of(), statesOf("b"));
    }

    @Test
    void anAlarmSaysSinceWhenOnWhatEvidenceAndWhatClearsIt() {
        pass(30, "a");
        long lastBeat = now - 30 * SECOND + SECOND;
        pass(12);
        HealthEvent.DeviceChanged alarm = (HealthEvent.DeviceChanged) events.get(1);
        assertEquals(DeviceState.SILENT, alarm.to());
        assertTrue(Math.abs(alarm.sinceNanos() - lastBeat) <= 2 * SECOND, alarm::toString);
        assertTrue(alarm.evidence().contains("nothing heard for"), alarm::evidence);
        assertEquals("its next beat", alarm.clearedBy());
    }

    @Test
    void aRegisteredDeviceThatNeverSpeaksIsSilent() {
        fleet.register(DeviceProfile.of("mute", Duration.ofMinutes(1)), now);
        pass(15);
        assertEquals(Optional.of(DeviceState.SILENT), fleet.state("mute"));
    }

    @Test
    void aGoodbyeIsNoSilence() {
        pass(20, "a");
        fleet.announceOffline("a", now);
        pass(30);
        assertEquals(List.of(DeviceState.OFFLINE), statesOf("a"));
        pass(3, "a");
        assertEquals(Optional.of(DeviceState.ALIVE), fleet.state("a"));
    }

    @Test
    void announcedSleepIsNoAlarmAndOversleepingIs() {
        pass(20, "a");
        fleet.announceSleep("a", now + 60 * PERIOD, now);
        fleet.feed("a", now + SECOND);
        pass(59);
        assertEquals(List.of(DeviceState.ASLEEP), statesOf("a"));
        pass(15);
        assertEquals(
                List.of(DeviceState.ASLEEP, DeviceState.ALIVE, DeviceState.SUSPECT, DeviceState.SILENT), statesOf("a"));
    }

    @Test
    void aGatewayOutageIsOneAlarmAndNoneOfItsDevices() {
        SplittableRandom random = new SplittableRandom(1);
        int children = 500;
        long[] next = new long[children];
        for (int i = 0; i < children; i++) {
            fleet.register(DeviceProfile.of("d" + i, Duration.ofMinutes(1)).behind("gw"), 0);
            next[i] = random.nextLong(PERIOD);
        }
        long outage = 100 * PERIOD;
        long back = 130 * PERIOD;
        for (now = 0; now < 160 * PERIOD; now += SECOND) {
            for (int i = 0; i < children; i++) {
                if (next[i] <= now) {
                    next[i] += PERIOD;
                    if ((now < outage || now > back) && random.nextInt(20) > 0) {
                        fleet.feed("d" + i, now);
                    }
                }
            }
            fleet.advance(now);
        }
        List<HealthEvent> gateway = events.stream()
                .filter(event -> !(event instanceof HealthEvent.DeviceChanged))
                .toList();
        assertEquals(2, gateway.size(), gateway::toString);
        HealthEvent.GatewayDown down = (HealthEvent.GatewayDown) gateway.get(0);
        assertTrue(down.atNanos() - outage < 13 * PERIOD / 10, "after " + (down.atNanos() - outage) / 1e9 / 60);
        assertEquals(500, down.devices());
        assertTrue(gateway.get(1).atNanos() - back < PERIOD / 2);
        assertFalse(
                events.stream()
                        .anyMatch(event -> event instanceof HealthEvent.DeviceChanged changed
                                && changed.to() == DeviceState.SILENT),
                "no device is blamed");
        assertEquals(Map.of(), fleet.snapshot().gatewaysDown());
    }

    @Test
    void aFrozenSignalIsWedgedWhileItsDeviceBeats() {
        SplittableRandom random = new SplittableRandom(2);
        for (int minute = 0; minute < 200; minute++) {
            pass(1, "a");
            fleet.sample("a", "temperature", 20 + random.nextInt(10), now);
        }
        assertEquals(Optional.of(DeviceState.ALIVE), fleet.state("a"));
        for (int minute = 0; minute < 40; minute++) {
            pass(1, "a");
            fleet.sample("a", "temperature", 25, now);
        }
        assertEquals(Optional.of(DeviceState.WEDGED), fleet.state("a"));
        fleet.sample("a", "temperature", 26, now);
        assertEquals(Optional.of(DeviceState.ALIVE), fleet.state("a"));
    }

    @Test
    void aFrozenRunDoesNotExplainItself() {
        SplittableRandom random = new SplittableRandom(7);
        fleet.register(DeviceProfile.of("a", Duration.ofMinutes(1)), now);
        int told = -1;
        for (int minute = 0; minute < 540; minute++) {
            boolean frozen = minute >= 300;
            pass(1);
            if (random.nextInt(20) > 0) {
                fleet.feed("a", now);
                fleet.sample("a", "temperature", frozen ? 21.5 : 20 + random.nextGaussian(), now);
            }
            boolean wedged = fleet.state("a").equals(Optional.of(DeviceState.WEDGED));
            told = wedged && told < 0 ? minute - 300 : told;
        }
        assertTrue(told > 0 && told <= 15, "after " + told + " samples");
    }

    @Test
    void aPromisedSignalThatStopsIsWedged() {
        for (int minute = 0; minute < 60; minute++) {
            pass(1, "a");
            fleet.sample("a", "counter", minute, now);
        }
        pass(15, "a");
        assertEquals(Optional.of(DeviceState.WEDGED), fleet.state("a"));
        fleet.sample("a", "counter", 61, now);
        assertEquals(Optional.of(DeviceState.ALIVE), fleet.state("a"));
    }

    @Test
    void aReportCanDegradeADevice() {
        pass(3, "a");
        fleet.degraded("a", "rebooted by its watchdog", now);
        assertEquals(Optional.of(DeviceState.DEGRADED), fleet.state("a"));
        fleet.degraded("a", "", now);
        assertEquals(List.of(DeviceState.DEGRADED, DeviceState.ALIVE), statesOf("a"));
    }

    @Test
    void queriesByCohortAndSite() {
        fleet.register(DeviceProfile.of("a", Duration.ofMinutes(1)).at("north").in("1.0"), now);
        fleet.register(DeviceProfile.of("b", Duration.ofMinutes(1)).at("south").in("1.1"), now);
        assertEquals(
                List.of("b"),
                fleet.query(DeviceState.ALIVE, profile -> profile.site().equals("south")));
        assertEquals(
                List.of("a"),
                fleet.query(DeviceState.ALIVE, profile -> profile.cohort().equals("1.0")));
        assertEquals(2, fleet.snapshot().devices());
        Optional<String> any = Optional.empty();
        assertEquals(List.of("b"), fleet.query(Optional.of(DeviceState.ALIVE), Optional.of("south"), any));
        assertEquals(List.of("a"), fleet.query(Optional.empty(), any, Optional.of("1.0")));
        assertEquals(List.of(), fleet.query(Optional.empty(), Optional.of("south"), Optional.of("1.0")));
        assertEquals(List.of(), fleet.query(Optional.empty(), Optional.of("nowhere"), any));
        assertEquals(List.of("a", "b"), fleet.query(Optional.empty(), any, any));
        fleet.degraded("a", "hot", now);
        assertEquals(List.of("a"), fleet.query(Optional.of(DeviceState.DEGRADED), any, any));
        assertEquals(
                Map.of("1.0", Map.of(DeviceState.DEGRADED, 1), "1.1", Map.of(DeviceState.ALIVE, 1)), fleet.byCohort());
        fleet.register(DeviceProfile.of("a", Duration.ofMinutes(1)).at("south").in("1.1"), now);
        assertEquals(
                Map.of("south", Map.of(DeviceState.DEGRADED, 1, DeviceState.ALIVE, 1)), fleet.bySite(), "it moved");
    }

    /** Twenty devices behind a gateway that is dark for a while; one died long before, one is heard all the same. */
    private void playOutage(int minutesDark) {
        String[] all = new String[20];
        for (int i = 0; i < all.length; i++) {
            all[i] = "d" + i;
            fleet.register(DeviceProfile.of(all[i], Duration.ofMinutes(1)).behind("gw"), now);
        }
        pass(30, all);
        String[] living = Arrays.copyOfRange(all, 1, all.length);
        pass(30, living);
        assertEquals(Optional.of(DeviceState.SILENT), fleet.state("d0"));
        pass(minutesDark, "d19");
    }

    @Test
    void devicesBehindALostGatewayAreUnreachableWithoutAlarms() {
        playOutage(20);
        assertEquals(Map.of("gw", 20), fleet.snapshot().gatewaysDown());
        assertEquals(
                18, fleet.count(DeviceState.UNREACHABLE), () -> fleet.snapshot().toString());
        assertEquals(1, fleet.count(DeviceState.ALIVE), "the one that is heard by another way");
        assertEquals(Optional.of(DeviceState.ALIVE), fleet.state("d19"));
        assertEquals(Optional.of(DeviceState.SILENT), fleet.state("d0"), "it died before its gateway");
        assertEquals(18, fleet.query(DeviceState.UNREACHABLE, profile -> true).size());
        assertEquals(2, fleet.alarms().size(), "the gateway and the device that died before");
        for (int i = 1; i < 20; i++) {
            assertEquals(List.of(), statesOf("d" + i));
        }
    }

    @Test
    void unreachableDevicesComeBackAndTheDeadStayDead() {
        playOutage(20);
        String[] living = new String[18];
        for (int i = 0; i < living.length; i++) {
            living[i] = "d" + (i + 1);
        }
        pass(20, living);
        assertEquals(Map.of(), fleet.snapshot().gatewaysDown());
        assertEquals(0, fleet.count(DeviceState.UNREACHABLE));
        assertEquals(18, fleet.count(DeviceState.ALIVE), () -> fleet.snapshot().toString());
        assertEquals(List.of(DeviceState.SUSPECT, DeviceState.SILENT), statesOf("d0"), "one alarm, never cleared");
        assertEquals(List.of(DeviceState.SUSPECT, DeviceState.SILENT), statesOf("d19"), "it died as the others came");
    }

    @Test
    void aDeviceIsWedgedUntilAllItsSignalsAreWell() {
        SplittableRandom random = new SplittableRandom(5);
        for (int minute = 0; minute < 300; minute++) {
            boolean frozen = minute >= 200;
            pass(1, "a");
            fleet.sample("a", "temperature", frozen ? 1 : random.nextGaussian(), now);
            fleet.sample("a", "pressure", frozen ? 2 : random.nextGaussian(), now);
        }
        assertEquals(Optional.of(DeviceState.WEDGED), fleet.state("a"));
        assertTrue(fleet.alarms().get(0).evidence().contains("temperature"), fleet.alarms()::toString);
        fleet.sample("a", "temperature", 3, now);
        assertEquals(Optional.of(DeviceState.WEDGED), fleet.state("a"), "the pressure is still frozen");
        fleet.sample("a", "pressure", 3, now);
        assertEquals(Optional.of(DeviceState.ALIVE), fleet.state("a"));
    }

    @Test
    void aWitnessTellsACoarseSignalThatFroze() {
        SplittableRandom random = new SplittableRandom(6);
        int told = -1;
        for (int minute = 0; minute < 300; minute++) {
            boolean frozen = minute >= 200;
            pass(1, "a");
            fleet.sample("a", "degrees", 21, frozen ? 5 : random.nextInt(256), now);
            boolean wedged = fleet.state("a").equals(Optional.of(DeviceState.WEDGED));
            assertFalse(wedged && !frozen, "a room may keep its temperature");
            told = wedged && told < 0 ? minute - 200 : told;
        }
        assertTrue(told >= 0 && told <= 12, "after " + told + " samples");
    }

    /** Beats and counts every minute, unless it is dark. */
    private void passCounting(int minutes, boolean dark, String... devices) {
        for (int minute = 0; minute < minutes; minute++) {
            pass(1, dark ? new String[0] : devices);
            for (String device : dark ? new String[0] : devices) {
                fleet.sample(device, "counter", (double) now, now);
            }
        }
    }

    @Test
    void signalsOfADeviceThatWasAwayAreNotBlamedForIt() {
        passCounting(60, false, "a");
        fleet.announceSleep("a", now + 60 * PERIOD, now);
        passCounting(60, true, "a");
        passCounting(30, false, "a");
        assertEquals(List.of(DeviceState.ASLEEP, DeviceState.ALIVE), statesOf("a"), "a sleep");
        passCounting(60, true, "a");
        passCounting(30, false, "a");
        assertEquals(
                List.of(DeviceState.SUSPECT, DeviceState.SILENT, DeviceState.ALIVE),
                statesOf("a").subList(2, 5),
                "a silence");
        assertEquals(5, statesOf("a").size());
    }

    @Test
    void aGatewaysReturnBlamesNoSignals() {
        String[] all = new String[20];
        for (int i = 0; i < all.length; i++) {
            all[i] = "d" + i;
            fleet.register(DeviceProfile.of(all[i], Duration.ofMinutes(1)).behind("gw"), now);
        }
        passCounting(60, false, all);
        passCounting(60, true, all);
        assertEquals(20, fleet.count(DeviceState.UNREACHABLE));
        passCounting(60, false, all);
        assertEquals(20, fleet.count(DeviceState.ALIVE));
        for (String device : all) {
            assertFalse(statesOf(device).contains(DeviceState.WEDGED), device);
        }
    }

    @Test
    void aWedgedDeviceStaysWedgedWhileItsGatewayIsDown() {
        String[] all = new String[20];
        for (int i = 0; i < all.length; i++) {
            all[i] = "d" + i;
            fleet.register(DeviceProfile.of(all[i], Duration.ofMinutes(1)).behind("gw"), now);
        }
        for (int minute = 0; minute < 60; minute++) {
            pass(1, all);
            fleet.sample("d0", "counter", Math.min(minute, 30), now);
        }
        assertEquals(Optional.of(DeviceState.WEDGED), fleet.state("d0"));
        pass(60);
        assertEquals(Optional.of(DeviceState.WEDGED), fleet.state("d0"));
        assertEquals(List.of(DeviceState.WEDGED), statesOf("d0"));
        assertEquals(2, fleet.alarms().size());
    }
}
