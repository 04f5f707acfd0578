package dev.fieldproof.ota.download;

import java.time.Duration;

/** Progress of a download. */
public sealed interface DownloadEvent {
    /**
     * A source is being asked.
     *
     * @param source its index
     * @param fromBytes where the part begins
     */
    record Asking(int source, long fromBytes) implements DownloadEvent {}

    /**
     * A block is verified and placed.
     *
     * @param blocksDone how many are there
     * @param blocks how many there are in all
     */
    record BlockDone(int blocksDone, int blocks) implements DownloadEvent {}

    /**
     * Something went wrong, and the download waits before it tries again.
     *
     * @param detail what, for people
     * @param pause how long
     */
    record Waiting(String detail, Duration pause) implements DownloadEvent {}
}
