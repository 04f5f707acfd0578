package dev.fieldproof.ota.rollout;

/** What a campaign decides. */
public sealed interface CampaignDecision {
    /**
     * Offer the update.
     *
     * @param device its number
     */
    record Offer(int device) implements CampaignDecision {}

    /**
     * Have a control restart as it is, and watch it like an updated device.
     *
     * @param device its number
     */
    record Watch(int device) implements CampaignDecision {}

    /**
     * A phase begins.
     *
     * @param phase its index, from 0
     */
    record PhaseBegun(int phase) implements CampaignDecision {}

    /**
     * A person's approval is needed to go on.
     *
     * @param phase the phase that waits, from 0
     */
    record ApprovalNeeded(int phase) implements CampaignDecision {}

    /**
     * The campaign stops for good.
     *
     * @param reason for people
     * @param offered how many devices had been offered the update
     */
    record Stopped(String reason, int offered) implements CampaignDecision {}

    /** Every device was offered the update and was heard of, or fell silent. */
    record Completed() implements CampaignDecision {}
}
