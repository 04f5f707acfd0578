package dev.fieldproof.ota.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.record.MemoryRecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import dev.fieldproof.ota.site.Deployments.Action;
import dev.fieldproof.ota.site.Deployments.ActionState;
import dev.fieldproof.ota.site.Deployments.Software;
import dev.fieldproof.ota.tuf.TrustedStore;
import dev.fieldproof.ota.tuf.TufClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A bad update on its way through devices' actions, and the way back. */
class RolloutsRevertTest {
    private static final Software UPDATE = Deployments.describe(new byte[9], "new.bin", "fw-2", "2.0");
    private static final Software BACK = Deployments.describe(new byte[8], "old.bin", "fw-2", "1.0");

    private final SimClock clock = new SimClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final MemoryRecordStore records = new MemoryRecordStore();
    private final Deployments deployments = new Deployments(records, clock, new SplittableRandom(1));

    private static RolloutOrder order() {
        List<String> devices = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            devices.add("dev" + i);
        }
        return new RolloutOrder(
                "fw-2",
                "new.bin",
                "2.0",
                devices,
                List.of("c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"),
                List.of(new RolloutOrder.Phase(100, 600, false)),
                Duration.ofMinutes(30),
                Optional.of(new RolloutOrder.Back("old.bin", "1.0", 3600)));
    }

    private Rollouts rollouts() throws IOException {
        return new Rollouts(
                new ControlNode(
                        ArtifactStore.open(URI.create("memory:cache")),
                        new TufClient(TrustedStore.inMemory(), path -> Optional.empty(), clock),
                        path -> Optional.empty(),
                        clock,
                        records),
                deployments);
    }

    private void keep(RolloutOrder order) throws IOException {
        String json = order.put(JsonObject.builder())
                .put("software", UPDATE.put(JsonObject.builder()).build())
                .put("back", BACK.put(JsonObject.builder()).build())
                .build()
                .toString();
        records.transact(transaction -> {
            transaction.put(Table.ROLLOUT, order.name(), json);
            return true;
        });
    }

    private void report(Rollouts rollouts, Action action, ActionState end) throws IOException {
        deployments.feedback(action.device(), action.id(), end, List.of());
        rollouts.finished(deployments.action(action.device(), action.id()).orElseThrow());
    }

    @Test
    void aBadUpdateIsTakenBackFromAllWhoHadItAlsoOverARestart() throws Exception {
        RolloutOrder order = order();
        keep(order);
        Rollouts rollouts = rollouts();
        for (int minute = 0; minute < 90; minute++) {
            clock.advance(Duration.ofMinutes(1));
            rollouts.tick();
            for (String control : order.controls()) {
                rollouts.seen(control);
            }
            for (String device : order.devices()) {
                Optional<Action> action = deployments.current(device);
                if (action.isPresent()) {
                    rollouts.downloaded(action.get());
                    boolean back = action.get().software().equals(BACK);
                    report(rollouts, action.get(), back ? ActionState.SUCCEEDED : ActionState.FAILED);
                }
            }
            if (minute % 7 == 0) {
                rollouts = rollouts(); // takes every outcome up again
            }
        }
        Rollouts.Standing standing = rollouts.standings().get(0);
        assertTrue(standing.stopped().isPresent());
        long had = deployments.actions().stream()
                .filter(action -> action.software().equals(UPDATE))
                .count();
        long back = deployments.actions().stream()
                .filter(action -> action.software().equals(BACK))
                .count();
        assertTrue(had >= 3 && had < 30, had + " had it");
        assertEquals(had, back, "each who had it is told once");
        assertEquals(had, standing.counts().orElseThrow().reverted());
        assertTrue(deployments.actions().stream()
                .filter(action -> action.software().equals(BACK))
                .allMatch(action -> action.state() == ActionState.SUCCEEDED));
    }

    @Test
    void anOrderWithAWayBackIsReadAsItWasWritten() throws Exception {
        String json = order().put(JsonObject.builder()).build().toString();
        assertEquals(order(), RolloutOrder.of(JsonReader.object(json.getBytes(StandardCharsets.UTF_8)), List.of()));
        assertThrows(IllegalArgumentException.class, () -> new RolloutOrder.Back("x", "1", 0));
        RolloutOrder order = order();
        assertThrows(
                IllegalArgumentException.class,
                () -> new RolloutOrder(
                        order.name(),
                        order.target(),
                        order.version(),
                        order.devices(),
                        order.controls(),
                        order.phases(),
                        order.silenceAfter(),
                        Optional.of(new RolloutOrder.Back(order.target(), "1", 1))));
    }
}
