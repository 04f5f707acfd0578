package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.deflate.OptimalDeflate;
import dev.fieldproof.serial.flash.FlashOptions.Compression;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.Deflater;

/**
 * The compressed streams of a plan. Large parts are compressed while the chip is still being reset and asked who it is,
 * once for all the devices the plan is written to; what they become does not depend on when. Thread-safe.
 */
final class Streams {
    private static final int WORTH_PREPARING_BYTES = 0x1_0000;

    private final List<FlashPart> parts;
    private final Map<Integer, CompletableFuture<byte[]>> prepared = new ConcurrentHashMap<>();

    Streams(List<FlashPart> parts) {
        this.parts = parts;
    }

    /** Begins with the streams of whole parts, on another thread. */
    void prepare(Compression compression) {
        for (int part = 0; part < parts.size() && compression == Compression.SMALLEST; part++) {
            byte[] bytes = parts.get(part).bytes();
            if (bytes.length >= WORTH_PREPARING_BYTES) {
                prepared.computeIfAbsent(
                        part, key -> CompletableFuture.supplyAsync(() -> OptimalDeflate.zlib(bytes, 0, bytes.length)));
            }
        }
    }

    /** The zlib stream (RFC 1950) of a piece of a part. */
    byte[] of(int part, Run run, Compression compression) {
        byte[] bytes = parts.get(part).bytes();
        if (compression == Compression.FAST) {
            return fast(bytes, run);
        }
        CompletableFuture<byte[]> whole = prepared.get(part);
        return whole != null && run.length() == bytes.length
                ? whole.join()
                : OptimalDeflate.zlib(bytes, run.from(), run.length());
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
