package dev.fieldproof.sparkplug.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.health.DeviceState;
import dev.fieldproof.core.health.FleetHealth;
import dev.fieldproof.core.health.HealthEvent;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.sparkplug.edge.EdgeMetric;
import dev.fieldproof.sparkplug.edge.EdgeNode;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens at a site of four nodes, each with three devices, is what the view of the fleet's health says. */
class HealthFeedTest {
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final int NODES = 4;
    private static final List<String> DEVICES = List.of("pump", "valve", "lamp");
    private static final int ALL = NODES * (1 + DEVICES.size());

    private final SimClock clock = new SimClock(Instant.parse("2026-11-22T08:00:00Z"));
    private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
    private final SplittableRandom random = new SplittableRandom(2);
    private final FleetHealth fleet = new FleetHealth(PERIOD);
    private final List<HealthEvent> events = new ArrayList<>();
    private final List<EdgeNode> nodes = new ArrayList<>();
    private final boolean[] mute = new boolean[NODES];
    private final boolean[] stopped = new boolean[NODES];
    private final boolean[] frozen = new boolean[NODES];
    private int beat;

    @BeforeEach
    void aSiteComesAlive() {
        fleet.subscribe(events::add);
        HostApplication host = HostApplication.builder("scada", broker::client)
                .scheduler(clock)
                .onEvent(new HealthFeed(
                        fleet,
                        PERIOD,
                        this::nanos,
                        sample -> sample.metric().equals("Uptime"),
                        sample -> sample.metric().equals("Pressure")))
                .build();
        host.start();
        for (int i = 0; i < NODES; i++) {
            EdgeNode node = EdgeNode.builder("site", "node-" + i, broker::client)
                    .scheduler(clock)
                    .random(new SplittableRandom(i))
                    .metric("Uptime", Value.of(0))
                    .device(
                            "pump",
                            new EdgeMetric.Definition("Uptime", Value.of(0)),
                            new EdgeMetric.Definition("Pressure", Value.of(0.0)))
                    .device("valve", new EdgeMetric.Definition("Uptime", Value.of(0)))
                    .device("lamp", new EdgeMetric.Definition("Uptime", Value.of(0)))
                    .build();
            nodes.add(node);
            DEVICES.forEach(device -> node.device(device).online());
            node.start();
        }
        run(60);
        for (int i = 0; i < NODES; i++) {
            assertEquals(Optional.of(DeviceState.ALIVE), fleet.state("site/node-" + i));
            assertEquals(Optional.of(DeviceState.ALIVE), fleet.state("site/node-" + i + "/pump"));
        }
        assertEquals(List.of(), fleet.alarms());
    }

    private long nanos() {
        return clock.millis() * 1_000_000;
    }

    private void run(int periods) {
        for (int p = 0; p < periods; p++) {
            beat++;
            for (int i = 0; i < NODES; i++) {
                if (!mute[i]) {
                    nodes.get(i).metric("Uptime").set(beat);
                    for (String device : DEVICES) {
                        nodes.get(i).device(device).metric("Uptime").set(beat);
                    }
                }
                if (!mute[i] && !stopped[i]) {
                    double pressure = frozen[i] ? 2.5 : 2 + random.nextDouble();
                    nodes.get(i).device("pump").metric("Pressure").set(pressure);
                }
            }
            clock.advance(PERIOD);
            fleet.advance(nanos());
        }
    }

    private void assertOnly(DeviceState state, String... ids) {
        assertEquals(
                List.of(ids),
                fleet.query(state, profile -> true).stream().sorted().toList());
        assertEquals(ALL - ids.length, fleet.count(DeviceState.ALIVE));
    }

    @Test
    void aNodeWhoseLinkIsCutIsOfflineWithItsDevicesUntilItIsBack() {
        broker.cut(nodes.get(3).clientId());
        run(12);
        assertOnly(DeviceState.OFFLINE, "site/node-3", "site/node-3/lamp", "site/node-3/pump", "site/node-3/valve");
        broker.restore(nodes.get(3).clientId());
        run(12);
        assertEquals(ALL, fleet.count(DeviceState.ALIVE));
    }

    @Test
    void aNodeThatKeepsItsSessionAndSaysNothingIsSilentAndOneAlarm() {
        mute[2] = true;
        run(30);
        HealthEvent alarm = fleet.alarms().get(0);
        assertEquals(List.of(alarm), fleet.alarms());
        assertTrue(alarm instanceof HealthEvent.GatewayDown down
                && down.gatewayId().equals("site/node-2"));
        mute[2] = false;
        run(5);
        assertEquals(ALL, fleet.count(DeviceState.ALIVE));
        assertEquals(List.of(), fleet.alarms());
    }

    @Test
    void aSignalThatStopsOrFreezesMakesItsDeviceWedged() {
        stopped[0] = true;
        frozen[1] = true;
        run(200);
        assertOnly(DeviceState.WEDGED, "site/node-0/pump", "site/node-1/pump");
        stopped[0] = false;
        frozen[1] = false;
        run(20);
        assertEquals(ALL, fleet.count(DeviceState.ALIVE));
    }

    @Test
    void aDeviceThatSaysGoodbyeIsOfflineAlone() {
        nodes.get(1).device("pump").offline();
        run(20);
        assertOnly(DeviceState.OFFLINE, "site/node-1/pump");
        assertTrue(events.stream().noneMatch(event -> event.toString().contains("node-2")), events.toString());
    }
}
