package dev.fieldproof.ota.download;

import java.time.Duration;
import java.util.Optional;

/** What goes in and out of {@link DownloadMachine}, as data. */
final class DownloadStep {
    private DownloadStep() {}

    /** Something happened. */
    sealed interface Event {
        /** Start. */
        record Begin() implements Event {}

        /** The source that was asked answered. */
        record Answered(SourceAnswer answer) implements Event {}

        /** Bytes arrived, at most {@link DownloadMachine#wantedBytes()}. */
        record Received(int length) implements Event {}

        /** Bytes arrived that nobody wants. */
        record Surplus(int length) implements Event {}

        /** The block that was to be checked was checked; if it is wrong, whether it is a page for people. */
        record Checked(boolean good, boolean page) implements Event {}

        /** The exchange ended or broke. */
        record Over(String detail) implements Event {}

        /** The timer ran out. */
        record Time() implements Event {}

        /** The caller has had enough. */
        record Cancelled() implements Event {}
    }

    /** Something to do, in order. */
    sealed interface Effect {
        /** Ask a source; whatever was open is closed before. */
        record Open(int source, long fromBytes, long toBytes, Optional<String> tag) implements Effect {}

        /** End the exchange that is open; what it still says is ignored. */
        record Close() implements Effect {}

        /** Replace the timer. */
        record Timer(Duration delay) implements Effect {}

        /** Replace the timer by a backoff with jitter, not shorter than stated. */
        record Pause(int failures, Duration atLeast, String detail) implements Effect {}

        /** Check the block that is complete now, and place it if it is good. */
        record Check(int block) implements Effect {}

        /** The end; nothing is open. */
        record Finish(DownloadResult result) implements Effect {}
    }
}
