package dev.fieldproof.ota.download;

import dev.fieldproof.core.transport.Backoff;
import java.time.Duration;

/**
 * When to wait and when to give up. Immutable.
 *
 * @param backoff waits after failures; a source that asks for a longer wait gets it, up to an hour
 * @param blockTimeout longest time for an answer, and for each block: it bounds stalls and drips alike
 * @param maxFailures most failures in a row, none of which brought a block
 * @param maxBadBlocks how often a source may send a wrong block before it is asked no more
 * @param maxWasteBytes most bytes to receive beyond the file's length, from sources that cannot resume or that lie
 */
public record DownloadRules(
        Backoff backoff, Duration blockTimeout, int maxFailures, int maxBadBlocks, long maxWasteBytes) {
    /** Waits up to half a minute, a minute per block, 20 failures in a row, 2 bad blocks per source, 64 MiB waste. */
    public static final DownloadRules DEFAULT =
            new DownloadRules(Backoff.DEFAULT, Duration.ofMinutes(1), 20, 2, 64L << 20);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is not positive
     */
    public DownloadRules {
        if (blockTimeout.isNegative()
                || blockTimeout.isZero()
                || maxFailures < 1
                || maxBadBlocks < 1
                || maxWasteBytes < 1) {
            throw new IllegalArgumentException("rules of a download are positive: block timeout " + blockTimeout
                    + ", failures " + maxFailures + ", bad blocks " + maxBadBlocks + ", waste " + maxWasteBytes);
        }
    }
}
