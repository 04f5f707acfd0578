package dev.fieldproof.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.sim.PowerCutException;
import dev.fieldproof.core.sim.SimDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cuts the power at every change and sync of a store's life, lets every combination of un-synced changes survive, and
 * checks what the store then holds. Mutants show that the check can fail.
 */
class FileArtifactStoreCrashTest {
    private static final int STATES_PER_CUT = 1100;
    private static final long CHECKPOINT_BYTES = 2000;
    private static final byte[] FIRST = content(1, 5000);
    private static final byte[] SECOND = content(2, 3000);

    private enum Mutant {
        NONE,
        NO_FILE_SYNC,
        NO_DIRECTORY_SYNC,
        NO_DIGEST_CHECK
    }

    /** What the caller was told before the power failed. */
    private static final class Told {
        final Set<Digest> committed = new HashSet<>();
        final Set<Digest> deleted = new HashSet<>();
        Digest resumable = Digest.sha256(new byte[0]);
        long resumableBytes;
    }

    private static byte[] content(int seed, int sizeBytes) {
        byte[] bytes = new byte[sizeBytes];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static FileArtifactStore open(SimDirectory disk, Mutant mutant) throws IOException {
        disk.lieAboutSyncs(mutant == Mutant.NO_FILE_SYNC, mutant == Mutant.NO_DIRECTORY_SYNC);
        FileArtifactStore.Options options = new FileArtifactStore.Options(
                1 << 20, java.time.Duration.ofDays(7), java.time.InstantSource.fixed(java.time.Instant.EPOCH));
        return new FileArtifactStore(disk, options, CHECKPOINT_BYTES, mutant != Mutant.NO_DIGEST_CHECK);
    }

    /** Two writes, one of them interrupted and resumed, one of wrong content, and a deletion. */
    private static void life(FileArtifactStore store, Told told) throws IOException {
        append(store, FIRST, 0, 3500, told);
        append(store, SECOND, 0, 3000, told);
        commit(store, SECOND, told);
        append(store, FIRST, 3500, 5000, told);
        commit(store, FIRST, told);
        byte[] wrong = content(3, 100);
        try (ArtifactWrite write = store.write(Digest.sha256(content(4, 100)), 100)) {
            write.append(ByteBuffer.wrap(wrong));
            write.commit();
        }
        told.committed.remove(Digest.sha256(SECOND));
        store.delete(Digest.sha256(SECOND));
        told.deleted.add(Digest.sha256(SECOND));
    }

    private static void append(FileArtifactStore store, byte[] content, int from, int to, Told told)
            throws IOException {
        try (ArtifactWrite write = store.write(Digest.sha256(content), content.length)) {
            assertEquals(from, write.offsetBytes());
            for (int at = from; at < to; at += 500) {
                write.append(ByteBuffer.wrap(content, at, 500));
            }
        }
        told.resumable = Digest.sha256(content);
        told.resumableBytes = to;
    }

    private static void commit(FileArtifactStore store, byte[] content, Told told) throws IOException {
        told.resumableBytes = 0;
        try (ArtifactWrite write = store.write(Digest.sha256(content), content.length)) {
            assertEquals(ArtifactWrite.Result.COMMITTED, write.commit());
        }
        told.committed.add(Digest.sha256(content));
    }

    private static void checkAfterCrash(SimDirectory disk, Told told, Mutant mutant) throws IOException {
        try (FileArtifactStore store = open(disk, mutant)) {
            Set<Digest> listed = new HashSet<>();
            for (ArtifactStore.Artifact artifact : store.list()) {
                listed.add(artifact.digest());
                ByteBuffer bytes = ByteBuffer.allocate((int) artifact.sizeBytes());
                try (ReadableByteChannel channel = store.read(artifact.digest(), 0)) {
                    while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                        // To the end.
                    }
                }
                assertEquals(artifact.digest(), Digest.sha256(bytes.flip()), "content under its digest");
            }
            assertTrue(listed.containsAll(told.committed), "what was reported as committed is there");
            listed.retainAll(told.deleted);
            assertTrue(listed.isEmpty(), "what was reported as deleted is gone");
            for (byte[] content : new byte[][] {FIRST, SECOND}) {
                Digest digest = Digest.sha256(content);
                try (ArtifactWrite write = store.write(digest, content.length)) {
                    if (digest.equals(told.resumable)) {
                        assertTrue(write.offsetBytes() >= told.resumableBytes, "a closed write is resumed at its end");
                    }
                    write.append(ByteBuffer.wrap(content).position((int) write.offsetBytes()));
                    assertEquals(ArtifactWrite.Result.COMMITTED, write.commit(), "a resumed write is whole");
                }
            }
        }
    }

    private static long enumerate(Mutant mutant) throws IOException {
        SimDirectory whole = new SimDirectory();
        try (FileArtifactStore store = open(whole, mutant)) {
            life(store, new Told());
        }
        long states = 0;
        for (long cut = 0; cut < whole.operations(); cut++) {
            SimDirectory disk = new SimDirectory();
            disk.cutAt(cut);
            Told told = new Told();
            try (FileArtifactStore store = open(disk, mutant)) {
                life(store, told);
            } catch (PowerCutException e) {
                // As planned.
            }
            for (SimDirectory state : disk.crashStates(STATES_PER_CUT, cut)) {
                checkAfterCrash(state, told, mutant);
                states++;
            }
        }
        return states;
    }

    @Test
    void everyCrashLeavesOldOrNew() throws IOException {
        long states = enumerate(Mutant.NONE);
        assertTrue(states > 3000, "only " + states + " crash states");
    }

    @ParameterizedTest
    @EnumSource(
            value = Mutant.class,
            names = {"NO_FILE_SYNC", "NO_DIRECTORY_SYNC", "NO_DIGEST_CHECK"})
    void theEnumerationCatchesAStoreThatIsBroken(Mutant mutant) {
        boolean caught;
        try {
            enumerate(mutant);
            caught = false;
        } catch (AssertionError | IOException | RuntimeException e) {
            caught = true;
        }
        assertTrue(caught, mutant + " survives the enumeration");
    }
}
