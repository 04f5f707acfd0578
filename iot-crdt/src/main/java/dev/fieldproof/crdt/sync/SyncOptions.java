package dev.fieldproof.crdt.sync;

import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.crdt.wire.WireBudget;
import java.time.Duration;

/**
 * How a {@link SyncLink} uses its transport. Immutable.
 *
 * @param maxMessageBytes size of a message to stay below, at least 64
 * @param windowBytes how much is sent before the peer has confirmed any of it, at least one message
 * @param retry longest wait for an answer before asking again; doubles with each vain attempt
 * @param maxRetry where the doubling ends
 * @param trustedClock whether this side's clock is one that others may correct theirs by
 * @param qos the promise asked of the transport; the session itself needs none
 * @param budget limits of what the peer may send
 */
public record SyncOptions(
        int maxMessageBytes,
        int windowBytes,
        Duration retry,
        Duration maxRetry,
        boolean trustedClock,
        Qos qos,
        WireBudget budget) {
    /** Messages of 8 KiB, window of 64 KiB, retry after 2 s to 60 s, no trusted clock, at most once. */
    public static final SyncOptions DEVICE = new SyncOptions(
            8192, 65_536, Duration.ofSeconds(2), Duration.ofSeconds(60), false, Qos.AT_MOST_ONCE, WireBudget.DEFAULT);

    /** As {@link #DEVICE}, with a clock that devices may trust. */
    public static final SyncOptions CLOUD = new SyncOptions(
            8192, 65_536, Duration.ofSeconds(2), Duration.ofSeconds(60), true, Qos.AT_MOST_ONCE, WireBudget.DEFAULT);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a size is too small or a wait is not positive
     */
    public SyncOptions {
        if (maxMessageBytes < 64 || windowBytes < maxMessageBytes) {
            throw new IllegalArgumentException("messages of " + maxMessageBytes + " bytes, window of " + windowBytes);
        }
        if (retry.isNegative() || retry.isZero() || maxRetry.compareTo(retry) < 0) {
            throw new IllegalArgumentException("retry after " + retry + " to " + maxRetry);
        }
    }
}
