package dev.fieldproof.ota.slot;

import dev.fieldproof.core.store.NorFlash;
import java.io.IOException;

/** Boot control on raw NOR flash, with two copies of the record in a sector each. Not thread-safe. */
public final class NorBootControl extends RecordBootControl {
    private final SlotLabel labels;

    /**
     * Opens the boot control of a flash that was set up with {@link #format}.
     *
     * @param flash stays the caller's
     * @param layout where things are on it
     * @param check how images are verified at boot
     * @throws IllegalArgumentException if the layout does not fit the flash
     */
    public NorBootControl(NorFlash flash, FlashLayout layout, ImageCheck check) {
        this(new FlashSteps(flash, flash.sectorSizeBytes()), layout, check);
    }

    NorBootControl(FlashSteps steps, FlashLayout layout, ImageCheck check) {
        this(new MetadataCopies(steps, layout), new SlotLabel(steps, layout, check));
        layout.requireFits(steps.flash);
    }

    NorBootControl(MetadataCopies copies, SlotLabel labels) {
        this(copies, labels, labels::read);
    }

    NorBootControl(MetadataCopies copies, SlotLabel labels, BootMachine.Slots slots) {
        super(copies, slots);
        this.labels = labels;
    }

    /**
     * Sets a new device up: the image that is in slot 0 is labelled and confirmed.
     *
     * @param flash holds the image from the layout's {@link FlashLayout#slotAt slotAt(0)} on
     * @param layout where things are
     * @param check how images are verified at boot
     * @param image what slot 0 holds
     * @return the boot control
     * @throws IOException if the flash fails
     * @throws IllegalArgumentException if the layout does not fit the flash
     */
    public static NorBootControl format(NorFlash flash, FlashLayout layout, ImageCheck check, SlotImage image)
            throws IOException {
        NorBootControl control = new NorBootControl(flash, layout, check);
        control.labels.write(0, image);
        control.records.write(BootRecord.committed(0, (int) image.version(), (int) image.securityVersion()));
        control.records.mirror();
        return control;
    }
}
