package dev.fieldproof.core.transport.mqtt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A mosquitto process of our own on a free loopback port, with its state in a directory of the test's. */
final class Mosquitto implements AutoCloseable {
    /** Where it listens. */
    public static final String HOST = "127.0.0.1";

    private static final int MAX_POLLS = 30_000;

    private final Path directory;
    private final int port;
    private final List<String> extra;
    private Process process;

    private Mosquitto(Path directory, int port, List<String> extra) {
        this.directory = directory;
        this.port = port;
        this.extra = extra;
    }

    /**
     * Starts one; skips the test where the program is missing.
     *
     * @param directory holds its configuration, its log and its state
     * @param extraConfiguration lines of its configuration beside the listener's
     * @return a broker that answers
     * @throws IOException if it does not start
     */
    public static Mosquitto start(Path directory, String... extraConfiguration) throws IOException {
        assumeTrue(executable("mosquitto").isPresent(), "skipped: mosquitto is not installed");
        Mosquitto broker = new Mosquitto(directory, freePort(), List.of(extraConfiguration));
        broker.start();
        return broker;
    }

    /**
     * Finds a program, those of the system's own folders included.
     *
     * @param name without a folder
     * @return where it is, or empty
     */
    public static Optional<Path> executable(String name) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /**
     * Its port.
     *
     * @return the same after a restart
     */
    public int port() {
        return port;
    }

    /**
     * Starts it again after {@link #kill()}.
     *
     * @throws IOException if it does not start
     */
    public void start() throws IOException {
        Path configuration = directory.resolve("mosquitto.conf");
        StringBuilder text = new StringBuilder("listener " + port + " " + HOST + "\nallow_anonymous true\n"
                + "persistence true\npersistence_location " + directory + "/\n"
                + "max_inflight_messages 0\nmax_queued_messages 0\n"
                + "set_tcp_nodelay true\nuser root\n");
        extra.forEach(line -> text.append(line).append('\n'));
        Files.writeString(configuration, text);
        process = new ProcessBuilder(executable("mosquitto").orElseThrow().toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("mosquitto.log").toFile()))
                .start();
        if (!poll(this::answers)) {
            throw new IOException("mosquitto did not start: " + Files.readString(directory.resolve("mosquitto.log")));
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** Power cut: SIGKILL, no goodbye, nothing saved. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /**
     * How often its log says something; tells of every packet if configured with {@code log_type all}.
     *
     * @param part of a line
     * @return lines with it
     * @throws IOException if there is no log
     */
    public int logged(String part) throws IOException {
        try (Stream<String> lines = Files.lines(directory.resolve("mosquitto.log"))) {
            return (int) lines.filter(line -> line.contains(part)).count();
        }
    }

    /**
     * Makes it save its state now, and waits until the state on disk contains something.
     *
     * @param content what the state is to contain
     * @throws IOException if it does not
     * @throws InterruptedException if the thread is interrupted
     */
    public void save(String content) throws IOException, InterruptedException {
        signal("USR1");
        if (!poll(() -> hasSaved(content))) {
            throw new IOException("mosquitto did not save " + content);
        }
    }

    private boolean hasSaved(String content) {
        try {
            Path database = directory.resolve("mosquitto.db");
            return Files.exists(database)
                    && Files.readString(database, ISO_8859_1).contains(content);
        } catch (IOException e) {
            return false; // it is being replaced
        }
    }

    /**
     * Sends it a signal: after STOP it does nothing until CONT.
     *
     * @param name without SIG
     * @throws IOException if that cannot be done
     * @throws InterruptedException if the thread is interrupted
     */
    public void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    }

    @Override
    public void close() {
        kill();
    }

    /**
     * Waits for the real world, for at least a minute.
     *
     * @param condition asked again and again
     * @return whether it came true
     */
    public static boolean poll(BooleanSupplier condition) {
        return poll(condition, MAX_POLLS);
    }

    /**
     * Waits for the real world.
     *
     * @param condition asked again and again
     * @param times how often at most, with pauses of 2 ms
     * @return whether it came true
     */
    public static boolean poll(BooleanSupplier condition, int times) {
        for (int i = 0; i < times && !condition.getAsBoolean(); i++) {
            LockSupport.parkNanos(2_000_000);
        }
        return condition.getAsBoolean();
    }
}
