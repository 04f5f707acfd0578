package dev.fieldproof.ota.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.core.store.ArtifactWrite;
import dev.fieldproof.core.store.TransferChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The server on real sockets; its limits of time run on a clock of the test. */
@Timeout(60)
class HttpServerTest {
    private static final int LARGE = 9_000_000;

    @TempDir
    private Path directory;

    private final AtomicLong nanos = new AtomicLong();
    private final BlockingQueue<Boolean> endings = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> refused = new LinkedBlockingQueue<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch inside = new CountDownLatch(1);
    private final byte[] large = new byte[LARGE];
    private ArtifactStore files;
    private ArtifactStore memory;
    private HttpServer server;

    @BeforeEach
    void serve() throws Exception {
        new SplittableRandom(1).nextBytes(large);
        files = filled(ArtifactStore.open(directory.toUri()));
        memory = filled(ArtifactStore.open(URI.create("memory:x")));
        server = server(HttpLimits.DEFAULT);
    }

    @AfterEach
    void end() throws IOException {
        held.countDown();
        server.close();
        files.close();
        memory.close();
    }

    private ArtifactStore filled(ArtifactStore store) throws IOException {
        try (ArtifactWrite write = store.write(Digest.sha256(large), LARGE)) {
            write.append(ByteBuffer.wrap(large));
            write.commit();
        }
        return store;
    }

    private HttpServer server(HttpLimits limits) throws IOException {
        return new HttpServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                limits,
                2,
                new Answers(),
                InstantSource.fixed(Instant.EPOCH),
                nanos::get);
    }

    private final class Answers implements HttpServer.Handler {
        @Override
        public HttpResponse answer(HttpRequest request, InetAddress client) {
            try {
                return switch (request.head().path()) {
                    case "/file" -> stream(files);
                    case "/memory" -> stream(memory);
                    case "/held" -> {
                        inside.countDown();
                        held.await();
                        yield text("held");
                    }
                    case "/fails" -> throw new IllegalStateException("on purpose");
                    default ->
                        text(request.head().method()
                                + request.head().path()
                                + new String(request.body(), StandardCharsets.US_ASCII));
                };
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        private HttpResponse stream(ArtifactStore store) throws IOException {
            ReadableByteChannel channel = store.read(Digest.sha256(large), 100);
            assertEquals(store == files, channel instanceof TransferChannel);
            return new HttpResponse.Stream(
                    206, List.of(new HttpField("ETag", "\"x\"")), channel, LARGE - 200, endings::add);
        }

        @Override
        public HttpResponse refuse(HttpServer.Refusal refusal, InetAddress client) {
            refused.add(refusal.status() + " " + refusal.about());
            return new HttpResponse.Whole(
                    refusal.status(), List.of(), refusal.rule().getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static HttpResponse text(String text) {
        return new HttpResponse.Whole(200, List.of(), text.getBytes(StandardCharsets.US_ASCII));
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.port() + path);
    }

    private Socket socket() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(30_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String all(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void thePlatformsClientGetsWhatItAsksFor() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 0; i < 20; i++) {
            var answer = client.send(
                    java.net.http.HttpRequest.newBuilder(uri("/put/" + i))
                            .PUT(BodyPublishers.ofString("body"))
                            .build(),
                    BodyHandlers.ofString());
            assertEquals("PUT/put/" + i + "body", answer.body());
            assertEquals(
                    "Thu, 01 Jan 1970 00:00:00 GMT",
                    answer.headers().firstValue("Date").orElse(""));
        }
        assertEquals(1, server.connections(), "one connection for all of them");
        var failing =
                client.send(java.net.http.HttpRequest.newBuilder(uri("/fails")).build(), BodyHandlers.ofString());
        assertEquals(500, failing.statusCode());
    }

    @Test
    void aLongBodyComesWholeFromFilesAndFromMemoryAndTheConnectionIsKept() throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        byte[] wanted = java.util.Arrays.copyOfRange(large, 100, LARGE - 100);
        for (String path : List.of("/file", "/memory", "/file")) {
            var answer =
                    client.send(java.net.http.HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofByteArray());
            assertEquals(206, answer.statusCode());
            assertArrayEquals(wanted, answer.body());
            assertTrue(endings.take(), "told that it went out");
        }
        var head = client.send(
                java.net.http.HttpRequest.newBuilder(uri("/file"))
                        .method("HEAD", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofByteArray());
        assertEquals(
                Integer.toString(LARGE - 200),
                head.headers().firstValue("Content-Length").orElse(""));
        assertFalse(endings.take(), "nothing of it went out");
        assertEquals(1, server.connections());
    }

    @Test
    void whoLeavesInTheMiddleAndWhoTakesNothingEndTheirDownloads() throws Exception {
        try (Socket leaving = socket()) {
            write(leaving, "GET /file HTTP/1.1\r\nHost: x\r\n\r\n");
            leaving.getInputStream().readNBytes(1000);
            leaving.setSoLinger(true, 0);
        }
        assertFalse(endings.take());
        try (Socket stalled = socket()) {
            write(stalled, "GET /file HTTP/1.1\r\nHost: x\r\n\r\n");
            stalled.getInputStream().readNBytes(1000);
            assertEquals(null, endings.poll(300, TimeUnit.MILLISECONDS), "it has its time");
            nanos.addAndGet(Duration.ofMinutes(2).toNanos());
            assertFalse(endings.take());
        }
    }

    @Test
    void moreSlowClientsThanThereAreThreadsHoldUpNobody() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                Socket socket = socket();
                slow.add(socket);
                write(
                        socket,
                        i % 2 == 0 ? "GET /slow HT" : "PUT /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{");
            }
            try (Socket quick = socket()) {
                write(quick, "GET /quick HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
                assertTrue(all(quick).endsWith("GET/quick"));
            }
            assertEquals(0, refused.size(), "answered while the slow ones were still being waited for");
            nanos.addAndGet(Duration.ofSeconds(31).toNanos());
            for (Socket socket : slow) {
                String answer = all(socket);
                assertTrue(answer.startsWith("HTTP/1.1 408 Request Timeout\r\n"), answer);
                assertTrue(answer.contains("did not arrive within"), answer);
            }
            assertEquals(300, refused.size());
            assertTrue(refused.take().endsWith("/slow"));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void whatIsRefusedCanBeReadByWhoIsStillSending() throws Exception {
        var answer = HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(uri("/large"))
                                .PUT(BodyPublishers.ofByteArray(new byte[900_000]))
                                .build(),
                        BodyHandlers.ofString());
        assertEquals(413, answer.statusCode());
        assertEquals("413 PUT /large", refused.take());
        try (Socket tls = socket()) {
            write(tls, "\026\003\001\002\000");
            assertTrue(all(tls).startsWith("HTTP/1.1 400 "));
        }
    }

    @Test
    void whoComesBeyondTheLimitIsServedWhenThereIsRoom() throws Exception {
        server.close();
        HttpLimits d = HttpLimits.DEFAULT;
        server = server(new HttpLimits(
                100, 1000, 8, 100, 1000, 2, d.headWithin(), d.bodyWithin(), d.idleWithin(), d.stallWithin()));
        try (Socket first = socket();
                Socket second = socket();
                Socket third = socket()) {
            for (Socket socket : List.of(first, second, third)) {
                write(socket, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            InputStream in = third.getInputStream();
            assertEquals('H', in.read(), "an idle one had to go");
        }
    }

    @Test
    void theServerEndsWhenWhatIsUnderWayHasEnded() throws Exception {
        try (Socket busy = socket();
                Socket idle = socket()) {
            write(idle, "GET /idle HTTP/1.1\r\nHost: x\r\n\r\n");
            assertEquals('H', idle.getInputStream().read());
            write(busy, "GET /held HTTP/1.1\r\nHost: x\r\n\r\n");
            inside.await();
            Thread closing = new Thread(server::close);
            closing.start();
            idle.getInputStream().readAllBytes(); // ends, though nobody asked for it
            held.countDown();
            String answer = all(busy);
            assertTrue(answer.endsWith("held"), answer);
            assertTrue(answer.contains("Connection: close"), answer);
            closing.join();
        }
    }
}
