package dev.fieldproof.core.health;

/** Something that a fleet's operator may want to know: what, since when, on what evidence, and what would clear it. */
public sealed interface HealthEvent {
    /**
     * When it was noticed.
     *
     * @return monotonic nanoseconds
     */
    long atNanos();

    /**
     * What it rests on, in a sentence.
     *
     * @return English text
     */
    String evidence();

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
            implements HealthEvent {}

    /**
     * A gateway went down: one alarm in place of one for each device behind it, whose own alarms wait.
     *
     * @param gatewayId which gateway
     * @param atNanos when it was noticed
     * @param devices how many are behind it
     * @param evidence what it rests on
     */
    record GatewayDown(String gatewayId, long atNanos, int devices, String evidence) implements HealthEvent {}

    /**
     * A gateway is back; the devices behind it get their full patience again.
     *
     * @param gatewayId which gateway
     * @param atNanos when it was noticed
     * @param evidence what it rests on
     */
    record GatewayUp(String gatewayId, long atNanos, String evidence) implements HealthEvent {}
}
