package dev.fieldproof.serial.rom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * A reply of the loader: operation, a value, data whose end is the status. How many status bytes there are depends on
 * the loader (2 or 4, of which the first two count), so the payload length is the caller's knowledge. Immutable.
 */
public final class Response {
    private static final int HEADER_BYTES = 8;

    private final int op;
    private final int value;
    private final byte[] data;

    private Response(int op, int value, byte[] data) {
        this.op = op;
        this.value = value;
        this.data = data;
    }

    /**
     * Reads a packet.
     *
     * @param packet without framing
     * @return the reply, or empty if it is none: wrong direction, wrong length, or no room for a status. On a noisy
     *     line that is an everyday event, not an error
     */
    public static Optional<Response> parse(byte[] packet) {
        if (packet.length < HEADER_BYTES + 2 || packet[0] != 1) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
        int length = buffer.getShort(2) & 0xFFFF;
        if (length != packet.length - HEADER_BYTES) {
            return Optional.empty();
        }
        byte[] data = Arrays.copyOfRange(packet, HEADER_BYTES, packet.length);
        return Optional.of(new Response(packet[1] & 0xFF, buffer.getInt(4), data));
    }

    /**
     * The operation answered.
     *
     * @return 0 to 255
     */
    public int op() {
        return op;
    }

    /**
     * The value field, which carries the word of a register read.
     *
     * @return the word
     */
    public int value() {
        return value;
    }

    /**
     * How many bytes of data there are, status included.
     *
     * @return at least 2
     */
    public int dataBytes() {
        return data.length;
    }

    /**
     * The status.
     *
     * @param payloadBytes how much payload a success carries; a failure may come without it
     * @return 0 for success, else the loader's error code (1 to 255)
     */
    public int error(int payloadBytes) {
        int at = data.length >= payloadBytes + 2 ? payloadBytes : 0;
        if (data[at] == 0 && at == payloadBytes) {
            return 0;
        }
        int error = data[at + 1] != 0 ? data[at + 1] : data[at];
        return error == 0 ? 0xFF : error & 0xFF;
    }

    /**
     * The payload of a success.
     *
     * @param payloadBytes its length, at most {@link #dataBytes()} - 2
     * @return a new array
     */
    public byte[] payload(int payloadBytes) {
        return Arrays.copyOf(data, payloadBytes);
    }

    @Override
    public String toString() {
        return "Response[op=" + Integer.toHexString(op) + ", value=" + Integer.toHexString(value) + ", dataBytes="
                + data.length + "]";
    }
}
