package dev.fieldproof.ota.slot;

import dev.fieldproof.core.store.NorFlash;

/**
 * Where things are on a flash: two metadata sectors, the journal, two slots, one after the other. The last sector of a
 * slot holds its label.
 *
 * @param offsetBytes where the first metadata sector begins, a multiple of the sector size
 * @param sectorBytes size of an erase sector
 * @param journalSectors for checkpoints, at least 1
 * @param slotSectors of each slot including its label, at least 2
 */
public record FlashLayout(int offsetBytes, int sectorBytes, int journalSectors, int slotSectors) {
    private static final int METADATA_COPIES = 2;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public FlashLayout {
        if (offsetBytes < 0
                || sectorBytes < BootRecord.BYTES
                || offsetBytes % sectorBytes != 0
                || journalSectors < 1
                || slotSectors < 2) {
            throw new IllegalArgumentException("layout at " + offsetBytes + " with sectors of " + sectorBytes + ", "
                    + journalSectors + " for the journal, " + slotSectors + " per slot");
        }
    }

    /**
     * A layout that fills a flash: as many journal sectors as images of this size need, the rest for the slots.
     *
     * @param flash to be laid out from its start
     * @return the layout
     * @throws IllegalArgumentException if the flash has fewer than 7 sectors
     */
    public static FlashLayout fill(NorFlash flash) {
        int sectors = flash.sizeBytes() / flash.sectorSizeBytes();
        int perSector = flash.sectorSizeBytes() / Journal.recordBytes(flash.writeUnitBytes());
        int journal = 1;
        while (journal * perSector < (sectors - METADATA_COPIES - journal) / 2 + Journal.SPARE_RECORDS
                && journal < sectors) {
            journal++;
        }
        return new FlashLayout(0, flash.sectorSizeBytes(), journal, (sectors - METADATA_COPIES - journal) / 2);
    }

    int metadataAt(int copy) {
        return offsetBytes + copy * sectorBytes;
    }

    int journalAt() {
        return offsetBytes + METADATA_COPIES * sectorBytes;
    }

    int journalBytes() {
        return journalSectors * sectorBytes;
    }

    /**
     * Where a slot begins.
     *
     * @param slot 0 or 1
     * @return offset on the flash
     */
    public int slotAt(int slot) {
        return journalAt() + journalBytes() + slot * slotSectors * sectorBytes;
    }

    /**
     * The largest image that fits.
     *
     * @return bytes
     */
    public int imageBytes() {
        return (slotSectors - 1) * sectorBytes;
    }

    int labelAt(int slot) {
        return slotAt(slot) + imageBytes();
    }

    /**
     * Where the layout ends.
     *
     * @return offset on the flash
     */
    public int endBytes() {
        return slotAt(2);
    }

    void requireFits(NorFlash flash) {
        if (sectorBytes != flash.sectorSizeBytes() || endBytes() > flash.sizeBytes()) {
            throw new IllegalArgumentException("a layout of sectors of " + sectorBytes + " to " + endBytes()
                    + " does not fit a flash of sectors of " + flash.sectorSizeBytes() + " to " + flash.sizeBytes());
        }
    }
}
