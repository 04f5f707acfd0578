package dev.fieldproof.ota.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image of 64 MiB under a heap of 32 MiB, in a Java of its own. */
class SmallHeapTest {
    @Test
    void anImageTwiceTheHeapIsInstalledAndConfirmed(@TempDir Path directory) throws Exception {
        String path = Stream.of(
                        System.getProperty("java.class.path"),
                        System.getProperty("jdk.module.path"),
                        "target/test-classes",
                        "target/classes")
                .filter(part -> part != null && !part.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        path,
                        SmallHeapMain.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, java.waitFor(), said);
        assertTrue(said.contains("Activated"), said);
        assertTrue(said.contains("BootStatus[slot=1, state=CONFIRMED, triesLeft=0, version=33554432"), said);
        assertTrue(said.contains("heap 32 MiB") || said.contains("heap 31 MiB"), said);
    }
}
