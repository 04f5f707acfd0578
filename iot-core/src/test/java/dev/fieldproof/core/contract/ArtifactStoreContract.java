package dev.fieldproof.core.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.store.ArtifactNotFoundException;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.core.store.ArtifactStore.Artifact;
import dev.fieldproof.core.store.ArtifactWrite;
import dev.fieldproof.core.store.QuotaExceededException;
import dev.fieldproof.core.store.WriteInProgressException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every {@link ArtifactStore} must do. Extend it in your own tests and give it a store. */
public abstract class ArtifactStoreContract {
    /** For subclasses. */
    protected ArtifactStoreContract() {}

    /**
     * A store that is empty and used by one test alone.
     *
     * @param quotaBytes the quota it shall keep, at most 1 MB or {@link Long#MAX_VALUE} for none
     * @return an open store, closed by the test
     * @throws IOException if it cannot be made
     */
    protected abstract ArtifactStore emptyStore(long quotaBytes) throws IOException;

    private static byte[] content(int seed, int sizeBytes) {
        byte[] bytes = new byte[sizeBytes];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static ArtifactWrite.Result put(ArtifactStore store, byte[] content) throws IOException {
        try (ArtifactWrite write = store.write(Digest.sha256(content), content.length)) {
            write.append(ByteBuffer.wrap(content).position((int) write.offsetBytes()));
            return write.commit();
        }
    }

    private static byte[] readAll(ReadableByteChannel channel) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(1000);
        while (channel.read(buffer.clear()) >= 0) {
            out.write(buffer.array(), 0, buffer.position());
        }
        return out.toByteArray();
    }

    private static byte[] get(ArtifactStore store, byte[] content, long offset) throws IOException {
        try (ReadableByteChannel channel = store.read(Digest.sha256(content), offset)) {
            return readAll(channel);
        }
    }

    @Test
    void readsBackWhatWasCommittedFromAnyOffset() throws IOException {
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE)) {
            byte[] content = content(1, 100_003);
            assertEquals(ArtifactWrite.Result.COMMITTED, put(store, content));
            for (int offset : new int[] {0, 1, 4095, 65_536, 100_002, 100_003}) {
                assertArrayEquals(Arrays.copyOfRange(content, offset, content.length), get(store, content, offset));
            }
            assertEquals(List.of(new Artifact(Digest.sha256(content), 100_003)), store.list());
        }
    }

    @Test
    void keepsAnEmptyArtifact() throws IOException {
        try (ArtifactStore store = emptyStore(0)) {
            assertEquals(ArtifactWrite.Result.COMMITTED, put(store, new byte[0]));
            assertEquals(0, get(store, new byte[0], 0).length);
            assertEquals(1, store.list().size());
        }
    }

    @Test
    void refusesOffsetsOutsideTheArtifact() throws IOException {
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE)) {
            byte[] content = content(2, 10);
            put(store, content);
            assertThrows(IllegalArgumentException.class, () -> get(store, content, -1));
            assertThrows(IllegalArgumentException.class, () -> get(store, content, 11));
            assertThrows(IllegalArgumentException.class, () -> store.write(Digest.sha256(content), -1));
        }
    }

    @Test
    void hasNothingThatWasNotCommitted() throws IOException {
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE)) {
            byte[] content = content(3, 5000);
            assertThrows(ArtifactNotFoundException.class, () -> get(store, content, 0));
            try (ArtifactWrite write = store.write(Digest.sha256(content), content.length)) {
                write.append(ByteBuffer.wrap(content));
            }
            assertThrows(ArtifactNotFoundException.class, () -> get(store, content, 0));
            assertEquals(List.of(), store.list());
        }
    }

    @Test
    void resumesWhereAWriteEnded() throws IOException {
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE)) {
            byte[] content = content(4, 20_000);
            Digest digest = Digest.sha256(content);
            try (ArtifactWrite write = store.write(digest, content.length)) {
                assertEquals(0, write.offsetBytes());
                write.append(ByteBuffer.wrap(content, 0, 7777));
                assertEquals(7777, write.offsetBytes());
            }
            try (ArtifactWrite write = store.write(digest, content.length)) {
                assertEquals(7777, write.offsetBytes());
                assertThrows(IllegalStateException.class, write::commit, "bytes are missing");
                write.append(ByteBuffer.wrap(content, 7777, content.length - 7777));
                assertEquals(ArtifactWrite.Result.COMMITTED, write.commit());
            }
            assertArrayEquals(content, get(store, content, 0));
        }
    }

    @Test
    void startsAgainWhenTheDeclaredSizeChanged() throws IOException {
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE)) {
            byte[] content = content(5, 3000);
            Digest digest = Digest.sha256(content);
            try (ArtifactWrite write = store.write(digest, 9000)) {
                write.append(ByteBuffer.wrap(content(6, 8000)));
            }
            try (ArtifactWrite write = store.write(digest, 3000)) {
                assertEquals(0, write.offsetBytes());
                write.append(ByteBuffer.wrap(content));
                assertEquals(ArtifactWrite.Result.COMMITTED, write.commit());
            }
        }
    }

    @Test
    void takesNothingThatPassesTheDeclaredSize() throws IOException {
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE);
                ArtifactWrite write = store.write(Digest.sha256(content(7, 10)), 10)) {
            ByteBuffer tooMuch = ByteBuffer.wrap(new byte[11]);
            assertThrows(IllegalArgumentException.class, () -> write.append(tooMuch));
            assertEquals(11, tooMuch.remaining());
            assertEquals(0, write.offsetBytes());
        }
    }

    @Test
    void discardsContentOfAnotherDigest() throws IOException {
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE)) {
            byte[] right = content(8, 1000);
            byte[] wrong = right.clone();
            wrong[999] ^= 1;
            try (ArtifactWrite write = store.write(Digest.sha256(right), 1000)) {
                write.append(ByteBuffer.wrap(wrong));
                assertEquals(ArtifactWrite.Result.DIGEST_MISMATCH, write.commit());
            }
            assertEquals(List.of(), store.list());
            try (ArtifactWrite write = store.write(Digest.sha256(right), 1000)) {
                assertEquals(0, write.offsetBytes());
            }
        }
    }

    @Test
    void allowsOneWriterPerArtifact() throws IOException {
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE)) {
            byte[] content = content(9, 100);
            Digest digest = Digest.sha256(content);
            try (ArtifactWrite write = store.write(digest, 100)) {
                assertThrows(WriteInProgressException.class, () -> store.write(digest, 100));
                assertThrows(WriteInProgressException.class, () -> store.delete(digest));
                assertEquals(ArtifactWrite.Result.COMMITTED, put(store, content(10, 100)), "others may go on");
                write.append(ByteBuffer.wrap(content));
                assertEquals(ArtifactWrite.Result.COMMITTED, write.commit());
            }
        }
    }

    @Test
    void aClosedWriteTakesNothing() throws IOException {
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE)) {
            ArtifactWrite write = store.write(Digest.sha256(content(11, 10)), 10);
            write.close();
            write.close();
            assertThrows(IOException.class, () -> write.append(ByteBuffer.wrap(new byte[1])));
            assertThrows(IOException.class, write::commit);
        }
    }

    @Test
    void committingAgainWhatIsThereCostsNothing() throws IOException {
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE)) {
            byte[] content = content(12, 1000);
            put(store, content);
            try (ArtifactWrite write = store.write(Digest.sha256(content), 1000)) {
                assertEquals(1000, write.offsetBytes());
                assertThrows(WriteInProgressException.class, () -> store.write(Digest.sha256(content), 1000));
                assertThrows(WriteInProgressException.class, () -> store.delete(Digest.sha256(content)));
                assertThrows(IllegalArgumentException.class, () -> write.append(ByteBuffer.wrap(new byte[1])));
                assertEquals(ArtifactWrite.Result.COMMITTED, write.commit());
            }
            assertEquals(1, store.list().size());
            assertTrue(store.delete(Digest.sha256(content)));
        }
    }

    @Test
    void deletesCommittedAndUnfinished() throws IOException {
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE)) {
            byte[] content = content(13, 1000);
            Digest digest = Digest.sha256(content);
            assertFalse(store.delete(digest));
            put(store, content);
            assertTrue(store.delete(digest));
            assertThrows(ArtifactNotFoundException.class, () -> store.read(digest, 0));
            try (ArtifactWrite write = store.write(digest, 1000)) {
                write.append(ByteBuffer.wrap(content, 0, 500));
            }
            assertTrue(store.delete(digest));
            assertFalse(store.delete(digest));
            try (ArtifactWrite write = store.write(digest, 1000)) {
                assertEquals(0, write.offsetBytes());
            }
        }
    }

    @Test
    void aReadOutlivesTheDeletionOfWhatItReads() throws IOException {
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE)) {
            byte[] content = content(14, 300_000);
            put(store, content);
            try (ReadableByteChannel channel = store.read(Digest.sha256(content), 0)) {
                assertEquals(10, channel.read(ByteBuffer.allocate(10)));
                store.delete(Digest.sha256(content));
                assertArrayEquals(Arrays.copyOfRange(content, 10, content.length), readAll(channel));
            }
        }
    }

    @Test
    void keepsItsQuotaForWhatIsStoredAndWhatIsPromised() throws IOException {
        try (ArtifactStore store = emptyStore(10_000)) {
            put(store, content(15, 4000));
            byte[] second = content(16, 5000);
            try (ArtifactWrite promised = store.write(Digest.sha256(second), 5000)) {
                assertThrows(QuotaExceededException.class, () -> store.write(Digest.sha256(content(17, 1)), 1001));
                assertEquals(ArtifactWrite.Result.COMMITTED, put(store, content(18, 1000)));
                promised.append(ByteBuffer.wrap(second));
                assertEquals(ArtifactWrite.Result.COMMITTED, promised.commit());
            }
            assertThrows(QuotaExceededException.class, () -> put(store, content(19, 1)));
            store.delete(Digest.sha256(second));
            assertEquals(ArtifactWrite.Result.COMMITTED, put(store, content(20, 5000)));
            assertThrows(
                    QuotaExceededException.class, () -> store.write(Digest.sha256(content(21, 1)), Long.MAX_VALUE));
        }
    }

    @Test
    void listsInOrderOfTheDigest() throws IOException {
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE)) {
            for (int seed = 0; seed < 20; seed++) {
                put(store, content(seed, seed));
            }
            List<Digest> digests = store.list().stream().map(Artifact::digest).toList();
            assertEquals(20, digests.size());
            assertEquals(digests.stream().sorted().toList(), digests);
        }
    }

    @Test
    void aClosedStoreEndsItsReadsAndWrites() throws IOException {
        ArtifactStore store = emptyStore(Long.MAX_VALUE);
        byte[] content = content(22, 1000);
        put(store, content);
        ReadableByteChannel read = store.read(Digest.sha256(content), 0);
        ArtifactWrite write = store.write(Digest.sha256(content(23, 10)), 10);
        store.close();
        store.close();
        assertThrows(IOException.class, () -> read.read(ByteBuffer.allocate(1)));
        assertThrows(IOException.class, () -> write.append(ByteBuffer.wrap(new byte[1])));
        assertThrows(IOException.class, store::list);
        assertThrows(IOException.class, () -> store.read(Digest.sha256(content), 0));
        assertThrows(IOException.class, () -> store.write(Digest.sha256(content), 1000));
        assertThrows(IOException.class, () -> store.delete(Digest.sha256(content)));
    }

    @Test
    void servesManyThreads() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try (ArtifactStore store = emptyStore(Long.MAX_VALUE)) {
            List<Callable<Integer>> tasks = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                int first = thread;
                tasks.add(() -> {
                    int committed = 0;
                    for (int i = 0; i < 10; i++) {
                        byte[] content = content((first + i) % 10, 3000);
                        try {
                            committed += put(store, content) == ArtifactWrite.Result.COMMITTED ? 1 : 0;
                            assertArrayEquals(content, get(store, content, 0));
                        } catch (WriteInProgressException e) {
                            // Another thread writes the same artifact now.
                        }
                    }
                    return committed;
                });
            }
            int committed = 0;
            for (Future<Integer> future : pool.invokeAll(tasks)) {
                committed += future.get();
            }
            assertTrue(committed >= 10, "committed " + committed);
            assertEquals(10, store.list().size());
        } finally {
            pool.shutdown();
        }
    }
}
