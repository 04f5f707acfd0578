package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.image.EspImage;
import dev.fieldproof.serial.image.PartitionTable;
import java.util.Arrays;

/**
 * Bytes for one place in flash. Immutable.
 *
 * @param kind what they are, which decides how they are checked
 * @param name for messages
 * @param offset where in flash, a multiple of 4096
 * @param bytes what to write; handed over, not copied
 */
@SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose: images are large
public record FlashPart(Kind kind, String name, int offset, byte[] bytes) {
    /** Size of the smallest piece of flash that can be erased. */
    public static final int SECTOR_BYTES = 0x1000;

    /** Largest part and largest flash: what a 24-bit address reaches, times four. */
    public static final int MAX_BYTES = 64 << 20;

    /** What a part is. */
    public enum Kind {
        /** The second-stage boot loader, an image. */
        BOOTLOADER,
        /** The partition table. */
        PARTITION_TABLE,
        /** An application, an image. */
        APP,
        /** Anything else; only its place is checked. */
        DATA
    }

    /**
     * Checks the place.
     *
     * @throws IllegalArgumentException if the offset is negative or not a multiple of 4096, or if there are no bytes or
     *     more than {@link #MAX_BYTES}
     */
    public FlashPart {
        if (offset < 0 || offset % SECTOR_BYTES != 0) {
            throw new IllegalArgumentException(
                    name + ": offset 0x" + Integer.toHexString(offset) + " is not a multiple of 4096");
        }
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException(name + ": " + bytes.length + " bytes, allowed are 1 to " + MAX_BYTES);
        }
    }

    /**
     * An application.
     *
     * @param offset where in flash
     * @param image its bytes, kept
     * @return the part
     */
    public static FlashPart app(int offset, byte[] image) {
        return new FlashPart(Kind.APP, "app at 0x" + Integer.toHexString(offset), offset, image);
    }

    /**
     * A boot loader.
     *
     * @param offset where in flash
     * @param image its bytes, kept
     * @return the part
     */
    public static FlashPart bootloader(int offset, byte[] image) {
        return new FlashPart(Kind.BOOTLOADER, "boot loader", offset, image);
    }

    /**
     * A partition table.
     *
     * @param offset where in flash
     * @param table its bytes, kept
     * @return the part
     */
    public static FlashPart partitionTable(int offset, byte[] table) {
        return new FlashPart(Kind.PARTITION_TABLE, "partition table", offset, table);
    }

    /**
     * A part whose kind is told from its place and its first byte: a table at 0x8000, an image if it begins with E9 (a
     * boot loader below 0x8000), else data.
     *
     * @param name for messages
     * @param offset where in flash
     * @param bytes kept
     * @return the part
     */
    public static FlashPart of(String name, int offset, byte[] bytes) {
        boolean image = bytes.length > 0 && (bytes[0] & 0xFF) == EspImage.MAGIC;
        Kind kind = offset == PartitionTable.DEFAULT_OFFSET
                ? Kind.PARTITION_TABLE
                : !image ? Kind.DATA : offset < PartitionTable.DEFAULT_OFFSET ? Kind.BOOTLOADER : Kind.APP;
        return new FlashPart(kind, name, offset, bytes);
    }

    /**
     * Other bytes.
     *
     * @param name for messages
     * @param offset where in flash
     * @param bytes kept
     * @return the part
     */
    public static FlashPart data(String name, int offset, byte[] bytes) {
        return new FlashPart(Kind.DATA, name, offset, bytes);
    }

    /**
     * The end of the last sector that writing this part erases.
     *
     * @return offset of the first byte after it
     */
    public int endOffset() {
        return offset + ((bytes.length + SECTOR_BYTES - 1) & -SECTOR_BYTES);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FlashPart that
                && kind == that.kind
                && name.equals(that.name)
                && offset == that.offset
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return 31 * offset + Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return name + " (" + bytes.length + " bytes at 0x" + Integer.toHexString(offset) + ")";
    }
}
