package dev.fieldproof.ota.delta;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.store.NorFlash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The flash as the in-place update uses it: whole sectors, read back, and hashed. */
final class InPlaceFlash {
    private static final int MAX_ATTEMPTS = 4;

    final NorFlash flash;
    final InPlaceLayout layout;
    final int blockBytes;
    private final byte[] check;

    InPlaceFlash(NorFlash flash, InPlaceLayout layout) {
        layout.requireOn(flash);
        this.flash = flash;
        this.layout = layout;
        this.blockBytes = flash.sectorSizeBytes();
        this.check = new byte[blockBytes];
    }

    /** Replaces a sector. It is erased however blank it looks: a cut erase may read blank and yet not last. */
    void rewrite(int at, byte[] data, int length) throws IOException {
        int unit = flash.writeUnitBytes();
        int padded = (length + unit - 1) / unit * unit;
        byte[] whole = Arrays.copyOf(data, padded);
        Arrays.fill(whole, length, padded, NorFlash.ERASED);
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            flash.erase(at);
            if (padded > 0) {
                flash.program(at, whole, 0, padded);
            }
            flash.read(at, check, 0, padded);
            if (Arrays.mismatch(check, 0, padded, whole, 0, padded) < 0) {
                return;
            }
        }
        throw new IOException("the flash sector at " + at + " does not hold what is programmed");
    }

    byte[] read(int at, int length) throws IOException {
        byte[] bytes = new byte[length];
        flash.read(at, bytes, 0, length);
        return bytes;
    }

    /** The first eight bytes of the SHA-256 of flash contents. */
    long hash(int at, int length) throws IOException {
        return hash(read(at, length));
    }

    static long hash(byte[] bytes) {
        return ByteBuffer.wrap(Digest.sha256(bytes).bytes()).getLong();
    }

    int imageBytes() {
        return layout.imageSectors() * blockBytes;
    }

    int imageBlockAt(int block) {
        return layout.imageAt() + block * blockBytes;
    }

    /** How long a block of an image is: the last one may be shorter. */
    int blockLength(int block, int imageBytes) {
        return Math.min(blockBytes, imageBytes - block * blockBytes);
    }

    SourceImage image(int bytes) {
        return new SourceImage() {
            @Override
            public long sizeBytes() {
                return bytes;
            }

            @Override
            public void read(long offsetBytes, byte[] target, int targetOffset, int length) throws IOException {
                flash.read(layout.imageAt() + (int) offsetBytes, target, targetOffset, length);
            }
        };
    }
}
