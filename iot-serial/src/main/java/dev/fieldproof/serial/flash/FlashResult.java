package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.Chip;
import java.util.List;

/** How a session ended. */
public sealed interface FlashResult {
    /**
     * Every part is in flash, confirmed by the chip's own MD5.
     *
     * @param chip the chip found
     * @param neighboursSuspect whether a damaged request may have touched flash outside the plan: begin commands carry
     *     no checksum. If true, compare or rewrite the rest of the flash
     */
    record Flashed(Chip chip, boolean neighboursSuspect) implements FlashResult {}

    /**
     * The plan does not fit the device; nothing was erased.
     *
     * @param reasons at least one
     */
    record Refused(List<String> reasons) implements FlashResult {
        /** Copies the list. */
        public Refused {
            reasons = List.copyOf(reasons);
        }
    }

    /** The monitor stopped the session; a later one goes on from there. */
    record Cancelled() implements FlashResult {}

    /**
     * The session gave up; a later one goes on from there.
     *
     * @param stage what was being done
     * @param reason what went wrong last
     */
    record Failed(String stage, String reason) implements FlashResult {}
}
