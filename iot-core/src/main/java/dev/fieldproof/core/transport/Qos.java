package dev.fieldproof.core.transport;

/** Quality of service of one delivery (MQTT 5.0, section 4.3). */
public enum Qos {
    /** Sent once, may be lost. */
    AT_MOST_ONCE,
    /** Acknowledged, may arrive more than once. */
    AT_LEAST_ONCE,
    /** Acknowledged in two steps, arrives once. */
    EXACTLY_ONCE;

    /**
     * The weaker of two promises.
     *
     * @param other the other
     * @return {@code this} or {@code other}, whichever promises less
     */
    public Qos min(Qos other) {
        return compareTo(other) <= 0 ? this : other;
    }
}
