package dev.fieldproof.core.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SimNetworkTest {
    private static final int MANY = 20_000;

    private final SimClock clock = new SimClock(Instant.EPOCH);
    private final SimNetwork network = new SimNetwork(clock, new SplittableRandom(5));
    private final List<Integer> got = new ArrayList<>();

    SimNetworkTest() {
        network.join("b", (from, datagram) -> got.add(((datagram[0] & 0xFF) << 8) | (datagram[1] & 0xFF)));
    }

    private void sendMany() {
        IntStream.range(0, MANY).forEach(i -> network.send("a", "b", new byte[] {(byte) (i >> 8), (byte) i}));
    }

    private static List<Integer> all() {
        return IntStream.range(0, MANY).boxed().toList();
    }

    @Test
    void aPerfectNetworkDeliversAllInOrderAtOnce() {
        sendMany();
        clock.advance(Duration.ZERO);
        assertEquals(all(), got);
        assertEquals(new SimNetwork.Counts(MANY, MANY, 0), network.counts());
    }

    @Test
    void losesTheAskedShareInBurstsOfTheAskedLength() {
        for (double burst : new double[] {1, 8}) {
            got.clear();
            network.quality(LinkQuality.PERFECT.withLoss(0.1, burst));
            sendMany();
            clock.advance(Duration.ZERO);
            int losses = MANY - got.size();
            long bursts = IntStream.range(1, got.size())
                    .filter(i -> got.get(i) != got.get(i - 1) + 1)
                    .count();
            assertEquals(0.1, losses / (double) MANY, 0.02, "share for bursts of " + burst);
            assertEquals(burst, losses / (double) bursts, burst * 0.2, "length");
        }
    }

    @Test
    void reordersDuplicatesAndDelays() {
        LinkQuality quality = LinkQuality.PERFECT.withDelay(Duration.ofMillis(10), Duration.ofMillis(20));
        network.quality(quality);
        sendMany();
        assertEquals(0, clock.advance(Duration.ofMillis(9)));
        clock.advance(Duration.ofMillis(11));
        assertEquals(all(), got, "delay alone keeps the order");
        got.clear();
        network.quality(quality.withHarm(0.1, 0.1, 0));
        sendMany();
        clock.advance(Duration.ofSeconds(1));
        assertEquals(MANY * 1.1, got.size(), MANY * 0.02);
        assertNotEquals(all(), got.stream().distinct().toList());
        assertEquals(all(), got.stream().distinct().sorted().toList());
    }

    @Test
    void flipsSingleBits() {
        List<byte[]> harmed = new ArrayList<>();
        network.join("c", (from, datagram) -> harmed.add(datagram));
        network.quality(LinkQuality.PERFECT.withHarm(0, 0, 1));
        byte[] sent = new byte[10];
        network.send("a", "c", sent);
        clock.advance(Duration.ZERO);
        int bits = 0;
        for (byte b : harmed.get(0)) {
            bits += Integer.bitCount(b & 0xFF);
        }
        assertEquals(1, bits);
        assertArrayEquals(new byte[10], sent, "the sender's bytes stay whole");
    }

    @Test
    void bandwidthSpacesPacketsAndItsQueueIsBounded() {
        network.quality(LinkQuality.PERFECT.withBandwidth(1_000));
        network.join("b", (from, datagram) -> got.add(datagram.length));
        IntStream.range(0, 3).forEach(i -> network.send("a", "b", new byte[500]));
        clock.advance(Duration.ofMillis(999));
        assertEquals(1, got.size());
        clock.advance(Duration.ofMillis(501));
        assertEquals(3, got.size());
        IntStream.range(0, 3_000).forEach(i -> network.send("a", "b", new byte[500]));
        assertEquals(3_000 - SimNetwork.QUEUE_MAX_BYTES / 500, network.counts().lost());
    }

    @Test
    void aCutLosesWhatIsUnderWay() {
        network.quality(LinkQuality.PERFECT.withDelay(Duration.ofSeconds(1), Duration.ofSeconds(1)));
        network.send("a", "b", new byte[] {0, 1});
        network.cut("b", "a");
        network.send("a", "b", new byte[] {0, 2});
        network.restore("a", "b");
        network.send("a", "b", new byte[] {0, 3});
        clock.advance(Duration.ofSeconds(2));
        assertEquals(List.of(3), got);
        assertEquals(new SimNetwork.Counts(3, 1, 2), network.counts());
    }

    @Test
    void oneDirectionMayBeWorse() {
        network.quality("a", "b", LinkQuality.PERFECT.withLoss(1, 1));
        List<String> back = new ArrayList<>();
        network.join("a", (from, datagram) -> back.add(from));
        network.send("a", "b", new byte[2]);
        network.send("b", "a", new byte[2]);
        clock.advance(Duration.ZERO);
        assertEquals(List.of(), got);
        assertEquals(List.of("b"), back);
    }

    @Test
    void aPipeKeepsBytesInOrderButNotTheirBorders() {
        network.quality(LinkQuality.PERFECT
                .withDelay(Duration.ZERO, Duration.ofMillis(50))
                .withHarm(1, 1, 0));
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        List<Integer> sizes = new ArrayList<>();
        Consumer<byte[]> write = network.pipe("a", "b", piece -> {
            sizes.add(piece.length);
            read.writeBytes(piece);
        });
        byte[] text = new byte[5_000];
        new SplittableRandom(1).nextBytes(text);
        write.accept(text);
        clock.advance(Duration.ofSeconds(1));
        assertArrayEquals(text, read.toByteArray());
        assertTrue(sizes.size() > 100 && sizes.stream().distinct().count() > 20);
    }

    @Test
    void refusesQualitiesOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> LinkQuality.PERFECT.withLoss(1.1, 1));
        assertThrows(IllegalArgumentException.class, () -> LinkQuality.PERFECT.withLoss(0.1, 0.5));
        assertThrows(IllegalArgumentException.class, () -> LinkQuality.PERFECT.withHarm(0, Double.NaN, 0));
        assertThrows(IllegalArgumentException.class, () -> LinkQuality.PERFECT.withBandwidth(0));
        assertThrows(
                IllegalArgumentException.class,
                () -> LinkQuality.PERFECT.withDelay(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    }

    @Test
    void theSameSeedGivesTheSameHistory() {
        assertEquals(history(9), history(9));
        assertNotEquals(history(9), history(10));
    }

    private static String history(long seed) {
        SimClock clock = new SimClock(Instant.EPOCH);
        SimNetwork network = new SimNetwork(clock, new SplittableRandom(seed));
        network.quality(new LinkQuality(0.2, 3, 0.1, 0.1, 0.1, Duration.ZERO, Duration.ofMillis(30), 10_000));
        StringBuilder log = new StringBuilder();
        network.join("b", (from, datagram) -> log.append(clock.nanoTime()).append(datagram[0]));
        for (int i = 0; i < 100; i++) {
            network.send("a", "b", new byte[] {(byte) i});
        }
        clock.advance(Duration.ofMinutes(1));
        return log.toString();
    }
}
