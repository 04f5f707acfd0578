package dev.fieldproof.ota.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A campaign stops at the same device as the stopping rule that is fed the same failures by itself. */
class CampaignStopsTest {
    private static final long MINUTE = 60_000;
    private static final int DEVICES = 400;
    private static final int CONTROLS_PER_DEVICE = 5;
    private static final int SILENCE_MINUTES = 120;
    private static final int NEVER = Integer.MAX_VALUE;

    /** What one device of either arm does after its restart. */
    private record Fate(int afterMinutes, boolean healthy) {}

    private static Fate fate(RandomGenerator random, double failureRate) {
        int after = 1 + (int) (-20 * Math.log(1 - random.nextDouble()));
        boolean fails = random.nextDouble() < failureRate;
        boolean mute = fails ? random.nextBoolean() : random.nextDouble() < 0.002;
        return new Fate(mute ? NEVER : after, !fails);
    }

    /** The rule alone: who restarted when, what came of it, and how many had the update when it stopped. */
    private static final class Reference {
        private final StoppingTest rule = new StoppingTest(CONTROLS_PER_DEVICE, 0.01);
        private final Map<Integer, Long> restarted = new TreeMap<>();
        private int offered;
        private int stoppedAfter = -1;

        /** Silence first, as of the time before anything is heard at it. */
        void silences(long minute) {
            List<Integer> silent = new ArrayList<>();
            restarted.forEach((device, at) -> {
                if (minute - at > SILENCE_MINUTES) {
                    silent.add(device);
                }
            });
            for (int device : silent) {
                restarted.remove(device);
                rule.failure(device < DEVICES, true);
            }
            check();
        }

        void reported(int device, boolean healthy) {
            if (restarted.remove(device) != null && !healthy) {
                rule.failure(device < DEVICES, false);
            }
            check();
        }

        private void check() {
            if (stoppedAfter < 0 && rule.stops()) {
                stoppedAfter = offered;
            }
        }
    }

    /** Devices that had the update at the stop, by the campaign and by the rule; -1 if it was not stopped. */
    private static int[] run(RandomGenerator random, double failureRate) {
        CampaignPlan plan = CampaignPlan.builder(DEVICES, DEVICES * CONTROLS_PER_DEVICE)
                .phase(1, 60)
                .controlsPerDevice(CONTROLS_PER_DEVICE)
                .silenceAfter(Duration.ofMinutes(SILENCE_MINUTES))
                .falseStopBound(0.01)
                .build();
        Campaign campaign = new Campaign(plan);
        Reference reference = new Reference();
        Map<Long, List<int[]>> reports = new TreeMap<>();
        int stopped = -1;
        for (long minute = 0; minute < DEVICES + 2 * SILENCE_MINUTES && stopped < 0; minute++) {
            List<CampaignDecision> decisions = new ArrayList<>(campaign.step(new CampaignEvent.Tick(minute * MINUTE)));
            reference.silences(minute);
            reference.offered += (int) decisions.stream()
                    .filter(CampaignDecision.Offer.class::isInstance)
                    .count();
            for (int[] report : reports.getOrDefault(minute, List.of())) {
                boolean healthy = report[1] == 1;
                decisions.addAll(campaign.step(new CampaignEvent.Reported(minute * MINUTE, report[0], healthy)));
                reference.reported(report[0], healthy);
            }
            for (CampaignDecision decision : decisions) {
                int device = -1;
                if (decision instanceof CampaignDecision.Offer offer) {
                    device = offer.device();
                } else if (decision instanceof CampaignDecision.Watch watch) {
                    device = watch.device();
                } else if (decision instanceof CampaignDecision.Stopped stop) {
                    stopped = stop.offered();
                }
                if (device >= 0) {
                    campaign.step(new CampaignEvent.Restarting(minute * MINUTE, device));
                    reference.restarted.put(device, minute);
                    Fate fate = fate(random, device < DEVICES ? failureRate : 0.02);
                    if (fate.afterMinutes() != NEVER) {
                        reports.computeIfAbsent(minute + fate.afterMinutes(), at -> new ArrayList<>())
                                .add(new int[] {device, fate.healthy() ? 1 : 0});
                    }
                }
            }
        }
        return new int[] {stopped, reference.stoppedAfter};
    }

    @Test
    void campaignAndRuleStopAtTheSameDevice() {
        int[] stops = new int[2];
        for (int kind = 0; kind < 2; kind++) {
            int which = kind;
            SeededRuns.check(20, random -> {
                int[] both = run(random, which == 0 ? 0.15 : 0.02);
                assertEquals(both[1], both[0]);
                stops[which] += both[0] >= 0 ? 1 : 0;
            });
        }
        assertTrue(stops[0] >= 18, stops[0] + " of 20 bad updates were stopped");
        assertTrue(stops[1] <= 2, stops[1] + " of 20 good ones");
    }
}
