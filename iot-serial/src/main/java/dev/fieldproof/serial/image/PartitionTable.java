package dev.fieldproof.serial.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The partition table: rows of 32 bytes and an MD5 of them, at most 3 KiB (vendor's "Partition Tables"). Immutable.
 *
 * @param partitions 1 to 95 rows that do not overlap, in the table's order
 */
public record PartitionTable(List<Partition> partitions) {
    /** Where boot loaders look by default. */
    public static final int DEFAULT_OFFSET = 0x8000;

    /** Longest table in bytes. */
    public static final int MAX_BYTES = 0xC00;

    private static final int ROW_BYTES = 32;
    private static final int MAX_ROWS = MAX_BYTES / ROW_BYTES - 1;

    /**
     * Checks the rows against each other.
     *
     * @throws IllegalArgumentException if there are none or too many, or if two overlap or share a label
     */
    public PartitionTable {
        partitions = List.copyOf(partitions);
        if (partitions.isEmpty() || partitions.size() > MAX_ROWS) {
            throw new IllegalArgumentException("a table has 1 to " + MAX_ROWS + " rows: " + partitions.size());
        }
        List<Partition> sorted = new ArrayList<>(partitions);
        sorted.sort(Comparator.comparingInt(Partition::offset));
        for (int i = 1; i < sorted.size(); i++) {
            if (sorted.get(i).offset() < sorted.get(i - 1).endOffset()) {
                throw new IllegalArgumentException("'" + sorted.get(i - 1).label() + "' and '"
                        + sorted.get(i).label() + "' overlap");
            }
        }
        if (partitions.stream().map(Partition::label).distinct().count() != partitions.size()) {
            throw new IllegalArgumentException("two partitions share a label");
        }
    }

    /**
     * Reads and checks a table with its MD5 row.
     *
     * @param bytes the table, possibly followed by bytes 0xFF
     * @return the table
     * @throws ImageFormatException naming the first rule broken
     */
    public static PartitionTable parse(byte[] bytes) throws ImageFormatException {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Partition> rows = new ArrayList<>();
        int at = 0;
        while (true) {
            if (at + ROW_BYTES > Math.min(bytes.length, MAX_BYTES)) {
                throw new ImageFormatException(at, "the MD5 row is missing");
            }
            int magic = in.getShort(at) & 0xFFFF;
            if (magic == 0xEBEB) {
                checkMd5(bytes, at);
                break;
            }
            if (magic != 0x50AA) {
                throw new ImageFormatException(at, "a row begins with AA 50, the MD5 row with EB EB");
            }
            rows.add(row(bytes, in, at));
            at += ROW_BYTES;
        }
        for (int i = at + ROW_BYTES; i < bytes.length; i++) {
            if (bytes[i] != (byte) 0xFF) {
                throw new ImageFormatException(i, "only FF follows the MD5 row");
            }
        }
        try {
            return new PartitionTable(rows);
        } catch (IllegalArgumentException e) {
            throw new ImageFormatException(0, String.valueOf(e.getMessage()));
        }
    }

    private static Partition row(byte[] bytes, ByteBuffer in, int at) throws ImageFormatException {
        int labelLength = 0;
        while (labelLength < 16 && in.get(at + 12 + labelLength) != 0) {
            labelLength++;
        }
        String label = new String(bytes, at + 12, labelLength, StandardCharsets.US_ASCII);
        try {
            return new Partition(
                    label,
                    in.get(at + 2) & 0xFF,
                    in.get(at + 3) & 0xFF,
                    in.getInt(at + 4),
                    in.getInt(at + 8),
                    in.getInt(at + 28));
        } catch (IllegalArgumentException e) {
            throw new ImageFormatException(at, String.valueOf(e.getMessage()));
        }
    }

    private static void checkMd5(byte[] bytes, int at) throws ImageFormatException {
        for (int i = at + 2; i < at + 16; i++) {
            if (bytes[i] != (byte) 0xFF) {
                throw new ImageFormatException(i, "the MD5 row is EB EB, 14 x FF, digest");
            }
        }
        byte[] digest = md5(Arrays.copyOf(bytes, at));
        if (!Arrays.equals(digest, Arrays.copyOfRange(bytes, at + 16, at + ROW_BYTES))) {
            throw new ImageFormatException(at + 16, "the MD5 of the partition table does not match");
        }
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks MD5", e);
        }
    }

    /**
     * The table as it lies in flash.
     *
     * @return {@link #MAX_BYTES} new bytes: rows, MD5 row, FF
     */
    public byte[] toBytes() {
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (Partition row : partitions) {
            int next = out.position() + ROW_BYTES;
            out.put((byte) 0xAA).put((byte) 0x50).put((byte) row.type()).put((byte) row.subtype());
            out.putInt(row.offset()).putInt(row.sizeBytes());
            out.put(row.label().getBytes(StandardCharsets.US_ASCII));
            out.putInt(next - 4, row.flags()).position(next);
        }
        byte[] digest = md5(Arrays.copyOf(out.array(), out.position()));
        out.put((byte) 0xEB).put((byte) 0xEB);
        byte[] blank = new byte[MAX_BYTES];
        Arrays.fill(blank, (byte) 0xFF);
        out.put(blank, 0, 14).put(digest);
        out.put(blank, 0, out.remaining());
        return out.array();
    }

    /**
     * The OTA slots, in the order of their numbers.
     *
     * @return slot 0 first; empty if there are none
     */
    public List<Partition> otaSlots() {
        return partitions.stream()
                .filter(Partition::isOtaSlot)
                .sorted(Comparator.comparingInt(Partition::subtype))
                .toList();
    }

    /**
     * The partition that holds the OTA selection.
     *
     * @return the partition, or empty
     */
    public Optional<Partition> otadata() {
        return partitions.stream()
                .filter(p -> p.type() == Partition.DATA && p.subtype() == Partition.OTADATA)
                .findFirst();
    }

    /**
     * The factory application.
     *
     * @return the partition, or empty
     */
    public Optional<Partition> factory() {
        return partitions.stream()
                .filter(p -> p.type() == Partition.APP && p.subtype() == Partition.FACTORY)
                .findFirst();
    }

    /**
     * Finds a partition.
     *
     * @param label its name
     * @return the partition, or empty
     */
    public Optional<Partition> find(String label) {
        return partitions.stream().filter(p -> p.label().equals(label)).findFirst();
    }

    /**
     * A usual table for over-the-air updates: nvs, otadata, phy_init and two slots.
     *
     * @param slotBytes size of each slot, a multiple of 65536
     * @return the table, the first slot at 0x10000
     */
    public static PartitionTable twoSlots(int slotBytes) {
        return new PartitionTable(List.of(
                new Partition("nvs", Partition.DATA, 2, 0x9000, 0x4000),
                new Partition("otadata", Partition.DATA, Partition.OTADATA, 0xD000, 0x2000),
                new Partition("phy_init", Partition.DATA, 1, 0xF000, 0x1000),
                new Partition("ota_0", Partition.APP, Partition.OTA_0, 0x1_0000, slotBytes),
                new Partition("ota_1", Partition.APP, Partition.OTA_0 + 1, 0x1_0000 + slotBytes, slotBytes)));
    }
}
