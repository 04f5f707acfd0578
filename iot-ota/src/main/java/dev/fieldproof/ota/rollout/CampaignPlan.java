package dev.fieldproof.ota.rollout;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How an update goes to a fleet. Devices are numbered from 0; those from {@code devices} on are controls: they keep
 * what they run, restart beside the updated ones, and are watched for comparison. Immutable.
 *
 * @param devices how many are to be updated, at least 1
 * @param controls how many are only watched, at least 1
 * @param controlsPerDevice how many controls restart for each device that is updated, at least 1; controls take turns
 * @param phases one after the other, not empty; the first is the canary
 * @param silenceAfter how long after a device said that it restarts it has to be heard of
 * @param falseStopBound highest probability of stopping a good update, between 0 and 1
 * @param conduct how each device is treated
 * @param seed decides who is in the canary and how offers are spread
 */
public record CampaignPlan(
        int devices,
        int controls,
        int controlsPerDevice,
        List<Phase> phases,
        Duration silenceAfter,
        double falseStopBound,
        Conduct conduct,
        long seed) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public CampaignPlan {
        phases = List.copyOf(phases);
        if (devices < 1 || controls < 1 || phases.isEmpty() || silenceAfter.isNegative() || silenceAfter.isZero()) {
            throw new IllegalArgumentException(
                    devices + " devices, " + controls + " controls, silence after " + silenceAfter);
        }
        if (controlsPerDevice < 1 || !(falseStopBound > 0 && falseStopBound < 1)) {
            throw new IllegalArgumentException(
                    controlsPerDevice + " controls per device, false stop bound " + falseStopBound);
        }
    }

    /**
     * Begins a plan.
     *
     * @param devices how many are to be updated, at least 1
     * @param controls how many are only watched, at least 1
     * @return a builder without phases, with 10 controls for each device, silence after 30 minutes and a false stop
     *     bound of 1 %
     */
    public static Builder builder(int devices, int controls) {
        return new Builder(devices, controls);
    }

    /** Collects a plan. Not thread-safe. */
    public static final class Builder {
        private final int devices;
        private final int controls;
        private final List<Phase> phases = new ArrayList<>();
        private int controlsPerDevice = 10;
        private Duration silenceAfter = Duration.ofMinutes(30);
        private double falseStopBound = 0.01;
        private Conduct conduct = Conduct.DEFAULT;
        private long seed;

        private Builder(int devices, int controls) {
            this.devices = devices;
            this.controls = controls;
        }

        /**
         * Adds a phase that begins by itself.
         *
         * @param share see {@link Phase#share()}
         * @param perHour devices per hour at most, at least 1
         * @return this
         */
        public Builder phase(double share, int perHour) {
            phases.add(new Phase(share, perHour, false));
            return this;
        }

        /**
         * Adds a phase.
         *
         * @param phase any
         * @return this
         */
        public Builder phase(Phase phase) {
            phases.add(phase);
            return this;
        }

        /**
         * Adds a phase that a person has to approve.
         *
         * @param share see {@link Phase#share()}
         * @param perHour devices per hour at most, at least 1
         * @return this
         */
        public Builder approvedPhase(double share, int perHour) {
            phases.add(new Phase(share, perHour, true));
            return this;
        }

        /**
         * Sets how many controls restart for each device that is updated.
         *
         * @param count at least 1
         * @return this
         */
        public Builder controlsPerDevice(int count) {
            controlsPerDevice = count;
            return this;
        }

        /**
         * Sets how long after its restart a device has to be heard of.
         *
         * @param after positive
         * @return this
         */
        public Builder silenceAfter(Duration after) {
            silenceAfter = after;
            return this;
        }

        /**
         * Sets the highest probability of stopping a good update.
         *
         * @param bound between 0 and 1
         * @return this
         */
        public Builder falseStopBound(double bound) {
            falseStopBound = bound;
            return this;
        }

        /**
         * Sets how each device is treated; {@link Conduct#DEFAULT} otherwise.
         *
         * @param how windows, needs, budgets, retries, deadlines
         * @return this
         */
        public Builder conduct(Conduct how) {
            conduct = how;
            return this;
        }

        /**
         * Sets the seed of the representative order and of jitter.
         *
         * @param value any
         * @return this
         */
        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /**
         * Ends the plan.
         *
         * @return what was collected
         * @throws IllegalArgumentException if a number is out of range, or there is no phase
         */
        public CampaignPlan build() {
            return new CampaignPlan(
                    devices, controls, controlsPerDevice, phases, silenceAfter, falseStopBound, conduct, seed);
        }
    }

    /**
     * A part of the fleet.
     *
     * @param share of all devices that are offered the update by the end of this phase, over 0 to 1
     * @param rate how fast devices are offered it
     * @param approval whether a person must approve before it begins
     */
    public record Phase(double share, Rate rate, boolean approval) {
        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if the share is out of range
         */
        public Phase {
            if (!(share > 0 && share <= 1)) {
                throw new IllegalArgumentException("a phase to " + share + " of the fleet");
            }
        }

        /**
         * A phase at a constant rate.
         *
         * @param share of all devices that are offered the update by the end of this phase, over 0 to 1
         * @param perHour how many devices are offered it each hour, at least 1
         * @param approval whether a person must approve before it begins
         */
        public Phase(double share, int perHour, boolean approval) {
            this(share, new Rate.Constant(perHour), approval);
        }
    }
}
