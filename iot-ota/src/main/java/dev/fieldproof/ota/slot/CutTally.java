package dev.fieldproof.ota.slot;

import java.util.function.Supplier;

/** Counts how histories ended. */
final class CutTally {
    private long good;
    private long wrongVersion;
    private long unbootable;
    private long reverted;
    private long endless;
    private long refetched;
    private String firstFailure = "";

    void count(UpdateLife.End end, boolean fetchedTooMuch, Supplier<String> history) {
        switch (end) {
            case GOOD -> good++;
            case WRONG_VERSION -> wrongVersion++;
            case UNBOOTABLE -> unbootable++;
            case REVERTED -> reverted++;
            case ENDLESS -> endless++;
        }
        boolean tooMuch = end == UpdateLife.End.GOOD && fetchedTooMuch;
        if (tooMuch) {
            refetched++;
        }
        if ((tooMuch || end != UpdateLife.End.GOOD) && firstFailure.isEmpty()) {
            firstFailure = end + (tooMuch ? " but fetched or tried too much" : "") + " after " + history.get();
        }
    }

    /** Whether a failure is described already, so that the next histories need no description. */
    boolean failed() {
        return !firstFailure.isEmpty();
    }

    CutReport report(long operations) {
        return new CutReport(
                good + wrongVersion + unbootable + reverted + endless,
                good - refetched,
                wrongVersion,
                unbootable,
                reverted,
                endless,
                refetched,
                operations,
                firstFailure);
    }
}
