package dev.fieldproof.ota.download;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server that says whatever a test wants it to say; a connection per request. */
final class RawHttpServer implements AutoCloseable {
    final List<String> requestedRanges = new CopyOnWriteArrayList<>();
    final AtomicInteger requests = new AtomicInteger();

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Behaviour behaviour;

    /** What the server does with a request. */
    interface Behaviour {
        void answer(Reply reply, int number) throws IOException;
    }

    /** A request and the way to answer it. */
    record Reply(int from, int to, OutputStream out) {
        void head(int status, String... fields) throws IOException {
            String joined = fields.length == 0 ? "" : String.join("\r\n", fields) + "\r\n";
            String head = "HTTP/1.1 " + status + " Because\r\n" + joined + "Connection: close\r\n\r\n";
            out.write(head.getBytes(StandardCharsets.US_ASCII));
        }

        void partHead(byte[] file, String tag) throws IOException {
            head(
                    206,
                    "Content-Range: bytes " + from + "-" + (to - 1) + "/" + file.length,
                    "Content-Length: " + (to - from),
                    "ETag: " + tag);
        }
    }

    RawHttpServer(Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        Thread thread = new Thread(this::accept);
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                open.add(socket);
                Thread thread = new Thread(() -> serve(socket));
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void serve(Socket socket) {
        try (socket;
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                OutputStream out = socket.getOutputStream()) {
            String range = "";
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                if (line.startsWith("Range: ")) {
                    range = line.substring(7);
                }
            }
            requestedRanges.add(range);
            String[] ends = range.substring("bytes=".length()).split("-", -1);
            Reply reply = new Reply(Integer.parseInt(ends[0]), Integer.parseInt(ends[1]) + 1, out);
            behaviour.answer(reply, requests.incrementAndGet());
        } catch (IOException e) {
            // the client went away
        }
    }

    HttpSource source() {
        return new HttpSource(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/file"));
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
