package dev.fieldproof.serial.flash;

import java.io.ByteArrayOutputStream;
import java.util.zip.Deflater;

/** Compression for the loader's inflater. Stateless. */
final class Deflate {
    private Deflate() {}

    /** A zlib stream (RFC 1950) of a piece of an array. */
    static byte[] zlib(byte[] bytes, int from, int length) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(bytes, from, length);
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(length / 2 + 64);
            byte[] buffer = new byte[16_384];
            while (!deflater.finished()) {
                out.write(buffer, 0, deflater.deflate(buffer));
            }
            return out.toByteArray();
        } finally {
            deflater.end();
        }
    }
}
