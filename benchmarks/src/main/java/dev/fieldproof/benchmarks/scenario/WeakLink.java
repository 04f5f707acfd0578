package dev.fieldproof.benchmarks.scenario;

import dev.fieldproof.core.sim.LinkQuality;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.sim.SimNetwork;
import dev.fieldproof.core.transport.Backoff;
import dev.fieldproof.ota.download.BlockSink;
import dev.fieldproof.ota.download.BlockSource;
import dev.fieldproof.ota.download.DownloadPlan;
import dev.fieldproof.ota.download.DownloadResult;
import dev.fieldproof.ota.download.DownloadRules;
import dev.fieldproof.ota.download.Downloader;
import dev.fieldproof.ota.download.SourceAnswer;
import dev.fieldproof.ota.slot.ChunkHashes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/**
 * A file comes over a weak link on simulated time: narrow, slow to answer, losing packets in bursts, and gone now and
 * then. The downloader is the library's; the link's two ends are the simplest there are: a request, and packets in
 * order until one is missing.
 */
public final class WeakLink {
    /** What the link carries, one way: 1.2 MB in 10 minutes, were nothing lost. */
    private static final int BYTES_PER_SECOND = 2_000;

    /** The link in words. */
    public static final String DESCRIPTION =
            "a link of 2,000 bytes per second that answers after 0.4 to 1.2 s, loses one"
                    + " packet in twenty, three in a row on average, and is gone for 30 s after every 4 minutes";

    /** A packet in twenty is lost in the long run, three in a row on average. */
    private static final LinkQuality QUALITY =
            new LinkQuality(0.05, 3, 0, 0, 0, Duration.ofMillis(200), Duration.ofMillis(600), BYTES_PER_SECOND);

    private static final Duration UP = Duration.ofMinutes(4);
    private static final Duration GONE = Duration.ofSeconds(30);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(5));
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int PACKET_BYTES = 256;
    private static final int HEADER_BYTES = 12;
    private static final int BLOCK_BYTES = 1024;
    private static final int WINDOW_PACKETS = 8;
    private static final String SITE = "site";
    private static final String NODE = "node";

    private final SimClock clock = new SimClock(Instant.EPOCH);
    private final SplittableRandom random;
    private final SimNetwork network;
    private final byte[] file;
    private Optional<Exchange> exchange = Optional.empty();
    private int serving;

    private WeakLink(byte[] file, long seed) {
        this.file = file;
        this.random = new SplittableRandom(seed);
        this.network = new SimNetwork(clock, random);
        network.quality(QUALITY);
        network.join(SITE, (from, request) -> serve(ByteBuffer.wrap(request)));
        network.join(NODE, (from, packet) -> exchange.ifPresent(e -> e.arrived(packet)));
    }

    /**
     * How long a file takes, checked block by block as it comes.
     *
     * @param lengthBytes of the file, positive
     * @param seed of the file's bytes and of what the link does
     * @return simulated time until the last block is placed
     * @throws IOException if the download gives up
     */
    public static Duration timeFor(int lengthBytes, long seed) throws IOException {
        byte[] file = new byte[lengthBytes];
        new SplittableRandom(seed).nextBytes(file);
        return new WeakLink(file, seed).download();
    }

    private Duration download() throws IOException {
        DownloadPlan plan = new DownloadPlan(
                file.length, BLOCK_BYTES, ChunkHashes.sha256(ChunkHashes.listSha256(file, BLOCK_BYTES)));
        DownloadRules rules = new DownloadRules(BACKOFF, Duration.ofSeconds(20), 1_000, 2, Long.MAX_VALUE);
        Downloader downloader = new Downloader(List.of((BlockSource) this::open), rules, clock, random);
        Downloader.Download running = downloader.start(plan, new Blocks(), event -> {});
        Instant end = clock.instant();
        for (boolean up = true; !running.result().isDone(); up = !up) {
            Duration left = up ? UP : GONE;
            if (up) {
                network.restore(SITE, NODE);
            } else {
                network.cut(SITE, NODE);
            }
            for (; !left.isZero() && !running.result().isDone(); left = left.minusSeconds(1)) {
                clock.advance(Duration.ofSeconds(1));
                end = clock.instant();
            }
        }
        if (!(running.result().join() instanceof DownloadResult.Complete)) {
            throw new IOException("the download ended: " + running.result().join());
        }
        return Duration.between(Instant.EPOCH, end);
    }

    private BlockSource.Exchange open(long from, long to, Optional<String> tag, BlockSource.Receiver receiver) {
        Exchange next = new Exchange(++serving, (int) from, (int) to, receiver);
        exchange = Optional.of(next);
        next.request();
        return () -> exchange = exchange.filter(e -> e != next);
    }

    /** Sends what was asked for, a window at a time, until another request comes. */
    private void serve(ByteBuffer request) {
        int id = request.getInt();
        int at = request.getInt();
        int to = request.getInt();
        for (int i = 0; i < WINDOW_PACKETS && at < to; i++) {
            int length = Math.min(PACKET_BYTES, to - at);
            ByteBuffer packet = ByteBuffer.allocate(HEADER_BYTES + length);
            packet.putInt(id).putInt(at).putInt(length).put(file, at, length);
            network.send(SITE, NODE, packet.array());
            at += length;
        }
    }

    private final class Exchange {
        private final int id;
        private final int to;
        private final BlockSource.Receiver receiver;
        private int at;
        private int asked;
        private boolean answered;

        Exchange(int id, int from, int to, BlockSource.Receiver receiver) {
            this.id = id;
            this.at = from;
            this.asked = from;
            this.to = to;
            this.receiver = receiver;
        }

        /** Asks for a window; the next one is asked for when half of it is there, so that the link is never idle. */
        void request() {
            int end = Math.min(to, asked + WINDOW_PACKETS * PACKET_BYTES);
            ByteBuffer request = ByteBuffer.allocate(HEADER_BYTES);
            request.putInt(id).putInt(asked).putInt(end);
            asked = end;
            network.send(NODE, SITE, request.array());
            int before = at;
            clock.schedule(PATIENCE, () -> {
                if (at == before) {
                    fail("nothing came for " + PATIENCE);
                }
            });
        }

        private void fail(String why) {
            if (exchange.filter(e -> e == this).isPresent()) {
                exchange = Optional.empty();
                receiver.failed(new IOException(why));
            }
        }

        void arrived(byte[] bytes) {
            ByteBuffer packet = ByteBuffer.wrap(bytes);
            if (packet.getInt() != id) {
                return;
            }
            int offset = packet.getInt();
            int length = packet.getInt();
            if (offset != at) {
                fail("bytes " + at + " to " + offset + " were lost");
                return;
            }
            if (!answered) {
                answered = true;
                receiver.answered(new SourceAnswer.Part(at, OptionalLong.of(file.length), Optional.empty()));
            }
            receiver.received(bytes, HEADER_BYTES, length);
            at += length;
            if (at == to) {
                exchange = Optional.empty();
                receiver.ended();
            } else if (asked < to && asked - at <= WINDOW_PACKETS * PACKET_BYTES / 2) {
                request();
            }
        }
    }

    /** Where verified blocks go: their number is all that matters here. */
    private static final class Blocks implements BlockSink {
        private final BitSet placed = new BitSet();

        @Override
        public boolean has(int block) {
            return placed.get(block);
        }

        @Override
        public void place(int block, byte[] bytes, int lengthBytes) {
            placed.set(block);
        }
    }
}
