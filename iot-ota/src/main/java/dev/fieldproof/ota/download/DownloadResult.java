package dev.fieldproof.ota.download;

/** How a download ended; what arrived and was verified stays in the sink either way. */
public sealed interface DownloadResult {
    /**
     * All blocks are in the sink.
     *
     * @param counts what it took
     */
    record Complete(Counts counts) implements DownloadResult {}

    /**
     * The download stopped for a reason; starting it again goes on behind the blocks that are there.
     *
     * @param reason why
     * @param detail the last thing that went wrong, for people
     * @param counts what it took
     */
    record GaveUp(Reason reason, String detail, Counts counts) implements DownloadResult {}

    /**
     * What a download took.
     *
     * @param receivedBytes all bytes that arrived, useful or not
     * @param wastedBytes those of them that did not become part of a verified block
     * @param requests how often a source was asked
     * @param cuts how often an exchange ended before its time
     */
    record Counts(long receivedBytes, long wastedBytes, int requests, int cuts) {}

    /** Why a download gave up. */
    enum Reason {
        /** No source has the file. */
        NOT_FOUND,
        /** Every source that has the file sends other bytes than the metadata says, or another length. */
        WRONG_CONTENT,
        /** Something on the way answers in the sources' place: log in to the network first. */
        CAPTIVE_PORTAL,
        /** Too many failures in a row. */
        UNREACHABLE,
        /** More bytes than allowed would be received in vain. */
        TOO_MUCH_WASTE,
        /** The caller cancelled. */
        CANCELLED
    }
}
