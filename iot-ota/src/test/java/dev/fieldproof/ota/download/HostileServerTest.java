package dev.fieldproof.ota.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.transport.Backoff;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A real web server on this machine, with ranges and without, honest and not. */
@Timeout(60)
class HostileServerTest {
    private static final int BLOCK = 4096;
    private static final byte[] IMAGE = MemorySink.image(5, 100_000);
    private static final DownloadRules RULES = new DownloadRules(
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)), Duration.ofMillis(400), 4, 2, 1 << 20);

    /** What the server does with a request. */
    private interface Behaviour {
        void answer(HttpExchange exchange, int number) throws IOException;
    }

    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final MemorySink sink = new MemorySink(IMAGE.length, BLOCK);
    private HttpServer server;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newCachedThreadPool());
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
        ((java.util.concurrent.ExecutorService) server.getExecutor()).shutdownNow();
        timers.shutdownNow();
    }

    private HttpSource serve(String path, Behaviour behaviour) {
        server.createContext(path, exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            ranges.add(String.valueOf(range));
            try (exchange) {
                behaviour.answer(exchange, requests.incrementAndGet());
            }
        });
        int port = server.getAddress().getPort();
        return new HttpSource(URI.create("http://127.0.0.1:" + port + path));
    }

    private DownloadResult run(HttpSource... sources) throws Exception {
        Downloader downloader = new Downloader(List.of(sources), RULES, Scheduler.of(timers), new Random(1));
        return downloader
                .start(MemorySink.plan(IMAGE, BLOCK), sink, event -> {})
                .result()
                .get(50, TimeUnit.SECONDS);
    }

    private static int[] range(HttpExchange exchange) {
        String[] ends = exchange.getRequestHeaders()
                .getFirst("Range")
                .substring("bytes=".length())
                .split("-");
        return new int[] {Integer.parseInt(ends[0]), Integer.parseInt(ends[1]) + 1};
    }

    private static OutputStream part(HttpExchange exchange, byte[] file, String tag) throws IOException {
        int[] range = range(exchange);
        exchange.getResponseHeaders()
                .add("Content-Range", "bytes " + range[0] + "-" + (range[1] - 1) + "/" + file.length);
        exchange.getResponseHeaders().add("ETag", tag);
        exchange.sendResponseHeaders(206, range[1] - range[0]);
        return exchange.getResponseBody();
    }

    private static void servePart(HttpExchange exchange, byte[] file, String tag) throws IOException {
        int[] range = range(exchange);
        try (OutputStream out = part(exchange, file, tag)) {
            out.write(file, range[0], range[1] - range[0]);
        }
    }

    private static DownloadResult.Reason reason(DownloadResult result) {
        return assertInstanceOf(DownloadResult.GaveUp.class, result).reason();
    }

    @Test
    void anHonestServerWithRangesIsResumedWhereItBroke() throws Exception {
        DownloadResult result = run(serve("/a", (exchange, number) -> {
            int[] range = range(exchange);
            try (OutputStream out = part(exchange, IMAGE, "\"1\"")) {
                int length = number < 4 ? Math.min(30_000, range[1] - range[0]) : range[1] - range[0];
                out.write(IMAGE, range[0], length);
                out.flush();
            } catch (IOException e) {
                exchange.close(); // fewer bytes than stated: the connection is cut
            }
        }));
        DownloadResult.Complete complete = assertInstanceOf(DownloadResult.Complete.class, result);
        assertTrue(sink.holds(IMAGE));
        assertTrue(
                complete.counts().receivedBytes()
                        <= IMAGE.length + (long) BLOCK * complete.counts().cuts(),
                complete.toString());
        assertEquals("bytes=0-99999", ranges.get(0));
    }

    @Test
    void aServerWithoutRangesIsReadOverFromItsBeginning() throws Exception {
        DownloadResult result = run(serve("/a", (exchange, number) -> {
            exchange.sendResponseHeaders(200, IMAGE.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(IMAGE, 0, number == 1 ? 50_000 : IMAGE.length);
            } catch (IOException e) {
                exchange.close();
            }
        }));
        assertInstanceOf(DownloadResult.Complete.class, result);
        assertTrue(sink.holds(IMAGE));
    }

    @Test
    void aLieAboutTheLengthIsNotFollowed() throws Exception {
        assertEquals(DownloadResult.Reason.WRONG_CONTENT, reason(run(serve("/a", (exchange, number) -> {
            exchange.sendResponseHeaders(200, 1L << 40);
            exchange.getResponseBody().write(IMAGE);
        }))));
        assertEquals(1, requests.get());
    }

    @Test
    void endlessDataEndsWithTheFile() throws Exception {
        DownloadResult result = run(serve("/a", (exchange, number) -> {
            exchange.sendResponseHeaders(200, 0); // of unknown length
            OutputStream out = exchange.getResponseBody();
            out.write(IMAGE);
            for (int i = 0; i < 1_000_000; i++) {
                out.write(IMAGE);
            }
        }));
        DownloadResult.Complete complete = assertInstanceOf(DownloadResult.Complete.class, result);
        assertTrue(complete.counts().receivedBytes() < IMAGE.length + (64 << 10), complete.toString());
    }

    @Test
    void aStallIsLeftForTheNextSource() throws Exception {
        HttpSource stalling = serve("/stall", (exchange, number) -> {
            OutputStream out = part(exchange, IMAGE, "\"1\"");
            out.write(IMAGE, range(exchange)[0], number == 1 ? 10_000 : 0);
            out.flush();
            parkUntilInterrupted();
        });
        HttpSource good = serve("/good", (exchange, number) -> servePart(exchange, IMAGE, "\"1\""));
        DownloadResult.Complete complete = assertInstanceOf(DownloadResult.Complete.class, run(stalling, good));
        assertTrue(sink.holds(IMAGE));
        assertTrue(complete.counts().wastedBytes() <= 2 * BLOCK, complete.toString());
    }

    @Test
    void aDripIsAStall() throws Exception {
        assertEquals(DownloadResult.Reason.UNREACHABLE, reason(run(serve("/a", (exchange, number) -> {
            OutputStream out = part(exchange, IMAGE, "\"1\"");
            for (int i = 0; i < 1000; i++) {
                out.write(IMAGE, i, 1);
                out.flush();
                java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
            }
        }))));
    }

    @Test
    void aFileThatChangesInMidTransferIsRefused() throws Exception {
        byte[] other = MemorySink.image(6, IMAGE.length);
        assertEquals(DownloadResult.Reason.WRONG_CONTENT, reason(run(serve("/a", (exchange, number) -> {
            if (number == 1) {
                try (OutputStream out = part(exchange, IMAGE, "\"1\"")) {
                    out.write(IMAGE, 0, 30_000);
                } catch (IOException e) {
                    exchange.close();
                }
            } else {
                servePart(exchange, other, "\"2\"");
            }
        }))));
        byte[] held = Arrays.copyOf(sink.file, BLOCK);
        assertTrue(Arrays.equals(held, Arrays.copyOf(IMAGE, BLOCK)), "what was verified stays");
        List<Integer> wrong = new ArrayList<>();
        sink.placed.stream().filter(block -> !holds(block)).forEach(wrong::add);
        assertEquals(List.of(), wrong);
    }

    private boolean holds(int block) {
        int from = block * BLOCK;
        int to = Math.min(from + BLOCK, IMAGE.length);
        return Arrays.equals(sink.file, from, to, IMAGE, from, to);
    }

    @Test
    void aMissingFileIsAskedForOnce() throws Exception {
        assertEquals(
                DownloadResult.Reason.NOT_FOUND,
                reason(run(serve("/a", (exchange, number) -> exchange.sendResponseHeaders(404, -1)))));
        assertEquals(1, requests.get());
    }

    @Test
    void aCaptivePortalIsRecognised() throws Exception {
        assertEquals(DownloadResult.Reason.CAPTIVE_PORTAL, reason(run(serve("/a", (exchange, number) -> {
            byte[] page = "<html>Accept our terms</html>".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
        }))));
        assertEquals(
                DownloadResult.Reason.CAPTIVE_PORTAL,
                reason(run(serve("/b", (exchange, number) -> exchange.sendResponseHeaders(511, -1)))));
    }

    @Test
    void nobodyThereIsUnreachable() throws Exception {
        int port = server.getAddress().getPort();
        server.stop(0);
        assertEquals(
                DownloadResult.Reason.UNREACHABLE,
                reason(run(new HttpSource(URI.create("http://127.0.0.1:" + port + "/a")))));
    }

    private static void parkUntilInterrupted() {
        while (!Thread.currentThread().isInterrupted()) {
            java.util.concurrent.locks.LockSupport.park();
        }
    }
}
