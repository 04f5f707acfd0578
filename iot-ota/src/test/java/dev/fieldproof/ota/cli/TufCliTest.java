package dev.fieldproof.ota.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.ota.tuf.RoleSigners;
import dev.fieldproof.ota.tuf.TargetFile;
import dev.fieldproof.ota.tuf.TopLevelRole;
import dev.fieldproof.ota.tuf.TufRepository;
import dev.fieldproof.ota.tuf.TufSigner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TufCliTest {
    private static final byte[] IMAGE = "firmware".getBytes(StandardCharsets.UTF_8);

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path directory;

    private ServerSocket server;
    private TufRepository repository;

    @BeforeEach
    void aWebServerServesARepository() throws IOException {
        Map<TopLevelRole, RoleSigners> signers = new EnumMap<>(TopLevelRole.class);
        for (TopLevelRole role : TopLevelRole.values()) {
            signers.put(role, RoleSigners.of(TufSigner.ed25519(new byte[32])));
        }
        repository = new TufRepository(InstantSource.system(), signers);
        TargetFile target = TargetFile.of("a b/fw #1.bin", IMAGE);
        repository.addTarget(target);
        repository.publish((path, bytes) -> files.put("/metadata/" + path, bytes));
        files.put("/targets/a%20b/" + target.sha256().orElseThrow() + ".fw%20%231.bin", IMAGE);
        Files.write(directory.resolve("root.json"), files.get("/metadata/1.root.json"));
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve);
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept();
                    BufferedReader in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                    OutputStream out = socket.getOutputStream()) {
                String request = in.readLine();
                for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                    // the header fields do not matter
                }
                byte[] body = files.get(request.split(" ", 3)[1]);
                String head = body == null ? "404 Not Found" : "200 OK";
                byte[] content = body == null ? new byte[0] : body;
                String fields = "\r\nContent-Length: " + content.length + "\r\nConnection: close\r\n\r\n";
                out.write(("HTTP/1.1 " + head + fields).getBytes(StandardCharsets.US_ASCII));
                out.write(content);
            } catch (IOException e) {
                // the client went away, or the test is over
            }
        }
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private int tuf(String... command) {
        String base = "http://127.0.0.1:" + server.getLocalPort();
        List<String> args = new ArrayList<>(
                List.of("tuf", "--metadata-dir", directory.resolve("m").toString()));
        args.addAll(List.of("--metadata-url", base + "/metadata", "--target-base-url", base + "/targets/"));
        args.addAll(List.of("--target-dir", directory.resolve("t").toString(), "--target-name", "a b/fw #1.bin"));
        args.addAll(Arrays.asList(command));
        return OtaMain.run(
                new PrintWriter(new StringWriter()), new PrintWriter(err, true), args.toArray(String[]::new));
    }

    @Test
    void trustsRefreshesAndDownloads() throws IOException {
        assertEquals(0, tuf("init", directory.resolve("root.json").toString()), err.toString());
        assertEquals(0, tuf("refresh"), err.toString());
        assertArrayEquals(
                files.get("/metadata/timestamp.json"), Files.readAllBytes(directory.resolve("m/timestamp.json")));
        assertEquals(0, tuf("download"), err.toString());
        assertArrayEquals(IMAGE, Files.readAllBytes(directory.resolve("t/a%20b%2Ffw%20%231.bin")));
    }

    @Test
    void refusesWithOneLineAndLeavesNothingBehind() throws IOException {
        tuf("init", directory.resolve("root.json").toString());
        files.replaceAll((path, bytes) -> path.startsWith("/targets/") ? new byte[IMAGE.length] : bytes);
        assertEquals(1, tuf("download"));
        assertTrue(err.toString().contains("TARGET_MISMATCH"), err.toString());
        try (var left = Files.list(directory.resolve("t"))) {
            assertEquals(0, left.count());
        }
        assertEquals(1, tuf("--days-in-future", "30", "refresh"));
        assertTrue(err.toString().contains("EXPIRED timestamp.json"), err.toString());
        assertEquals(2, tuf("no-such-command"));
    }

    @Test
    void severalTargetsInOrderAndNoneTwice() throws IOException {
        TargetFile second = TargetFile.of("second", new byte[3]);
        repository.addTarget(second);
        repository.publish((path, bytes) -> files.put("/metadata/" + path, bytes));
        String place = "/targets/" + second.sha256().orElseThrow() + ".second";
        files.put(place, new byte[3]);
        tuf("init", directory.resolve("root.json").toString());
        assertEquals(0, tuf("--target-name", "second", "download"), err.toString());
        assertArrayEquals(new byte[3], Files.readAllBytes(directory.resolve("t/second")));
        files.remove(place);
        assertEquals(0, tuf("--target-name", "second", "download"), "it is there already");
        Files.write(directory.resolve("t/second"), new byte[4]);
        assertEquals(1, tuf("--target-name", "second", "--target-name", "third", "download"));
        assertTrue(err.toString().contains("MISSING second"), err.toString());
    }

    @Test
    void withoutATrustedRootNothingIsTrusted() {
        assertEquals(1, tuf("refresh"));
        assertTrue(err.toString().contains("MISSING root.json"), err.toString());
    }

    @Test
    void wrongArgumentsAreWrongUsage() {
        assertEquals(2, tuf("--metadata-url", "file:///etc", "refresh"), err.toString());
        assertTrue(err.toString().contains("--metadata-url"), err.toString());
        assertEquals(2, tuf("--max-root-rotations", "0", "refresh"));
        assertEquals(2, OtaMain.run(new PrintWriter(err), new PrintWriter(err, true), "tuf", "refresh"));
        assertEquals(1, tuf("init", directory.resolve("none.json").toString()));
        assertTrue(err.toString().contains("no such file"), err.toString());
    }

    @Test
    void aTargetsFileNameIsFlatAndHarmless() {
        assertEquals("a%2Fb%20c%2A~.bin", TufCommand.fileName("a/b c*~.bin"));
        assertEquals("%2E%2E", TufCommand.fileName(".."));
        assertEquals("%C3%A4%25", TufCommand.fileName("ä%"));
        assertEquals(64, TufCommand.fileName("x".repeat(300)).length());
    }
}
