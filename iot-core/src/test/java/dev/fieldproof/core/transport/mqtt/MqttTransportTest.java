package dev.fieldproof.core.transport.mqtt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.transport.Backoff;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.ConnectionState;
import dev.fieldproof.core.transport.ConnectionState.Connected;
import dev.fieldproof.core.transport.ConnectionState.LossCause;
import dev.fieldproof.core.transport.ConnectionState.Lost;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.core.transport.TransportException;
import dev.fieldproof.core.transport.TransportProvider;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What needs no broker. */
class MqttTransportTest {
    private static final Message MESSAGE = new Message("t", new byte[1], Qos.AT_LEAST_ONCE, false);

    private static List<CompletableFuture<Void>> publishFour(Overflow overflow) throws IOException {
        Transport transport =
                MqttTransport.builder(Mosquitto.HOST, 1883).queue(3, overflow).build();
        return IntStream.range(0, 4).mapToObj(i -> transport.publish(MESSAGE)).toList();
    }

    private static void assertDropped(CompletableFuture<Void> future) {
        ExecutionException thrown = assertThrows(ExecutionException.class, future::get);
        String message =
                assertInstanceOf(TransportException.class, thrown.getCause()).getMessage();
        assertTrue(message.contains("full with 3 messages"), message);
    }

    @Test
    void aFullQueueRefusesTheNewestOrDropsTheOldest() throws Exception {
        List<CompletableFuture<Void>> refusing = publishFour(Overflow.REFUSE_NEWEST);
        assertDropped(refusing.get(3));
        assertFalse(refusing.subList(0, 3).stream().anyMatch(CompletableFuture::isDone));
        List<CompletableFuture<Void>> dropping = publishFour(Overflow.DROP_OLDEST);
        assertDropped(dropping.get(0));
        assertFalse(dropping.subList(1, 4).stream().anyMatch(CompletableFuture::isDone));
    }

    @Test
    void keepsTryingWhereNobodyListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        List<ConnectionState> states = new CopyOnWriteArrayList<>();
        CompletableFuture<Boolean> connected;
        try (Transport transport = MqttTransport.builder(Mosquitto.HOST, port).build()) {
            transport.watch(states::add);
            connected = transport.connect(ConnectOptions.of("c"));
            assertTrue(Mosquitto.poll(() -> states.size() >= 2));
        }
        Lost lost = assertInstanceOf(Lost.class, states.get(0));
        assertEquals(LossCause.NETWORK, lost.cause());
        assertTrue(lost.detail().contains("refused"), lost.detail());
        assertTrue(connected.isCompletedExceptionally());
    }

    /** The library reports the end of such a connection before its beginning, often enough for this to fail. */
    @ParameterizedTest
    @EnumSource
    void aConnectionThatEndsAtOnceIsMadeAgain(MqttVersion version) throws Exception {
        byte[] accepted = version == MqttVersion.V5 ? new byte[] {0x20, 3, 0, 0, 0} : new byte[] {0x20, 2, 0, 0};
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Transport transport = MqttTransport.builder(Mosquitto.HOST, server.getLocalPort())
                        .version(version)
                        .backoff(new Backoff(Duration.ofMillis(1), Duration.ofMillis(4)))
                        .build()) {
            Thread broker = new Thread(() -> {
                while (!server.isClosed()) {
                    try (Socket client = server.accept()) {
                        if (client.getInputStream().read(new byte[100]) > 0) {
                            client.getOutputStream().write(accepted);
                            connections.incrementAndGet();
                        }
                    } catch (IOException e) {
                        Thread.onSpinWait(); // the end of the test
                    }
                }
            });
            broker.start();
            List<ConnectionState> states = new CopyOnWriteArrayList<>();
            transport.watch(states::add);
            CompletableFuture<Boolean> first = transport.connect(ConnectOptions.of("c"));
            assertTrue(Mosquitto.poll(() -> connections.get() >= 200), () -> "came to " + connections);
            assertFalse(first.get());
            assertInstanceOf(Connected.class, states.get(0));
            assertInstanceOf(Lost.class, states.get(1));
        }
    }

    @Test
    void isFoundByAddress() throws Exception {
        assertTrue(ServiceLoader.load(TransportProvider.class).stream()
                .anyMatch(p -> p.type() == MqttTransportProvider.class));
        try (Transport tcp = Transport.open(URI.create("tcp://127.0.0.1"));
                Transport old = Transport.open(URI.create(
                        "tcp://127.0.0.1:1884?version=3.1.1&user=a%26b&pass=c&queue=5&overflow=drop-oldest"))) {
            assertInstanceOf(MqttTransport.class, tcp);
            assertInstanceOf(MqttTransport.class, old);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "gopher://h, no transport provider",
        "tcp:h, no host",
        "tcp://h?version=4, 5 or 3.1.1",
        "tcp://h?overflow=shrug, drop-oldest",
        "tcp://h?queue=0, at least one",
        "tcp://h?keepalive=5, known are version",
        "tcp://h?ca, without value",
        "tcp://h?ca=/x, need ssl",
        "tcp://h:70000, port 70000",
    })
    void malformedAddressesAreRefused(String address, String part) {
        String message = assertThrows(IllegalArgumentException.class, () -> Transport.open(URI.create(address)))
                .getMessage();
        assertTrue(message.contains(part), message);
    }

    @Test
    void servesNothingWithoutTheLibrary() throws Exception {
        URL own = Path.of("target/classes/").toUri().toURL();
        try (URLClassLoader lonely = new URLClassLoader(new URL[] {own}, null)) {
            Class<?> provider = lonely.loadClass(MqttTransportProvider.class.getName());
            Object made = provider.getConstructor().newInstance();
            assertEquals(Set.of(), provider.getMethod("schemes").invoke(made));
            InvocationTargetException thrown = assertThrows(
                    InvocationTargetException.class,
                    () -> provider.getMethod("open", URI.class).invoke(made, URI.create("tcp://h")));
            String message =
                    assertInstanceOf(IOException.class, thrown.getCause()).getMessage();
            assertTrue(message.contains("add com.hivemq:hivemq-mqtt-client"), message);
        }
    }
}
