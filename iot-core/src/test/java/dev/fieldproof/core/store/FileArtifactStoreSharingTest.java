package dev.fieldproof.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store under several processes, one of which dies, and on a disk that is really full. */
class FileArtifactStoreSharingTest {
    @TempDir
    private Path dir;

    @TempDir
    private Path output;

    private Process rival(Path root, long seed, int rounds, boolean die) throws IOException {
        Path target = Path.of(System.getProperty("basedir", ""), "target").toAbsolutePath();
        String classPath = target.resolve("classes") + java.io.File.pathSeparator + target.resolve("test-classes");
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        classPath,
                        RivalProcess.class.getName(),
                        root.toString(),
                        Long.toString(seed),
                        Integer.toString(rounds),
                        Boolean.toString(die))
                .redirectErrorStream(true)
                .redirectOutput(output.resolve("rival-" + seed + ".txt").toFile())
                .start();
    }

    private String said(long seed) {
        try {
            return Files.readString(output.resolve("rival-" + seed + ".txt"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void processesDoNotSpoilEachOthersWork() throws Exception {
        Process second = rival(dir, 2, 300, false);
        Process third = rival(dir, 3, 300, false);
        int rounds = 0;
        while (second.isAlive() && rounds++ < 10_000) {
            RivalProcess.play(dir, rounds, 10, false);
        }
        assertTrue(second.waitFor(60, TimeUnit.SECONDS) && third.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, second.exitValue(), () -> said(2));
        assertEquals(0, third.exitValue(), () -> said(3));
        assertTrue(rounds > 0);
    }

    @Test
    void aWriterOfAnotherProcessHoldsItsArtifactUntilItDies() throws Exception {
        Process dying = rival(dir, 5, 1, true);
        assertTrue(dying.waitFor(60, TimeUnit.SECONDS));
        assertEquals(3, dying.exitValue());
        try (FileArtifactStore store = FileArtifactStore.open(dir, FileArtifactStore.Options.defaults())) {
            for (int i = 0; i < RivalProcess.ARTIFACTS; i++) {
                byte[] content = RivalProcess.content(i);
                try (ArtifactWrite write = store.write(Digest.sha256(content), content.length)) {
                    write.append(ByteBuffer.wrap(content).position((int) write.offsetBytes()));
                    assertEquals(ArtifactWrite.Result.COMMITTED, write.commit());
                }
            }
            assertEquals(RivalProcess.ARTIFACTS, store.list().size());
        }
    }

    @Test
    void aFullFileSystemIsAClearError() throws Exception {
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", dir.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Assumptions.assumeTrue(mount.waitFor() == 0, "skipped: mounting a small file system is not permitted here");
        try (FileArtifactStore store = FileArtifactStore.open(dir, FileArtifactStore.Options.defaults())) {
            byte[] content = RivalProcess.content(0);
            assertThrows(QuotaExceededException.class, () -> store.write(Digest.sha256(content), 1 << 20));
            try (ArtifactWrite write = store.write(Digest.sha256(content), content.length)) {
                Files.write(dir.resolve("ballast"), new byte[40_000]);
                QuotaExceededException full =
                        assertThrows(QuotaExceededException.class, () -> write.append(ByteBuffer.wrap(content)));
                assertTrue(full.getMessage().contains("is full"), full.getMessage());
                assertEquals(0, write.offsetBytes());
                Files.delete(dir.resolve("ballast"));
                write.append(ByteBuffer.wrap(content));
                assertEquals(ArtifactWrite.Result.COMMITTED, write.commit());
            }
        } finally {
            new ProcessBuilder("umount", dir.toString()).start().waitFor();
        }
    }
}
