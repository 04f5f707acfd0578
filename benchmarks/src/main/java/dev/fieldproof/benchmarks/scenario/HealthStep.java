package dev.fieldproof.benchmarks.scenario;

import dev.fieldproof.core.health.DeviceProfile;
import dev.fieldproof.core.health.DeviceState;
import dev.fieldproof.core.health.FleetHealth;
import dev.fieldproof.core.health.HealthEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** One node dies without a word, one talks on with a frozen sensor, and then the whole gateway goes. */
final class HealthStep implements Step {
    private static final String MODULE = "iot-core";
    private static final String GATEWAY = "gateway-1";
    private static final Duration BEAT = Duration.ofSeconds(60);
    private static final int LEARNING_BEATS = 60;
    private static final int FAULT_BEATS = 240;
    private static final int OUTAGE_BEATS = 30;

    @Override
    public Chapter run(Day day) {
        RandomGenerator random = day.random(MODULE);
        List<String> ids = day.nodeIds();
        List<HealthEvent> events = new ArrayList<>();
        FleetHealth fleet = new FleetHealth(BEAT);
        fleet.subscribe(events::add);
        for (String id : ids) {
            fleet.register(DeviceProfile.of(id, BEAT).behind(GATEWAY).at("site").in("1.0.0"), day.clock.nanoTime());
        }
        String dead = ids.get(0);
        String frozen = ids.get(ids.size() - 1);
        beat(day, fleet, random, LEARNING_BEATS, "", "", false);
        int falseAlarms = events.size();
        day.tell(MODULE, dead + " dies without a word, " + frozen + "'s sensor freezes");

        long from = day.clock.nanoTime();
        beat(day, fleet, random, FAULT_BEATS, dead, frozen, false);
        long found = firstChange(events, falseAlarms, dead);
        DeviceState ofDead = stateOf(fleet, dead);
        DeviceState ofFrozen = stateOf(fleet, frozen);
        day.tell(MODULE, dead + " is " + ofDead + ", " + frozen + " is " + ofFrozen);

        int before = events.size();
        beat(day, fleet, random, OUTAGE_BEATS, dead, frozen, true);
        List<HealthEvent> outage = events.subList(before, events.size());
        long gatewayAlarms = outage.stream()
                .filter(HealthEvent.GatewayDown.class::isInstance)
                .count();
        day.tell(MODULE, "the gateway goes: " + gatewayAlarms + " alarm for " + ids.size() + " silent nodes");

        return Chapter.of("Who is alive, who fails silently", MODULE)
                .figure("heartbeats every", BEAT.toSeconds() + " s, 5 % of them lost")
                .figure(
                        "periods until the silent death is told",
                        found < 0 ? "never" : Text.count((found - from) / BEAT.toNanos()))
                .figure("alarms while the gateway is down", outage.size())
                .invariant("the dead node is told", ofDead == DeviceState.SILENT, dead + " is " + ofDead)
                .invariant("the frozen sensor is told", ofFrozen == DeviceState.WEDGED, frozen + " is " + ofFrozen)
                .invariant(
                        "one alarm for the gateway",
                        gatewayAlarms == 1,
                        gatewayAlarms + " for " + ids.size() + " nodes")
                .build();
    }

    private static void beat(
            Day day, FleetHealth fleet, RandomGenerator random, int beats, String dead, String frozen, boolean dark) {
        for (int b = 0; b < beats; b++) {
            for (int second = 0; second < BEAT.toSeconds(); second++) {
                long now = day.clock.nanoTime();
                for (int i = 0; i < day.nodeIds().size(); i++) {
                    String id = day.nodeIds().get(i);
                    boolean talks = !dark && !id.equals(dead) && i * 2L % BEAT.toSeconds() == second;
                    if (talks && random.nextInt(20) != 0) {
                        fleet.feed(id, now);
                        fleet.sample(id, "temperature", id.equals(frozen) ? 21.5 : 20 + random.nextGaussian(), now);
                    }
                }
                day.clock.advance(Duration.ofSeconds(1));
                fleet.advance(day.clock.nanoTime());
            }
        }
    }

    private static DeviceState stateOf(FleetHealth fleet, String id) {
        return fleet.state(id).orElseThrow();
    }

    private static long firstChange(List<HealthEvent> events, int from, String id) {
        return events.subList(from, events.size()).stream()
                .filter(event -> event instanceof HealthEvent.DeviceChanged changed
                        && changed.deviceId().equals(id)
                        && changed.to() == DeviceState.SILENT)
                .mapToLong(event -> ((HealthEvent.DeviceChanged) event).atNanos())
                .findFirst()
                .orElse(-1);
    }
}
