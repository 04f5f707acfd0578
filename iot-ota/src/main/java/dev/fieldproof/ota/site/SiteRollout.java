package dev.fieldproof.ota.site;

import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import dev.fieldproof.ota.record.RecordStore.Transaction;
import dev.fieldproof.ota.rollout.Campaign;
import dev.fieldproof.ota.rollout.CampaignCounts;
import dev.fieldproof.ota.rollout.CampaignDecision;
import dev.fieldproof.ota.rollout.CampaignEvent;
import dev.fieldproof.ota.rollout.CampaignPlan;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A campaign over a site's devices, held at the control node's gate: a phase that needs approval is a wave of the node
 * and begins when someone approves it there; every phase is a wave, and one on hold pauses the campaign. Devices of a
 * campaign that stopped itself are sent back, if the plan says so. Each event is in the node's records,
 * in one transaction with what follows from it, before anybody is told: a rollout made again after a restart goes on
 * where it was, and nothing is lost or done twice. Thread-safe.
 */
public final class SiteRollout {
    /** So many events at most are kept and replayed after a restart: an hour and a half of ticks. */
    static final int CHECKPOINT_EVERY = 1000;

    private final ControlNode node;
    private final String name;
    private final CampaignPlan plan;
    private final InstantSource clock;
    private final List<String> ids;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final Assignment assignment;
    private final int checkpointEvery;
    /** What the records say; null when it has to be read anew. */
    private @Nullable Progress progress;

    /** Does what a decision asks within the transaction that keeps it. */
    interface Assignment {
        /** Nothing is to be written down. */
        Assignment NONE = (records, device, back) -> {};

        /** Tells a device to install the update, or what it ran before. */
        void assign(Transaction records, String device, boolean back) throws IOException;
    }

    /** How the campaign stands; all of it follows from the events. */
    static final class Progress {
        final Campaign campaign;
        /** How many events the checkpoint stands for, and when the last of them was. */
        long before;

        long lastMillis = Long.MIN_VALUE;
        /** Those since. */
        final List<CampaignEvent> log = new ArrayList<>();
        /** Who was asked to do something and has not reported since. */
        final Set<Integer> awaited = new LinkedHashSet<>();
        /** Who was told to go back. */
        final Set<Integer> toldBack = new LinkedHashSet<>();

        String wave = "";
        boolean asked;
        boolean held;
        boolean completed;
        boolean reverting;
        Optional<CampaignDecision.Stopped> stopped = Optional.empty();

        Progress(CampaignPlan plan) {
            this(new Campaign(plan));
        }

        Progress(Campaign campaign) {
            this.campaign = campaign;
        }
    }

    /**
     * Prepares a campaign, or goes on with the one of this name that the node's records hold; {@link #tick()} begins
     * it.
     *
     * @param node whose gate holds the phases back
     * @param name the campaign's name, at most 100 characters; waves are called {@code NAME/PHASE}, from 1
     * @param plan how it goes, the same each time
     * @param devices names of the devices to update, then of the controls, the same each time
     * @param clock time
     * @throws IOException if the storage fails
     * @throws IllegalArgumentException if the number of names is not the plan's, or a name appears twice
     */
    public SiteRollout(ControlNode node, String name, CampaignPlan plan, List<String> devices, InstantSource clock)
            throws IOException {
        this(node, name, plan, devices, clock, Assignment.NONE, CHECKPOINT_EVERY);
    }

    SiteRollout(
            ControlNode node,
            String name,
            CampaignPlan plan,
            List<String> devices,
            InstantSource clock,
            Assignment assignment,
            int checkpointEvery)
            throws IOException {
        if (devices.size() != plan.devices() + plan.controls()) {
            throw new IllegalArgumentException(
                    devices.size() + " names for " + plan.devices() + " devices and " + plan.controls() + " controls");
        }
        if (name.isEmpty() || name.length() > 100) {
            throw new IllegalArgumentException("a rollout's name of " + name.length() + " characters");
        }
        this.node = node;
        this.name = name;
        this.plan = plan;
        this.clock = clock;
        this.ids = List.copyOf(devices);
        this.assignment = assignment;
        this.checkpointEvery = checkpointEvery;
        for (String id : ids) {
            if (numbers.put(id, numbers.size()) != null) {
                throw new IllegalArgumentException("the device " + id + " is named twice");
            }
        }
        progress();
    }

    /**
     * What devices are asked to do now.
     *
     * @param update devices to install the update and restart
     * @param restart controls to restart as they are
     * @param revert devices to go back to what they ran before
     */
    public record Work(List<String> update, List<String> restart, List<String> revert) {
        private static final Work NONE = new Work(List.of(), List.of(), List.of());

        /** Copies the lists. */
        public Work {
            update = List.copyOf(update);
            restart = List.copyOf(restart);
            revert = List.copyOf(revert);
        }
    }

    private Progress progress() throws IOException {
        Progress known = progress;
        if (known == null) {
            known = node.records().transact(this::read);
            progress = known;
        }
        return known;
    }

    /** In one transaction, so that no checkpoint comes between itself and the events after it. */
    private Progress read(Transaction records) throws IOException {
        Optional<String> checkpoint = records.get(Table.ROLLOUT_CHECKPOINT, name);
        Progress now = checkpoint.isEmpty() ? new Progress(plan) : RolloutCheckpoint.read(checkpoint.get(), plan);
        String after = name + "\n";
        while (true) {
            List<RecordStore.Entry> page = records.list(Table.ROLLOUT_EVENT, after, RecordStore.MAX_LIST);
            for (RecordStore.Entry entry : page) {
                if (!entry.key().startsWith(name + "\n")) {
                    return now;
                }
                CampaignEvent event = RolloutEvents.read(entry.json());
                List<CampaignDecision> decisions = now.campaign.step(event);
                taken(now, event);
                follow(now, event, decisions);
            }
            if (page.isEmpty()) {
                return now;
            }
            after = page.get(page.size() - 1).key();
        }
    }

    private static void taken(Progress now, CampaignEvent event) {
        now.log.add(event);
        now.lastMillis = event.atMillis();
    }

    private String key(long number) {
        return name + "\n" + String.format(Locale.ROOT, "%012d", number);
    }

    private void follow(Progress now, CampaignEvent event, List<CampaignDecision> decisions) {
        if (event instanceof CampaignEvent.Reported report) {
            now.awaited.remove(report.device());
        }
        now.asked &= !(event instanceof CampaignEvent.Approved);
        now.held = event instanceof CampaignEvent.Paused || (now.held && !(event instanceof CampaignEvent.Resumed));
        for (CampaignDecision decision : decisions) {
            if (decision instanceof CampaignDecision.Offer offer) {
                now.awaited.add(offer.device());
            } else if (decision instanceof CampaignDecision.Watch watch) {
                now.awaited.add(watch.device());
            } else if (decision instanceof CampaignDecision.ApprovalNeeded needed) {
                now.wave = name + "/" + (needed.phase() + 1);
                now.asked = true;
            } else if (decision instanceof CampaignDecision.PhaseBegun begun) {
                now.wave = name + "/" + (begun.phase() + 1);
            } else if (decision instanceof CampaignDecision.Stopped stop) {
                now.stopped = Optional.of(stop);
                now.reverting = !(event instanceof CampaignEvent.Cancelled)
                        && plan.conduct().revertPerHour() > 0;
            } else if (decision instanceof CampaignDecision.Revert revert) {
                now.toldBack.add(revert.device());
                now.awaited.add(revert.device());
            } else if (decision instanceof CampaignDecision.RevertOffered) {
                now.reverting = false;
            } else if (decision instanceof CampaignDecision.Completed) {
                now.completed = true;
            }
        }
    }

    /**
     * Lets time pass and asks the gate.
     *
     * @return what devices are asked to do from now on, each once
     * @throws IOException if the storage fails; then nothing happened
     */
    public synchronized Work tick() throws IOException {
        Progress now = progress();
        long at = millis(now);
        if (now.reverting) {
            return step(new CampaignEvent.Tick(at));
        }
        if (now.completed || now.stopped.isPresent()) {
            return Work.NONE;
        }
        if (now.asked || now.held) {
            ControlNode.Gate gate = node.gate(now.wave);
            if (now.asked && gate == ControlNode.Gate.APPROVED) {
                return step(new CampaignEvent.Approved(at, "gate"));
            }
            if (now.held && gate == ControlNode.Gate.APPROVED) {
                return step(new CampaignEvent.Resumed(at, "gate"));
            }
        } else if (!now.wave.isEmpty() && node.gate(now.wave) == ControlNode.Gate.HELD) {
            return step(new CampaignEvent.Paused(at, "gate"));
        }
        return step(new CampaignEvent.Tick(at));
    }

    /**
     * A device, updated or control, restarts; from now on its silence counts.
     *
     * @param device its name
     * @return what devices are asked to do now
     * @throws IOException if the storage fails; then nothing happened
     * @throws IllegalArgumentException if there is no such device
     */
    public synchronized Work restarting(String device) throws IOException {
        return step(new CampaignEvent.Restarting(millis(progress()), number(device)));
    }

    /**
     * A device, updated or control, reports after its restart.
     *
     * @param device its name
     * @param healthy whether all is well
     * @return what devices are asked to do now
     * @throws IOException if the storage fails; then nothing happened
     * @throws IllegalArgumentException if there is no such device
     */
    public synchronized Work reported(String device, boolean healthy) throws IOException {
        return step(new CampaignEvent.Reported(millis(progress()), number(device), healthy));
    }

    /** A clock that was set back does not take the campaign back. */
    private long millis(Progress now) {
        return Math.max(now.lastMillis, clock.millis());
    }

    private int number(String device) {
        Integer number = numbers.get(device);
        if (number == null) {
            throw new IllegalArgumentException("no device '" + device + "' in " + name);
        }
        return number;
    }

    private Work step(CampaignEvent event) throws IOException {
        Progress now = progress();
        progress = null; // until the records hold what the campaign in memory is about to know
        List<CampaignDecision> decisions = now.campaign.step(event);
        long number = now.before + now.log.size();
        List<String> update = new ArrayList<>();
        List<String> restart = new ArrayList<>();
        List<String> revert = new ArrayList<>();
        for (CampaignDecision decision : decisions) {
            if (decision instanceof CampaignDecision.Offer offer) {
                update.add(ids.get(offer.device()));
            } else if (decision instanceof CampaignDecision.Watch watch) {
                restart.add(ids.get(watch.device()));
            } else if (decision instanceof CampaignDecision.Revert back) {
                revert.add(ids.get(back.device()));
            }
        }
        follow(now, event, decisions);
        taken(now, event);
        boolean checkpoint = now.log.size() >= checkpointEvery;
        node.records().transact(records -> {
            if (checkpoint) {
                records.put(Table.ROLLOUT_CHECKPOINT, name, RolloutCheckpoint.write(now));
                for (long old = now.before; old < number; old++) {
                    records.delete(Table.ROLLOUT_EVENT, key(old));
                }
            } else {
                records.put(Table.ROLLOUT_EVENT, key(number), RolloutEvents.write(event));
            }
            for (String device : update) {
                assignment.assign(records, device, false);
            }
            for (String device : revert) {
                assignment.assign(records, device, true);
            }
            for (CampaignDecision decision : decisions) {
                keep(records, decision);
            }
            return true;
        });
        if (checkpoint) {
            now.before += now.log.size();
            now.log.clear();
        }
        progress = now;
        return new Work(update, restart, revert);
    }

    private void keep(Transaction records, CampaignDecision decision) throws IOException {
        if (decision instanceof CampaignDecision.ApprovalNeeded needed) {
            node.stage(records, name + "/" + (needed.phase() + 1));
        } else if (decision instanceof CampaignDecision.PhaseBegun begun) {
            node.begin(records, name + "/" + (begun.phase() + 1));
        } else if (decision instanceof CampaignDecision.RevertOffered told) {
            AuditLog.add(records, clock.instant(), "node", "told " + told.devices() + " to go back from " + name);
        } else if (decision instanceof CampaignDecision.Stopped stop) {
            AuditLog.add(records, clock.instant(), "node", "stopped " + name + ": " + stop.reason());
        } else if (decision instanceof CampaignDecision.Completed) {
            AuditLog.add(records, clock.instant(), "node", "completed " + name);
        }
    }

    /**
     * The wave that the node's gate decides about: the one that waits, or else the one that runs.
     *
     * @return its name, empty before the first
     * @throws IOException if the storage fails
     */
    public synchronized String wave() throws IOException {
        return progress().wave;
    }

    /**
     * Why and when the campaign stopped.
     *
     * @return empty unless it stopped
     * @throws IOException if the storage fails
     */
    public synchronized Optional<CampaignDecision.Stopped> stopped() throws IOException {
        return progress().stopped;
    }

    /**
     * Whether every device had its update and was heard of, or fell silent.
     *
     * @return true at the end of a campaign that did not stop
     * @throws IOException if the storage fails
     */
    public synchronized boolean completed() throws IOException {
        return progress().completed;
    }

    /**
     * Whether devices are still being told to go back.
     *
     * @return true from a stop of its own until the last device was told
     * @throws IOException if the storage fails
     */
    public synchronized boolean reverting() throws IOException {
        return progress().reverting;
    }

    /** Whether a device was asked to do something and has not reported since. */
    synchronized boolean awaits(String device) throws IOException {
        Integer number = numbers.get(device);
        return number != null && progress().awaited.contains(number);
    }

    /** Whether a device was told to go back. */
    synchronized boolean isToldBack(String device) throws IOException {
        Integer number = numbers.get(device);
        return number != null && progress().toldBack.contains(number);
    }

    /** Ends the campaign for good. */
    synchronized void cancel(String who) throws IOException {
        if (!completed() && stopped().isEmpty()) {
            step(new CampaignEvent.Cancelled(millis(progress()), who));
        }
    }

    /**
     * How the devices stand.
     *
     * @return numbers of updated devices, controls not counted
     * @throws IOException if the storage fails
     */
    public synchronized CampaignCounts counts() throws IOException {
        return progress().campaign.counts();
    }

    /**
     * What happened to the campaign since its last checkpoint, which is made every {@value #CHECKPOINT_EVERY} events;
     * as long as there was none, stepping a new {@link Campaign} through it gives the same decisions.
     *
     * @return a copy, in order
     * @throws IOException if the storage fails
     */
    public synchronized List<CampaignEvent> log() throws IOException {
        return List.copyOf(progress().log);
    }
}
