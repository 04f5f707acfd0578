package dev.fieldproof.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.contract.ArtifactStoreContract;
import dev.fieldproof.core.sim.SimDirectory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileArtifactStoreTest extends ArtifactStoreContract {
    private static final byte[] CONTENT = "firmware".getBytes(StandardCharsets.US_ASCII);
    private static final Digest DIGEST = Digest.sha256(CONTENT);

    @TempDir
    private Path dir;

    @Override
    protected ArtifactStore emptyStore(long quotaBytes) throws IOException {
        return FileArtifactStore.open(
                dir.resolve("deep/store"), FileArtifactStore.Options.defaults().withQuotaBytes(quotaBytes));
    }

    private FileArtifactStore open() throws IOException {
        return FileArtifactStore.open(dir, FileArtifactStore.Options.defaults());
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> paths = Files.list(dir)) {
            return paths.map(path -> path.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static void write(ArtifactStore store, int bytes) throws IOException {
        try (ArtifactWrite write = store.write(DIGEST, CONTENT.length)) {
            write.append(ByteBuffer.wrap(CONTENT, (int) write.offsetBytes(), bytes));
            if (write.offsetBytes() == CONTENT.length) {
                write.commit();
            }
        }
    }

    @Test
    void outlivesTheProcess() throws IOException {
        try (FileArtifactStore store = open()) {
            write(store, 3);
        }
        try (FileArtifactStore store = open();
                ArtifactWrite write = store.write(DIGEST, CONTENT.length)) {
            assertEquals(3, write.offsetBytes());
        }
        try (FileArtifactStore store = open()) {
            write(store, 5);
        }
        assertEquals(Set.of(DIGEST.hex(), "store.lock"), files());
        try (ArtifactStore store = ArtifactStore.open(dir.toUri())) {
            assertEquals(List.of(new ArtifactStore.Artifact(DIGEST, 8)), store.list());
        }
    }

    @Test
    void twoStoresInOneProcessShareTheirLocks() throws IOException {
        try (FileArtifactStore first = open();
                FileArtifactStore second = open();
                ArtifactWrite write = first.write(DIGEST, 8)) {
            for (int i = 0; i < 3; i++) {
                assertThrows(WriteInProgressException.class, () -> second.write(DIGEST, 8));
            }
            write.append(ByteBuffer.wrap(CONTENT));
            write.commit();
            assertEquals(1, second.list().size());
        }
    }

    @Test
    void removesOnOpeningWhatServesNobody() throws IOException {
        try (FileArtifactStore store = open()) {
            write(store, 8);
        }
        Files.write(dir.resolve(DIGEST.hex() + ".part"), CONTENT);
        String other = Digest.sha256(new byte[1]).hex();
        Files.write(dir.resolve(other + ".offset"), new byte[36]);
        Files.write(dir.resolve("notes.txt"), CONTENT);
        open().close();
        assertEquals(Set.of(DIGEST.hex(), "store.lock", "notes.txt"), files());
    }

    @Test
    void removesWritesThatNobodyResumed() throws IOException {
        Instant now = Instant.parse("2026-03-01T00:00:00Z");
        try (FileArtifactStore store = open()) {
            write(store, 3);
        }
        for (String name : files()) {
            Files.setLastModifiedTime(dir.resolve(name), FileTime.from(now.minus(Duration.ofDays(2))));
        }
        FileArtifactStore.Options options =
                new FileArtifactStore.Options(Long.MAX_VALUE, Duration.ofDays(2), InstantSource.fixed(now));
        FileArtifactStore.open(dir, options).close();
        assertEquals(3, files().size());
        FileArtifactStore.open(dir, new FileArtifactStore.Options(10, Duration.ofDays(1), InstantSource.fixed(now)))
                .close();
        assertEquals(Set.of("store.lock"), files());
    }

    @Test
    void doesNotRemoveAStaleWriteThatIsOpen() throws IOException {
        FileArtifactStore.Options impatient = new FileArtifactStore.Options(
                Long.MAX_VALUE, Duration.ZERO, InstantSource.fixed(Instant.parse("2200-01-01T00:00:00Z")));
        try (FileArtifactStore store = open();
                ArtifactWrite write = store.write(DIGEST, 8)) {
            FileArtifactStore.open(dir, impatient).close();
            write.append(ByteBuffer.wrap(CONTENT));
            assertEquals(ArtifactWrite.Result.COMMITTED, write.commit());
        }
    }

    @Test
    void followsNoLinkOutOfItsDirectory() throws IOException {
        Path outside = Files.write(dir.resolveSibling(dir.getFileName() + "-outside"), CONTENT);
        try (FileArtifactStore store = open()) {
            Files.createSymbolicLink(dir.resolve(DIGEST.hex()), outside);
            assertEquals(List.of(), store.list());
            assertThrows(IOException.class, () -> store.read(DIGEST, 0));
            Digest other = Digest.sha256(new byte[1]);
            Files.createSymbolicLink(dir.resolve(other.hex() + ".part"), outside);
            assertThrows(IOException.class, () -> store.write(other, 1));
        }
        assertEquals(8, Files.size(outside));
        Files.delete(outside);
    }

    @Test
    void noNameLeadsOutOfADirectory() throws IOException {
        Directory directory = Directory.of(dir);
        for (String name :
                List.of("", ".", "..", "../x", "a/b", "/etc/x", "a\\b", "a\0b", ".hidden", "x".repeat(129))) {
            assertThrows(IllegalArgumentException.class, () -> directory.open(name), name);
            assertThrows(IllegalArgumentException.class, () -> directory.delete(name), name);
            assertThrows(IllegalArgumentException.class, () -> new SimDirectory().open(name), name);
        }
        assertEquals(Set.of(), files());
    }

    @Test
    void findsRotWhenAnArtifactIsCommittedAgain() throws IOException {
        try (FileArtifactStore store = open()) {
            write(store, 8);
            Files.write(dir.resolve(DIGEST.hex()), "firmwarf".getBytes(StandardCharsets.US_ASCII));
            try (ArtifactWrite write = store.write(DIGEST, 8)) {
                assertEquals(ArtifactWrite.Result.DIGEST_MISMATCH, write.commit());
            }
            assertThrows(ArtifactNotFoundException.class, () -> store.read(DIGEST, 0));
            write(store, 8);
            try (ReadableByteChannel channel = store.read(DIGEST, 0)) {
                assertTrue(channel.isOpen());
            }
        }
    }

    @Test
    void aFullDiskIsAClearErrorAndTheWriteGoesOnWhenThereIsRoom() throws IOException {
        SimDirectory disk = new SimDirectory();
        try (FileArtifactStore store = FileArtifactStore.open(disk, FileArtifactStore.Options.defaults());
                ArtifactWrite write = store.write(DIGEST, 8)) {
            write.append(ByteBuffer.wrap(CONTENT, 0, 2));
            disk.setCapacityBytes(0);
            ByteBuffer rest = ByteBuffer.wrap(CONTENT, 2, 6);
            assertThrows(QuotaExceededException.class, () -> write.append(rest));
            assertEquals(6, rest.remaining());
            assertEquals(2, write.offsetBytes());
            Digest other = Digest.sha256(new byte[9]);
            assertThrows(QuotaExceededException.class, () -> store.write(other, 9));
            disk.setCapacityBytes(1 << 20);
            write.append(rest);
            assertEquals(ArtifactWrite.Result.COMMITTED, write.commit());
        }
    }

    @Test
    void understandsLocationsAndRefusesOthers() throws IOException {
        URI uri = URI.create(dir.resolve("a b").toUri() + "?quotaBytes=7");
        try (ArtifactStore store = ArtifactStore.open(uri)) {
            assertThrows(QuotaExceededException.class, () -> store.write(DIGEST, 8));
        }
        assertTrue(Files.isDirectory(dir.resolve("a b")));
        for (String bad : List.of("file://host/x", "file:///x?quotaBytes=many", "file:///x?q=1", "memory:/?x")) {
            assertThrows(IllegalArgumentException.class, () -> ArtifactStore.open(URI.create(bad)), bad);
        }
        assertFalse(Files.exists(Path.of("/x")));
    }

    @Test
    void bytesAreHandedOnWithoutComingIntoTheProcessAndEndWhereTheArtifactEnds() throws IOException {
        SimDirectory memory = new SimDirectory();
        for (ArtifactStore store :
                List.of(open(), FileArtifactStore.open(memory, FileArtifactStore.Options.defaults()))) {
            write(store, CONTENT.length);
            ByteArrayOutputStream taken = new ByteArrayOutputStream();
            WritableByteChannel to = Channels.newChannel(taken);
            TransferChannel channel = (TransferChannel) store.read(DIGEST, 2);
            assertEquals(3, channel.transferTo(3, to));
            assertEquals(3, channel.transferTo(100, to));
            assertEquals(-1, channel.transferTo(100, to));
            assertEquals("rmware", taken.toString(StandardCharsets.US_ASCII));
            channel.close();
            assertThrows(IOException.class, () -> channel.transferTo(1, to));
            store.close();
        }
    }
}
