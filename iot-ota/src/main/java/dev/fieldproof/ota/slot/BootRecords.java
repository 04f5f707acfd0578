package dev.fieldproof.ota.slot;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Keeps the boot record so that a power cut at any moment leaves the one before or the one after. */
interface BootRecords {
    /** The record that rules; null if none is readable. */
    @Nullable
    BootRecord ruling() throws IOException;

    /** Writes the record with the next sequence, durably, and brings it as written. */
    BootRecord write(BootRecord record) throws IOException;

    /** Makes every copy say the same, if there are several. */
    void mirror() throws IOException;
}
