package dev.fieldproof.core.store;

import dev.fieldproof.core.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.util.SplittableRandom;

/** Writes, resumes, deletes and verifies a few artifacts of a store that other processes use too. */
final class RivalProcess {
    static final int ARTIFACTS = 4;
    private static final int SIZE_BYTES = 40_000;

    private RivalProcess() {}

    static byte[] content(int index) {
        byte[] bytes = new byte[SIZE_BYTES + index];
        new SplittableRandom(index).nextBytes(bytes);
        return bytes;
    }

    /** Arguments: directory, seed, rounds, and whether to die with a write open; exits with 0 if all was well. */
    public static void main(String[] args) throws IOException {
        play(Path.of(args[0]), Long.parseLong(args[1]), Integer.parseInt(args[2]), Boolean.parseBoolean(args[3]));
    }

    static int play(Path root, long seed, int rounds, boolean die) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int conflicts = 0;
        try (FileArtifactStore store = FileArtifactStore.open(root, FileArtifactStore.Options.defaults())) {
            for (int round = 0; round < rounds; round++) {
                byte[] content = content(random.nextInt(ARTIFACTS));
                Digest digest = Digest.sha256(content);
                try {
                    if (random.nextInt(4) == 0) {
                        store.delete(digest);
                    } else {
                        write(store, digest, content, random, die && round == rounds - 1);
                    }
                    verify(store);
                } catch (WriteInProgressException e) {
                    conflicts++;
                }
            }
        }
        return conflicts;
    }

    private static void write(
            FileArtifactStore store, Digest digest, byte[] content, SplittableRandom random, boolean die)
            throws IOException {
        try (ArtifactWrite write = store.write(digest, content.length)) {
            int end = random.nextBoolean()
                    ? content.length
                    : random.nextInt((int) write.offsetBytes(), content.length + 1);
            while (write.offsetBytes() < end) {
                int at = (int) write.offsetBytes();
                write.append(ByteBuffer.wrap(content, at, Math.min(3000, end - at)));
            }
            if (die) {
                Runtime.getRuntime().halt(3);
            }
            if (end == content.length && write.commit() != ArtifactWrite.Result.COMMITTED) {
                throw new IllegalStateException("the content of " + digest + " was spoiled");
            }
        }
    }

    static void verify(FileArtifactStore store) throws IOException {
        for (ArtifactStore.Artifact artifact : store.list()) {
            ByteBuffer bytes = ByteBuffer.allocate((int) artifact.sizeBytes());
            try (ReadableByteChannel channel = store.read(artifact.digest(), 0)) {
                while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                    // To the end.
                }
            } catch (ArtifactNotFoundException e) {
                continue; // Deleted by the other process.
            }
            if (!Digest.sha256(bytes.flip()).equals(artifact.digest())) {
                throw new IllegalStateException("another content under " + artifact.digest());
            }
        }
    }
}
