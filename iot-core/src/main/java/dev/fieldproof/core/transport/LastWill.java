package dev.fieldproof.core.transport;

import java.time.Duration;

/**
 * What the broker publishes for a client that vanishes without saying goodbye (MQTT 5.0, section 3.1.2.5). Immutable.
 *
 * @param message topic, payload, quality of service and retain flag of the will
 * @param delay how long the broker waits for the session to come back before it publishes, not negative; ignored by
 *     MQTT 3.1.1, which knows no delay
 */
public record LastWill(Message message, Duration delay) {
    /**
     * Checks the delay.
     *
     * @throws IllegalArgumentException if {@code delay} is negative
     */
    public LastWill {
        if (delay.isNegative()) {
            throw new IllegalArgumentException("negative will delay: " + delay);
        }
    }

    /**
     * A will that is published as soon as the loss is known.
     *
     * @param message the will
     */
    public LastWill(Message message) {
        this(message, Duration.ZERO);
    }
}
