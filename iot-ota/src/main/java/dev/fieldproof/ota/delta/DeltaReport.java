package dev.fieldproof.ota.delta;

import java.util.List;

/**
 * How a patch came about.
 *
 * @param format the patch format
 * @param profile the decoder profile
 * @param isa name of the instruction set model, {@code none} without one
 * @param sourceBytes size of the old image
 * @param targetBytes size of the new image
 * @param patchBytes size of the patch
 * @param copies number of copies
 * @param trials what was tried, in order
 */
public record DeltaReport(
        PatchFormat format,
        DeltaProfile profile,
        String isa,
        long sourceBytes,
        long targetBytes,
        long patchBytes,
        int copies,
        List<Trial> trials) {
    /** Copies the list. */
    public DeltaReport {
        trials = List.copyOf(trials);
    }

    /**
     * One thing that was tried.
     *
     * @param name instruction set model and variant
     * @param bodyBytes size of the body that it gave
     */
    public record Trial(String name, long bodyBytes) {}

    /**
     * What the patch saves.
     *
     * @return 1 - patch / target, in percent; 0 for an empty target
     */
    public double savedPercent() {
        return targetBytes == 0 ? 0 : 100.0 * (targetBytes - patchBytes) / targetBytes;
    }
}
