package dev.fieldproof.ota.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.ota.rollout.CampaignEvent;
import dev.fieldproof.ota.rollout.CampaignPlan;
import dev.fieldproof.ota.rollout.Conduct;
import dev.fieldproof.ota.tuf.TrustedStore;
import dev.fieldproof.ota.tuf.TufClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SiteRolloutTest {
    private static final CampaignPlan PLAN = CampaignPlan.builder(40, 20)
            .approvedPhase(0.25, 600)
            .approvedPhase(1, 600)
            .controlsPerDevice(4)
            .build();

    private final SimClock clock = new SimClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final ControlNode node = new ControlNode(
            store(),
            new TufClient(TrustedStore.inMemory(), path -> Optional.empty(), clock),
            path -> Optional.empty(),
            clock);

    private static ArtifactStore store() {
        try {
            return ArtifactStore.open(URI.create("memory:cache"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            names.add("node-" + i);
        }
        return names;
    }

    private void live(SiteRollout rollout, int minutes, Predicate<String> survives) throws IOException {
        for (int minute = 0; minute < minutes; minute++) {
            SiteRollout.Work work = rollout.tick();
            for (String device : work.update()) {
                rollout.restarting(device);
                if (survives.test(device)) {
                    rollout.reported(device, true);
                }
            }
            for (String control : work.restart()) {
                rollout.restarting(control);
                rollout.reported(control, true);
            }
            clock.advance(Duration.ofMinutes(1));
        }
    }

    @Test
    void aGoodUpdateReachesAllOnceTheGateLetsItThrough() throws IOException {
        SiteRollout rollout = new SiteRollout(node, "fw-2", PLAN, names(), clock);
        live(rollout, 10, device -> true);
        assertEquals("fw-2/1", rollout.wave());
        long first = rollout.log().get(0).atMillis();
        assertEquals(
                1,
                rollout.log().stream()
                        .map(CampaignEvent::atMillis)
                        .filter(at -> at == first)
                        .count());
        node.decide("fw-2/1", ControlNode.Gate.APPROVED, "ana");
        live(rollout, 10, device -> true);
        assertEquals("fw-2/2", rollout.wave());
        assertFalse(rollout.completed());
        node.decide("fw-2/2", ControlNode.Gate.APPROVED, "ana");
        live(rollout, 1, device -> true);
        node.decide("fw-2/2", ControlNode.Gate.HELD, "ben");
        int before = rollout.log().size();
        live(rollout, 60, device -> true);
        assertEquals(before + 60, rollout.log().size(), "nothing but ticks while on hold");
        node.decide("fw-2/2", ControlNode.Gate.APPROVED, "ana");
        live(rollout, 10, device -> true);
        assertTrue(rollout.completed());
        assertTrue(rollout.stopped().isEmpty());
    }

    @Test
    void aBadUpdateStopsByItself() throws IOException {
        SiteRollout rollout = new SiteRollout(node, "fw-3", PLAN, names(), clock);
        live(rollout, 1, device -> true);
        node.decide("fw-3/1", ControlNode.Gate.APPROVED, "ana");
        live(rollout, 120, device -> false);
        assertEquals(10, rollout.stopped().orElseThrow().offered());
        assertFalse(rollout.completed());
    }

    @Test
    void whoHadTheBadUpdateIsSentBackAtItsOwnPaceAndNobodyTwice() throws IOException {
        CampaignPlan plan = CampaignPlan.builder(40, 20)
                .approvedPhase(0.25, 600)
                .controlsPerDevice(4)
                .conduct(Conduct.DEFAULT.reverting(120))
                .build();
        SiteRollout rollout = new SiteRollout(node, "fw-4", plan, names(), clock);
        live(rollout, 1, device -> true);
        node.decide("fw-4/1", ControlNode.Gate.APPROVED, "ana");
        List<String> back = new ArrayList<>();
        for (int minute = 0; minute < 120; minute++) {
            SiteRollout.Work work = rollout.tick();
            assertTrue(work.revert().size() <= 2, "two in a minute are 120 in an hour: " + work.revert());
            back.addAll(work.revert());
            for (String device : work.update()) {
                rollout.restarting(device);
            }
            for (String control : work.restart()) {
                rollout.restarting(control);
                rollout.reported(control, true);
            }
            for (String device : work.revert()) {
                rollout.reported(device, true);
            }
            if (minute == 60) {
                rollout = new SiteRollout(node, "fw-4", plan, names(), clock); // the process ended and began again
            }
            clock.advance(Duration.ofMinutes(1));
        }
        assertEquals(10, rollout.stopped().orElseThrow().offered());
        assertEquals(10, back.size());
        assertEquals(10, back.stream().distinct().count());
        assertEquals(10, rollout.counts().reverted());
        assertFalse(rollout.reverting());
        assertEquals(
                1,
                node.audit().entries().stream()
                        .filter(entry -> entry.what().equals("told 10 to go back from fw-4"))
                        .count());
    }

    @Test
    void whatAPersonCancelsIsNotSentBack() throws IOException {
        CampaignPlan plan = CampaignPlan.builder(40, 20)
                .phase(1, 600)
                .controlsPerDevice(4)
                .conduct(Conduct.DEFAULT.reverting(120))
                .build();
        SiteRollout rollout = new SiteRollout(node, "fw-5", plan, names(), clock);
        live(rollout, 2, device -> true);
        rollout.cancel("ana");
        assertEquals(List.of(), rollout.tick().revert());
        assertFalse(rollout.reverting());
    }

    @Test
    void aPhaseThatNobodyHasToApproveCanBeHeldAllTheSame() throws IOException {
        CampaignPlan plan =
                CampaignPlan.builder(40, 20).phase(1, 600).controlsPerDevice(4).build();
        SiteRollout rollout = new SiteRollout(node, "fw-6", plan, names(), clock);
        live(rollout, 1, device -> true);
        assertEquals("fw-6/1", rollout.wave());
        assertEquals(ControlNode.Gate.APPROVED, node.gate("fw-6/1"));
        node.decide("fw-6/1", ControlNode.Gate.HELD, "ben");
        rollout.tick();
        int offered = 40 - rollout.counts().waiting();
        live(rollout, 30, device -> true);
        assertEquals(offered, 40 - rollout.counts().waiting());
        node.decide("fw-6/1", ControlNode.Gate.APPROVED, "ben");
        live(rollout, 30, device -> true);
        assertTrue(rollout.completed());
    }

    @Test
    void refusesNamesThatDoNotFit() throws IOException {
        assertThrows(IllegalArgumentException.class, () -> new SiteRollout(node, "x", PLAN, List.of("a"), clock));
        SiteRollout rollout = new SiteRollout(node, "x", PLAN, names(), clock);
        assertThrows(IllegalArgumentException.class, () -> rollout.restarting("stranger"));
    }
}
