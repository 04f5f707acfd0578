package dev.fieldproof.ota.install;

import dev.fieldproof.ota.delta.DeltaDecoder;
import dev.fieldproof.ota.delta.DeltaException;
import dev.fieldproof.ota.download.BlockSink;
import java.io.IOException;

/** Decodes a patch as its blocks arrive, from the first on, and keeps none of them. Not thread-safe. */
final class PatchStream implements BlockSink {
    private final DeltaDecoder decoder;
    private int next;

    PatchStream(DeltaDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    public boolean has(int block) {
        return block < next;
    }

    @Override
    public void place(int block, byte[] bytes, int lengthBytes) throws IOException {
        if (block != next) {
            throw new IllegalStateException("block " + block + " of a patch before block " + next);
        }
        try {
            decoder.feed(bytes, 0, lengthBytes);
            next++;
        } catch (DeltaException e) {
            throw unusable(e);
        }
    }

    void finish() throws IOException {
        try {
            decoder.finish();
        } catch (DeltaException e) {
            throw unusable(e);
        }
    }

    private static ChunkWriter.Ended unusable(DeltaException e) {
        return new ChunkWriter.Ended(new InstallOutcome.UnusablePatch(String.valueOf(e.getMessage())));
    }
}
