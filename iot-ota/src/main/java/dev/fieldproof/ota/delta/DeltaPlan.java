package dev.fieldproof.ota.delta;

import java.util.List;
import java.util.Optional;

/**
 * How an update should travel, and why.
 *
 * @param choice what to send
 * @param delta the patch to send; if the plain image is the choice, the smallest patch there is, empty if the device
 *     cannot decode any
 * @param bytes how many bytes travel
 * @param seconds how long that takes on the device's link, NaN if its speed is not known
 * @param reason one sentence for people
 * @param options everything that was looked at
 */
public record DeltaPlan(
        Choice choice, Optional<Delta> delta, long bytes, double seconds, String reason, List<Option> options) {
    /** What can be sent. */
    public enum Choice {
        /** A patch against the old image. */
        DELTA,
        /** The new image compressed, as a patch that needs no source: it applies whatever the device runs. */
        COMPRESSED_IMAGE,
        /** The new image as it is. */
        PLAIN_IMAGE
    }

    /** Copies the list. */
    public DeltaPlan {
        options = List.copyOf(options);
    }

    /**
     * One thing that was looked at.
     *
     * @param choice what would be sent
     * @param profile the decoder it needs; meaningless for the plain image
     * @param isa name of the instruction set model, {@code none} without one
     * @param bytes how many bytes would travel
     * @param decoderBytes memory that decoding takes
     * @param fits whether the device has that memory
     */
    public record Option(
            Choice choice, DeltaProfile profile, String isa, long bytes, long decoderBytes, boolean fits) {}
}
