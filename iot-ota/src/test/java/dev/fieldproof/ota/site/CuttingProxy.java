package dev.fieldproof.ota.site;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A link that breaks: connections to a server, some of which end in the middle of what comes back. */
final class CuttingProxy implements AutoCloseable {
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger cutsLeft;
    private final int cutAfterBytes;
    private final int serverPort;

    /** Cuts so many connections, each once it has brought back so many bytes. */
    CuttingProxy(int serverPort, int cuts, int cutAfterBytes) throws IOException {
        this.serverPort = serverPort;
        this.cutsLeft = new AtomicInteger(cuts);
        this.cutAfterBytes = cutAfterBytes;
        threads.execute(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    int cutsLeft() {
        return cutsLeft.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort);
                threads.execute(() -> copy(client, server, Integer.MAX_VALUE));
                threads.execute(() -> copy(server, client, cutAfterBytes));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void copy(Socket from, Socket to, int limit) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[4096];
            long copied = 0;
            int got = in.read(buffer);
            while (got >= 0) {
                copied += got;
                if (copied > limit && cutsLeft.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    return;
                }
                out.write(buffer, 0, got);
                got = in.read(buffer);
            }
        } catch (IOException e) {
            // The other direction ended.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        threads.shutdownNow();
    }
}
