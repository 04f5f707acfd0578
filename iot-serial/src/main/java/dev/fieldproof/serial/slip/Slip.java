package dev.fieldproof.serial.slip;

import java.io.ByteArrayOutputStream;

/** The four bytes of RFC 1055 and how a packet is framed with them. Stateless and thread-safe. */
public final class Slip {
    /** Delimits packets; one is sent before and one after each. */
    public static final byte END = (byte) 0xC0;

    /** Starts a two-byte escape. */
    public static final byte ESC = (byte) 0xDB;

    /** After {@link #ESC}: stands for {@link #END}. */
    public static final byte ESC_END = (byte) 0xDC;

    /** After {@link #ESC}: stands for {@link #ESC}. */
    public static final byte ESC_ESC = (byte) 0xDD;

    private Slip() {}

    /**
     * Frames a packet.
     *
     * @param packet any bytes, possibly none
     * @return a new array: END, the packet with END and ESC escaped, END
     */
    public static byte[] encode(byte[] packet) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(packet.length + packet.length / 64 + 2);
        out.write(END);
        for (byte b : packet) {
            if (b == END) {
                out.write(ESC);
                out.write(ESC_END);
            } else if (b == ESC) {
                out.write(ESC);
                out.write(ESC_ESC);
            } else {
                out.write(b);
            }
        }
        out.write(END);
        return out.toByteArray();
    }

    /**
     * How many bytes {@link #encode} makes of a packet.
     *
     * @param packet any bytes
     * @return the framed length in bytes
     */
    public static int encodedLength(byte[] packet) {
        int length = packet.length + 2;
        for (byte b : packet) {
            if (b == END || b == ESC) {
                length++;
            }
        }
        return length;
    }
}
