package dev.fieldproof.ota.install;

import dev.fieldproof.core.store.Directory;
import dev.fieldproof.ota.download.BlockSink;
import dev.fieldproof.ota.download.DownloadPlan;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.BitSet;

/**
 * A patch in a file, block by block, so that after a restart only what is missing of it is fetched. Blocks are found
 * again by their digests. Not thread-safe.
 */
final class KeptPatch implements BlockSink, ReadableByteChannel {
    private static final String NAME = "update.patch";

    private final Directory.File file;
    private final DownloadPlan plan;
    private final BitSet done = new BitSet();
    private long readTo;
    private boolean open = true;

    private KeptPatch(Directory.File file, DownloadPlan plan) {
        this.file = file;
        this.plan = plan;
    }

    /** Opens the patch as far as it got. */
    static KeptPatch open(Directory directory, DownloadPlan plan) throws IOException {
        KeptPatch patch = new KeptPatch(directory.open(NAME), plan);
        try {
            directory.sync(); // the file's name
            patch.find();
            return patch;
        } catch (IOException e) {
            patch.close();
            throw e;
        }
    }

    static void delete(Directory directory) throws IOException {
        if (directory.delete(NAME)) {
            directory.sync();
        }
    }

    private void find() throws IOException {
        if (file.sizeBytes() > plan.lengthBytes()) {
            file.truncate(plan.lengthBytes());
        }
        byte[] block = new byte[plan.lengthOf(0)];
        for (int i = 0; i < plan.blocks() && plan.offsetOf(i + 1) <= file.sizeBytes(); i++) {
            ByteBuffer into = ByteBuffer.wrap(block, 0, plan.lengthOf(i));
            while (into.hasRemaining() && file.read(plan.offsetOf(i) + into.position(), into) >= 0) {
                // until the block is whole
            }
            done.set(i, plan.hashes().matches(i, block, 0, into.position()));
        }
    }

    @Override
    public boolean has(int block) {
        return done.get(block);
    }

    @Override
    public void place(int block, byte[] bytes, int lengthBytes) throws IOException {
        file.write(plan.offsetOf(block), ByteBuffer.wrap(bytes, 0, lengthBytes));
        file.sync();
        done.set(block);
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        int got = file.read(readTo, into);
        readTo += Math.max(0, got);
        return got;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() throws IOException {
        open = false;
        file.close();
    }
}
