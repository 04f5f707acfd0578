package dev.fieldproof.ota.slot;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The rules of booting, as pure functions of the ruling record and of what the slots hold. A decision is data; the
 * driver writes the record before it runs anything, so that a trial is counted before it can hang.
 */
final class BootMachine {
    private BootMachine() {}

    /** What to do next at power-on. */
    sealed interface Decision {
        /** Run a slot; nothing to write. */
        record Run(int slot) implements Decision {}

        /** Write the record, read it back, then run its slot. */
        record WriteThenRun(BootRecord record) implements Decision {}

        /** Write the record, read it back, then decide again by it. */
        record WriteThenDecide(BootRecord record) implements Decision {}

        /** Nothing may boot. */
        record Stop() implements Decision {}
    }

    /** Brings what a slot holds; null for nothing whole. Asked only where the answer matters, for it costs a hash. */
    interface Slots {
        @Nullable
        SlotImage image(int slot) throws IOException;
    }

    static Decision powerOn(@Nullable BootRecord ruling, Slots slots) throws IOException {
        if (ruling == null) {
            return scan(slots);
        }
        SlotImage image = slots.image(ruling.slot());
        if (ruling.trial()) {
            return trialPowerOn(ruling, image, slots);
        }
        if (image != null) {
            return new Decision.Run(ruling.slot());
        }
        int other = 1 - ruling.slot();
        SlotImage standby = slots.image(other);
        if (standby != null && Integer.compareUnsigned((int) standby.securityVersion(), ruling.counter()) >= 0) {
            return new Decision.WriteThenDecide(BootRecord.committed(other, (int) standby.version(), ruling.counter()));
        }
        return new Decision.Stop();
    }

    private static Decision trialPowerOn(BootRecord ruling, @Nullable SlotImage image, Slots slots) throws IOException {
        if (image != null && ruling.tries() > 0) {
            return new Decision.WriteThenRun(new BootRecord(
                    0, ruling.slot(), true, ruling.tries() - 1, ruling.version(), ruling.failed(), ruling.counter()));
        }
        // A rotten image was not tried, so it may be loaded again; a whole one without tries left has failed.
        int failed = image == null ? ruling.failed() : ruling.version();
        int old = 1 - ruling.slot();
        SlotImage standby = slots.image(old);
        int version = standby == null ? 0 : (int) standby.version();
        return new Decision.WriteThenDecide(new BootRecord(0, old, false, 0, version, failed, ruling.counter()));
    }

    /** Both copies are lost: the older of two whole images is the one that had been confirmed. */
    private static Decision scan(Slots slots) throws IOException {
        SlotImage first = slots.image(0);
        SlotImage second = slots.image(1);
        if (first == null && second == null) {
            return new Decision.Stop();
        }
        boolean secondRules = first == null || (second != null && second.version() < first.version());
        SlotImage image = secondRules && second != null ? second : first;
        if (image == null) {
            return new Decision.Stop();
        }
        return new Decision.WriteThenDecide(
                BootRecord.committed(secondRules ? 1 : 0, (int) image.version(), (int) image.securityVersion()));
    }

    static BootControl.Activation mayActivate(BootRecord ruling, SlotImage image) {
        if (ruling.trial()) {
            return BootControl.Activation.TRIAL_RUNNING;
        }
        if (Integer.compareUnsigned((int) image.securityVersion(), ruling.counter()) < 0) {
            return BootControl.Activation.ROLLED_BACK;
        }
        return ruling.failed() == (int) image.version()
                ? BootControl.Activation.FAILED_BEFORE
                : BootControl.Activation.DONE;
    }

    static BootRecord activated(BootRecord ruling, SlotImage image, int tries) {
        return new BootRecord(
                0, 1 - ruling.slot(), true, tries, (int) image.version(), ruling.failed(), ruling.counter());
    }

    /** The counter rises in the same record that confirms, so it can be neither early nor forgotten. */
    static BootRecord confirmed(BootRecord ruling, SlotImage image) {
        int security = (int) image.securityVersion();
        int counter = Integer.compareUnsigned(security, ruling.counter()) > 0 ? security : ruling.counter();
        return new BootRecord(0, ruling.slot(), false, 0, (int) image.version(), 0, counter);
    }

    static BootRecord givenUp(BootRecord ruling, int otherVersion) {
        return new BootRecord(0, 1 - ruling.slot(), false, 0, otherVersion, ruling.version(), ruling.counter());
    }
}
