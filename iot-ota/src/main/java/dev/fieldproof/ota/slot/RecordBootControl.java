package dev.fieldproof.ota.slot;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Boot control by a record, wherever it is kept. Not thread-safe. */
abstract class RecordBootControl implements BootControl {
    private static final int MAX_DECISIONS = 8;

    final BootRecords records;
    private final BootMachine.Slots slots;

    RecordBootControl(BootRecords records, BootMachine.Slots slots) {
        this.records = records;
        this.slots = slots;
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
        BootRecord ruling = records.ruling();
        if (ruling == null) {
            throw new IOException("both copies of the boot metadata are unreadable; the next boot rebuilds them");
        }
        return ruling;
    }

    @Override
    public BootOutcome boot() throws IOException {
        @Nullable BootRecord ruling = records.ruling();
        for (int i = 0; i < MAX_DECISIONS; i++) {
            BootMachine.Decision decision = BootMachine.powerOn(ruling, slots);
            if (decision instanceof BootMachine.Decision.WriteThenDecide write) {
                ruling = records.write(write.record());
            } else if (decision instanceof BootMachine.Decision.WriteThenRun write) {
                records.write(write.record());
                return new BootOutcome.Running(write.record().slot(), true);
            } else if (decision instanceof BootMachine.Decision.Run run) {
                records.mirror();
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
            records.write(BootMachine.activated(ruling, image, tries));
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
            records.write(confirmed);
        }
        records.mirror();
    }

    @Override
    public void giveUp() throws IOException {
        BootRecord ruling = ruling();
        if (ruling.trial()) {
            SlotImage other = slots.image(1 - ruling.slot());
            records.write(BootMachine.givenUp(ruling, other == null ? 0 : (int) other.version()));
            records.mirror();
        }
    }
}
