package dev.fieldproof.crdt.sync;

import dev.fieldproof.crdt.MergeReport;

/**
 * What a {@link SyncLink} has done so far. Immutable.
 *
 * @param sentMessages messages handed to the transport
 * @param sentBytes their payloads
 * @param receivedMessages messages that came, malformed ones included
 * @param receivedBytes their payloads
 * @param malformed messages that broke a rule of the format and were ignored
 * @param retries times an answer did not come in time
 * @param merged what became of the entries received, duplicates included
 */
public record SyncStats(
        long sentMessages,
        long sentBytes,
        long receivedMessages,
        long receivedBytes,
        long malformed,
        long retries,
        MergeReport merged) {
    /** Nothing yet. */
    public static final SyncStats NONE = new SyncStats(0, 0, 0, 0, 0, 0, MergeReport.EMPTY);
}
