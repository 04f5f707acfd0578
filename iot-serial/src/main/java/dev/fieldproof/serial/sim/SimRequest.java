package dev.fieldproof.serial.sim;

import java.nio.ByteBuffer;

/** A request as a simulated chip takes it apart. */
record SimRequest(int op, int checksum, ByteBuffer data) {
    int length() {
        return data.limit();
    }

    int word(int index) {
        return data.getInt(4 * index);
    }

    /** What follows the four words of a block. */
    byte[] payload() {
        byte[] payload = new byte[data.limit() - 16];
        data.get(16, payload);
        return payload;
    }
}
