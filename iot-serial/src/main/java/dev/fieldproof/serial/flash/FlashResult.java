package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.Chip;
import java.util.List;

/** How a session ended. */
public sealed interface FlashResult {
    /**
     * Every part is in flash.
     *
     * @param chip the chip found
     * @param verified whether the chip's own MD5 confirms it; false only for the ROM of the ESP8266, which has none: it
     *     acknowledged every block
     * @param neighboursSuspect whether flash outside the plan may have been touched: by a damaged request, as begin
     *     commands carry no checksum, or by the ROM of the ESP8266, which erases an odd number of sectors with the next
     *     one. If true, compare or rewrite the rest of the flash
     */
    record Flashed(Chip chip, boolean verified, boolean neighboursSuspect) implements FlashResult {}

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
