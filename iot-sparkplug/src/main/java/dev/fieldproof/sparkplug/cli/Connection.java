package dev.fieldproof.sparkplug.cli;

import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.sparkplug.TransportSource;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** The options of every command that connects. */
final class Connection {
    @Option(
            names = "--broker",
            required = true,
            paramLabel = "URI",
            description = "Broker: tcp://HOST:PORT, or ssl://HOST:PORT?ca=FILE&cert=FILE&key=FILE for TLS with a client"
                    + " certificate; with ?version=3.1.1 for MQTT 3.1.1; may be given again for more brokers.")
    private List<URI> brokers = new ArrayList<>();

    @Option(
            names = "--client-id",
            paramLabel = "ID",
            defaultValue = "",
            description = "MQTT client identifier; made from the identifiers if not given.")
    private String clientId = "";

    @Option(
            names = "--keep-alive",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "MQTT keep-alive (default: ${DEFAULT-VALUE}).")
    private int keepAliveSeconds = 30;

    @Option(
            names = "--for",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "End after so long; 0 runs until interrupted (default).")
    private int forSeconds;

    private final CountDownLatch ended = new CountDownLatch(1);

    /** Fails at once on an address that nothing here can reach, rather than trying it for ever. */
    List<TransportSource> sources() throws IOException {
        for (URI broker : brokers) {
            Transport.open(broker).close();
        }
        return brokers.stream().map(TransportSource::of).toList();
    }

    String clientId() {
        return clientId;
    }

    Duration keepAlive() {
        return Duration.ofSeconds(keepAliveSeconds);
    }

    /** Waits for the end, and sees to it that an interrupted process says goodbye. */
    void runUntilEnd(Runnable close) throws InterruptedException {
        CountDownLatch closed = new CountDownLatch(1);
        Thread goodbye = new Thread(() -> {
            close(close);
            closed.countDown();
        });
        Runtime.getRuntime().addShutdownHook(goodbye);
        var unused = ended.await(forSeconds > 0 ? forSeconds : Long.MAX_VALUE, TimeUnit.SECONDS);
        try {
            Runtime.getRuntime().removeShutdownHook(goodbye);
            close(close);
        } catch (IllegalStateException e) {
            // The process is being ended, and the goodbye is on its way.
            closed.await();
        }
    }

    /** Ends what runs before its time. */
    void end() {
        ended.countDown();
    }

    private static void close(Runnable close) {
        try {
            close.run();
            // The goodbye is sent by the transport's own thread.
            var unused = new CountDownLatch(1).await(500, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
