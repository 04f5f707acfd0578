package dev.fieldproof.ota.slot;

import java.io.IOException;

/**
 * Decides, across power cuts, which of two images runs. The rules are those of {@link BootMachine}; implementations
 * differ in where they keep the record. Not thread-safe: one caller at a time.
 */
public interface BootControl {
    /**
     * What the metadata says now.
     *
     * @return the ruling slot and its state
     * @throws IOException if the storage fails
     */
    BootStatus status() throws IOException;

    /**
     * What the boot loader does at power-on: repairs the metadata, counts a trial or gives it up, and picks the slot.
     *
     * @return what runs
     * @throws IOException if the storage fails
     */
    BootOutcome boot() throws IOException;

    /**
     * Whether an image could be activated, so that nothing is fetched in vain.
     *
     * @param image what is on offer
     * @return {@link Activation#DONE} if it could
     * @throws IOException if the storage fails
     */
    Activation mayActivate(SlotImage image) throws IOException;

    /**
     * Makes the other slot's image the one to try at the next boot.
     *
     * @param image what the other slot holds, verified
     * @param tries how many boots it gets to be confirmed, 1 to 255; k power cuts in the trial need k + 1
     * @return why not, or that it is done
     * @throws IOException if the storage fails
     */
    Activation activate(SlotImage image, int tries) throws IOException;

    /**
     * Keeps the image on trial for good and raises the security counter to its security version. Repeatable.
     *
     * @throws IOException if the storage fails
     * @throws IllegalStateException if the ruling slot holds no whole image
     */
    void confirm() throws IOException;

    /**
     * Gives the image on trial up; the next boot runs the other one. Does nothing if none is on trial.
     *
     * @throws IOException if the storage fails
     */
    void giveUp() throws IOException;

    /** How an activation ended. */
    enum Activation {
        /** The next boot tries the image. */
        DONE,
        /** The image's security version is below the security counter. */
        ROLLED_BACK,
        /** This version was given up before. */
        FAILED_BEFORE,
        /** Another image is on trial: confirm it or give it up first. */
        TRIAL_RUNNING
    }
}
