package dev.fieldproof.ota.rollout;

/** What a campaign decides. */
public sealed interface CampaignDecision {
    /**
     * Offer the update.
     *
     * @param device its number
     * @param delayMillis how long it is to wait before it takes up the offer, so that not all come at once
     */
    record Offer(int device, int delayMillis) implements CampaignDecision {}

    /**
     * Have a control restart as it is, and watch it like an updated device.
     *
     * @param device its number
     */
    record Watch(int device) implements CampaignDecision {}

    /** Why a device was left out. */
    enum Why {
        /** It was offered the update as often as allowed and never restarted. */
        NEVER_STARTED,
        /** The campaign's deadline passed. */
        DEADLINE,
        /** It was never ready: too old a version, too little power, too weak a link. */
        NOT_READY
    }

    /**
     * Leave a device out.
     *
     * @param device its number
     * @param why for what reason
     */
    record Skipped(int device, Why why) implements CampaignDecision {}

    /**
     * Have a device go back to what it ran before.
     *
     * @param device its number
     */
    record Revert(int device) implements CampaignDecision {}

    /**
     * Every device that had the update was told to go back.
     *
     * @param devices how many
     */
    record RevertOffered(int devices) implements CampaignDecision {}

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
