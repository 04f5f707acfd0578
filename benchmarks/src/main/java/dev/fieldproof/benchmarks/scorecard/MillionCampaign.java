package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.ota.rollout.Campaign;
import dev.fieldproof.ota.rollout.CampaignDecision;
import dev.fieldproof.ota.rollout.CampaignEvent;
import dev.fieldproof.ota.rollout.CampaignPlan;
import dev.fieldproof.ota.rollout.Fleet;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** A campaign of a million devices in one process, from the first offer to the last report. */
final class MillionCampaign {
    private static final int DEVICES = 900_000;
    private static final int CONTROLS = 100_000;
    private static final int MINUTE_MILLIS = 60_000;
    private static final int PER_HOUR = 3_000_000;
    private static final int WARM_UPS = 2;
    private static final int ROUNDS = 5;
    private static final List<ZoneId> ZONES = List.of(
            ZoneId.of("UTC"), ZoneId.of("Europe/Berlin"), ZoneId.of("America/New_York"), ZoneId.of("Asia/Tokyo"));

    private MillionCampaign() {}

    private static CampaignPlan plan(int devices, int controls) {
        return CampaignPlan.builder(devices, controls)
                .phase(0.01, PER_HOUR)
                .phase(1, PER_HOUR)
                .controlsPerDevice(1)
                .silenceAfter(Duration.ofHours(2))
                .seed(5)
                .build();
    }

    private static Fleet fleet(int size) {
        SplittableRandom random = new SplittableRandom(5);
        Fleet.Builder fleet = new Fleet.Builder();
        for (int i = 0; i < size; i++) {
            fleet.add(new Fleet.Traits(
                    "model-" + random.nextInt(40),
                    "site-" + random.nextInt(500),
                    ZONES.get(random.nextInt(ZONES.size())),
                    random.nextInt(5),
                    0));
        }
        return fleet.build();
    }

    /** Follows a campaign, folds every decision into one number, and remembers who was asked, in that order. */
    private static final class Follower implements Consumer<CampaignDecision> {
        private int[] asked = new int[1 << 18];
        private int count;
        private long decisions;
        private long fold;
        private boolean completed;

        @Override
        public void accept(CampaignDecision decision) {
            decisions++;
            if (decision instanceof CampaignDecision.Offer offer) {
                fold = fold * 31 + offer.device();
                remember(offer.device());
            } else if (decision instanceof CampaignDecision.Watch watch) {
                fold = fold * 37 + watch.device();
                remember(watch.device());
            } else {
                fold = fold * 41 + decision.hashCode();
                completed |= decision instanceof CampaignDecision.Completed;
            }
        }

        private void remember(int device) {
            if (count == asked.length) {
                asked = Arrays.copyOf(asked, 2 * asked.length);
            }
            asked[count++] = device;
        }
    }

    /** What a campaign came to. */
    record Outcome(long decisions, long fold, long events) {
        boolean isSame(Outcome other) {
            return decisions == other.decisions && fold == other.fold && events == other.events;
        }
    }

    /**
     * Every device restarts and reports within the minute after it was asked, in the order in which they were asked;
     * one in a hundred fails, like controls.
     */
    private static Outcome run(Campaign campaign, List<? super CampaignEvent> log) {
        Follower follower = new Follower();
        SplittableRandom random = new SplittableRandom(6);
        long events = 0;
        for (long minute = 0; !campaign.ended() && minute < 10_000; minute++) {
            long now = minute * MINUTE_MILLIS;
            events += step(campaign, new CampaignEvent.Tick(now), follower, log);
            int[] devices = Arrays.copyOf(follower.asked, follower.count);
            follower.count = 0;
            for (int device : devices) {
                events += step(campaign, new CampaignEvent.Restarting(now, device), follower, log);
                boolean healthy = random.nextInt(100) > 0;
                events += step(campaign, new CampaignEvent.Reported(now, device, healthy), follower, log);
            }
        }
        if (!follower.completed || campaign.offered() != DEVICES) {
            throw new IllegalStateException("the campaign ended after " + campaign.offered() + " of " + DEVICES);
        }
        return new Outcome(follower.decisions, follower.fold, events);
    }

    private static int step(
            Campaign campaign, CampaignEvent event, Follower follower, List<? super CampaignEvent> log) {
        log.add(event);
        campaign.step(event, follower);
        return 1;
    }

    /** Takes events and keeps none. */
    private static final class Forgetful extends java.util.AbstractList<CampaignEvent> {
        @Override
        public boolean add(CampaignEvent event) {
            return true;
        }

        @Override
        public CampaignEvent get(int index) {
            throw new IndexOutOfBoundsException(index);
        }

        @Override
        public int size() {
            return 0;
        }
    }

    /** Decisions for each second of CPU time, the events that they follow from taken within it: the best of five. */
    static double decisionsPerSecond() {
        Fleet fleet = fleet(DEVICES + CONTROLS);
        CampaignPlan plan = plan(DEVICES, CONTROLS);
        double best = 0;
        for (int round = 0; round < WARM_UPS + ROUNDS; round++) {
            Campaign campaign = new Campaign(plan, fleet);
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Outcome outcome = run(campaign, new Forgetful());
            long spent = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
            best = Math.max(best, outcome.decisions * 1e9 / spent);
        }
        return best;
    }

    /** What the heap grows by for each device, fleet, order and lists included. */
    static double bytesPerDevice() throws InterruptedException {
        long before = usedBytes();
        Campaign campaign = new Campaign(plan(DEVICES, CONTROLS), fleet(DEVICES + CONTROLS));
        long after = usedBytes();
        if (campaign.ended()) {
            throw new IllegalStateException("kept alive until here");
        }
        return (after - before) / (double) (DEVICES + CONTROLS);
    }

    private static long usedBytes() throws InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    /** Runs a campaign, then steps its log through a new one: 0 if decisions and state are the same to the bit. */
    static double replayDifferences() {
        Fleet fleet = fleet(DEVICES + CONTROLS);
        CampaignPlan plan = plan(DEVICES, CONTROLS);
        List<CampaignEvent> log = new java.util.ArrayList<>();
        Campaign campaign = new Campaign(plan, fleet);
        Outcome first = run(campaign, log);
        Campaign again = new Campaign(plan, fleet);
        Follower follower = new Follower();
        for (CampaignEvent event : log) {
            again.step(event, follower);
        }
        Outcome second = new Outcome(follower.decisions, follower.fold, log.size());
        boolean same = first.isSame(second) && Arrays.equals(campaign.snapshot(), again.snapshot());
        return same ? 0 : 1;
    }
}
