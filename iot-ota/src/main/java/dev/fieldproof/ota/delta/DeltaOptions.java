package dev.fieldproof.ota.delta;

/**
 * What to make.
 *
 * @param format the patch format
 * @param profile the decoder profile; ignored for BSDIFF40
 * @param progress told of progress, and asked whether to go on
 */
public record DeltaOptions(PatchFormat format, DeltaProfile profile, Progress progress) {
    /** A {@code fieldproof} patch of the small profile, without progress. */
    public static final DeltaOptions DEFAULT =
            new DeltaOptions(PatchFormat.FIELDPROOF, DeltaProfile.SMALL, (stage, done, total) -> true);

    /** Told of progress on the thread that works. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Some work has been done.
         *
         * @param stage what is being done
         * @param done steps done, from 0
         * @param total steps in all
         * @return false to cancel the work
         */
        boolean update(String stage, int done, int total);
    }

    /**
     * The same for another profile.
     *
     * @param other the profile
     * @return new options
     */
    public DeltaOptions withProfile(DeltaProfile other) {
        return new DeltaOptions(format, other, progress);
    }

    /**
     * The same in another format.
     *
     * @param other the format
     * @return new options
     */
    public DeltaOptions withFormat(PatchFormat other) {
        return new DeltaOptions(other, profile, progress);
    }

    /**
     * The same with progress.
     *
     * @param other told of progress
     * @return new options
     */
    public DeltaOptions withProgress(Progress other) {
        return new DeltaOptions(format, profile, other);
    }
}
