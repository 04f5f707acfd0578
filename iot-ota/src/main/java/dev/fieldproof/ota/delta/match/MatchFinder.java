package dev.fieldproof.ota.delta.match;

/** Finds, for ascending positions of the new image, where the old image holds the same bytes. */
public interface MatchFinder {
    /**
     * Looks for a long match.
     *
     * @param target position in the new image
     * @param shift distance from there to where the copy at hand would go on in the old image
     */
    void find(int target, int shift);

    /** How long the match found last is, possibly 0. */
    int length();

    /** Where it lies in the old image. */
    int oldAt();
}
