package dev.fieldproof.ota.rollout;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * One update on its way to a fleet: pure and deterministic, so that the log of its events, stepped again, gives the
 * identical campaign. Holds 5 bytes per device. Not thread-safe.
 */
public final class Campaign {
    private static final double MILLIS_PER_HOUR = 3_600_000.0;
    private static final byte WAITING = 0;
    private static final byte OFFERED = 1;
    private static final byte RESTARTING = 2;
    private static final byte HEALTHY = 3;
    private static final byte FAILED = 4;
    private static final byte SILENT = 5;

    private final CampaignPlan plan;
    private final StoppingTest test;
    private final byte[] states;
    /** Seconds since the start at which a restarting device counts as silent. */
    private final int[] deadlines;

    private final int[] counts = new int[6];
    private final int[] controlFailures = new int[2];
    /** Devices in order of their deadlines; those that were heard of meanwhile are skipped. */
    private final ArrayDeque<Integer> restarting = new ArrayDeque<>();

    private long startMillis = Long.MIN_VALUE;
    private long phaseStartMillis;
    private int phase = -1;
    private int offered;
    private int watched;
    private int openUpdated;
    private int offeredBeforePhase;
    private boolean approved;
    private boolean asked;
    private boolean paused;
    private boolean ended;

    /**
     * Begins a campaign; the first event starts its clock.
     *
     * @param plan how it goes
     */
    public Campaign(CampaignPlan plan) {
        this.plan = plan;
        this.test = new StoppingTest(plan.controlsPerDevice(), plan.falseStopBound());
        this.states = new byte[plan.devices() + plan.controls()];
        this.deadlines = new int[states.length];
        counts[WAITING] = states.length;
    }

    /**
     * Takes an event.
     *
     * @param event not earlier than the one before
     * @return what follows from it, in order
     * @throws IllegalArgumentException if a device number is out of range
     */
    public List<CampaignDecision> step(CampaignEvent event) {
        List<CampaignDecision> decisions = new ArrayList<>();
        if (startMillis == Long.MIN_VALUE) {
            startMillis = event.atMillis();
        }
        if (event instanceof CampaignEvent.Restarting restart) {
            restart(restart);
        } else if (event instanceof CampaignEvent.Reported report) {
            report(report);
        } else if (event instanceof CampaignEvent.Approved) {
            approved = true;
        } else if (event instanceof CampaignEvent.Paused) {
            paused = true;
        } else if (event instanceof CampaignEvent.Resumed resumed) {
            paused = false;
            phaseStartMillis = resumed.atMillis();
            offeredBeforePhase = offered;
        } else if (event instanceof CampaignEvent.Cancelled cancelled) {
            stop("cancelled by " + cancelled.who(), decisions);
        }
        findSilent(event.atMillis());
        if (!ended && test.stops()) {
            stop(reason(), decisions);
        }
        advance(event.atMillis(), decisions);
        return decisions;
    }

    private void restart(CampaignEvent.Restarting event) {
        int device = require(event.device());
        restarting.add(device);
        set(device, RESTARTING);
        deadlines[device] =
                (int) ((event.atMillis() - startMillis + plan.silenceAfter().toMillis()) / 1000);
    }

    private void report(CampaignEvent.Reported event) {
        int device = require(event.device());
        if (event.healthy()) {
            // A device that was silent stays counted: an event does not un-happen when the device comes back.
            set(device, HEALTHY);
        } else if (states[device] != FAILED) {
            set(device, FAILED);
            failed(device, false);
        }
    }

    private void failed(int device, boolean silent) {
        boolean updated = device < plan.devices();
        test.failure(updated, silent);
        if (!updated) {
            controlFailures[silent ? 1 : 0]++;
        }
    }

    private int require(int device) {
        if (device < 0 || device >= states.length) {
            throw new IllegalArgumentException("no device " + device + " of " + states.length);
        }
        return device;
    }

    private void set(int device, byte state) {
        counts[states[device]]--;
        counts[state]++;
        if (device < plan.devices()) {
            openUpdated += (isOpen(state) ? 1 : 0) - (isOpen(states[device]) ? 1 : 0);
        }
        states[device] = state;
    }

    private static boolean isOpen(byte state) {
        return state == OFFERED || state == RESTARTING;
    }

    private void findSilent(long nowMillis) {
        long nowSeconds = (nowMillis - startMillis) / 1000;
        for (Integer next = restarting.peek(); next != null; next = restarting.peek()) {
            if (states[next] == RESTARTING && deadlines[next] >= nowSeconds) {
                return;
            }
            restarting.remove();
            if (states[next] == RESTARTING) {
                set(next, SILENT);
                failed(next, true);
            }
        }
    }

    private void advance(long nowMillis, List<CampaignDecision> decisions) {
        while (!ended && !paused) {
            int target = phase < 0 ? 0 : target(phase);
            if (offered < target) {
                offer(nowMillis, target, decisions);
                return;
            }
            if (phase >= 0 && openUpdated > 0) {
                return; // a phase ends when all of its devices were heard of
            }
            if (phase + 1 == plan.phases().size()) {
                ended = true;
                decisions.add(new CampaignDecision.Completed());
                return;
            }
            if (plan.phases().get(phase + 1).approval() && !approved) {
                if (!asked) {
                    asked = true;
                    decisions.add(new CampaignDecision.ApprovalNeeded(phase + 1));
                }
                return;
            }
            phase++;
            approved = false;
            asked = false;
            phaseStartMillis = nowMillis;
            offeredBeforePhase = offered;
            decisions.add(new CampaignDecision.PhaseBegun(phase));
        }
    }

    private int target(int of) {
        return (int) Math.ceil(plan.phases().get(of).share() * plan.devices());
    }

    private void offer(long nowMillis, int target, List<CampaignDecision> decisions) {
        double due = (nowMillis - phaseStartMillis)
                / MILLIS_PER_HOUR
                * plan.phases().get(phase).perHour();
        int until = (int) Math.min(target, offeredBeforePhase + 1 + (long) due);
        while (offered < until) {
            set(offered, OFFERED);
            decisions.add(new CampaignDecision.Offer(offered++));
            for (int i = 0; i < plan.controlsPerDevice(); i++) {
                decisions.add(new CampaignDecision.Watch(plan.devices() + watched++ % plan.controls()));
            }
        }
    }

    private void stop(String reason, List<CampaignDecision> decisions) {
        if (!ended) {
            ended = true;
            decisions.add(new CampaignDecision.Stopped(reason, offered));
        }
    }

    private String reason() {
        int failed = count(FAILED) - controlFailures[0];
        int silent = count(SILENT) - controlFailures[1];
        return failed + " of " + offered + " updated devices failed and " + silent
                + " fell silent after their restart; of " + watched + " restarts of controls " + controlFailures[0]
                + " failed and " + controlFailures[1] + " fell silent. Evidence " + Math.round(test.evidence())
                + " to 1 against the update.";
    }

    private int count(byte state) {
        return counts[state];
    }

    /**
     * How many devices were offered the update.
     *
     * @return 0 to the plan's number
     */
    public int offered() {
        return offered;
    }

    /**
     * Whether the campaign is over.
     *
     * @return true after {@link CampaignDecision.Stopped} or {@link CampaignDecision.Completed}
     */
    public boolean ended() {
        return ended;
    }
}
