package dev.fieldproof.serial.flash;

/**
 * How far a session is.
 *
 * @param stage what it does
 * @param what the part it works on, or what happened
 * @param doneBytes bytes of the plan known to be in flash, or sent
 * @param totalBytes bytes of the plan
 */
public record FlashProgress(Stage stage, String what, long doneBytes, long totalBytes) {
    /** What a session does. */
    public enum Stage {
        /** Resetting, synchronising, identifying. */
        CONNECTING,
        /** Comparing flash with the plan. */
        COMPARING,
        /** Writing. */
        WRITING,
        /** Checking what was written. */
        VERIFYING,
        /** Getting over a fault. */
        RECOVERING
    }
}
