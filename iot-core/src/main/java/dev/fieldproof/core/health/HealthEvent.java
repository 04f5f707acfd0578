package dev.fieldproof.core.health;

/** Something that a fleet's operator may want to know: what, since when, on what evidence, and what would clear it. */
public sealed interface HealthEvent {
    /**
     * What it is about.
     *
     * @return a device, a gateway or a site
     */
    String subject();

    /**
     * When it was noticed.
     *
     * @return monotonic nanoseconds
     */
    long atNanos();

    /**
     * Since when it probably holds: for silence, the last sign of life.
     *
     * @return monotonic nanoseconds, at most {@link #atNanos()}
     */
    long sinceNanos();

    /**
     * What it rests on, in a sentence.
     *
     * @return English text
     */
    String evidence();

    /**
     * What would end it.
     *
     * @return English text
     */
    String clearedBy();

    /**
     * A device entered another state.
     *
     * @param deviceId which device
     * @param from the state it left
     * @param to the state it entered
     * @param atNanos when it was noticed
     * @param sinceNanos since when the state probably holds: for silence, the last sign of life
     * @param evidence what it rests on
     * @param clearedBy what would end the state
     */
    record DeviceChanged(
            String deviceId,
            DeviceState from,
            DeviceState to,
            long atNanos,
            long sinceNanos,
            String evidence,
            String clearedBy)
            implements HealthEvent {
        @Override
        public String subject() {
            return deviceId;
        }
    }

    /**
     * A device changes between well and unwell so often that its changes are kept back from now on.
     *
     * @param deviceId which device
     * @param atNanos when it was noticed
     * @param sinceNanos when the first of the counted changes happened
     * @param evidence what it rests on
     * @param clearedBy what would end it
     */
    record Flapping(String deviceId, long atNanos, long sinceNanos, String evidence, String clearedBy)
            implements HealthEvent {
        @Override
        public String subject() {
            return deviceId;
        }
    }

    /**
     * A device that was flapping keeps to one state again; its changes are told again.
     *
     * @param deviceId which device
     * @param state it settled in
     * @param atNanos when it was noticed
     * @param sinceNanos when it last changed
     * @param evidence what it rests on
     * @param clearedBy what would end the state
     */
    record Settled(String deviceId, DeviceState state, long atNanos, long sinceNanos, String evidence, String clearedBy)
            implements HealthEvent {
        @Override
        public String subject() {
            return deviceId;
        }
    }

    /**
     * A gateway went down: one alarm in place of one for each device behind it, whose own alarms wait.
     *
     * @param gatewayId which gateway
     * @param atNanos when it was noticed
     * @param sinceNanos when the last of its devices was heard
     * @param devices how many are behind it
     * @param evidence what it rests on
     * @param clearedBy what would end it
     */
    record GatewayDown(String gatewayId, long atNanos, long sinceNanos, int devices, String evidence, String clearedBy)
            implements HealthEvent {
        @Override
        public String subject() {
            return gatewayId;
        }
    }

    /**
     * A gateway is back; the devices behind it get their full patience again.
     *
     * @param gatewayId which gateway
     * @param atNanos when it was noticed
     * @param sinceNanos when its devices were heard again
     * @param evidence what it rests on
     * @param clearedBy what would end it
     */
    record GatewayUp(String gatewayId, long atNanos, long sinceNanos, String evidence, String clearedBy)
            implements HealthEvent {
        @Override
        public String subject() {
            return gatewayId;
        }
    }

    /**
     * All gateways of a site went down: one alarm in place of one for each gateway.
     *
     * @param site which site
     * @param atNanos when it was noticed
     * @param sinceNanos when the last of its devices was heard
     * @param gateways how many it has, at least 2
     * @param evidence what it rests on
     * @param clearedBy what would end it
     */
    record SiteDown(String site, long atNanos, long sinceNanos, int gateways, String evidence, String clearedBy)
            implements HealthEvent {
        @Override
        public String subject() {
            return site;
        }
    }

    /**
     * A gateway of a site that was down is back.
     *
     * @param site which site
     * @param atNanos when it was noticed
     * @param sinceNanos when its devices were heard again
     * @param evidence what it rests on
     * @param clearedBy what would end it
     */
    record SiteUp(String site, long atNanos, long sinceNanos, String evidence, String clearedBy)
            implements HealthEvent {
        @Override
        public String subject() {
            return site;
        }
    }
}
