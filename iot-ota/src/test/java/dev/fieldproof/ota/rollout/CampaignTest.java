package dev.fieldproof.ota.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CampaignTest {
    private static final long MINUTE = 60_000;

    private static final CampaignPlan PLAN = CampaignPlan.builder(100, 1000)
            .phase(0.05, 60)
            .approvedPhase(1, 600)
            .build();

    private static List<Integer> offers(List<CampaignDecision> decisions) {
        return decisions.stream()
                .filter(CampaignDecision.Offer.class::isInstance)
                .map(decision -> ((CampaignDecision.Offer) decision).device())
                .toList();
    }

    @Test
    void theCanaryIsOfferedAtItsRateAndTheRestWaitsForApproval() {
        int[] order = Fleet.uniform(1100).representativeOrder(100, 0);
        Campaign campaign = new Campaign(PLAN);
        assertEquals(
                List.of(
                        new CampaignDecision.PhaseBegun(0),
                        new CampaignDecision.Offer(order[0], 0),
                        new CampaignDecision.Watch(100)),
                campaign.step(new CampaignEvent.Tick(0)).subList(0, 3));
        assertEquals(List.of(order[1], order[2]), offers(campaign.step(new CampaignEvent.Tick(2 * MINUTE))));
        assertEquals(List.of(order[3], order[4]), offers(campaign.step(new CampaignEvent.Tick(60 * MINUTE))));
        for (int i = 0; i < 4; i++) {
            assertEquals(List.of(), campaign.step(new CampaignEvent.Reported(61 * MINUTE, order[i], true)));
        }
        assertEquals(
                List.of(new CampaignDecision.ApprovalNeeded(1)),
                campaign.step(new CampaignEvent.Reported(61 * MINUTE, order[4], true)));
        assertEquals(List.of(), campaign.step(new CampaignEvent.Tick(62 * MINUTE)), "asks once");
        assertEquals(
                new CampaignDecision.PhaseBegun(1),
                campaign.step(new CampaignEvent.Approved(63 * MINUTE, "ana")).get(0));
    }

    @Test
    void aPausedCampaignOffersNothingAndDoesNotCatchUp() {
        Campaign campaign = new Campaign(PLAN);
        campaign.step(new CampaignEvent.Tick(0));
        campaign.step(new CampaignEvent.Paused(MINUTE, "ana"));
        assertEquals(List.of(), campaign.step(new CampaignEvent.Tick(3 * MINUTE)));
        assertEquals(
                1,
                offers(campaign.step(new CampaignEvent.Resumed(4 * MINUTE, "ana")))
                        .size());
    }

    @Test
    void silenceAfterTheRestartIsAFailure() {
        Campaign campaign = new Campaign(PLAN);
        campaign.step(new CampaignEvent.Tick(0));
        campaign.step(new CampaignEvent.Tick(60 * MINUTE));
        List<CampaignDecision> last = List.of();
        int[] order = Fleet.uniform(1100).representativeOrder(100, 0);
        for (int i = 0; i < 5; i++) {
            last = campaign.step(new CampaignEvent.Restarting(61 * MINUTE, order[i]));
        }
        assertFalse(campaign.ended(), last.toString());
        List<CampaignDecision> decisions = campaign.step(new CampaignEvent.Tick(92 * MINUTE));
        assertTrue(campaign.ended());
        String reason = ((CampaignDecision.Stopped) decisions.get(0)).reason();
        assertTrue(reason.startsWith("0 of 5 updated devices failed and 5 fell silent"), reason);
        assertEquals(List.of(), campaign.step(new CampaignEvent.Tick(93 * MINUTE)));
    }

    @Test
    void aCancelledCampaignSaysByWhom() {
        Campaign campaign = new Campaign(PLAN);
        campaign.step(new CampaignEvent.Tick(0));
        assertEquals(
                List.of(new CampaignDecision.Stopped("cancelled by ana", 1)),
                campaign.step(new CampaignEvent.Cancelled(1, "ana")));
    }

    @Test
    void theSameEventsGiveTheSameDecisions() {
        SplittableRandom random = new SplittableRandom(7);
        List<CampaignEvent> log = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < 5000; i++) {
            at += random.nextInt(20_000);
            int device = random.nextInt(1100);
            log.add(
                    switch (random.nextInt(4)) {
                        case 0 -> new CampaignEvent.Restarting(at, device);
                        case 1 -> new CampaignEvent.Approved(at, "ana");
                        case 2 -> new CampaignEvent.Reported(at, device, random.nextInt(50) > 0);
                        default -> new CampaignEvent.Tick(at);
                    });
        }
        Campaign first = new Campaign(PLAN);
        Campaign second = new Campaign(PLAN);
        for (CampaignEvent event : log) {
            assertEquals(first.step(event), second.step(event));
        }
        assertTrue(first.offered() >= 5);
    }

    @Test
    void falseStopsStayUnderTheirBoundAndRealRisesAreFound() {
        SplittableRandom random = new SplittableRandom(11);
        int falseStops = 0;
        int found = 0;
        int runs = 300;
        for (int run = 0; run < runs; run++) {
            falseStops += stopsAfter(random, 0.02) < Integer.MAX_VALUE ? 1 : 0;
            found += stopsAfter(random, 0.10) < Integer.MAX_VALUE ? 1 : 0;
        }
        assertTrue(falseStops <= 0.03 * runs, falseStops + " false stops");
        assertTrue(found >= 0.99 * runs, found + " found");
    }

    /** How many updated devices were exposed when the test stopped, 2 % of the controls failing. */
    private static int stopsAfter(SplittableRandom random, double rate) {
        StoppingTest test = new StoppingTest(10, 0.01);
        for (int device = 0; device < 2000; device++) {
            if (random.nextDouble() < rate) {
                test.failure(true, random.nextBoolean());
            }
            for (int control = 0; control < 10; control++) {
                if (random.nextDouble() < 0.02) {
                    test.failure(false, random.nextBoolean());
                }
            }
            if (test.stops()) {
                return device;
            }
        }
        return Integer.MAX_VALUE;
    }

    @Test
    void refusesWhatIsOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new StoppingTest(0, 0.01));
        assertThrows(IllegalArgumentException.class, () -> new CampaignPlan.Phase(0, 1, false));
        assertThrows(
                IllegalArgumentException.class, () -> new Campaign(PLAN).step(new CampaignEvent.Restarting(0, 1100)));
    }
}
