package dev.fieldproof.ota.download;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.fieldproof.ota.tuf.Fetcher;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Going on at an offset: with a server that knows ranges, one that does not, and ones that answer nonsense. */
class HttpFetcherTest {
    private static final byte[] FILE = "0123456789".getBytes(StandardCharsets.US_ASCII);

    private final List<String> ranges = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private HttpFetcher fetcher;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            String range = String.valueOf(exchange.getRequestHeaders().getFirst("Range"));
            ranges.add(range);
            int from = range.startsWith("bytes=") ? Integer.parseInt(range.substring(6, range.length() - 1)) : 0;
            byte[] part = java.util.Arrays.copyOfRange(FILE, Math.min(from, FILE.length), FILE.length);
            switch (exchange.getRequestURI().getPath()) {
                case "/ranges" -> {
                    if (from > 0) {
                        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-9/10");
                    }
                    exchange.sendResponseHeaders(from > 0 ? 206 : 200, part.length);
                    exchange.getResponseBody().write(part);
                }
                case "/whole" -> {
                    exchange.sendResponseHeaders(200, FILE.length);
                    exchange.getResponseBody().write(FILE);
                }
                case "/other-part" -> {
                    exchange.getResponseHeaders().set("Content-Range", "bytes 1-9/10");
                    exchange.sendResponseHeaders(206, 9);
                    exchange.getResponseBody().write(FILE, 1, 9);
                }
                case "/ended" -> exchange.sendResponseHeaders(416, -1);
                default -> exchange.sendResponseHeaders(404, -1);
            }
            exchange.close();
        });
        server.start();
        fetcher = new HttpFetcher(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
    }

    @AfterEach
    void end() {
        server.stop(0);
    }

    private byte[] fetch(String path, long offsetBytes) throws IOException {
        try (InputStream in = fetcher.open(path, offsetBytes).orElseThrow()) {
            return in.readAllBytes();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void onlyTheRestIsAskedFor() throws IOException {
        assertArrayEquals(FILE, fetch("ranges", 0));
        assertArrayEquals(bytes("789"), fetch("ranges", 7));
        assertEquals(List.of("null", "bytes=7-"), ranges);
    }

    @Test
    void aServerWithoutRangesIsReadOver() throws IOException {
        assertArrayEquals(bytes("789"), fetch("whole", 7));
        assertThrows(IOException.class, () -> fetch("whole", 11), "it ends before");
    }

    @Test
    void anotherPartThanWasAskedForIsRefused() {
        IOException other = assertThrows(IOException.class, () -> fetch("other-part", 7));
        assertTrue(String.valueOf(other.getMessage()).contains("bytes 1-9/10"), other.toString());
        assertThrows(IOException.class, () -> fetch("other-part", 0), "nothing was asked for");
        assertThrows(IOException.class, () -> fetch("ended", 7));
    }

    @Test
    void whatIsNotThereIsNotThereAtAnyOffset() throws IOException {
        assertEquals(Optional.empty(), fetcher.open("missing", 7));
    }

    @Test
    void anyFetcherCanGoOnByReadingOver() throws IOException {
        Fetcher plain = path -> Optional.of(new ByteArrayInputStream(FILE));
        assertArrayEquals(bytes("789"), plain.open("x", 7).orElseThrow().readAllBytes());
        assertThrows(IOException.class, () -> plain.open("x", 11));
    }
}
