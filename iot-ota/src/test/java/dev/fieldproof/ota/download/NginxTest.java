package dev.fieldproof.ota.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.transport.Backoff;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A web server that no one here wrote: nginx, with ranges and without. */
@Timeout(60)
class NginxTest {
    private static final Path NGINX = Path.of("/usr/sbin/nginx");
    private static final int BLOCK = 4096;
    private static final byte[] IMAGE = MemorySink.image(5, 300_000);
    private static final DownloadRules RULES = new DownloadRules(
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)), Duration.ofSeconds(20), 4, 2, 1 << 20);

    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final MemorySink sink = new MemorySink(IMAGE.length, BLOCK);

    @TempDir
    private Path directory;

    private Process nginx;
    private int port;

    @BeforeEach
    void serve() throws IOException {
        assumeTrue(Files.isExecutable(NGINX), "skipped: nginx is not installed (Debian package nginx-light)");
        Path files = Files.createDirectories(directory.resolve("files"));
        Files.write(files.resolve("image"), IMAGE);
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        String temporary = List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
                .map(kind -> kind + "_temp_path " + directory.resolve(kind) + ";")
                .reduce("", String::concat);
        Path configuration = directory.resolve("nginx.conf");
        Files.writeString(
                configuration,
                "daemon off; master_process off; pid " + directory.resolve("pid") + "; error_log stderr;"
                        + " events {} http { access_log off; " + temporary
                        + " server { listen 127.0.0.1:" + port + ";"
                        + " location /with/ { alias " + files + "/; }"
                        + " location /without/ { alias " + files + "/; max_ranges 0; } } }");
        nginx = new ProcessBuilder(NGINX.toString(), "-p", directory.toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        for (int i = 0; i < 500 && !listens(); i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        timers.shutdownNow();
        if (nginx != null) {
            nginx.destroy();
            nginx.waitFor();
        }
    }

    private DownloadResult run(String path) throws Exception {
        HttpSource source = new HttpSource(URI.create("http://127.0.0.1:" + port + path));
        return new Downloader(List.of(source), RULES, Scheduler.of(timers), new Random(1))
                .start(MemorySink.plan(IMAGE, BLOCK), sink, event -> {})
                .result()
                .get(50, TimeUnit.SECONDS);
    }

    private void half() {
        for (int block = 0; block < 40; block++) {
            byte[] bytes = java.util.Arrays.copyOfRange(IMAGE, block * BLOCK, (block + 1) * BLOCK);
            sink.place(block, bytes, BLOCK);
        }
    }

    @Test
    void withRangesOnlyWhatIsMissingComes() throws Exception {
        half();
        assertEquals(
                new DownloadResult.Complete(new DownloadResult.Counts(IMAGE.length - 40 * BLOCK, 0, 1, 0)),
                run("/with/image"));
        assertTrue(sink.holds(IMAGE));
    }

    @Test
    void withoutRangesTheBeginningIsReadOver() throws Exception {
        half();
        assertEquals(
                new DownloadResult.Complete(new DownloadResult.Counts(IMAGE.length, 40 * BLOCK, 1, 0)),
                run("/without/image"));
        assertTrue(sink.holds(IMAGE));
    }

    @Test
    void aMissingFileIsNotFound() throws Exception {
        DownloadResult.GaveUp gaveUp = assertInstanceOf(DownloadResult.GaveUp.class, run("/with/other"));
        assertEquals(DownloadResult.Reason.NOT_FOUND, gaveUp.reason());
    }
}
