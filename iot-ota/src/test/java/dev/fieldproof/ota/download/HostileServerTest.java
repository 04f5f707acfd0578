package dev.fieldproof.ota.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.transport.Backoff;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers on this machine, with ranges and without, honest and not. */
@Timeout(60)
class HostileServerTest {
    private static final int BLOCK = 4096;
    private static final byte[] IMAGE = MemorySink.image(5, 100_000);
    private static final DownloadRules RULES = new DownloadRules(
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(5)), Duration.ofMillis(800), 4, 2, 1 << 20);

    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final MemorySink sink = new MemorySink(IMAGE.length, BLOCK);

    @AfterEach
    void close() {
        timers.shutdownNow();
    }

    private DownloadResult run(RawHttpServer... servers) throws Exception {
        List<HttpSource> sources =
                Arrays.stream(servers).map(RawHttpServer::source).toList();
        Downloader downloader = new Downloader(sources, RULES, Scheduler.of(timers), new Random(1));
        return downloader
                .start(MemorySink.plan(IMAGE, BLOCK), sink, event -> {})
                .result()
                .get(50, TimeUnit.SECONDS);
    }

    private static DownloadResult.Reason reason(DownloadResult result) {
        return assertInstanceOf(DownloadResult.GaveUp.class, result).reason();
    }

    private static void servePart(RawHttpServer.Reply reply, byte[] file, String tag, int maxBytes) throws IOException {
        reply.partHead(file, tag);
        reply.out().write(file, reply.from(), Math.min(maxBytes, reply.to() - reply.from()));
    }

    @Test
    void anHonestServerWithRangesIsResumedWhereItBroke() throws Exception {
        try (RawHttpServer server = new RawHttpServer(
                (reply, number) -> servePart(reply, IMAGE, "\"1\"", number < 4 ? 30_000 : IMAGE.length))) {
            DownloadResult.Complete complete = assertInstanceOf(DownloadResult.Complete.class, run(server));
            assertTrue(sink.holds(IMAGE));
            DownloadResult.Counts counts = complete.counts();
            assertTrue(counts.receivedBytes() <= IMAGE.length + (long) BLOCK * counts.cuts(), counts.toString());
            assertEquals("bytes=0-99999", server.requestedRanges.get(0));
            assertEquals(4, counts.requests());
        }
    }

    @Test
    void aServerWithoutRangesIsReadOverFromItsBeginning() throws Exception {
        try (RawHttpServer server = new RawHttpServer((reply, number) -> {
            reply.head(200, "Content-Length: " + IMAGE.length);
            reply.out().write(IMAGE, 0, number == 1 ? 50_000 : IMAGE.length);
        })) {
            assertInstanceOf(DownloadResult.Complete.class, run(server));
            assertTrue(sink.holds(IMAGE));
            assertEquals(2, server.requests.get());
        }
    }

    @Test
    void aLieAboutTheLengthIsNotFollowed() throws Exception {
        try (RawHttpServer server = new RawHttpServer((reply, number) -> {
            reply.head(200, "Content-Length: " + (1L << 40));
            reply.out().write(IMAGE);
        })) {
            assertEquals(DownloadResult.Reason.WRONG_CONTENT, reason(run(server)));
            assertEquals(1, server.requests.get());
        }
    }

    @Test
    void aPartThatIsNoneIsNotFollowed() throws Exception {
        String[] lies = {"bytes 5-9/100000", "bytes */100000", "bytes 0-99999/99", "nonsense", "bytes 0-x/1"};
        for (String lie : lies) {
            try (RawHttpServer server = new RawHttpServer((reply, number) -> {
                reply.head(206, "Content-Range: " + lie);
                reply.out().write(IMAGE);
            })) {
                assertEquals(DownloadResult.Reason.WRONG_CONTENT, reason(run(server)), lie);
                assertEquals(1, server.requests.get(), lie);
            }
        }
    }

    @Test
    void endlessDataEndsWithTheFile() throws Exception {
        try (RawHttpServer server = new RawHttpServer((reply, number) -> {
            reply.head(200);
            for (int i = 0; i < 1_000_000; i++) {
                reply.out().write(IMAGE);
            }
        })) {
            DownloadResult.Complete complete = assertInstanceOf(DownloadResult.Complete.class, run(server));
            assertTrue(complete.counts().receivedBytes() < IMAGE.length + (64 << 10), complete.toString());
        }
    }

    @Test
    void aStallIsLeftForTheNextSource() throws Exception {
        try (RawHttpServer stalling = new RawHttpServer((reply, number) -> {
                    servePart(reply, IMAGE, "\"1\"", number == 1 ? 10_000 : 0);
                    reply.out().flush();
                    LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(1));
                });
                RawHttpServer good =
                        new RawHttpServer((reply, number) -> servePart(reply, IMAGE, "\"1\"", IMAGE.length))) {
            DownloadResult.Complete complete = assertInstanceOf(DownloadResult.Complete.class, run(stalling, good));
            assertTrue(sink.holds(IMAGE));
            assertTrue(complete.counts().wastedBytes() <= 2 * BLOCK, complete.toString());
        }
    }

    @Test
    void aDripIsAStall() throws Exception {
        try (RawHttpServer server = new RawHttpServer((reply, number) -> {
            reply.partHead(IMAGE, "\"1\"");
            for (int i = 0; i < 1000; i++) {
                reply.out().write(IMAGE, reply.from() + i, 1);
                reply.out().flush();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        })) {
            assertEquals(DownloadResult.Reason.UNREACHABLE, reason(run(server)));
        }
    }

    @Test
    void aFileThatChangesInMidTransferIsRefused() throws Exception {
        byte[] other = MemorySink.image(6, IMAGE.length);
        try (RawHttpServer server = new RawHttpServer((reply, number) -> {
            if (number == 1) {
                servePart(reply, IMAGE, "\"1\"", 30_000);
            } else {
                servePart(reply, other, "\"2\"", IMAGE.length);
            }
        })) {
            assertEquals(DownloadResult.Reason.WRONG_CONTENT, reason(run(server)));
            assertTrue(sink.placed.cardinality() >= 1);
            sink.placed.stream().forEach(block -> assertTrue(holds(block), "block " + block));
        }
    }

    private boolean holds(int block) {
        int from = block * BLOCK;
        int to = Math.min(from + BLOCK, IMAGE.length);
        return Arrays.equals(sink.file, from, to, IMAGE, from, to);
    }

    @Test
    void aMissingFileIsAskedForOnce() throws Exception {
        try (RawHttpServer server = new RawHttpServer((reply, number) -> reply.head(404, "Content-Length: 0"))) {
            assertEquals(DownloadResult.Reason.NOT_FOUND, reason(run(server)));
            assertEquals(1, server.requests.get());
        }
    }

    @Test
    void aCaptivePortalIsRecognised() throws Exception {
        byte[] page = "<html>Accept our terms</html>".getBytes(StandardCharsets.UTF_8);
        try (RawHttpServer server = new RawHttpServer((reply, number) -> {
            reply.head(200, "Content-Type: text/html; charset=utf-8", "Content-Length: " + page.length);
            reply.out().write(page);
        })) {
            assertEquals(DownloadResult.Reason.CAPTIVE_PORTAL, reason(run(server)));
        }
        try (RawHttpServer server = new RawHttpServer((reply, number) -> reply.head(511, "Content-Length: 0"))) {
            assertEquals(DownloadResult.Reason.CAPTIVE_PORTAL, reason(run(server)));
        }
    }

    @Test
    void nobodyThereIsUnreachable() throws Exception {
        RawHttpServer server = new RawHttpServer((reply, number) -> reply.head(200));
        server.close();
        assertEquals(DownloadResult.Reason.UNREACHABLE, reason(run(server)));
    }
}
