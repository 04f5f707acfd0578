package dev.fieldproof.serial.sim;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Serves a simulated chip on a TCP port of this machine, as {@code socket://127.0.0.1:port} of flashing tools expects
 * it, one connection at a time, in real time and without its delays. The chip must not be used by others before
 * {@link #close}.
 */
public final class SimServer implements AutoCloseable {
    private final SimChip chip;
    private final ServerSocket server;
    private final Thread thread;
    private final AtomicReference<@Nullable Socket> connection = new AtomicReference<>();

    private SimServer(SimChip chip, ServerSocket server) {
        this.chip = chip;
        this.server = server;
        this.thread = new Thread(this::serve, "simulated chip");
        thread.setDaemon(true);
    }

    /**
     * Starts to serve on a free port.
     *
     * @param chip what is served; put into its loader by the caller
     * @return the server
     * @throws IOException if no port can be opened
     */
    public static SimServer start(SimChip chip) throws IOException {
        SimServer server = new SimServer(chip, new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        server.thread.start();
        return server;
    }

    /**
     * Where it listens.
     *
     * @return TCP port
     */
    public int port() {
        return server.getLocalPort();
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                connection.set(socket);
                if (server.isClosed()) {
                    return; // whoever closes may have looked for the connection before it was there
                }
                socket.setTcpNoDelay(true);
                converse(socket.getInputStream(), socket.getOutputStream());
            } catch (IOException e) {
                // The other side went away, or the server is being closed; wait for the next one.
            }
        }
    }

    private void converse(InputStream in, OutputStream out) throws IOException {
        byte[] buffer = new byte[16_384];
        for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
            ByteArrayOutputStream replies = new ByteArrayOutputStream();
            for (int i = 0; i < count; i++) {
                chip.receive(buffer[i], System.nanoTime(), (bytes, atNanos) -> replies.writeBytes(bytes));
            }
            out.write(replies.toByteArray());
        }
    }

    /** Stops serving and waits until the chip is no longer used. */
    @Override
    public void close() {
        try {
            server.close();
            Socket socket = connection.get();
            if (socket != null) {
                socket.close();
            }
            thread.join();
        } catch (IOException e) {
            // Closing is all that was wanted.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
