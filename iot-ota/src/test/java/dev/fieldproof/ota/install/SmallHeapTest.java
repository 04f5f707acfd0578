package dev.fieldproof.ota.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.delta.codec.BodyEncoder;
import dev.fieldproof.ota.delta.codec.BodyHeader;
import dev.fieldproof.ota.delta.isa.Segments;
import dev.fieldproof.ota.delta.match.Copies;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of 64 MiB under a heap of 32 MiB, in a Java of its own. */
class SmallHeapTest {
    private static final int MIB = 1 << 20;
    private static final boolean FULL = Integer.getInteger("fieldproof.runs", 1) >= 10;

    @TempDir
    private Path directory = Path.of("");

    private Path slots() throws IOException {
        return Files.createDirectories(directory.resolve("slots"));
    }

    private Path files() throws IOException {
        return Files.createDirectories(directory.resolve("files"));
    }

    @Test
    void anImageTwiceTheHeapIsInstalledAndConfirmed() throws IOException, InterruptedException {
        Files.write(slots().resolve("slot-0"), new byte[1000]);
        SplittableRandom random = new SplittableRandom(1);
        byte[] piece = new byte[MIB];
        try (OutputStream image = Files.newOutputStream(files().resolve("image"))) {
            for (int i = 0; i < 64; i++) {
                random.nextBytes(piece);
                image.write(piece);
            }
        }
        assertInstalled("byPatch=false");
    }

    /** Decoded as it arrives. In the full profile 64 MiB by a patch of 5 MiB, in minutes, and then by a kept patch. */
    @Test
    void soIsOneThatAPatchMakes() throws IOException, InterruptedException {
        preparePatch();
        assertInstalled("byPatch=true", "no place for a patch");
        if (FULL) {
            try (Stream<Path> made = Files.list(slots())) {
                for (Path file : made.toList()) {
                    Files.delete(file);
                }
            }
            preparePatch();
            assertInstalled("byPatch=true");
        }
    }

    private void preparePatch() throws IOException {
        int copied = FULL ? 59 * MIB : MIB;
        byte[] old = new byte[copied];
        byte[] image = new byte[FULL ? 64 * MIB : MIB + MIB / 4];
        new SplittableRandom(1).nextBytes(image);
        System.arraycopy(image, 0, old, 0, copied);
        Files.write(slots().resolve("slot-0"), old);
        Files.write(files().resolve("image"), image);
        Files.write(files().resolve("patch"), patch(old, image));
    }

    /**
     * The patch format by hand, DELTA-FORMAT.md: the old image copied in parts, and the rest is new; no time to match.
     */
    private static byte[] patch(byte[] old, byte[] image) {
        Copies whole = new Copies();
        whole.add(0, 0, old.length);
        Copies copies = whole.inPartsOf(0xFFFF);
        BodyHeader header =
                new BodyHeader(false, 0, 0, Segments.NONE, Segments.NONE, old.length, image.length, copies.size());
        byte[] body = BodyEncoder.encode(header, old, image, copies);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("FPD3".getBytes(StandardCharsets.US_ASCII));
        out.write(0); // flags: the small profile
        out.write(0); // no instruction set
        for (int number : new int[] {old.length, image.length, copies.size(), body.length}) {
            int rest = number;
            for (; rest >= 0x80; rest >>>= 7) {
                out.write(rest | 0x80);
            }
            out.write(rest);
        }
        out.writeBytes(Digest.sha256(old).bytes());
        out.writeBytes(Digest.sha256(image).bytes());
        out.writeBytes(body);
        return out.toByteArray();
    }

    private void assertInstalled(String way, String... more) throws IOException, InterruptedException {
        String path = Stream.of(
                        System.getProperty("java.class.path"),
                        System.getProperty("jdk.module.path"),
                        "target/test-classes",
                        "target/classes")
                .filter(part -> part != null && !part.isEmpty())
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx32m",
                "-cp",
                path,
                SmallHeapMain.class.getName(),
                slots().toString(),
                files().toString()));
        command.addAll(List.of(more));
        Process java = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, java.waitFor(), said);
        assertTrue(said.contains("Activated") && said.contains(way), said);
        assertTrue(said.contains("BootStatus[slot=1, state=CONFIRMED, triesLeft=0, version=33554432"), said);
        assertTrue(said.contains("heap 32 MiB") || said.contains("heap 31 MiB"), said);
        assertTrue(Files.mismatch(slots().resolve("slot-1"), files().resolve("image")) == -1, "the very image");
    }
}
