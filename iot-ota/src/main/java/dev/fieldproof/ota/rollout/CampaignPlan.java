package dev.fieldproof.ota.rollout;

import java.time.Duration;
import java.util.List;

/**
 * How an update goes to a fleet. Devices are numbered from 0; those from {@code devices} on are controls. Immutable.
 *
 * @param devices how many are to be updated, at least 1
 * @param controls how many are only watched, for comparison, at least 1
 * @param phases one after the other, not empty; the first is the canary
 * @param silenceAfter how long after a device said that it restarts it has to be heard of
 * @param falseStopBound highest probability of stopping a good update, between 0 and 1
 */
public record CampaignPlan(
        int devices, int controls, List<Phase> phases, Duration silenceAfter, double falseStopBound) {
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
    }

    /**
     * A part of the fleet.
     *
     * @param share of all devices that are offered the update by the end of this phase, over 0 to 1
     * @param perHour how many devices are offered it each hour, at least 1
     * @param approval whether a person must approve before it begins
     */
    public record Phase(double share, int perHour, boolean approval) {
        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a number is out of range
         */
        public Phase {
            if (!(share > 0 && share <= 1) || perHour < 1) {
                throw new IllegalArgumentException("a phase to " + share + " of the fleet at " + perHour + " per hour");
            }
        }
    }
}
