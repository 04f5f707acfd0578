package dev.fieldproof.ota.slot;

/**
 * What an enumeration of power cuts found. Immutable.
 *
 * @param cases how many histories were lived to their end
 * @param survived how many ended with the wanted image running and no more than one chunk fetched again per fault
 * @param wrongVersion how many ran another image, or bytes that are no image
 * @param unbootable how many booted nothing
 * @param reverted how many gave a healthy image up
 * @param endless how many never came to rest
 * @param refetched how many ended well, but fetched more than one chunk again per fault
 * @param operations erases and programs of the undisturbed update
 * @param firstFailure the first history that did not survive, for people; empty if all did
 */
public record CutReport(
        long cases,
        long survived,
        long wrongVersion,
        long unbootable,
        long reverted,
        long endless,
        long refetched,
        long operations,
        String firstFailure) {
    /** Nothing found yet. */
    static final CutReport NONE = new CutReport(0, 0, 0, 0, 0, 0, 0, 0, "");

    /**
     * Adds another enumeration's findings.
     *
     * @param other of another set of cases
     * @return the sums; operations are those of the longer update
     */
    public CutReport plus(CutReport other) {
        return new CutReport(
                cases + other.cases,
                survived + other.survived,
                wrongVersion + other.wrongVersion,
                unbootable + other.unbootable,
                reverted + other.reverted,
                endless + other.endless,
                refetched + other.refetched,
                Math.max(operations, other.operations),
                firstFailure.isEmpty() ? other.firstFailure : firstFailure);
    }

    /**
     * Whether every history ended well.
     *
     * @return true if all survived
     */
    public boolean allSurvived() {
        return survived == cases;
    }
}
