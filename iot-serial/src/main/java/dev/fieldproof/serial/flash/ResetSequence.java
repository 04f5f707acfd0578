package dev.fieldproof.serial.flash;

import java.util.List;

/** How the control lines move to restart a chip. Immutable. */
public enum ResetSequence {
    /** Into the loader, by the two transistors of common boards. */
    CLASSIC(new Step(false, true, 100), new Step(true, false, 50), new Step(false, false, 0)),
    /** As {@link #CLASSIC}, for boards with a large capacitor at the reset pin. */
    CLASSIC_SLOW(new Step(false, true, 100), new Step(true, false, 550), new Step(false, false, 0)),
    /** Into the loader, by the chip's own USB serial and JTAG unit. */
    USB_JTAG(
            new Step(false, false, 100),
            new Step(true, false, 100),
            new Step(true, true, 0),
            new Step(false, true, 100),
            new Step(false, false, 0)),
    /** Into the application. */
    RUN(new Step(false, true, 100), new Step(false, false, 0));

    @SuppressWarnings("ImmutableEnumChecker") // an unmodifiable list of records
    private final List<Step> steps;

    ResetSequence(Step... steps) {
        this.steps = List.of(steps);
    }

    /**
     * One setting of both lines.
     *
     * @param dtr data terminal ready: boot pin low
     * @param rts request to send: reset pin low
     * @param waitMillis how long it is held
     */
    public record Step(boolean dtr, boolean rts, int waitMillis) {}

    /**
     * The settings in order.
     *
     * @return at least two
     */
    public List<Step> steps() {
        return steps;
    }
}
