package dev.fieldproof.ota.slot;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.store.Directory;
import dev.fieldproof.ota.delta.SourceImage;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Slots that are files of one directory. A label says which image a slot holds and is written last; a slot without one
 * holds nothing that may boot. What is staged is found again by the hashes of its chunks, so no journal is needed. Not
 * thread-safe.
 */
public final class DirectorySlots implements ImageSlots {
    private static final int LABEL_BYTES = 56;
    private static final int LABEL_MAGIC = 0x4649_4C45; // "FILE"
    private static final int BUFFER_BYTES = 64 << 10;

    private final Directory directory;

    /**
     * Makes slots of a directory.
     *
     * @param directory stays the caller's
     */
    public DirectorySlots(Directory directory) {
        this.directory = directory;
    }

    private static String image(int slot) {
        return "slot-" + slot;
    }

    private static String labelOf(int slot) {
        return "slot-" + slot + ".label";
    }

    /** What the slot holds, from its label and a fresh digest of the image; null if it is nothing whole. */
    @Nullable
    SlotImage labelled(int slot) throws IOException {
        byte[] label = DirectoryBootControl.read(directory, labelOf(slot), LABEL_BYTES);
        if (label == null) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(label);
        if (in.getInt(0) != LABEL_MAGIC || in.getInt(LABEL_BYTES - 4) != crc(label) || in.getInt(12) < 1) {
            return null;
        }
        SlotImage image = new SlotImage(in.getInt(4) & 0xFFFF_FFFFL, in.getInt(8) & 0xFFFF_FFFFL, in.getInt(12));
        byte[] digest = digest(slot, image.lengthBytes());
        return digest != null && Arrays.equals(digest, 0, 32, label, 16, 48) ? image : null;
    }

    private static int crc(byte[] label) {
        CRC32 crc = new CRC32();
        crc.update(label, 0, LABEL_BYTES - 4);
        return (int) crc.getValue();
    }

    private byte @Nullable [] digest(int slot, int lengthBytes) throws IOException {
        Optional<Directory.File> found = directory.read(image(slot));
        if (found.isEmpty()) {
            return null;
        }
        try (Directory.File file = found.get()) {
            if (file.sizeBytes() != lengthBytes) {
                return null;
            }
            MessageDigest digest = Digest.newSha256();
            ByteBuffer buffer = ByteBuffer.allocate(Math.min(BUFFER_BYTES, lengthBytes));
            long at = 0;
            while (at < lengthBytes) {
                buffer.clear();
                int got = file.read(at, buffer);
                if (got < 0) {
                    return null;
                }
                digest.update(buffer.array(), 0, got);
                at += got;
            }
            return digest.digest();
        }
    }

    void label(int slot, SlotImage image) throws IOException {
        byte[] digest = digest(slot, image.lengthBytes());
        if (digest == null) {
            throw new IOException("the file of slot " + slot + " is not of " + image.lengthBytes() + " bytes");
        }
        byte[] label = new byte[LABEL_BYTES];
        ByteBuffer.wrap(label)
                .putInt(LABEL_MAGIC)
                .putInt((int) image.version())
                .putInt((int) image.securityVersion())
                .putInt(image.lengthBytes())
                .put(digest)
                .putInt(LABEL_BYTES - 4, crc(label));
        DirectoryBootControl.replace(directory, labelOf(slot), label);
    }

    @Override
    public SourceImage image(int slot, int lengthBytes) throws IOException {
        if (directory.read(image(slot)).isEmpty()) {
            throw new IOException("slot " + slot + " is empty");
        }
        return new SourceImage() {
            @Override
            public long sizeBytes() {
                return lengthBytes;
            }

            @Override
            public void read(long offsetBytes, byte[] target, int targetOffset, int length) throws IOException {
                try (Directory.File file =
                        directory.read(image(slot)).orElseThrow(() -> new IOException("slot " + slot + " vanished"))) {
                    readFully(file, offsetBytes, ByteBuffer.wrap(target, targetOffset, length));
                }
            }
        };
    }

    @Override
    public Optional<Directory> scratch() {
        return Optional.of(directory);
    }

    private static void readFully(Directory.File file, long offsetBytes, ByteBuffer into) throws IOException {
        long at = offsetBytes;
        while (into.hasRemaining()) {
            int got = file.read(at, into);
            if (got < 0) {
                throw new EOFException("the slot ends at byte " + at);
            }
            at += got;
        }
    }

    @Override
    public StagedSlot open(int slot, ImagePlan plan) throws IOException {
        if (directory.delete(labelOf(slot))) {
            directory.sync();
        }
        return new Staged(slot, plan);
    }

    /** An image on its way into a file. */
    private final class Staged implements StagedSlot {
        private final int slot;
        private final ImagePlan plan;
        private final BitSet done = new BitSet();
        private final byte[] chunkBuffer;

        Staged(int slot, ImagePlan plan) throws IOException {
            this.slot = slot;
            this.plan = plan;
            this.chunkBuffer = new byte[plan.chunkLength(0)];
            try (Directory.File file = directory.open(image(slot))) {
                if (file.sizeBytes() > plan.image().lengthBytes()) {
                    file.truncate(plan.image().lengthBytes());
                }
                for (int chunk = 0; chunk < plan.hashes().count(); chunk++) {
                    done.set(chunk, holds(file, chunk));
                }
            }
        }

        private boolean holds(Directory.File file, int chunk) throws IOException {
            long at = (long) chunk * plan.chunkBytes();
            int length = plan.chunkLength(chunk);
            if (at + length > file.sizeBytes()) {
                return false;
            }
            readFully(file, at, ByteBuffer.wrap(chunkBuffer, 0, length));
            return plan.hashes().matches(chunk, chunkBuffer, 0, length);
        }

        @Override
        public int nextChunk() {
            return done.nextClearBit(0);
        }

        @Override
        public boolean has(int chunk) {
            return done.get(chunk);
        }

        @Override
        public boolean write(int chunk, byte[] data, int from) throws IOException {
            int length = plan.chunkLength(chunk);
            if (!plan.hashes().matches(chunk, data, from, length)) {
                return false;
            }
            try (Directory.File file = directory.open(image(slot))) {
                long at = (long) chunk * plan.chunkBytes();
                if (at > file.sizeBytes()) {
                    throw new IllegalStateException("chunk " + chunk + " before those ahead of it");
                }
                file.write(at, ByteBuffer.wrap(data, from, length));
                file.sync();
            }
            done.set(chunk);
            return true;
        }

        @Override
        public Optional<SlotImage> finish() throws IOException {
            try (Directory.File file = directory.open(image(slot))) {
                for (int chunk = 0; chunk < plan.hashes().count(); chunk++) {
                    if (!holds(file, chunk)) {
                        done.clear(chunk);
                        return Optional.empty();
                    }
                }
                file.sync();
            }
            directory.sync(); // the image's own name
            label(slot, plan.image());
            return plan.image().equals(labelled(slot)) ? Optional.of(plan.image()) : Optional.empty();
        }

        @Override
        public int chunksDone() {
            return done.cardinality();
        }
    }
}
