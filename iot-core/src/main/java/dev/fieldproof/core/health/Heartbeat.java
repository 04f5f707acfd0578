package dev.fieldproof.core.health;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What a device says of its own health with every beat, in 32 bytes. Little endian:
 *
 * <pre>
 *  0  u8   version (high 4 bits, 1) and reset reason (low 4 bits, see {@link ResetReason})
 *  1  u8   slot in bits 0-1, cause of the last disconnect in bits 2-7
 *  2  u16  sequence
 *  4  u32  uptime in seconds
 *  8  u16  boots
 * 10  u16  free heap in units of 256 bytes; 12 its low-water mark; 14 the largest free block
 * 16  u16  erases of the most worn flash sector, in units of 4
 * 18  i8   RSSI in dBm, 0 for not measured
 * 19  u8   reconnects since the last beat
 * 20  u16  battery in millivolts, 0 for not measured
 * 22  i16  temperature in hundredths of a degree Celsius, -32768 for not measured
 * 24  8 bytes: first bytes of the firmware's SHA-256 digest
 * </pre>
 *
 * Numbers are rounded down to their unit when encoded.
 *
 * @param resetReason why it started
 * @param slot which firmware slot runs, 0 to 3
 * @param disconnectCause of the last disconnect, 0 to 63; 0 for none, the rest is the application's
 * @param sequence counts beats, 0 to 65,535, wrapping
 * @param uptimeSeconds since the start, 0 to 4,294,967,295
 * @param boots since manufacture, 0 to 65,535
 * @param freeHeapBytes free now, below 16 MiB
 * @param lowestHeapBytes least ever free since the start, below 16 MiB
 * @param largestBlockBytes largest allocation possible, below 16 MiB
 * @param flashErases of the most worn sector, 0 to 262,143
 * @param rssiDbm signal strength, -128 to 0; 0 for not measured
 * @param reconnects since the last beat, 0 to 255
 * @param batteryMillivolts 0 to 65,535; 0 for not measured
 * @param temperatureCentidegrees hundredths of a degree Celsius, or {@link #NOT_MEASURED}
 * @param firmware first 8 bytes of the digest, the first in the highest bits
 */
public record Heartbeat(
        ResetReason resetReason,
        int slot,
        int disconnectCause,
        int sequence,
        long uptimeSeconds,
        int boots,
        int freeHeapBytes,
        int lowestHeapBytes,
        int largestBlockBytes,
        int flashErases,
        int rssiDbm,
        int reconnects,
        int batteryMillivolts,
        int temperatureCentidegrees,
        long firmware) {
    /** Length of the payload. */
    public static final int LENGTH_BYTES = 32;

    /** A temperature that nobody measured. */
    public static final int NOT_MEASURED = Short.MIN_VALUE;

    private static final int VERSION = 1;
    private static final int HEAP_UNIT_BYTES = 256;
    private static final int ERASE_UNIT = 4;
    private static final int U16 = 0xFFFF;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a value does not fit its field
     */
    public Heartbeat {
        require("slot", slot, 0, 3);
        require("disconnectCause", disconnectCause, 0, 63);
        require("sequence", sequence, 0, U16);
        require("uptimeSeconds", uptimeSeconds, 0, 0xFFFF_FFFFL);
        require("boots", boots, 0, U16);
        require("freeHeapBytes", freeHeapBytes, 0, (1 << 24) - 1);
        require("lowestHeapBytes", lowestHeapBytes, 0, (1 << 24) - 1);
        require("largestBlockBytes", largestBlockBytes, 0, (1 << 24) - 1);
        require("flashErases", flashErases, 0, ERASE_UNIT * U16 + ERASE_UNIT - 1);
        require("rssiDbm", rssiDbm, Byte.MIN_VALUE, 0);
        require("reconnects", reconnects, 0, 255);
        require("batteryMillivolts", batteryMillivolts, 0, U16);
        require("temperatureCentidegrees", temperatureCentidegrees, Short.MIN_VALUE, Short.MAX_VALUE);
    }

    private static void require(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " " + value + " is not " + least + " to " + most);
        }
    }

    /**
     * The payload.
     *
     * @return a new array of 32 bytes
     */
    public byte[] encode() {
        return ByteBuffer.allocate(LENGTH_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) (VERSION << 4 | resetReason.code()))
                .put((byte) (slot | disconnectCause << 2))
                .putShort((short) sequence)
                .putInt((int) uptimeSeconds)
                .putShort((short) boots)
                .putShort((short) (freeHeapBytes / HEAP_UNIT_BYTES))
                .putShort((short) (lowestHeapBytes / HEAP_UNIT_BYTES))
                .putShort((short) (largestBlockBytes / HEAP_UNIT_BYTES))
                .putShort((short) (flashErases / ERASE_UNIT))
                .put((byte) rssiDbm)
                .put((byte) reconnects)
                .putShort((short) batteryMillivolts)
                .putShort((short) temperatureCentidegrees)
                .order(ByteOrder.BIG_ENDIAN)
                .putLong(firmware)
                .array();
    }

    /**
     * Reads a payload.
     *
     * @param payload of a beat
     * @return what it says
     * @throws HeartbeatFormatException if its length, version or a value breaks the format
     */
    public static Heartbeat decode(byte[] payload) throws HeartbeatFormatException {
        if (payload.length != LENGTH_BYTES) {
            throw new HeartbeatFormatException(
                    Math.min(payload.length, LENGTH_BYTES), "a heartbeat has 32 bytes, not " + payload.length);
        }
        ByteBuffer in = ByteBuffer.wrap(payload).order(ByteOrder.LITTLE_ENDIAN);
        int first = in.get();
        if ((first & 0xF0) >> 4 != VERSION) {
            throw new HeartbeatFormatException(0, "the version is 1, not " + ((first & 0xF0) >> 4));
        }
        ResetReason reason = ResetReason.ofCode(first & 0xF)
                .orElseThrow(() -> new HeartbeatFormatException(0, "a reset reason is 0 to 15"));
        int slotAndCause = in.get() & 0xFF;
        if (payload[18] > 0) {
            throw new HeartbeatFormatException(18, "RSSI is not above 0 dBm");
        }
        return new Heartbeat(
                reason,
                slotAndCause & 3,
                slotAndCause >> 2,
                in.getShort() & U16,
                in.getInt() & 0xFFFF_FFFFL,
                in.getShort() & U16,
                (in.getShort() & U16) * HEAP_UNIT_BYTES,
                (in.getShort() & U16) * HEAP_UNIT_BYTES,
                (in.getShort() & U16) * HEAP_UNIT_BYTES,
                (in.getShort() & U16) * ERASE_UNIT,
                in.get(),
                in.get() & 0xFF,
                in.getShort() & U16,
                in.getShort(),
                in.order(ByteOrder.BIG_ENDIAN).getLong());
    }
}
