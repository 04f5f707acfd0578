package dev.fieldproof.ota.rollout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.PowerCutException;
import dev.fieldproof.core.sim.SimDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A campaign is cut off at every operation on its disk, comes back, and goes on as if nothing had been. */
class CampaignJournalTest {
    private static final CampaignPlan PLAN = CampaignPlan.builder(12, 3)
            .phase(0.3, 60)
            .approvedPhase(1, 600)
            .controlsPerDevice(2)
            .build();
    private static final Fleet FLEET = Fleet.uniform(15);
    private static final int CHECKPOINT_EVERY = 7;

    private static List<CampaignEvent> events() {
        SplittableRandom random = new SplittableRandom(5);
        List<CampaignEvent> events = new ArrayList<>();
        long at = 1000;
        for (int i = 0; i < 30; i++) {
            at += random.nextInt(90_000);
            int device = random.nextInt(15);
            events.add(
                    switch (random.nextInt(5)) {
                        case 0 -> new CampaignEvent.Restarting(at, device);
                        case 1 -> new CampaignEvent.Approved(at, "ana");
                        case 2 -> new CampaignEvent.Reported(at, device, random.nextInt(5) > 0);
                        case 3 -> new CampaignEvent.Conditions(at, device, 50, false, true, -90);
                        default -> new CampaignEvent.Tick(at);
                    });
        }
        return events;
    }

    /** What a crash state is missing or has too much of; empty if all is well. */
    private static String verdict(
            SimDirectory disk, List<CampaignDecision> seen, int taken, Set<CampaignJournal.Mutant> wrong)
            throws IOException {
        List<CampaignEvent> events = events();
        CampaignJournal journal;
        try {
            journal = CampaignJournal.open(disk, "c", PLAN, FLEET, wrong);
        } catch (IOException | IllegalArgumentException e) {
            return "does not open: " + e;
        }
        Campaign expected = new Campaign(PLAN, FLEET);
        List<CampaignDecision> all = new ArrayList<>();
        int next = 0;
        // The event under way at the cut may have become durable or not; all before it must have.
        while (next < events.size() && (next < taken || all.size() < journal.decisions())) {
            all.addAll(expected.step(events.get(next++)));
        }
        if (next == taken
                && !java.util.Arrays.equals(
                        expected.snapshot(), journal.campaign().snapshot())
                && next < events.size()) {
            all.addAll(expected.step(events.get(next++)));
        }
        if (next > taken + 1
                || !java.util.Arrays.equals(
                        expected.snapshot(), journal.campaign().snapshot())) {
            return "not the state after " + taken + " events";
        }
        List<CampaignDecision> known =
                new ArrayList<>(seen.subList(0, (int) Math.min(seen.size(), journal.firstRecovered())));
        known.addAll(journal.recovered());
        return known.equals(all) ? "" : "decisions " + known + " instead of " + all;
    }

    private static String cutEverywhere(Set<CampaignJournal.Mutant> wrong) throws IOException {
        SimDirectory whole = new SimDirectory();
        run(whole, wrong, new ArrayList<>());
        int states = 0;
        for (long cut = 0; cut < whole.operations(); cut++) {
            SimDirectory disk = new SimDirectory();
            disk.cutAt(cut);
            List<CampaignDecision> seen = new ArrayList<>();
            int taken = run(disk, wrong, seen);
            for (SimDirectory after : disk.crashStates(64, cut)) {
                states++;
                String verdict = verdict(after, seen, taken, wrong);
                if (!verdict.isEmpty()) {
                    return "cut at " + cut + ": " + verdict;
                }
            }
        }
        assertTrue(states > 100, states + " crash states");
        return "";
    }

    /** Runs until the power goes; returns how many events were acknowledged. */
    private static int run(SimDirectory disk, Set<CampaignJournal.Mutant> wrong, List<CampaignDecision> seen)
            throws IOException {
        int taken = 0;
        try {
            CampaignJournal journal = CampaignJournal.open(disk, "c", PLAN, FLEET, wrong);
            for (CampaignEvent event : events()) {
                seen.addAll(journal.step(List.of(event)));
                taken++;
                if (taken % CHECKPOINT_EVERY == 0) {
                    journal.checkpoint();
                }
            }
            journal.close();
        } catch (PowerCutException e) {
            return taken;
        }
        return taken;
    }

    @Test
    void aCutAnywhereLosesAndDoublesNothing() throws IOException {
        assertEquals("", cutEverywhere(Set.of()));
    }

    @ParameterizedTest
    @EnumSource
    void aJournalWithoutOneOfItsRulesIsCaught(CampaignJournal.Mutant mutant) throws IOException {
        assertTrue(!cutEverywhere(Set.of(mutant)).isEmpty(), mutant + " survives");
    }

    @Test
    void aSnapshotGoesOnAsTheCampaignItself() {
        Campaign campaign = new Campaign(PLAN, FLEET);
        List<CampaignEvent> events = events();
        for (int i = 0; i < events.size(); i++) {
            Campaign copy = Campaign.restore(PLAN, FLEET, campaign.snapshot());
            assertArrayEquals(campaign.snapshot(), copy.snapshot());
            assertEquals(campaign.step(events.get(i)), copy.step(events.get(i)));
        }
    }

    @Test
    void everyEventSurvivesItsBytes() {
        for (CampaignEvent event : List.of(
                new CampaignEvent.Tick(1),
                new CampaignEvent.Restarting(2, 3),
                new CampaignEvent.Reported(3, 4, true),
                new CampaignEvent.Reported(3, 4, false),
                new CampaignEvent.Conditions(5, 6, 77, true, false, -120),
                new CampaignEvent.Upgraded(6, 7, -8),
                new CampaignEvent.Approved(7, "änne"),
                new CampaignEvent.Paused(8, ""),
                new CampaignEvent.Resumed(9, "x"),
                new CampaignEvent.Cancelled(10, "y"))) {
            byte[] bytes = EventCodec.encode(event);
            assertEquals(event, EventCodec.decode(bytes).orElseThrow());
            assertTrue(EventCodec.decode(java.util.Arrays.copyOf(bytes, 8)).isEmpty());
        }
        assertTrue(EventCodec.decode(new byte[] {99, 0, 0, 0, 0, 0, 0, 0, 0}).isEmpty());
    }
}
