package dev.fieldproof.ota.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** BSDIFF40 against Debian's bsdiff and bspatch. */
class Bsdiff40InteropTest {
    @TempDir
    Path folder;

    private void tool(String name, String... files) throws Exception {
        String[] command = {name, files[0], files[1], files[2]};
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .inheritIO()
                    .start();
            assertEquals(0, process.waitFor());
        } catch (IOException e) {
            abort("skipped: " + name + " is not installed (Debian package bsdiff)");
        }
    }

    private void check(byte[] old, byte[] target) throws Exception {
        Files.write(folder.resolve("old"), old);
        Files.write(folder.resolve("target"), target);
        byte[] ours = Bsdiff40.create(old, target);
        Files.write(folder.resolve("ours"), ours);
        tool("bspatch", "old", "new", "ours");
        assertArrayEquals(target, Files.readAllBytes(folder.resolve("new")));
        tool("bsdiff", "old", "target", "theirs");
        byte[] theirs = Files.readAllBytes(folder.resolve("theirs"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Bsdiff40.apply(SourceImage.of(old), theirs, out::write, DeltaLimits.DEFAULT);
        assertArrayEquals(target, out.toByteArray());
        assertTrue(ours.length <= 1.03 * theirs.length + 64, ours.length + " bytes, theirs " + theirs.length);
    }

    @Test
    void bothWaysOnASample() throws Exception {
        byte[][] images = DeltaRoundTripTest.sample();
        check(images[0], images[1]);
    }

    @Test
    void bothWaysOnRealFirmware() throws Exception {
        Corpus.Pair pair = Corpus.pair("softrf-s76g-1.8");
        check(pair.oldBytes(), pair.targetBytes());
    }
}
