package dev.fieldproof.ota.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Windows, needs, budgets, retries, deadlines, rates and the way back. */
class ConductTest {
    private static final long HOUR = 3_600_000;
    private static final long MIDNIGHT_UTC =
            Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();

    private static Campaign campaign(Fleet fleet, Conduct conduct) {
        return new Campaign(
                CampaignPlan.builder(fleet.size() - 1, 1)
                        .phase(1, 100_000)
                        .controlsPerDevice(1)
                        .conduct(conduct)
                        .build(),
                fleet);
    }

    private static List<Integer> offers(Campaign campaign, CampaignEvent... events) {
        List<Integer> offers = new ArrayList<>();
        for (CampaignEvent event : events) {
            campaign.step(event, decision -> {
                if (decision instanceof CampaignDecision.Offer offer) {
                    offers.add(offer.device());
                }
            });
        }
        offers.sort(null);
        return offers;
    }

    private static CampaignEvent tick(long hours) {
        return new CampaignEvent.Tick(MIDNIGHT_UTC + hours * HOUR);
    }

    private static Fleet.Traits in(String zone) {
        return new Fleet.Traits("", "", ZoneId.of(zone), 0, 0);
    }

    @Test
    void devicesAreUpdatedAtNightByTheirOwnClocks() {
        Fleet fleet = new Fleet.Builder()
                .add(in("UTC"))
                .add(in("Asia/Tokyo"))
                .add(in("America/Los_Angeles"))
                .add(in("UTC"))
                .build();
        Campaign campaign = campaign(
                fleet, Conduct.DEFAULT.within(MaintenanceWindow.daily(LocalTime.of(1, 0), LocalTime.of(3, 0))));
        assertEquals(List.of(), offers(campaign, tick(0), new CampaignEvent.Tick(MIDNIGHT_UTC + 60_000)));
        assertEquals(List.of(0), offers(campaign, tick(1), tick(2)));
        assertEquals(List.of(2), offers(campaign, tick(3), tick(9), tick(10)));
        assertEquals(List.of(1), offers(campaign, tick(15), tick(16), tick(20)));
    }

    @Test
    void aWindowOverMidnightAndTheChangeToSummerTime() {
        MaintenanceWindow late = MaintenanceWindow.daily(LocalTime.of(23, 0), LocalTime.of(2, 30));
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        // On 29 March 2026 clocks in Berlin go from 02:00 to 03:00; 02:30 is then taken as 03:30.
        long before = Instant.parse("2026-03-29T00:59:00Z").toEpochMilli();
        assertTrue(MaintenanceWindow.openingAt(List.of(late), berlin, before).open());
        long after = Instant.parse("2026-03-29T01:31:00Z").toEpochMilli();
        MaintenanceWindow.Opening closed = MaintenanceWindow.openingAt(List.of(late), berlin, after);
        assertFalse(closed.open());
        assertEquals(Instant.parse("2026-03-29T21:00:00Z"), Instant.ofEpochMilli(closed.untilMillis()));
        assertThrows(IllegalArgumentException.class, () -> MaintenanceWindow.daily(LocalTime.NOON, LocalTime.NOON));
        assertThrows(
                IllegalArgumentException.class,
                () -> new MaintenanceWindow(Set.of(), LocalTime.NOON, LocalTime.MIDNIGHT));
    }

    @Test
    void aDeviceWaitsForChargeSunAndSignal() {
        Campaign campaign = campaign(
                Fleet.uniform(4), Conduct.DEFAULT.sparing(new Readiness(50, true, -100), SiteBudget.UNLIMITED));
        assertEquals(List.of(), offers(campaign, tick(0), tick(1)));
        long at = MIDNIGHT_UTC + 2 * HOUR;
        assertEquals(
                List.of(0, 2),
                offers(
                        campaign,
                        new CampaignEvent.Conditions(at, 0, 80, false, true, -90),
                        new CampaignEvent.Conditions(at, 1, 80, false, false, -90),
                        new CampaignEvent.Conditions(at, 1, 20, false, true, -90),
                        new CampaignEvent.Conditions(at, 1, 80, false, true, -110),
                        new CampaignEvent.Conditions(at, 2, 0, true, false, -90)));
    }

    @Test
    void theBudgetOfASiteIsNeverExceededInAnHour() {
        Fleet.Builder builder = new Fleet.Builder();
        for (int i = 0; i < 101; i++) {
            builder.add(new Fleet.Traits("", i % 2 == 0 ? "north" : "south", ZoneId.of("UTC"), 0, 0));
        }
        Campaign campaign = campaign(
                builder.build(), Conduct.DEFAULT.sparing(Readiness.ALWAYS, new SiteBudget(36_000, 100, 9_000, 10)));
        for (int hour = 1; hour < 12; hour++) {
            List<Integer> offered =
                    offers(campaign, tick(hour), new CampaignEvent.Tick(MIDNIGHT_UTC + hour * HOUR + HOUR / 2));
            assertEquals(4, offered.stream().filter(device -> device % 2 == 0).count(), "north in hour " + hour);
            assertEquals(4, offered.stream().filter(device -> device % 2 == 1).count(), "south in hour " + hour);
        }
        assertThrows(IllegalArgumentException.class, () -> new SiteBudget(10, 10, 11, 0));
    }

    @Test
    void oldDevicesWaitForTheVersionBetween() {
        Fleet fleet = new Fleet.Builder()
                .add(new Fleet.Traits("", "", ZoneId.of("UTC"), 1, 0))
                .add(new Fleet.Traits("", "", ZoneId.of("UTC"), 3, 0))
                .add(Fleet.Traits.PLAIN)
                .build();
        Campaign campaign = campaign(fleet, Conduct.DEFAULT.from(2));
        assertEquals(List.of(1), offers(campaign, tick(0), tick(1)));
        assertEquals(List.of(0), offers(campaign, new CampaignEvent.Upgraded(MIDNIGHT_UTC + HOUR, 0, 2)));
    }

    @Test
    void failuresAreRetriedAndCountedOnce() {
        Campaign campaign = campaign(Fleet.uniform(2), Conduct.DEFAULT.retrying(2, Duration.ofHours(1)));
        long at = MIDNIGHT_UTC;
        assertEquals(List.of(0), offers(campaign, tick(0), new CampaignEvent.Restarting(at, 0)));
        assertEquals(List.of(), offers(campaign, new CampaignEvent.Reported(at, 0, false)));
        assertEquals(List.of(0), offers(campaign, tick(1)));
        offers(campaign, new CampaignEvent.Reported(at + HOUR, 0, false));
        assertEquals(1, campaign.counts().failed());
        assertTrue(campaign.ended());
        assertEquals(1, campaign.offered());
    }

    @Test
    void whoNeverStartsAndWhoIsLateIsLeftOut() {
        Campaign campaign = campaign(
                Fleet.uniform(3), Conduct.DEFAULT.timed(Duration.ofHours(1), Duration.ofHours(10), Duration.ZERO));
        campaign.step(tick(0));
        campaign.step(tick(1));
        List<CampaignDecision> decisions = campaign.step(tick(3));
        assertTrue(decisions.stream()
                .allMatch(it -> it instanceof CampaignDecision.Skipped || it instanceof CampaignDecision.Completed));
        assertEquals(2, campaign.counts().skipped());
        Campaign late = campaign(
                Fleet.uniform(3),
                Conduct.DEFAULT
                        .within(MaintenanceWindow.daily(LocalTime.of(12, 0), LocalTime.of(13, 0)))
                        .timed(Duration.ofHours(1), Duration.ofHours(10), Duration.ZERO));
        late.step(tick(0));
        assertEquals(3, late.step(tick(11)).size());
        assertTrue(late.ended());
    }

    @Test
    void jitterSpreadsOffersTheSameWayEachTime() {
        Conduct conduct = Conduct.DEFAULT.timed(Duration.ofDays(1), Duration.ofDays(1), Duration.ofMinutes(10));
        List<CampaignDecision> decisions = campaign(Fleet.uniform(101), conduct).step(tick(0));
        Campaign again = campaign(Fleet.uniform(101), conduct);
        assertEquals(decisions, again.step(tick(0)));
        long[] sum = {0};
        again.step(tick(1)).forEach(it -> {
            if (it instanceof CampaignDecision.Offer offer) {
                assertTrue(offer.delayMillis() >= 0 && offer.delayMillis() <= 600_000);
                sum[0] += offer.delayMillis();
            }
        });
        assertTrue(Math.abs(sum[0] / 99 - 300_000) < 60_000, sum[0] / 99 + " ms on average");
    }

    @Test
    void anExponentialRateGrowsWithSuccess() {
        Rate rate = new Rate.Exponential(50, 2, 10, 300);
        assertEquals(50, rate.perHour(9));
        assertEquals(100, rate.perHour(10));
        assertEquals(200, rate.perHour(25));
        assertEquals(300, rate.perHour(1000));
        assertThrows(IllegalArgumentException.class, () -> new Rate.Exponential(50, 1, 10, 300));
    }

    @Test
    void everyBeginningOfTheOrderHoldsEveryCohortInProportion() {
        Fleet.Builder builder = new Fleet.Builder();
        for (int i = 0; i < 10_000; i++) {
            String cohort = i < 7000 ? "a" : i < 9900 ? "b" : "c";
            builder.add(new Fleet.Traits(cohort, "", ZoneId.of("UTC"), 0, 0));
        }
        int[] order = builder.build().representativeOrder(10_000, 3);
        int[] seen = new int[3];
        for (int i = 0; i < 10_000; i++) {
            seen[order[i] < 7000 ? 0 : order[i] < 9900 ? 1 : 2]++;
            assertTrue(Math.abs(seen[0] - 0.70 * i) <= 3, "a at " + i);
            assertTrue(Math.abs(seen[2] - 0.01 * i) <= 2, "c at " + i);
        }
        assertEquals(10_000, java.util.Arrays.stream(order).distinct().count());
    }

    @Test
    void aCampaignThatStopsItselfSendsItsDevicesBack() {
        Campaign campaign = campaign(Fleet.uniform(101), Conduct.DEFAULT.reverting(3600));
        campaign.step(tick(0));
        List<CampaignDecision> decisions = new ArrayList<>();
        long at = MIDNIGHT_UTC + 10_000;
        for (int device = 0; device < 100 && !campaign.ended(); device++) {
            campaign.step(new CampaignEvent.Reported(at, 100, true), decisions::add);
            campaign.step(new CampaignEvent.Reported(at, device, false), decisions::add);
        }
        assertTrue(campaign.ended());
        int offered = campaign.offered();
        for (int second = 0; second < offered + 2; second++) {
            campaign.step(new CampaignEvent.Tick(at + 1000L * second), decisions::add);
        }
        assertEquals(
                offered,
                decisions.stream()
                        .filter(CampaignDecision.Revert.class::isInstance)
                        .count());
        assertEquals(new CampaignDecision.RevertOffered(offered), decisions.get(decisions.size() - 1));
        assertEquals(offered, campaign.counts().reverted());
    }
}
