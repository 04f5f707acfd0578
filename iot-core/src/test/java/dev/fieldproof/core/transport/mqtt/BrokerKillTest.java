package dev.fieldproof.core.transport.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.transport.Backoff;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A mosquitto killed (SIGKILL) and restarted under 10,000 QoS 1 publications. Its log tells what it had acknowledged,
 * which is where our promise ends and the broker's begins: mosquitto acknowledges before it saves, and what it had
 * acknowledged and neither saved nor passed on dies with it.
 */
class BrokerKillTest {
    private static final int MESSAGES = 10_000;
    private static final int TRIES_MAX = 1_000;

    @TempDir
    Path directory;

    /** What the restarted broker knows of the sender. */
    enum SenderSession {
        /** The session, so that the library resends what was unacknowledged. */
        SAVED,
        /** Nothing, though the sender expects it to: what was unacknowledged is published anew. */
        FORGOTTEN,
        /** Nothing, as the sender asked for. */
        CLEAN
    }

    private static MqttTransport open(int port, MqttVersion version) throws IOException {
        return MqttTransport.builder(Mosquitto.HOST, port)
                .version(version)
                .backoff(new Backoff(Duration.ofMillis(10), Duration.ofMillis(200)))
                .queue(MESSAGES, Overflow.REFUSE_NEWEST)
                .build();
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    private static ConnectOptions persistent(String clientId) {
        return ConnectOptions.of(clientId).withPersistentSession(Duration.ofHours(1));
    }

    /** Counts how often each number arrives. */
    private static AtomicIntegerArray count(Transport receiver) throws Exception {
        AtomicIntegerArray got = new AtomicIntegerArray(MESSAGES);
        var subscription = receiver.subscribe(
                new TopicFilter("stream"),
                Qos.AT_LEAST_ONCE,
                m -> got.incrementAndGet(Integer.parseInt(new String(m.payload(), 1, 5, UTF_8))));
        await(receiver.connect(persistent("receiver")));
        await(subscription.granted());
        return got;
    }

    private static String text(int number) {
        return "#%05d".formatted(number);
    }

    private static List<CompletableFuture<Void>> publishAll(Transport sender) {
        List<CompletableFuture<Void>> published = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            published.add(sender.publish(new Message("stream", text(i).getBytes(UTF_8), Qos.AT_LEAST_ONCE, false)));
        }
        return published;
    }

    private static void assertAllKept(List<CompletableFuture<Void>> published) {
        assertTrue(Mosquitto.poll(() -> published.stream().allMatch(CompletableFuture::isDone)));
        assertFalse(published.stream().anyMatch(CompletableFuture::isCompletedExceptionally));
    }

    private static List<Integer> missing(AtomicIntegerArray got, int from, int to) {
        return IntStream.range(from, to).filter(i -> got.get(i) == 0).boxed().toList();
    }

    /** The broker takes in and acknowledges in the order of sending, so a count says which. */
    private static int acknowledged(Mosquitto broker) throws IOException {
        return broker.logged("Sending PUBACK to sender");
    }

    @ParameterizedTest
    @EnumSource
    void noneInFlightIsLost(MqttVersion version) throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory);
                Transport sender = open(broker.port(), version);
                Transport receiver = open(broker.port(), version)) {
            AtomicIntegerArray got = count(receiver);
            await(sender.connect(persistent("sender")));
            broker.save("sender");
            broker.signal("STOP"); // takes nothing in, acknowledges nothing: all are in flight
            List<CompletableFuture<Void>> published = publishAll(sender);
            assertFalse(published.stream().anyMatch(CompletableFuture::isDone));
            broker.kill();
            broker.start();
            assertAllKept(published);
            assertTrue(Mosquitto.poll(() -> missing(got, 0, MESSAGES).isEmpty()));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "V5, SAVED",
        "V5, FORGOTTEN",
        "V5, CLEAN",
        "V3_1_1, SAVED",
        "V3_1_1, FORGOTTEN",
        "V3_1_1, CLEAN",
    })
    void noneIsLostInMidStream(MqttVersion version, SenderSession session) throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "log_type all");
                Transport sender = open(broker.port(), version);
                Transport receiver = open(broker.port(), version)) {
            AtomicIntegerArray got = count(receiver);
            broker.save("receiver");
            await(sender.connect(session == SenderSession.CLEAN ? ConnectOptions.of("sender") : persistent("sender")));
            if (session == SenderSession.SAVED) {
                broker.save("sender");
            }
            List<CompletableFuture<Void>> published = publishAll(sender);
            assertTrue(Mosquitto.poll(() -> published.get(MESSAGES / 5).isDone()));
            int acknowledged = stopWithAllPassedOn(broker, got);
            assertFalse(published.subList(acknowledged, MESSAGES).stream().anyMatch(CompletableFuture::isDone));
            broker.kill();
            broker.start();
            assertAllKept(published);
            assertTrue(
                    Mosquitto.poll(() -> missing(got, 0, MESSAGES).isEmpty()),
                    () -> missing(got, 0, MESSAGES) + " are missing of " + acknowledged + " acknowledged at the kill");
        }
    }

    /** Stops the broker at some moment at which what it has acknowledged has reached the receiver. */
    private static int stopWithAllPassedOn(Mosquitto broker, AtomicIntegerArray got) throws Exception {
        for (int i = 0; i < TRIES_MAX; i++) {
            broker.signal("STOP");
            int acknowledged = acknowledged(broker);
            if (Mosquitto.poll(() -> missing(got, 0, acknowledged).isEmpty(), 100)) {
                return acknowledged;
            }
            broker.signal("CONT");
        }
        throw new AssertionError("the receiver never caught up");
    }

    /** The receiver is away, so everything acknowledged is the broker's to keep. */
    @ParameterizedTest
    @CsvSource({"V5, true", "V5, false", "V3_1_1, true", "V3_1_1, false"})
    void theBrokerKeepsWhatItAcknowledgedIfItSavedIt(MqttVersion version, boolean saved) throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "log_type all");
                Relay relay = new Relay(broker.port());
                Transport sender = open(relay.port(), version)) {
            try (Transport receiver = open(broker.port(), version)) {
                count(receiver);
            }
            await(sender.connect(persistent("sender")));
            broker.save("sender");
            List<CompletableFuture<Void>> published = publishAll(sender);
            assertTrue(Mosquitto.poll(() -> published.get(MESSAGES / 5).isDone()));
            relay.hold();
            int acknowledged = stopWithAllAcknowledged(broker, saved);
            assertTrue(acknowledged < MESSAGES);
            broker.kill();
            relay.release();
            broker.start();
            try (Transport receiver = open(broker.port(), version)) {
                AtomicIntegerArray got = count(receiver);
                assertAllKept(published);
                assertTrue(Mosquitto.poll(
                        () -> missing(got, acknowledged, MESSAGES).isEmpty()));
                assertTrue(Mosquitto.poll(() -> missing(got, 0, acknowledged).size() == (saved ? 0 : acknowledged)));
            }
        }
    }

    /** Stops the broker when it has dealt with all that it was sent, and perhaps saved it. */
    private static int stopWithAllAcknowledged(Mosquitto broker, boolean saved) throws Exception {
        for (int i = 0; i < TRIES_MAX; i++) {
            int acknowledged = acknowledged(broker);
            if (saved) {
                broker.save(text(acknowledged - 1));
            }
            broker.signal("STOP");
            if (acknowledged == acknowledged(broker)) {
                return acknowledged;
            }
            broker.signal("CONT");
        }
        throw new AssertionError("the broker never came to rest");
    }
}
