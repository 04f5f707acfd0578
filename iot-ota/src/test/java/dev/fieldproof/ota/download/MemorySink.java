package dev.fieldproof.ota.download;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.ota.slot.ChunkHashes;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/** A file in memory that takes each block once. */
final class MemorySink implements BlockSink {
    final byte[] file;
    final BitSet placed = new BitSet();
    private final int blockBytes;

    MemorySink(int lengthBytes, int blockBytes) {
        this.file = new byte[lengthBytes];
        this.blockBytes = blockBytes;
    }

    static byte[] image(long seed, int lengthBytes) {
        byte[] image = new byte[lengthBytes];
        new SplittableRandom(seed).nextBytes(image);
        return image;
    }

    static DownloadPlan plan(byte[] image, int blockBytes) {
        return new DownloadPlan(
                image.length, blockBytes, ChunkHashes.sha256(ChunkHashes.listSha256(image, blockBytes)));
    }

    @Override
    public boolean has(int block) {
        return placed.get(block);
    }

    @Override
    public void place(int block, byte[] bytes, int lengthBytes) {
        assertTrue(!placed.get(block), "block " + block + " is placed twice");
        placed.set(block);
        System.arraycopy(bytes, 0, file, block * blockBytes, lengthBytes);
    }

    boolean holds(byte[] image) {
        return Arrays.equals(file, image);
    }
}
