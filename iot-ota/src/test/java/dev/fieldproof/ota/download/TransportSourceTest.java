package dev.fieldproof.ota.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.core.store.ArtifactWrite;
import dev.fieldproof.core.store.MemoryArtifactStore;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Faults;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that reaches a broker, but no web server. */
class TransportSourceTest {
    private static final int BLOCK = 1000;
    private static final byte[] IMAGE = MemorySink.image(9, 40_500);
    private static final Digest DIGEST = Digest.sha256(IMAGE);

    private final SimClock clock = new SimClock(Instant.EPOCH);
    private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
    private final Transport site = broker.client();
    private final Transport node = broker.client();
    private final ArtifactStore store = new MemoryArtifactStore(1 << 20);
    private final MemorySink sink = new MemorySink(IMAGE.length, BLOCK);
    private final List<CompletableFuture<Boolean>> connecting = new ArrayList<>();
    private BlockServer server;

    @BeforeEach
    void connect() throws IOException {
        connecting.add(site.connect(ConnectOptions.of("site")));
        connecting.add(node.connect(ConnectOptions.of("node")));
        try (ArtifactWrite write = store.write(DIGEST, IMAGE.length)) {
            write.append(ByteBuffer.wrap(IMAGE));
            assertEquals(ArtifactWrite.Result.COMMITTED, write.commit());
        }
        clock.advance(Duration.ofSeconds(1));
        connecting.forEach(connection -> assertFalse(connection.join()));
    }

    @AfterEach
    void close() throws IOException {
        if (server != null) {
            server.close();
        }
        store.close();
    }

    private void serve() {
        server = new BlockServer(site, "fp/blocks", store, Runnable::run);
    }

    private Downloader.Download start(Digest digest, int pieceBytes) throws IOException {
        TransportSource source = new TransportSource(node, "fp/blocks", "node", digest, pieceBytes);
        return new Downloader(List.of(source), DownloadRules.DEFAULT, clock, new SplittableRandom(3))
                .start(MemorySink.plan(IMAGE, BLOCK), sink, event -> {});
    }

    @Test
    void aFileArrivesPieceByPiece() throws IOException {
        serve();
        Downloader.Download download = start(DIGEST, 1400);
        clock.advance(Duration.ofMinutes(1));
        assertEquals(
                new DownloadResult.Complete(new DownloadResult.Counts(IMAGE.length, 0, 1, 0)),
                download.result().join());
        assertTrue(sink.holds(IMAGE));
    }

    @Test
    void whatTheServerLacksIsAskedForOnce() throws IOException {
        serve();
        Downloader.Download download = start(Digest.sha256(new byte[1]), 1400);
        clock.advance(Duration.ofMinutes(10));
        DownloadResult.GaveUp gaveUp =
                assertInstanceOf(DownloadResult.GaveUp.class, download.result().join());
        assertEquals(DownloadResult.Reason.NOT_FOUND, gaveUp.reason());
        assertEquals(1, gaveUp.counts().requests());
    }

    @Test
    void aCutConnectionIsResumed() throws IOException {
        serve();
        broker.faults(new Faults(0, 0, 0, Duration.ofMillis(20), Duration.ofMillis(80)));
        Downloader.Download download = start(DIGEST, 700);
        clock.advance(Duration.ofSeconds(1));
        broker.cut("node");
        clock.advance(Duration.ofMinutes(2));
        broker.restore("node");
        clock.advance(Duration.ofMinutes(20));
        DownloadResult.Complete complete = assertInstanceOf(
                DownloadResult.Complete.class, download.result().join());
        assertTrue(sink.holds(IMAGE));
        assertTrue(complete.counts().receivedBytes() <= IMAGE.length + 2 * BLOCK, complete.toString());
    }

    @Test
    void aWindowOfRequestsHidesALongWay() throws IOException {
        serve();
        broker.faults(new Faults(0, 0, 0, Duration.ofMillis(100), Duration.ofMillis(100)));
        assertTrue(secondsWith(8) * 4 < secondsWith(1), "eight at a time take less than a quarter of the time");
    }

    private long secondsWith(int window) throws IOException {
        MemorySink fresh = new MemorySink(IMAGE.length, BLOCK);
        TransportSource source = new TransportSource(node, "fp/blocks", "node", DIGEST, 500, window);
        Downloader.Download download = new Downloader(
                        List.of(source), DownloadRules.DEFAULT, clock, new SplittableRandom(3))
                .start(MemorySink.plan(IMAGE, BLOCK), fresh, event -> {});
        long seconds = 0;
        while (!download.result().isDone() && seconds < 1000) {
            clock.advance(Duration.ofSeconds(1));
            seconds++;
        }
        assertTrue(fresh.holds(IMAGE));
        return seconds;
    }

    @Test
    void noMoreRequestsThanTheWindowAreUnderWay() throws IOException {
        List<Integer> asked = new ArrayList<>();
        site.subscribe(
                new TopicFilter("fp/blocks/get/+"),
                Qos.AT_LEAST_ONCE,
                message -> asked.add(
                        BlockRequest.decode(message.payload()).orElseThrow().number()));
        start(DIGEST, 1000);
        clock.advance(Duration.ofSeconds(30));
        assertEquals(TransportSource.DEFAULT_WINDOW, asked.size(), "of the forty there are");
    }

    @Test
    void piecesThatOvertakeOthersAreHandedOnInOrder() throws IOException {
        serve();
        broker.faults(new Faults(0.1, 0.2, 0.4, Duration.ofMillis(1), Duration.ofMillis(50)));
        Downloader.Download download = start(DIGEST, 300);
        clock.advance(Duration.ofMinutes(30));
        DownloadResult.Complete complete = assertInstanceOf(
                DownloadResult.Complete.class, download.result().join());
        assertEquals(IMAGE.length, complete.counts().receivedBytes(), "each byte once");
        assertTrue(sink.holds(IMAGE));
    }

    @Test
    void nobodyServesIsUnreachable() throws IOException {
        Downloader.Download download = start(DIGEST, 1400);
        clock.advance(Duration.ofHours(2));
        assertEquals(
                DownloadResult.Reason.UNREACHABLE,
                assertInstanceOf(DownloadResult.GaveUp.class, download.result().join())
                        .reason());
    }

    @Test
    void requestsOfAnotherFormAreNotRead() {
        BlockRequest good = new BlockRequest(1, 2, 3, DIGEST);
        assertEquals(Optional.of(good), BlockRequest.decode(good.encode()));
        assertEquals(Optional.empty(), BlockRequest.decode(new byte[47]));
        assertEquals(Optional.empty(), BlockRequest.decode(new BlockRequest(1, 0, 3, DIGEST).encode()));
        assertEquals(Optional.empty(), BlockRequest.decode(new BlockRequest(1, 1 << 17, 3, DIGEST).encode()));
        assertEquals(Optional.empty(), BlockRequest.decode(new BlockRequest(1, 1, -3, DIGEST).encode()));
        assertThrows(IllegalArgumentException.class, () -> new TransportSource(node, "b", "a/b", DIGEST, 1));
        assertThrows(IllegalArgumentException.class, () -> new TransportSource(node, "b", "a", DIGEST, 0));
        assertThrows(IllegalArgumentException.class, () -> new TransportSource(node, "b", "a", DIGEST, 1, 65));
    }
}
