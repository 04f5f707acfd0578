package dev.fieldproof.core.transport.mqtt;

/** Which publication fails when the outbound queue is full; its future completes exceptionally. */
public enum Overflow {
    /** The one being added: old data comes before new data. */
    REFUSE_NEWEST,
    /** The one that waits longest: fresh data comes before stale data. */
    DROP_OLDEST
}
