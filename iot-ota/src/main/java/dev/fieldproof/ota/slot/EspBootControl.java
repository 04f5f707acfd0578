package dev.fieldproof.ota.slot;

import dev.fieldproof.core.store.NorFlash;
import java.io.IOException;
import java.util.Optional;

/**
 * Boot control on a chip whose stock boot loader goes by {@code otadata} (ESP-IDF). What is true is a record of our
 * own; otadata is pointed to where the record says, and corrected at each start of an application.
 *
 * <p>The chip's format covers neither the state of an entry by its CRC nor counts trials, and the loader rewrites the
 * ruling entry in place. So one window stays open that no application can close: if the power fails while the loader
 * marks a new entry pending or aborted, and of that write the sequence and the CRC land but the state does not, the
 * image is taken for accepted. An image that reaches the start of its application is caught there by our own count; one
 * that dies before it is started again and again, until it is flashed over a wire or the loader has a hook that counts.
 * Everything written from here survives every tear. Needs a write unit of 4 bytes or less, and no flash encryption,
 * which ties the CRC to its neighbours. Not thread-safe.
 */
public final class EspBootControl implements BootControl {
    private static final int MAX_RESTARTS = 8;

    private final NorBootControl record;
    private final EspBootLoader loader;

    /**
     * Opens the boot control.
     *
     * @param flash stays the caller's
     * @param layout of our record, the journal and the two slots; a data partition just before {@code ota_0} holds
     *     record and journal
     * @param otadataAt where the otadata partition begins
     * @param check how images are verified
     * @throws IllegalArgumentException if the write unit is greater than 4 bytes, or the layout does not fit
     */
    public EspBootControl(NorFlash flash, FlashLayout layout, int otadataAt, ImageCheck check) {
        if (flash.writeUnitBytes() > 4) {
            throw new IllegalArgumentException("a write unit of " + flash.writeUnitBytes() + " bytes");
        }
        this.record = new NorBootControl(flash, layout, check);
        this.loader = new EspBootLoader(flash, otadataAt);
    }

    EspBootControl(NorBootControl record, EspBootLoader loader) {
        this.record = record;
        this.loader = loader;
    }

    @Override
    public BootStatus status() throws IOException {
        return record.status();
    }

    /**
     * Powers on: the stock loader starts a slot, its application calls {@link #started}, and restarts if told so.
     *
     * @return what runs in the end
     * @throws IOException if the flash fails
     */
    @Override
    public BootOutcome boot() throws IOException {
        for (int i = 0; i < MAX_RESTARTS; i++) {
            Optional<BootOutcome> outcome = started(loader.select());
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        throw new IOException("the boot loader does not start the slot that otadata names");
    }

    /**
     * To be called by every application at its start, before anything that could fail: counts the trial, and corrects
     * otadata where it does not say what the record says.
     *
     * @param slot that the boot loader started
     * @return what to run; empty to restart at once, as another slot is to run
     * @throws IOException if the flash fails
     */
    public Optional<BootOutcome> started(int slot) throws IOException {
        BootOutcome wanted = record.boot();
        if (!(wanted instanceof BootOutcome.Running running) || running.slot() == slot) {
            return Optional.of(wanted);
        }
        loader.point(running.slot(), running.trial() ? Otadata.State.NEW : Otadata.State.VALID);
        return Optional.empty();
    }

    @Override
    public Activation mayActivate(SlotImage image) throws IOException {
        return record.mayActivate(image);
    }

    @Override
    public Activation activate(SlotImage image, int tries) throws IOException {
        Activation activation = record.activate(image, tries);
        if (activation == Activation.DONE) {
            loader.point(record.status().slot(), Otadata.State.NEW);
        }
        return activation;
    }

    @Override
    public void confirm() throws IOException {
        record.confirm();
        loader.point(record.status().slot(), Otadata.State.VALID);
    }

    @Override
    public void giveUp() throws IOException {
        if (record.status().state() == SlotState.TRIAL) {
            record.giveUp();
            loader.point(record.status().slot(), Otadata.State.VALID);
        }
    }
}
