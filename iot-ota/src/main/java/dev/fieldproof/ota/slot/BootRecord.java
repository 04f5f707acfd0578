package dev.fieldproof.ota.slot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The boot metadata: 32 bytes, little endian. Of two copies the valid one with the higher sequence rules.
 *
 * <pre>
 *  0 magic  4 sequence  8 slot  9 state  10 tries  11 format  12 version  16 failed  20 counter  24 reserve  28 CRC-32
 * </pre>
 *
 * @param sequence counts writes, compared by signed difference
 * @param slot 0 or 1
 * @param trial whether the slot's image is on trial
 * @param tries boots left to a trial
 * @param version of the slot's image, unsigned
 * @param failed version given up last, unsigned, 0 for none
 * @param counter lowest security version that may boot, unsigned
 */
record BootRecord(int sequence, int slot, boolean trial, int tries, int version, int failed, int counter) {
    static final int BYTES = 32;
    private static final int MAGIC = 0x544F_4F42; // "BOOT"
    private static final int FORMAT = 1;
    private static final int CRC_AT = 28;
    private static final byte TRIAL = 1;
    private static final byte COMMITTED = 2;

    static BootRecord committed(int slot, int version, int counter) {
        return new BootRecord(0, slot, false, 0, version, 0, counter);
    }

    BootRecord withSequence(int next) {
        return new BootRecord(next, slot, trial, tries, version, failed, counter);
    }

    /** Whether two records mean the same, whatever their sequence. */
    boolean says(BootRecord other) {
        return withSequence(0).equals(other.withSequence(0));
    }

    byte[] encode() {
        byte[] bytes = new byte[BYTES];
        ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putInt(sequence);
        out.put((byte) slot).put(trial ? TRIAL : COMMITTED).put((byte) tries).put((byte) FORMAT);
        out.putInt(version).putInt(failed).putInt(counter).putInt(0);
        out.putInt(crc(bytes));
        return bytes;
    }

    /** Reads a copy; null if it is torn, rotten or blank. */
    static @Nullable BootRecord decode(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(CRC_AT) == crc(bytes)
                ? decodeUnchecked(bytes)
                : null;
    }

    static @Nullable BootRecord decodeUnchecked(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (in.getInt(0) != MAGIC
                || (bytes[8] & ~1) != 0
                || (bytes[9] != TRIAL && bytes[9] != COMMITTED)
                || bytes[11] != FORMAT) {
            return null;
        }
        return new BootRecord(
                in.getInt(4),
                bytes[8],
                bytes[9] == TRIAL,
                bytes[10] & 0xFF,
                in.getInt(12),
                in.getInt(16),
                in.getInt(20));
    }

    private static int crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, CRC_AT);
        return (int) crc.getValue();
    }
}
