package dev.fieldproof.benchmarks.rival;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The web server nginx (Debian package nginx-light) over a directory, by sendfile, on the loopback interface. */
public final class Nginx implements AutoCloseable {
    /** What it is called in tables. */
    public static final String NAME = "nginx";

    private static final Path PROGRAM = Path.of("/usr/sbin/nginx");
    private static final int TRIES = 500;

    private final Process process;
    private final InetSocketAddress address;

    private Nginx(Process process, InetSocketAddress address) {
        this.process = process;
        this.address = address;
    }

    /**
     * Whether it is installed.
     *
     * @return true if it can be started
     */
    public static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    /**
     * Starts it with one worker process, as the node has one thread for long answers.
     *
     * @param directory for its files
     * @param served what it serves
     * @param connections most at a time
     * @return ready to be asked
     * @throws IOException if it does not start
     */
    public static Nginx start(Path directory, Path served, int connections) throws IOException {
        InetSocketAddress address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = new InetSocketAddress(InetAddress.getLoopbackAddress(), free.getLocalPort());
        }
        String temporary = List.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi").stream()
                .map(kind -> kind + "_temp_path " + directory.resolve(kind) + ";")
                .reduce("", String::concat);
        Path configuration = Files.writeString(
                directory.resolve("nginx.conf"),
                "daemon off; master_process off; pid " + directory.resolve("pid") + "; error_log stderr;"
                        + " worker_rlimit_nofile " + 2 * connections + ";"
                        + " events { worker_connections " + connections + "; multi_accept on; }"
                        + " http { access_log off; sendfile on; sendfile_max_chunk 1m; tcp_nodelay on;"
                        + " keepalive_timeout 300; keepalive_requests 1000000; default_type application/json; "
                        + temporary
                        + " server { listen " + address.getHostString() + ":" + address.getPort()
                        + " backlog=4096; root " + served + "; } }");
        Process process = new ProcessBuilder(
                        PROGRAM.toString(), "-p", directory.toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("nginx.log").toFile())
                .start();
        Nginx nginx = new Nginx(process, address);
        for (int i = 0; i < TRIES && !nginx.listens(); i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        return nginx;
    }

    private boolean listens() {
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Where it serves.
     *
     * @return on the loopback interface
     */
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
