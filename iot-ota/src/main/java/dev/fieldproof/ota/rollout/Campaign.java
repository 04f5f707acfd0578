package dev.fieldproof.ota.rollout;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One update on its way to a fleet: pure and deterministic, so that the log of its events, stepped again, gives the
 * identical campaign. Holds 30 bytes per device, the fleet's ten included. Not thread-safe.
 *
 * <pre>
 * waiting -> offered -> restarting -> healthy
 *    ^  \       |            |   \--> failed ---> (retry) offered
 *    |   \      +-> skipped  +------> silent
 *    +-- deferred: window closed, budget spent, not ready, too old
 * </pre>
 */
public final class Campaign {
    private static final double MILLIS_PER_HOUR = 3_600_000.0;

    private final CampaignPlan plan;
    private final Conduct conduct;
    private final Fleet fleet;
    private final CampaignState it;
    private final StoppingTest test;
    private final int devicesPerSiteAndHour;
    /** Whether any device's version has to be looked at. */
    private final boolean someAreOld;

    private final boolean someMayWait;
    private final long deadlineMillis;
    private final long jitterMillis;
    /** How many devices have been offered the update by the end of each phase. */
    private final int[] targets;
    /** Per zone: whether its windows are open and until when that holds; derived from the time alone. */
    private final MaintenanceWindow.Opening[] openings;

    /**
     * Begins a campaign for devices that are all alike; the first event starts its clock.
     *
     * @param plan how it goes
     */
    public Campaign(CampaignPlan plan) {
        this(plan, Fleet.uniform(plan.devices() + plan.controls()));
    }

    /**
     * Begins a campaign; the first event starts its clock.
     *
     * @param plan how it goes
     * @param fleet the plan's devices, then its controls
     * @throws IllegalArgumentException if the fleet does not have as many devices as the plan
     */
    public Campaign(CampaignPlan plan, Fleet fleet) {
        this(plan, fleet, new CampaignState(plan, fleet));
    }

    Campaign(CampaignPlan plan, Fleet fleet, CampaignState state) {
        if (fleet.size() != plan.devices() + plan.controls()) {
            throw new IllegalArgumentException("a fleet of " + fleet.size() + " for " + plan.devices() + " devices and "
                    + plan.controls() + " controls");
        }
        this.plan = plan;
        this.conduct = plan.conduct();
        this.fleet = fleet;
        this.it = state;
        this.test = new StoppingTest(plan.controlsPerDevice(), plan.falseStopBound(), state.wealth);
        this.devicesPerSiteAndHour = conduct.budget().devicesPerHour();
        this.someAreOld = fleet.lowestVersion() < conduct.minVersion();
        this.someMayWait = !conduct.readiness().equals(Readiness.ALWAYS);
        this.deadlineMillis = conduct.deadline().toMillis();
        this.jitterMillis = conduct.jitter().toMillis();
        this.targets = plan.phases().stream()
                .mapToInt(phase -> (int) Math.ceil(phase.share() * plan.devices()))
                .toArray();
        this.openings = new MaintenanceWindow.Opening[fleet.zoneIds().size()];
        for (int zone = 0; zone < openings.length; zone++) {
            openings[zone] = new MaintenanceWindow.Opening(false, Long.MIN_VALUE);
        }
    }

    /**
     * Takes an event.
     *
     * @param event not earlier than the one before
     * @return what follows from it, in order
     * @throws IllegalArgumentException if a device number is out of range, or the event is earlier than the one before
     */
    public List<CampaignDecision> step(CampaignEvent event) {
        List<CampaignDecision> decisions = new ArrayList<>();
        step(event, decisions::add);
        return decisions;
    }

    /**
     * Takes an event.
     *
     * @param event not earlier than the one before
     * @param decisions receives what follows from it, in order
     * @throws IllegalArgumentException if a device number is out of range, or the event is earlier than the one before;
     *     the campaign is then unchanged
     */
    public void step(CampaignEvent event, Consumer<CampaignDecision> decisions) {
        long now = event.atMillis();
        int device = event.device();
        if (device >= fleet.size() || device < CampaignEvent.NO_DEVICE) {
            throw new IllegalArgumentException("no device " + device + " of " + fleet.size());
        }
        if (it.startMillis != Long.MIN_VALUE && now < it.nowMillis) {
            throw new IllegalArgumentException("an event at " + now + " after one at " + it.nowMillis);
        }
        boolean timePassed = now != it.nowMillis || it.startMillis == Long.MIN_VALUE;
        if (timePassed) {
            pass(now);
        }
        it.releaseRetries(conduct);
        take(event, device, decisions);
        if (timePassed) {
            findSilent();
            findLate(decisions);
        }
        if (!it.ended && test.stops()) {
            stop(reason(), decisions);
            it.reverting = it.stopped && conduct.revertPerHour() > 0;
        }
        if (it.reverting) {
            revert(decisions);
        } else {
            advance(decisions);
        }
    }

    private void pass(long now) {
        if (it.startMillis == Long.MIN_VALUE) {
            it.startMillis = now;
            it.at(now);
        }
        if (!it.paused) {
            double hours = (now - it.nowMillis) / MILLIS_PER_HOUR;
            it.tokens += hours * (it.reverting ? conduct.revertPerHour() : rate());
        }
        it.at(now);
        it.release(openings, conduct, fleet);
    }

    private double rate() {
        return it.phase < 0 ? 0 : plan.phases().get(it.phase).rate().perHour(it.count(CampaignState.HEALTHY));
    }

    private void take(CampaignEvent event, int device, Consumer<CampaignDecision> decisions) {
        if (event instanceof CampaignEvent.Restarting) {
            it.restarting(device);
        } else if (event instanceof CampaignEvent.Reported report) {
            report(device, report.healthy());
        } else if (event instanceof CampaignEvent.Conditions conditions) {
            it.cells.condition(
                    device,
                    Readiness.pack(
                            conditions.batteryPercent(),
                            conditions.mains(),
                            conditions.solarSurplus(),
                            conditions.signalDbm()));
            it.unpark(device);
        } else if (event instanceof CampaignEvent.Upgraded upgraded) {
            it.upgraded(device, upgraded.version() >= conduct.minVersion());
        } else if (event instanceof CampaignEvent.Approved) {
            it.approved = it.asked;
        } else if (event instanceof CampaignEvent.Paused) {
            it.paused = true;
        } else if (event instanceof CampaignEvent.Resumed) {
            it.paused = false;
        } else if (event instanceof CampaignEvent.Cancelled cancelled) {
            stop("cancelled by " + cancelled.who(), decisions);
        }
    }

    private void report(int device, boolean healthy) {
        int state = it.state(device);
        if (state == CampaignState.REVERTING || state == CampaignState.REVERTED) {
            it.settle(device, CampaignState.REVERTED);
        } else if (healthy) {
            // A device that was silent stays counted: an event does not un-happen when the device comes back.
            it.settle(device, CampaignState.HEALTHY);
        } else if (state != CampaignState.FAILED && state != CampaignState.RETRYING) {
            if (it.attempts(device) <= 1 && state != CampaignState.SILENT) {
                failed(device, false);
            }
            it.failOrRetry(device, conduct.maxAttempts());
        }
    }

    private void failed(int device, boolean silent) {
        boolean updated = device < plan.devices();
        test.failure(updated, silent);
        it.failures[(updated ? 0 : 2) + (silent ? 1 : 0)]++;
    }

    private void findSilent() {
        for (int rhythm = 0; rhythm < CampaignState.RHYTHMS; rhythm++) {
            int list = CampaignState.RESTARTING_LIST + rhythm;
            long limit = plan.silenceAfter().toSeconds() << rhythm;
            while (!it.cells.isEmpty(list) && it.age(it.cells.first(list)) > limit) {
                int device = it.cells.first(list);
                if (it.attempts(device) <= 1) {
                    failed(device, true);
                }
                it.settle(device, CampaignState.SILENT);
            }
        }
    }

    private void findLate(Consumer<CampaignDecision> decisions) {
        long timeout = conduct.offerTimeout().toSeconds();
        while (!it.cells.isEmpty(CampaignState.OFFERED_LIST)
                && it.age(it.cells.first(CampaignState.OFFERED_LIST)) > timeout) {
            int device = it.cells.first(CampaignState.OFFERED_LIST);
            if (it.attempts(device) < conduct.maxAttempts()) {
                it.failOrRetry(device, conduct.maxAttempts());
            } else {
                // It never started: that says nothing about the update.
                it.settle(device, CampaignState.SKIPPED);
                decisions.accept(new CampaignDecision.Skipped(device, CampaignDecision.Why.NEVER_STARTED));
            }
        }
    }

    private void advance(Consumer<CampaignDecision> decisions) {
        while (!it.ended && !it.paused) {
            if (it.phase >= 0) {
                boolean late = it.nowMillis - it.startMillis >= deadlineMillis;
                if (late) {
                    it.skipRest(decisions);
                }
                offer(late ? 0 : targets[it.phase], decisions);
                // A phase ends when all of its devices were heard of; those that are not ready hold up the last only.
                boolean last = it.phase + 1 == targets.length;
                if (it.settled + (last ? 0 : it.parked) < (late ? plan.devices() : targets[it.phase])) {
                    return;
                }
            }
            if (it.phase + 1 == targets.length || it.settled == plan.devices()) {
                it.skipRest(decisions);
                it.ended = true;
                decisions.accept(new CampaignDecision.Completed());
                return;
            }
            if (plan.phases().get(it.phase + 1).approval() && !it.approved) {
                if (!it.asked) {
                    it.asked = true;
                    decisions.accept(new CampaignDecision.ApprovalNeeded(it.phase + 1));
                }
                return;
            }
            it.phase++;
            it.approved = false;
            it.asked = false;
            it.tokens = 1;
            decisions.accept(new CampaignDecision.PhaseBegun(it.phase));
        }
    }

    private void offer(int target, Consumer<CampaignDecision> decisions) {
        while (it.tokens >= 1) {
            int device = it.next(target);
            if (device < 0) {
                it.tokens = 1; // what could not be used is not made up for later
                return;
            }
            if (mayStart(device)) {
                it.tokens -= 1;
                it.offer(device);
                decisions.accept(new CampaignDecision.Offer(device, delayMillis(device)));
                for (int i = 0; i < plan.controlsPerDevice(); i++) {
                    decisions.accept(new CampaignDecision.Watch(plan.devices() + it.watched++ % plan.controls()));
                }
            }
        }
    }

    private boolean mayStart(int device) {
        if ((someAreOld && fleet.version(device) < conduct.minVersion() && !it.cells.isUpgraded(device))
                || (someMayWait && !conduct.readiness().isMetBy(it.cells.condition(device)))) {
            it.park(device);
            return false;
        }
        if (!conduct.windows().isEmpty() && !isOpen(fleet.zone(device))) {
            it.defer(device, CampaignState.ZONE_LISTS + fleet.zone(device));
            return false;
        }
        if (devicesPerSiteAndHour != Integer.MAX_VALUE && !it.spend(fleet.site(device), devicesPerSiteAndHour)) {
            it.defer(device, CampaignState.BUDGET_LIST);
            return false;
        }
        return true;
    }

    private boolean isOpen(int zone) {
        if (openings[zone].untilMillis() <= it.nowMillis) {
            ZoneId id = fleet.zoneIds().get(zone);
            openings[zone] = MaintenanceWindow.openingAt(conduct.windows(), id, it.nowMillis);
        }
        return openings[zone].open();
    }

    /** Chance by device and attempt: a mix of both, so that replay draws the same. */
    private int delayMillis(int device) {
        if (jitterMillis == 0) {
            return 0;
        }
        long mixed = (device * 31L + it.attempts(device) + plan.seed()) * 0x9E37_79B9_7F4A_7C15L;
        mixed = (mixed ^ mixed >>> 32) * 0xD6E8_FEB8_6659_FD93L;
        return (int) Long.remainderUnsigned(mixed ^ mixed >>> 32, jitterMillis + 1);
    }

    private void revert(Consumer<CampaignDecision> decisions) {
        while (it.tokens >= 1) {
            int device = it.nextToRevert();
            if (device < 0) {
                it.reverting = false;
                decisions.accept(new CampaignDecision.RevertOffered(it.reverted));
                return;
            }
            it.tokens -= 1;
            decisions.accept(new CampaignDecision.Revert(device));
        }
    }

    private void stop(String reason, Consumer<CampaignDecision> decisions) {
        if (!it.ended) {
            it.ended = true;
            it.stopped = true;
            it.tokens = 1;
            decisions.accept(new CampaignDecision.Stopped(reason, it.offered));
        }
    }

    private String reason() {
        return it.failures[0] + " of " + it.offered + " updated devices failed and " + it.failures[1]
                + " fell silent after their restart; of " + it.watched + " restarts of controls " + it.failures[2]
                + " failed and " + it.failures[3] + " fell silent. Evidence " + Math.round(test.evidence())
                + " to 1 against the update.";
    }

    /**
     * How many devices were offered the update.
     *
     * @return 0 to the plan's number
     */
    public int offered() {
        return it.offered;
    }

    /**
     * Whether the campaign is over.
     *
     * @return true after {@link CampaignDecision.Stopped} or {@link CampaignDecision.Completed}
     */
    public boolean ended() {
        return it.ended;
    }

    /**
     * How the devices stand.
     *
     * @return numbers of updated devices, controls not counted
     */
    public CampaignCounts counts() {
        return it.counts();
    }

    /**
     * Everything about the campaign but the plan and the fleet.
     *
     * @return bytes for {@link #restore}
     */
    public byte[] snapshot() {
        return it.snapshot();
    }

    /**
     * Goes on with a campaign.
     *
     * @param plan the same as before
     * @param fleet the same as before
     * @param snapshot from {@link #snapshot()}
     * @return the campaign as it was
     * @throws IllegalArgumentException if the snapshot is of another plan or fleet
     */
    public static Campaign restore(CampaignPlan plan, Fleet fleet, byte[] snapshot) {
        CampaignState state = new CampaignState(plan, fleet);
        state.restore(snapshot);
        return new Campaign(plan, fleet, state);
    }
}
