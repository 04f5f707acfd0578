package dev.fieldproof.core.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectionState.Connected;
import dev.fieldproof.core.transport.ConnectionState.LossCause;
import dev.fieldproof.core.transport.ConnectionState.Lost;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LoopbackBrokerTest {
    private final SimClock clock = new SimClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));

    private Transport connected(ConnectOptions options) {
        Transport client = broker.client();
        var unused1 = client.connect(options);
        clock.advance(Duration.ofMillis(1));
        return client;
    }

    private static Message message(String topic, String text, Qos qos) {
        return new Message(topic, text.getBytes(UTF_8), qos, false);
    }

    private static List<String> collect(Transport client, String filter, Qos qos) {
        List<String> got = new ArrayList<>();
        client.subscribe(new TopicFilter(filter), qos, m -> got.add(new String(m.payload(), UTF_8)));
        return got;
    }

    @Test
    void deliversWithoutTimePassing() {
        Transport a = connected(ConnectOptions.of("a"));
        Transport b = connected(ConnectOptions.of("b"));
        List<String> got = collect(b, "x/+", Qos.EXACTLY_ONCE);
        clock.advance(Duration.ZERO);
        for (Qos qos : Qos.values()) {
            CompletableFuture<Void> done = a.publish(message("x/y", qos.name(), qos));
            clock.advance(Duration.ZERO);
            assertTrue(done.isDone());
        }
        assertEquals(List.of("AT_MOST_ONCE", "AT_LEAST_ONCE", "EXACTLY_ONCE"), got);
    }

    @Test
    void keepsEveryPromiseOverALossyNetwork() {
        broker.faults(new Faults(0.2, 0.2, 0.2, Duration.ofMillis(1), Duration.ofMillis(50)));
        Transport a = broker.client();
        Transport b = broker.client();
        var unused2 = a.connect(ConnectOptions.of("a").withPersistentSession(Duration.ofHours(1)));
        var unused3 = b.connect(ConnectOptions.of("b").withPersistentSession(Duration.ofHours(1)));
        List<String> once = collect(b, "once", Qos.EXACTLY_ONCE);
        List<String> least = collect(b, "least", Qos.AT_LEAST_ONCE);
        clock.advance(Duration.ofMinutes(5));
        List<CompletableFuture<Void>> done = new ArrayList<>();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            done.add(a.publish(message("once", "m" + i, Qos.EXACTLY_ONCE)));
            done.add(a.publish(message("least", "m" + i, Qos.AT_LEAST_ONCE)));
            sent.add("m" + i);
            clock.advance(Duration.ofMillis(10));
        }
        clock.advance(Duration.ofMinutes(10));
        assertTrue(done.stream().allMatch(f -> f.isDone() && !f.isCompletedExceptionally()));
        assertEquals(sent.stream().sorted().toList(), once.stream().sorted().toList());
        assertEquals(
                sent.stream().sorted().toList(),
                least.stream().distinct().sorted().toList());
        assertTrue(least.size() > sent.size());
    }

    @Test
    void cutsAndRestores() {
        List<ConnectionState> states = new ArrayList<>();
        Transport a = broker.client();
        a.watch(states::add);
        var unused4 = a.connect(ConnectOptions.of("a").withWill(new LastWill(message("gone", "a", Qos.AT_LEAST_ONCE))));
        List<String> wills = collect(connected(ConnectOptions.of("b")), "gone", Qos.AT_LEAST_ONCE);
        clock.advance(Duration.ofSeconds(1));
        broker.cut("a");
        clock.advance(Duration.ZERO);
        assertEquals(List.of("a"), wills);
        assertEquals(LossCause.NETWORK, ((Lost) states.get(1)).cause());
        broker.restore("a");
        clock.advance(Duration.ofMinutes(2));
        assertEquals(new Connected(false), states.get(states.size() - 1));
    }

    @Test
    void halfOpenIsNoticedByKeepAliveOnBothSides() {
        List<ConnectionState> states = new ArrayList<>();
        Transport a = broker.client();
        a.watch(states::add);
        var unused5 = a.connect(ConnectOptions.of("a")
                .withKeepAlive(Duration.ofSeconds(10))
                .withWill(new LastWill(message("gone", "a", Qos.AT_LEAST_ONCE))));
        List<String> wills = collect(connected(ConnectOptions.of("b")), "gone", Qos.AT_LEAST_ONCE);
        clock.advance(Duration.ofMinutes(1));
        broker.halfOpen("a");
        clock.advance(Duration.ofSeconds(9));
        assertTrue(wills.isEmpty());
        assertEquals(1, states.size());
        clock.advance(Duration.ofSeconds(7));
        assertEquals(List.of("a"), wills);
        assertEquals(LossCause.KEEP_ALIVE, ((Lost) states.get(1)).cause());
    }

    @Test
    void restartKeepsPersistentSessions() {
        Transport a = connected(ConnectOptions.of("a").withPersistentSession(Duration.ofDays(1)));
        List<String> got = collect(a, "x", Qos.AT_LEAST_ONCE);
        Transport b = connected(ConnectOptions.of("b"));
        clock.advance(Duration.ofSeconds(1));
        broker.cut("a");
        clock.advance(Duration.ofSeconds(1));
        var unused6 = b.publish(message("x", "while away", Qos.AT_LEAST_ONCE));
        clock.advance(Duration.ofSeconds(1));
        broker.restart();
        broker.restore("a");
        assertFalse(got.contains("while away"));
        clock.advance(Duration.ofMinutes(1));
        assertEquals(List.of("while away"), got);
    }
}
