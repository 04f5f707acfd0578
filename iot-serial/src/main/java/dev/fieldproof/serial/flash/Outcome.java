package dev.fieldproof.serial.flash;

/**
 * How an errand to a device ended: reading, erasing, comparing.
 *
 * @param <T> what a finished errand brings back
 */
public sealed interface Outcome<T> {
    /**
     * Finished.
     *
     * @param <T> what it brings back
     * @param value what it brings back
     */
    record Done<T>(T value) implements Outcome<T> {}

    /**
     * The monitor stopped it.
     *
     * @param <T> what it would have brought back
     */
    record Cancelled<T>() implements Outcome<T> {}

    /**
     * It gave up.
     *
     * @param <T> what it would have brought back
     * @param stage what was being done
     * @param reason what went wrong last
     */
    record Failed<T>(String stage, String reason) implements Outcome<T> {}
}
