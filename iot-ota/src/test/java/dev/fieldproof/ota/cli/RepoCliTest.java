package dev.fieldproof.ota.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.delta.DeltaDecoder;
import dev.fieldproof.ota.delta.DeltaLimits;
import dev.fieldproof.ota.delta.SourceImage;
import dev.fieldproof.ota.slot.ChunkHashes;
import dev.fieldproof.ota.tuf.Fetcher;
import dev.fieldproof.ota.tuf.FirmwareInfo;
import dev.fieldproof.ota.tuf.TargetFile;
import dev.fieldproof.ota.tuf.TrustedStore;
import dev.fieldproof.ota.tuf.TufClient;
import dev.fieldproof.ota.tuf.TufLimits;
import dev.fieldproof.ota.tuf.TufResult;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A repository made and kept on the command line, read by the client from what was published. */
class RepoCliTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private Path repo;
    private Path web;

    @BeforeEach
    void aPassword() throws IOException {
        repo = directory.resolve("repo");
        web = directory.resolve("web");
        Files.writeString(directory.resolve("password"), "correct horse\n");
    }

    private int repo(String... command) {
        List<String> args = new ArrayList<>(
                List.of("repo", "--password-file", directory.resolve("password").toString()));
        args.addAll(List.of(command));
        return OtaMain.run(new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
    }

    private void done(String... command) {
        assertEquals(0, repo(command), err.toString());
    }

    private Path image(String name, byte[] bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes);
    }

    private static byte[] release(int number) {
        byte[] image = new byte[20_000];
        new SplittableRandom(1).nextBytes(image);
        for (int i = 0; i < number; i++) {
            image[5000 + 100 * i] = (byte) number;
        }
        return image;
    }

    private void add(int number) throws IOException {
        done(
                "add",
                repo.toString(),
                image("r" + number, release(number)).toString(),
                "--name",
                "board-a/1." + number + ".0.bin",
                "--firmware-version",
                "1." + number + ".0",
                "--hardware",
                "board-a",
                "--security-version",
                "" + number,
                "--deltas",
                "2");
    }

    /** As a web server does, which undoes the percent-encoding of what it is asked for. */
    private static Fetcher files(Path base) {
        return path -> {
            Path file = base.resolve(URI.create("http://host/" + path).getPath().substring(1));
            return Files.exists(file) ? Optional.of(Files.newInputStream(file)) : Optional.empty();
        };
    }

    private TufClient client(TrustedStore store) {
        return new TufClient(store, files(web.resolve("metadata")), InstantSource.system());
    }

    private TargetFile target(TufClient client, String path) throws IOException {
        return assertInstanceOf(TufResult.Found.class, client.lookup(path)).target();
    }

    private byte[] download(TufClient client, TargetFile target) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        assertInstanceOf(TufResult.Downloaded.class, client.download(target, files(web.resolve("targets")), bytes));
        return bytes.toByteArray();
    }

    @Test
    void releasesComeWithPatchesFromThoseBeforeThem() throws Exception {
        done("init", repo.toString());
        for (int number = 0; number < 4; number++) {
            add(number);
        }
        done("publish", repo.toString(), web.toString());
        TrustedStore store = TrustedStore.inMemory();
        TufClient.initialise(store, Files.readAllBytes(web.resolve("metadata/1.root.json")), TufLimits.DEFAULT);
        TufClient client = client(store);
        assertInstanceOf(TufResult.Refreshed.class, client.refresh());
        TargetFile image = target(client, "board-a/1.3.0.bin");
        assertArrayEquals(release(3), download(client, image));
        FirmwareInfo facts = image.firmware().orElseThrow();
        assertEquals(2, facts.deltas().size(), "from 1.2.0 and 1.1.0");
        assertEquals(3, facts.securityVersion());
        byte[] list = download(client, target(client, "board-a/1.3.0.bin.blocks"));
        assertEquals(facts.blockHashes(), Digest.sha256(list));
        assertArrayEquals(ChunkHashes.listSha256(release(3), 4096), list);
        FirmwareInfo.Delta delta =
                facts.deltaFrom(Digest.sha256(release(2)), Long.MAX_VALUE).orElseThrow();
        byte[] patch = download(client, target(client, delta.path()));
        assertTrue(patch.length < 1000, patch.length + " bytes");
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        DeltaDecoder decoder = DeltaDecoder.open(SourceImage.of(release(2)), made::write, DeltaLimits.DEFAULT);
        decoder.feed(patch);
        decoder.finish();
        assertArrayEquals(release(3), made.toByteArray());
    }

    @Test
    void keysAreRotatedAndDevicesFollow() throws IOException {
        done("init", repo.toString(), "--root-keys", "3");
        add(0);
        done("publish", repo.toString(), web.toString());
        TrustedStore store = TrustedStore.inMemory();
        TufClient.initialise(store, Files.readAllBytes(web.resolve("metadata/1.root.json")), TufLimits.DEFAULT);
        assertInstanceOf(TufResult.Refreshed.class, client(store).refresh());
        for (String role : List.of("root", "timestamp")) {
            done("rotate", repo.toString(), role);
        }
        add(1);
        done("sign", repo.toString(), "--role", "root", "--role", "targets", "--days", "10");
        done("publish", repo.toString(), web.toString());
        TufClient client = client(store);
        TufResult.Refreshed now = assertInstanceOf(TufResult.Refreshed.class, client.refresh());
        assertEquals(4, now.rootVersion(), "two rotations and a renewal");
        target(client, "board-a/1.0.0.bin");
        target(client, "board-a/1.1.0.bin");
        done("keys", repo.toString());
        assertTrue(out.toString().contains("root: 2 of"), out.toString());
    }

    @Test
    void tellsWhatExpiresSoon() {
        done("init", repo.toString());
        done("expires", repo.toString(), "--within", "8");
        assertTrue(out.toString().contains("timestamp 1:"), out.toString());
        assertTrue(!out.toString().contains("snapshot 1:"), out.toString());
        done("expires", repo.toString(), "--within", "400");
        assertTrue(out.toString().contains("root 1:"), out.toString());
    }

    @Test
    void publishingAgainCopiesWhatChanged() throws IOException {
        done("init", repo.toString());
        add(0);
        done("publish", repo.toString(), web.toString());
        done("publish", repo.toString(), web.toString());
        assertTrue(out.toString().contains("\n0 of "), out.toString());
    }

    @Test
    void aDelegatedRoleIsMadeFilledRenewedAndRotated() throws IOException {
        done("init", repo.toString(), "--root-keys", "1", "--root-threshold", "1");
        done("delegate", repo.toString(), "boards", "--path", "board-a/*", "--terminating");
        String image = image("r1", release(1)).toString();
        String[] add = {
            "add", repo.toString(), image, "--firmware-version", "1.1.0", "--hardware", "board-a", "--role", "boards"
        };
        List<String> elsewhere = new ArrayList<>(List.of(add));
        elsewhere.addAll(List.of("--name", "board-b/1.1.0.bin"));
        assertEquals(1, repo(elsewhere.toArray(String[]::new)));
        assertTrue(err.toString().contains("no device looks for 'board-b/1.1.0.bin"), err.toString());
        List<String> here = new ArrayList<>(List.of(add));
        here.addAll(List.of("--name", "board-a/1.1.0.bin"));
        done(here.toArray(String[]::new));
        done("sign", repo.toString(), "--role", "boards", "--days", "3");
        done("expires", repo.toString(), "--within", "4");
        assertTrue(out.toString().contains("boards 3:"), out.toString());
        done("rotate", repo.toString(), "boards");
        done("publish", repo.toString(), web.toString());
        TrustedStore store = TrustedStore.inMemory();
        TufClient.initialise(store, Files.readAllBytes(web.resolve("metadata/1.root.json")), TufLimits.DEFAULT);
        TufClient client = client(store);
        assertInstanceOf(TufResult.Refreshed.class, client.refresh());
        TufResult.Found found = assertInstanceOf(TufResult.Found.class, client.lookup("board-a/1.1.0.bin"));
        assertEquals("boards", found.role());
        assertArrayEquals(release(1), download(client, found.target()));
        assertEquals(1, repo("delegate", repo.toString(), "boards", "--path", "x"), "there already");
    }

    @Test
    void aNameWithBlanksIsServedByAnyWebServer() throws IOException {
        done("init", repo.toString(), "--root-keys", "1", "--root-threshold", "1");
        String image = image("r", release(1)).toString();
        String name = "boards/b 1%20#+.bin";
        done("add", repo.toString(), image, "--name", name, "--firmware-version", "1", "--hardware", "b");
        done("publish", repo.toString(), web.toString());
        TrustedStore store = TrustedStore.inMemory();
        TufClient.initialise(store, Files.readAllBytes(web.resolve("metadata/1.root.json")), TufLimits.DEFAULT);
        TufClient client = client(store);
        assertInstanceOf(TufResult.Refreshed.class, client.refresh());
        assertArrayEquals(release(1), download(client, target(client, name)));
        for (String odd : List.of("../x", "/x", "a//b", "a/./b", "a\\b", "", "a\nb")) {
            String[] add = {"add", repo.toString(), image, "--name", odd, "--firmware-version", "1", "--hardware", "b"};
            assertEquals(2, repo(add), odd);
        }
    }

    @Test
    void wrongArgumentsAreWrongUsageAndChangeNothing() throws IOException {
        Path typo = directory.resolve("typo");
        for (String command : List.of("keys", "publish", "expires", "sign")) {
            List<String> args = new ArrayList<>(List.of(command, typo.toString()));
            if (command.equals("publish")) {
                args.add(web.toString());
            }
            assertEquals(1, repo(args.toArray(String[]::new)), command);
            assertTrue(err.toString().contains("typo is no repository"), err.toString());
        }
        assertTrue(Files.notExists(typo), "not even a directory is left");
        done("init", repo.toString(), "--root-keys", "1", "--root-threshold", "1");
        byte[] timestamp = Files.readAllBytes(repo.resolve("public/metadata/timestamp.json"));
        String empty = image("empty", new byte[0]).toString();
        for (List<String> wrong : List.of(
                List.of("init", typo.toString(), "--root-keys", "1", "--root-threshold", "2"),
                List.of("rotate", repo.toString(), "nobody"),
                List.of("sign", repo.toString(), "--role", "nobody"),
                List.of("sign", repo.toString(), "--days", "0"),
                List.of("expires", repo.toString(), "--within", "-1"),
                List.of("delegate", repo.toString(), "root", "--path", "x"),
                List.of("delegate", repo.toString(), "no path"),
                List.of("add", repo.toString(), empty))) {
            assertEquals(2, repo(wrong.toArray(String[]::new)), wrong.toString());
        }
        String[] add = {"add", repo.toString(), empty, "--name", "e", "--firmware-version", "1", "--hardware", "h"};
        assertEquals(1, repo(add));
        assertTrue(err.toString().contains("is empty"), err.toString());
        assertArrayEquals(timestamp, Files.readAllBytes(repo.resolve("public/metadata/timestamp.json")));
        done("sign", repo.toString(), "--days", "2");
        done("expires", repo.toString(), "--within", "3");
        assertTrue(out.toString().contains("snapshot 2:"), out.toString());
    }

    @Test
    void mistakesAreToldInOneLine() throws IOException {
        assertEquals(1, repo("keys", repo.toString()));
        assertTrue(err.toString().contains("repo init"), err.toString());
        done("init", repo.toString());
        assertEquals(1, repo("init", repo.toString()));
        Files.writeString(directory.resolve("password"), "wrong");
        assertEquals(1, repo("keys", repo.toString()));
        assertTrue(err.toString().contains("password"), err.toString());
    }
}
