package dev.fieldproof.serial.slip;

import java.util.Arrays;
import java.util.Optional;

/**
 * Finds packets in a noisy byte stream. Every delimiter ends what came before it, so that a stray one costs at most one
 * packet; what is damaged (a wrong escape, or more bytes than the limit) is dropped up to the next delimiter and
 * counted. Empty packets are skipped. Not thread-safe.
 */
public final class SlipDecoder {
    private static final int FIRST_CAPACITY = 128;

    private final int maxPacketBytes;
    private byte[] packet = new byte[FIRST_CAPACITY];
    private int length;
    private boolean escaped;
    private boolean damaged;
    private long droppedPackets;

    /**
     * Starts outside a packet.
     *
     * @param maxPacketBytes longest packet that is passed on, at least 1
     * @throws IllegalArgumentException if {@code maxPacketBytes} is not positive
     */
    public SlipDecoder(int maxPacketBytes) {
        if (maxPacketBytes < 1) {
            throw new IllegalArgumentException("maxPacketBytes must be positive: " + maxPacketBytes);
        }
        this.maxPacketBytes = maxPacketBytes;
    }

    /**
     * Takes the next byte of the stream.
     *
     * @param b the byte
     * @return a new array with the packet this byte completed, or empty if it completed none
     */
    public Optional<byte[]> accept(byte b) {
        if (b == Slip.END) {
            return finish();
        }
        if (escaped) {
            escaped = false;
            if (b == Slip.ESC_END) {
                append(Slip.END);
            } else if (b == Slip.ESC_ESC) {
                append(Slip.ESC);
            } else {
                damaged = true;
            }
        } else if (b == Slip.ESC) {
            escaped = true;
        } else {
            append(b);
        }
        return Optional.empty();
    }

    /** Forgets a half-received packet. */
    public void reset() {
        length = 0;
        escaped = false;
        damaged = false;
    }

    /**
     * How many damaged packets were dropped.
     *
     * @return the count since construction
     */
    public long droppedPackets() {
        return droppedPackets;
    }

    private Optional<byte[]> finish() {
        boolean whole = !damaged && !escaped;
        Optional<byte[]> result = whole && length > 0 ? Optional.of(Arrays.copyOf(packet, length)) : Optional.empty();
        if (!whole) {
            droppedPackets++;
        }
        reset();
        return result;
    }

    private void append(byte b) {
        if (damaged || length == maxPacketBytes) {
            damaged = true;
            return;
        }
        if (length == packet.length) {
            packet = Arrays.copyOf(packet, Math.min(maxPacketBytes, 2 * length));
        }
        packet[length++] = b;
    }
}
