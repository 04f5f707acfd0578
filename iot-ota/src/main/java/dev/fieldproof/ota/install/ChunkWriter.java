package dev.fieldproof.ota.install;

import dev.fieldproof.ota.delta.TargetSink;
import dev.fieldproof.ota.download.BlockSink;
import dev.fieldproof.ota.slot.ImagePlan;
import dev.fieldproof.ota.slot.StagedSlot;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/** Gathers the image's bytes, strictly forward, into chunks and stages those that are not in place yet. */
final class ChunkWriter implements TargetSink, BlockSink {
    private final StagedSlot staged;
    private final ImagePlan plan;
    private final Preconditions preconditions;
    private final Consumer<InstallEvent> progress;
    private final byte[] chunkBytes;
    private int chunk;
    private int filled;
    private int wanted;

    /** Ends the stream of bytes with an outcome. Checked as an {@link IOException} so that it passes decoders. */
    static final class Ended extends IOException {
        private static final long serialVersionUID = 1L;

        private final transient InstallOutcome outcome;

        Ended(InstallOutcome outcome) {
            super(String.valueOf(outcome));
            this.outcome = outcome;
        }

        InstallOutcome outcome() {
            return outcome;
        }
    }

    ChunkWriter(StagedSlot staged, ImagePlan plan, Preconditions preconditions, Consumer<InstallEvent> progress)
            throws IOException {
        this.staged = staged;
        this.plan = plan;
        this.preconditions = preconditions;
        this.progress = progress;
        this.chunkBytes = new byte[plan.chunkLength(0)];
        this.wanted = staged.nextChunk();
        progress.accept(
                new InstallEvent.Started(staged.chunksDone(), plan.hashes().count()));
    }

    /** Where the bytes that are still needed begin. */
    long neededFromBytes() {
        return (long) wanted * plan.chunkBytes();
    }

    /** How much of the image is not in place. */
    long missingBytes() {
        long missing = 0;
        for (int i = 0; i < plan.hashes().count(); i++) {
            missing += staged.has(i) ? 0 : plan.chunkLength(i);
        }
        return missing;
    }

    /** Continues at an offset that is the beginning of a chunk. */
    void startAt(long offsetBytes) {
        chunk = Math.toIntExact(offsetBytes / plan.chunkBytes());
    }

    boolean complete() {
        return wanted >= plan.hashes().count();
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            if (chunk >= plan.hashes().count()) {
                throw new Ended(new InstallOutcome.WrongContent(chunk));
            }
            int take = Math.min(end - at, plan.chunkLength(chunk) - filled);
            System.arraycopy(buffer, at, chunkBytes, filled, take);
            at += take;
            filled += take;
            if (filled == plan.chunkLength(chunk)) {
                place();
            }
        }
    }

    private void place() throws IOException {
        if (chunk == wanted) {
            place(chunk, chunkBytes, filled);
            wanted = staged.nextChunk();
        }
        chunk++;
        filled = 0;
    }

    @Override
    public boolean has(int block) {
        return staged.has(block);
    }

    @Override
    public void place(int block, byte[] bytes, int lengthBytes) throws IOException {
        Optional<String> wait = preconditions.reasonToWait();
        if (wait.isPresent()) {
            throw new Ended(new InstallOutcome.Deferred(wait.get()));
        }
        if (!staged.write(block, bytes, 0)) {
            throw new Ended(new InstallOutcome.WrongContent(block));
        }
        progress.accept(
                new InstallEvent.ChunkPlaced(staged.chunksDone(), plan.hashes().count()));
    }
}
