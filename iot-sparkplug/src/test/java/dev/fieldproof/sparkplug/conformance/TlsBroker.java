package dev.fieldproof.sparkplug.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fieldproof.core.transport.Backoff;
import dev.fieldproof.core.transport.mqtt.MqttTls;
import dev.fieldproof.core.transport.mqtt.MqttTransport;
import dev.fieldproof.core.transport.mqtt.MqttVersion;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A mosquitto on a loopback port that lets in whom its own authority knows. Skips the test where it is missing. */
final class TlsBroker implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int POLLS = 30_000;

    private final Path directory;
    private final int port;
    private Process process;

    TlsBroker(Path directory, List<String> clients) throws IOException {
        assumeTrue(Files.isExecutable(mosquitto()), "skipped: mosquitto is not installed");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "skipped: openssl is not installed");
        this.directory = directory;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=ca"
                + " -keyout ca.key -out ca.crt");
        Files.writeString(directory.resolve("names"), "subjectAltName=IP:" + HOST + "\n");
        issue("server");
        for (String client : clients) {
            issue(client);
        }
        start();
    }

    private static Path mosquitto() {
        return Path.of("/usr/sbin/mosquitto");
    }

    private void issue(String name) throws IOException {
        openssl("req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=" + name + " -keyout " + name
                + ".key -out " + name + ".csr");
        openssl("x509 -req -days 2 -in " + name + ".csr -CA ca.crt -CAkey ca.key -CAcreateserial -extfile names -out "
                + name + ".crt");
    }

    private void openssl(String arguments) throws IOException {
        Process run = run("openssl.log", ("openssl " + arguments).split(" "));
        assertEquals(0, run.onExit().join().exitValue(), () -> "openssl " + arguments);
    }

    private Process run(String log, String... command) throws IOException {
        return new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(directory.resolve(log).toFile()))
                .start();
    }

    void start() throws IOException {
        Path settings = Files.write(
                directory.resolve("mosquitto.conf"),
                List.of(
                        "listener " + port + " " + HOST,
                        "allow_anonymous true",
                        "user root",
                        "cafile ca.crt",
                        "certfile server.crt",
                        "keyfile server.key",
                        "require_certificate true"));
        process = run("mosquitto.log", mosquitto().toString(), "-c", settings.toString());
        await(this::answers, "mosquitto answers");
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** A client with a certificate of its own. */
    MqttTransport transport(String client, MqttVersion version) throws IOException {
        return MqttTransport.builder(HOST, port)
                .version(version)
                .tls(new MqttTls(
                        Optional.of(directory.resolve("ca.crt")),
                        Optional.of(directory.resolve(client + ".crt")),
                        Optional.of(directory.resolve(client + ".key")),
                        Optional.empty()))
                .backoff(new Backoff(Duration.ofMillis(10), Duration.ofMillis(200)))
                .build();
    }

    /** No goodbye, nothing saved. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    @Override
    public void close() {
        kill();
    }

    /** Waits for the real world. */
    static void await(BooleanSupplier condition, String what) {
        for (int i = 0; i < POLLS && !condition.getAsBoolean(); i++) {
            LockSupport.parkNanos(2_000_000);
        }
        assertTrue(condition.getAsBoolean(), what);
    }
}
