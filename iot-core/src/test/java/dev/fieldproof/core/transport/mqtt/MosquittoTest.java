package dev.fieldproof.core.transport.mqtt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.transport.Backoff;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the contract cannot ask for: killed brokers and killed clients. */
class MosquittoTest {
    private static final int MESSAGES = 10_000;
    private static final ConnectOptions RECEIVER =
            ConnectOptions.of("receiver").withPersistentSession(Duration.ofHours(1));

    @TempDir
    Path directory;

    private static MqttTransport open(Mosquitto broker, MqttVersion version) throws IOException {
        return MqttTransport.builder(Mosquitto.HOST, broker.port())
                .version(version)
                .backoff(new Backoff(Duration.ofMillis(10), Duration.ofMillis(200)))
                .queue(2 * MESSAGES, Overflow.REFUSE_NEWEST)
                .build();
    }

    private static Message numbered(int number) {
        return new Message("stream", ByteBuffer.allocate(4).putInt(number).array(), Qos.AT_LEAST_ONCE, false);
    }

    /** Counts how often each number arrived. */
    private static AtomicIntegerArray count(Transport receiver) throws Exception {
        AtomicIntegerArray got = new AtomicIntegerArray(MESSAGES);
        receiver.connect(RECEIVER).get(10, TimeUnit.SECONDS);
        receiver.subscribe(
                        new TopicFilter("stream"),
                        Qos.AT_LEAST_ONCE,
                        m -> got.incrementAndGet(ByteBuffer.wrap(m.payload()).getInt()))
                .granted()
                .get(10, TimeUnit.SECONDS);
        return got;
    }

    private static List<Integer> missing(AtomicIntegerArray got) {
        return IntStream.range(0, MESSAGES).filter(i -> got.get(i) == 0).boxed().toList();
    }

    private static boolean allDone(List<CompletableFuture<Void>> published) {
        return published.stream().allMatch(f -> f.isDone() && !f.isCompletedExceptionally());
    }

    /** A broker loses what it has not saved; the receiver's session is part of the scene and not of the question. */
    private void saveSession(Mosquitto broker) throws Exception {
        Path database = directory.resolve("mosquitto.db");
        broker.signal("USR1");
        assertTrue(Mosquitto.poll(() -> {
            try {
                return Files.exists(database)
                        && Files.readString(database, ISO_8859_1).contains("receiver");
            } catch (IOException e) {
                return false;
            }
        }));
    }

    @ParameterizedTest
    @EnumSource
    void noneOfTenThousandInFlightIsLostWhenTheBrokerIsKilled(MqttVersion version) throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory);
                Transport sender = open(broker, version);
                Transport receiver = open(broker, version)) {
            AtomicIntegerArray got = count(receiver);
            sender.connect(ConnectOptions.of("sender").withPersistentSession(Duration.ofHours(1)))
                    .get(10, TimeUnit.SECONDS);
            saveSession(broker);
            broker.signal("STOP"); // takes nothing in, acknowledges nothing: all are in flight
            List<CompletableFuture<Void>> published = new ArrayList<>();
            IntStream.range(0, MESSAGES).forEach(i -> published.add(sender.publish(numbered(i))));
            assertFalse(published.stream().anyMatch(CompletableFuture::isDone));
            broker.kill();
            broker.start();
            assertTrue(Mosquitto.poll(() -> allDone(published)));
            assertTrue(
                    Mosquitto.poll(() -> missing(got).isEmpty()),
                    () -> missing(got).size() + " are missing");
        }
    }

    @Test
    void theWillOfAKilledProcessIsPublished() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory);
                Transport receiver = open(broker, MqttVersion.V5)) {
            List<String> wills = new ArrayList<>();
            receiver.connect(RECEIVER).get(10, TimeUnit.SECONDS);
            CompletableFuture<Void> heard = new CompletableFuture<>();
            receiver.subscribe(new TopicFilter("will"), Qos.AT_LEAST_ONCE, m -> {
                        wills.add(new String(m.payload(), UTF_8));
                        heard.complete(null);
                    })
                    .granted()
                    .get(10, TimeUnit.SECONDS);
            Process forked = ForkedClient.fork("tcp://" + Mosquitto.HOST + ":" + broker.port());
            try (BufferedReader output = forked.inputReader(UTF_8)) {
                assertEquals("connected", output.readLine());
            } finally {
                forked.destroyForcibly();
            }
            heard.get(30, TimeUnit.SECONDS);
            assertEquals(List.of("killed"), wills);
        }
    }
}
