package dev.fieldproof.ota.download;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What a source says before it sends bytes. None of it is believed; it only saves work where it is honest. */
public sealed interface SourceAnswer {
    /**
     * A part of the file follows.
     *
     * @param fromBytes where it begins
     * @param totalBytes how long the source says that the whole file is, if it does
     * @param tag names the content, for a later request
     */
    record Part(long fromBytes, OptionalLong totalBytes, Optional<String> tag) implements SourceAnswer {}

    /**
     * The whole file follows, whatever was asked for.
     *
     * @param totalBytes how long the source says that it is, if it does
     * @param tag names the content, for a later request
     */
    record Whole(OptionalLong totalBytes, Optional<String> tag) implements SourceAnswer {}

    /** The source has no such file. */
    record Missing() implements SourceAnswer {}

    /** Something between here and the source answered in its place, with a page for people. */
    record Portal() implements SourceAnswer {}

    /**
     * The source cannot answer now.
     *
     * @param status of the protocol, for people
     * @param retryAfter how long to leave it alone, if it says so
     */
    record Busy(int status, Optional<Duration> retryAfter) implements SourceAnswer {}
}
