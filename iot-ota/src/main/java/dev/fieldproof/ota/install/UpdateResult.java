package dev.fieldproof.ota.install;

import dev.fieldproof.ota.download.DownloadResult;
import dev.fieldproof.ota.tuf.TufResult;

/** How an update ended. */
public sealed interface UpdateResult {
    /**
     * The metadata, or what it says of a file, is not to be trusted.
     *
     * @param refusal why
     */
    record Refused(TufResult.Refused refusal) implements UpdateResult {}

    /** The device runs this very image already. */
    record UpToDate() implements UpdateResult {}

    /**
     * The target is no firmware for this device.
     *
     * @param reason for people
     */
    record NotForThisDevice(String reason) implements UpdateResult {}

    /**
     * A file did not arrive; what is staged is kept for the next attempt.
     *
     * @param file target path
     * @param gaveUp why
     */
    record NotDownloaded(String file, DownloadResult.GaveUp gaveUp) implements UpdateResult {}

    /**
     * The installation ended, well if the outcome is {@link InstallOutcome.Activated}.
     *
     * @param outcome of the installer
     * @param byPatch whether a patch made the image
     */
    record Ended(InstallOutcome outcome, boolean byPatch) implements UpdateResult {}
}
