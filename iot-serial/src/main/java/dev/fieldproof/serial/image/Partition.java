package dev.fieldproof.serial.image;

import java.nio.charset.StandardCharsets;

/**
 * One row of a partition table. Immutable.
 *
 * @param label 1 to 16 bytes of ASCII
 * @param type 0 app, 1 data, others are the owner's
 * @param subtype for apps 0 factory, 0x10 to 0x1F OTA slots; for data 0 is the OTA selection
 * @param offset where in flash, a multiple of 4096 (of 65536 for apps)
 * @param sizeBytes a positive multiple of 4096
 * @param flags bit 0 encrypted, bit 1 read-only
 */
public record Partition(String label, int type, int subtype, int offset, int sizeBytes, int flags) {
    /** Type of applications. */
    public static final int APP = 0;

    /** Type of data. */
    public static final int DATA = 1;

    /** Subtype of the factory application. */
    public static final int FACTORY = 0;

    /** Subtype of the first OTA slot. */
    public static final int OTA_0 = 0x10;

    /** Subtype of the OTA selection, among data. */
    public static final int OTADATA = 0;

    /**
     * Checks the row.
     *
     * @throws IllegalArgumentException naming what is out of range
     */
    public Partition {
        int labelBytes = label.getBytes(StandardCharsets.US_ASCII).length;
        if (labelBytes < 1 || labelBytes > 16) {
            throw new IllegalArgumentException("a label has 1 to 16 bytes: '" + label + "'");
        }
        if ((type | subtype) < 0 || type > 0xFF || subtype > 0xFF) {
            throw new IllegalArgumentException("type and subtype are bytes: " + type + ", " + subtype);
        }
        int align = type == APP ? 0x1_0000 : 0x1000;
        if (offset < 0 || offset % align != 0) {
            throw new IllegalArgumentException(
                    "'" + label + "' begins at 0x" + Integer.toHexString(offset) + ", not a multiple of " + align);
        }
        if (sizeBytes <= 0 || sizeBytes % 0x1000 != 0 || offset > Integer.MAX_VALUE - sizeBytes) {
            throw new IllegalArgumentException(
                    "'" + label + "' has 0x" + Integer.toHexString(sizeBytes) + " bytes, not a multiple of 4096");
        }
    }

    /**
     * A plain row.
     *
     * @param label its name
     * @param type its type
     * @param subtype its subtype
     * @param offset where in flash
     * @param sizeBytes how long
     */
    public Partition(String label, int type, int subtype, int offset, int sizeBytes) {
        this(label, type, subtype, offset, sizeBytes, 0);
    }

    /**
     * Where the partition ends.
     *
     * @return offset of the first byte after it
     */
    public int endOffset() {
        return offset + sizeBytes;
    }

    /**
     * Whether it is an OTA slot.
     *
     * @return true for applications with subtype 0x10 to 0x1F
     */
    public boolean isOtaSlot() {
        return type == APP && subtype >= OTA_0 && subtype < OTA_0 + 16;
    }
}
