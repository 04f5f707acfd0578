package dev.fieldproof.ota.install;

/** What became of the image that was booted. */
public enum TrialOutcome {
    /** No image is on trial. */
    NO_TRIAL,
    /** The image was healthy and stays. */
    CONFIRMED,
    /** Not decided yet; ask again. */
    UNDECIDED,
    /** The image was given up: restart to run the other one. */
    GIVEN_UP
}
