package dev.fieldproof.ota.install;

import dev.fieldproof.ota.slot.BootControl;
import dev.fieldproof.ota.slot.SlotImage;

/** How an installation ended. */
public sealed interface InstallOutcome {
    /**
     * The image is whole, verified and activated: restart to try it.
     *
     * @param image what will run on trial
     */
    record Activated(SlotImage image) implements InstallOutcome {}

    /**
     * Not now; what is staged so far is kept.
     *
     * @param reason the precondition that does not hold, for people
     */
    record Deferred(String reason) implements InstallOutcome {}

    /**
     * The boot control does not take the image.
     *
     * @param activation why
     */
    record NotActivated(BootControl.Activation activation) implements InstallOutcome {}

    /**
     * A chunk is not what the verified metadata says; nothing of it was written.
     *
     * @param chunk its index
     */
    record WrongContent(int chunk) implements InstallOutcome {}

    /**
     * The patch cannot be used: malformed, or meant for another image.
     *
     * @param detail for people
     */
    record UnusablePatch(String detail) implements InstallOutcome {}

    /**
     * The bytes ended before the image was complete; what is staged is kept for the next attempt.
     *
     * @param chunksDone how many chunks are in place
     */
    record Incomplete(int chunksDone) implements InstallOutcome {}
}
