package dev.fieldproof.ota.http;

import java.time.Duration;

/**
 * What a server puts up with. Immutable.
 *
 * @param maxTargetBytes longest request target
 * @param maxHeadBytes longest request line and fields together
 * @param maxFields most fields
 * @param maxBodyBytes longest body
 * @param maxBufferedBytes most bytes of requests on their way, of all connections together
 * @param maxConnections most connections; who comes beyond it waits to be accepted
 * @param headWithin how long the head of a request may take, from its first byte, or from the connection
 * @param bodyWithin how long its body may take
 * @param idleWithin how long a connection is kept for the next request
 * @param stallWithin how long a client may take nothing of an answer
 */
public record HttpLimits(
        int maxTargetBytes,
        int maxHeadBytes,
        int maxFields,
        int maxBodyBytes,
        long maxBufferedBytes,
        int maxConnections,
        Duration headWithin,
        Duration bodyWithin,
        Duration idleWithin,
        Duration stallWithin) {
    /** 4 KiB, 16 KiB, 64 fields, 64 KiB, 64 MiB, 15,000 connections, 30 s, 10 s, 2 min, 1 min. */
    public static final HttpLimits DEFAULT = new HttpLimits(
            4096,
            16 * 1024,
            64,
            64 * 1024,
            64L << 20,
            15_000,
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofMinutes(2),
            Duration.ofMinutes(1));

    /**
     * Checks the limits.
     *
     * @throws IllegalArgumentException if a size is below 1 or a time below 1 ms
     */
    public HttpLimits {
        boolean sizes = maxTargetBytes > 0
                && maxHeadBytes > 0
                && maxFields > 0
                && maxBodyBytes > 0
                && maxBufferedBytes > 0
                && maxConnections > 0;
        boolean times = headWithin.toMillis() > 0
                && bodyWithin.toMillis() > 0
                && idleWithin.toMillis() > 0
                && stallWithin.toMillis() > 0;
        if (!sizes || !times) {
            throw new IllegalArgumentException("a limit below 1");
        }
    }

    /**
     * The same with another body.
     *
     * @param maxBytes longest body
     * @param within how long it may take
     * @return a copy
     */
    public HttpLimits withBody(int maxBytes, Duration within) {
        return new HttpLimits(
                maxTargetBytes,
                maxHeadBytes,
                maxFields,
                maxBytes,
                maxBufferedBytes,
                maxConnections,
                headWithin,
                within,
                idleWithin,
                stallWithin);
    }
}
