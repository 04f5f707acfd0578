package dev.fieldproof.ota.delta;

import dev.fieldproof.core.store.NorFlash;

/**
 * Where on a flash the image lies and where the journal may: both are whole sectors and do not overlap.
 *
 * @param imageAt first byte of the image, old and new
 * @param imageSectors room for the larger of both
 * @param journalAt first byte of the journal
 * @param journalSectors room for it, at least 3: one says that the patch is complete, one holds the block at hand
 */
public record InPlaceLayout(int imageAt, int imageSectors, int journalAt, int journalSectors) {
    /** Sectors of the journal that hold no part of the program. */
    static final int FIXED_SECTORS = 2;

    /**
     * Checks against a device.
     *
     * @param flash the device
     * @throws IllegalArgumentException if a part is misaligned, outside the device, too small, or overlaps the other
     */
    void requireOn(NorFlash flash) {
        int sector = flash.sectorSizeBytes();
        long imageEnd = imageAt + (long) imageSectors * sector;
        long journalEnd = journalAt + (long) journalSectors * sector;
        boolean fits = imageAt >= 0
                && journalAt >= 0
                && imageAt % sector == 0
                && journalAt % sector == 0
                && imageSectors >= 1
                && journalSectors > FIXED_SECTORS
                && imageEnd <= flash.sizeBytes()
                && journalEnd <= flash.sizeBytes()
                && (imageEnd <= journalAt || journalEnd <= imageAt);
        if (!fits) {
            throw new IllegalArgumentException(
                    this + " does not fit a flash of " + flash.sizeBytes() + " bytes in sectors of " + sector);
        }
    }

    int scratchAt(NorFlash flash) {
        return journalAt + flash.sectorSizeBytes();
    }

    int programAt(NorFlash flash) {
        return journalAt + FIXED_SECTORS * flash.sectorSizeBytes();
    }

    int programBytes(NorFlash flash) {
        return (journalSectors - FIXED_SECTORS) * flash.sectorSizeBytes();
    }
}
