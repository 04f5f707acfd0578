package dev.fieldproof.ota.install;

import dev.fieldproof.ota.download.BlockSink;

/** A small file in memory, of one block. */
final class WholeFile implements BlockSink {
    private final byte[] file;
    private boolean placed;

    WholeFile(int lengthBytes) {
        file = new byte[lengthBytes];
    }

    @Override
    public boolean has(int block) {
        return placed;
    }

    @Override
    public void place(int block, byte[] bytes, int lengthBytes) {
        System.arraycopy(bytes, 0, file, 0, lengthBytes);
        placed = true;
    }

    byte[] bytes() {
        return file;
    }
}
