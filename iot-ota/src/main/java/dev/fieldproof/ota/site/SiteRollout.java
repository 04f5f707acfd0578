package dev.fieldproof.ota.site;

import dev.fieldproof.ota.rollout.Campaign;
import dev.fieldproof.ota.rollout.CampaignDecision;
import dev.fieldproof.ota.rollout.CampaignEvent;
import dev.fieldproof.ota.rollout.CampaignPlan;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A campaign over a site's devices, held at the control node's gate: a phase that needs approval is a wave of the node
 * and begins when someone approves it there; a wave on hold pauses the campaign. Thread-safe.
 */
public final class SiteRollout {
    private final ControlNode node;
    private final String name;
    private final InstantSource clock;
    private final List<String> ids;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final Campaign campaign;
    private final List<CampaignEvent> log = new ArrayList<>();
    private String wave = "";
    private boolean asked;
    private boolean held;
    private boolean completed;
    private Optional<CampaignDecision.Stopped> stopped = Optional.empty();

    /**
     * Prepares a campaign; {@link #tick()} begins it.
     *
     * @param node whose gate holds the phases back
     * @param name the campaign's name; waves are called {@code NAME/PHASE}, from 1
     * @param plan how it goes
     * @param devices names of the devices to update, then of the controls
     * @param clock time
     * @throws IllegalArgumentException if the number of names is not the plan's, or a name appears twice
     */
    public SiteRollout(ControlNode node, String name, CampaignPlan plan, List<String> devices, InstantSource clock) {
        if (devices.size() != plan.devices() + plan.controls()) {
            throw new IllegalArgumentException(
                    devices.size() + " names for " + plan.devices() + " devices and " + plan.controls() + " controls");
        }
        this.node = node;
        this.name = name;
        this.clock = clock;
        this.ids = List.copyOf(devices);
        this.campaign = new Campaign(plan);
        for (String id : ids) {
            if (numbers.put(id, numbers.size()) != null) {
                throw new IllegalArgumentException("the device " + id + " is named twice");
            }
        }
    }

    /**
     * What devices are asked to do now.
     *
     * @param update devices to install the update and restart
     * @param restart controls to restart as they are
     */
    public record Work(List<String> update, List<String> restart) {
        /** Copies the lists. */
        public Work {
            update = List.copyOf(update);
            restart = List.copyOf(restart);
        }
    }

    /**
     * Lets time pass and asks the gate.
     *
     * @return what devices are asked to do from now on, each once
     */
    public synchronized Work tick() {
        long now = clock.millis();
        if (asked || held) {
            ControlNode.Gate gate = node.gate(wave);
            if (asked && gate == ControlNode.Gate.APPROVED) {
                asked = false;
                return step(new CampaignEvent.Approved(now, "gate"));
            }
            if (held && gate == ControlNode.Gate.APPROVED) {
                held = false;
                return step(new CampaignEvent.Resumed(now, "gate"));
            }
        } else if (!wave.isEmpty() && node.gate(wave) == ControlNode.Gate.HELD) {
            held = true;
            return step(new CampaignEvent.Paused(now, "gate"));
        }
        return step(new CampaignEvent.Tick(now));
    }

    /**
     * A device, updated or control, restarts; from now on its silence counts.
     *
     * @param device its name
     * @return what devices are asked to do now
     * @throws IllegalArgumentException if there is no such device
     */
    public synchronized Work restarting(String device) {
        return step(new CampaignEvent.Restarting(clock.millis(), number(device)));
    }

    /**
     * A device, updated or control, reports after its restart.
     *
     * @param device its name
     * @param healthy whether all is well
     * @return what devices are asked to do now
     * @throws IllegalArgumentException if there is no such device
     */
    public synchronized Work reported(String device, boolean healthy) {
        return step(new CampaignEvent.Reported(clock.millis(), number(device), healthy));
    }

    private int number(String device) {
        Integer number = numbers.get(device);
        if (number == null) {
            throw new IllegalArgumentException("no device '" + device + "' in " + name);
        }
        return number;
    }

    private Work step(CampaignEvent event) {
        log.add(event);
        List<String> update = new ArrayList<>();
        List<String> restart = new ArrayList<>();
        for (CampaignDecision decision : campaign.step(event)) {
            if (decision instanceof CampaignDecision.Offer offer) {
                update.add(ids.get(offer.device()));
            } else if (decision instanceof CampaignDecision.Watch watch) {
                restart.add(ids.get(watch.device()));
            } else if (decision instanceof CampaignDecision.ApprovalNeeded needed) {
                wave = name + "/" + (needed.phase() + 1);
                asked = true;
                node.stage(wave);
            } else if (decision instanceof CampaignDecision.Stopped stop) {
                stopped = Optional.of(stop);
            } else if (decision instanceof CampaignDecision.Completed) {
                completed = true;
            }
        }
        return new Work(update, restart);
    }

    /**
     * The wave that the node's gate decides about: the one that waits, or else the last that waited.
     *
     * @return its name, empty before the first
     */
    public synchronized String wave() {
        return wave;
    }

    /**
     * Why and when the campaign stopped.
     *
     * @return empty unless it stopped
     */
    public synchronized Optional<CampaignDecision.Stopped> stopped() {
        return stopped;
    }

    /**
     * Whether every device had its update and was heard of, or fell silent.
     *
     * @return true at the end of a campaign that did not stop
     */
    public synchronized boolean completed() {
        return completed;
    }

    /**
     * Everything that happened to the campaign; stepping a new {@link Campaign} through it gives the same decisions.
     *
     * @return a copy, in order
     */
    public synchronized List<CampaignEvent> log() {
        return List.copyOf(log);
    }
}
