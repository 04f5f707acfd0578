package dev.fieldproof.ota.slot;

import dev.fieldproof.core.store.NorFlash;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Boot control on raw NOR flash, with two copies of the record in a sector each. Not thread-safe. */
public final class NorBootControl implements BootControl {
    private static final int MAX_DECISIONS = 8;

    private final MetadataCopies copies;
    private final SlotLabel labels;
    private final BootMachine.Slots slots;

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
        this.copies = copies;
        this.labels = labels;
        this.slots = slots;
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
        control.copies.write(BootRecord.committed(0, (int) image.version(), (int) image.securityVersion()));
        control.copies.mirror();
        return control;
    }

    @Override
    public BootStatus status() throws IOException {
        BootRecord ruling = ruling();
        return new BootStatus(
                ruling.slot(),
                ruling.trial() ? SlotState.TRIAL : SlotState.CONFIRMED,
                ruling.trial() ? ruling.tries() : 0,
                ruling.version() & 0xFFFF_FFFFL,
                ruling.failed() & 0xFFFF_FFFFL,
                ruling.counter() & 0xFFFF_FFFFL);
    }

    private BootRecord ruling() throws IOException {
        BootRecord ruling = copies.ruling();
        if (ruling == null) {
            throw new IOException("both copies of the boot metadata are unreadable; the next boot rebuilds them");
        }
        return ruling;
    }

    @Override
    public BootOutcome boot() throws IOException {
        @Nullable BootRecord ruling = copies.ruling();
        for (int i = 0; i < MAX_DECISIONS; i++) {
            BootMachine.Decision decision = BootMachine.powerOn(ruling, slots);
            if (decision instanceof BootMachine.Decision.WriteThenDecide write) {
                ruling = copies.write(write.record());
            } else if (decision instanceof BootMachine.Decision.WriteThenRun write) {
                copies.write(write.record());
                return new BootOutcome.Running(write.record().slot(), true);
            } else if (decision instanceof BootMachine.Decision.Run run) {
                copies.mirror();
                return new BootOutcome.Running(run.slot(), false);
            } else {
                return new BootOutcome.Unbootable();
            }
        }
        throw new IOException("the slots change while they are being checked");
    }

    @Override
    public Activation mayActivate(SlotImage image) throws IOException {
        return BootMachine.mayActivate(ruling(), image);
    }

    @Override
    public Activation activate(SlotImage image, int tries) throws IOException {
        if (tries < 1 || tries > 255) {
            throw new IllegalArgumentException("1 to 255 tries: " + tries);
        }
        BootRecord ruling = ruling();
        Activation may = BootMachine.mayActivate(ruling, image);
        if (may == Activation.DONE) {
            copies.write(BootMachine.activated(ruling, image, tries));
        }
        return may;
    }

    @Override
    public void confirm() throws IOException {
        BootRecord ruling = ruling();
        SlotImage image = slots.image(ruling.slot());
        if (image == null) {
            throw new IllegalStateException("slot " + ruling.slot() + " holds no whole image to confirm");
        }
        BootRecord confirmed = BootMachine.confirmed(ruling, image);
        if (!confirmed.says(ruling)) {
            copies.write(confirmed);
        }
        copies.mirror();
    }

    @Override
    public void giveUp() throws IOException {
        BootRecord ruling = ruling();
        if (ruling.trial()) {
            SlotImage other = slots.image(1 - ruling.slot());
            copies.write(BootMachine.givenUp(ruling, other == null ? 0 : (int) other.version()));
            copies.mirror();
        }
    }
}
