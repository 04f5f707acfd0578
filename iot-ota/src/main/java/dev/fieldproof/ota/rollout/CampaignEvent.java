package dev.fieldproof.ota.rollout;

/** What happens to a campaign; the log of these is the campaign. Times are milliseconds, never decreasing. */
public sealed interface CampaignEvent {
    /**
     * When it happened.
     *
     * @return milliseconds of the campaign's clock
     */
    long atMillis();

    /** Of an event that is not about one device. */
    int NO_DEVICE = -1;

    /**
     * Which device it is about.
     *
     * @return its number, or {@link #NO_DEVICE}
     */
    default int device() {
        return NO_DEVICE;
    }

    /**
     * Time passed.
     *
     * @param atMillis now
     */
    record Tick(long atMillis) implements CampaignEvent {}

    /**
     * A device, updated or control, said that it restarts.
     *
     * @param atMillis when
     * @param device its number
     */
    record Restarting(long atMillis, int device) implements CampaignEvent {}

    /**
     * A device reported.
     *
     * @param atMillis when
     * @param device its number
     * @param healthy whether all is well
     */
    record Reported(long atMillis, int device, boolean healthy) implements CampaignEvent {}

    /**
     * A device said how it is powered and linked.
     *
     * @param atMillis when
     * @param device its number
     * @param batteryPercent its charge
     * @param mains whether it is on mains
     * @param solarSurplus whether it has more sun than it uses
     * @param signalDbm strength of its link
     */
    record Conditions(long atMillis, int device, int batteryPercent, boolean mains, boolean solarSurplus, int signalDbm)
            implements CampaignEvent {}

    /**
     * A device reported the version that it runs.
     *
     * @param atMillis when
     * @param device its number
     * @param version as in {@link Fleet.Traits#version()}
     */
    record Upgraded(long atMillis, int device, int version) implements CampaignEvent {}

    /**
     * A person lets the next phase begin.
     *
     * @param atMillis when
     * @param who for the audit
     */
    record Approved(long atMillis, String who) implements CampaignEvent {}

    /**
     * A person holds the campaign.
     *
     * @param atMillis when
     * @param who for the audit
     */
    record Paused(long atMillis, String who) implements CampaignEvent {}

    /**
     * A person lets the campaign go on.
     *
     * @param atMillis when
     * @param who for the audit
     */
    record Resumed(long atMillis, String who) implements CampaignEvent {}

    /**
     * A person ends the campaign.
     *
     * @param atMillis when
     * @param who for the audit
     */
    record Cancelled(long atMillis, String who) implements CampaignEvent {}
}
