package dev.fieldproof.serial.sim;

import dev.fieldproof.serial.slip.Slip;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** A stub's reading of flash in progress: packets, acknowledged by the total received so far, then an MD5. */
final class SimReader {
    private final byte[] bytes;
    private final int packetBytes;
    private final int inFlight;
    private int sent;
    private int acknowledged;

    SimReader(byte[] bytes, int packetBytes, int inFlight) {
        this.bytes = bytes;
        this.packetBytes = packetBytes;
        this.inFlight = Math.max(1, inFlight);
    }

    static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform lacks MD5", e);
        }
    }

    /** Sends the first packets; false if that was all. */
    boolean begin(long now, SimOutput out) {
        return sendMore(now, out);
    }

    /** Takes an acknowledgement; false if the reading is over. */
    boolean acknowledged(byte[] packet, long now, SimOutput out) {
        if (packet.length != 4) {
            return false;
        }
        acknowledged = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN).getInt();
        return sendMore(now, out);
    }

    private boolean sendMore(long now, SimOutput out) {
        while (sent < bytes.length && sent - acknowledged < (long) inFlight * packetBytes) {
            int to = Math.min(bytes.length, sent + packetBytes);
            out.send(Slip.encode(Arrays.copyOfRange(bytes, sent, to)), now);
            sent = to;
        }
        if (acknowledged < bytes.length) {
            return true;
        }
        out.send(Slip.encode(md5(bytes)), now);
        return false;
    }
}
