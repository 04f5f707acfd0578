package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.deflate.OptimalDeflate;
import dev.fieldproof.serial.flash.FlashOptions.Compression;
import java.io.ByteArrayOutputStream;
import java.util.IdentityHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.zip.Deflater;

/**
 * The compressed streams of a session. Large parts are compressed while the chip is still being reset and asked who it
 * is; what they become does not depend on when. Not thread-safe.
 */
final class Streams {
    private static final int WORTH_PREPARING_BYTES = 0x1_0000;

    private final Compression compression;
    private final IdentityHashMap<FlashPart, CompletableFuture<byte[]>> prepared = new IdentityHashMap<>();

    Streams(Compression compression) {
        this.compression = compression;
    }

    /** Begins with the stream of a whole part, on another thread. */
    void prepare(FlashPart part) {
        int length = part.bytes().length;
        if (compression == Compression.SMALLEST && length >= WORTH_PREPARING_BYTES) {
            prepared.put(part, CompletableFuture.supplyAsync(() -> compress(part, new Run(0, length))));
        }
    }

    /** The zlib stream (RFC 1950) of a piece of a part. */
    byte[] of(FlashPart part, Run run) {
        CompletableFuture<byte[]> whole = prepared.get(part);
        return whole != null && run.length() == part.bytes().length ? whole.join() : compress(part, run);
    }

    private byte[] compress(FlashPart part, Run run) {
        return compression == Compression.SMALLEST
                ? OptimalDeflate.zlib(part.bytes(), run.from(), run.length())
                : fast(part.bytes(), run);
    }

    private static byte[] fast(byte[] bytes, Run run) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(bytes, run.from(), run.length());
            deflater.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream(run.length() / 2 + 64);
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
