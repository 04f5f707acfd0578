package dev.fieldproof.ota.install;

/** Decides whether an image on trial is fit to stay. */
@FunctionalInterface
public interface HealthCheck {
    /**
     * Looks at the running system once.
     *
     * @return the verdict so far
     */
    Verdict check();

    /** What a check found. */
    enum Verdict {
        /** Keep the image. */
        HEALTHY,
        /** Not known yet: ask again, within the trial's deadline. */
        UNDECIDED,
        /** Give the image up. */
        SICK
    }
}
