package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Nginx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A control node in a process of its own with half a gigabyte of heap, asked by ten thousand devices while it serves
 * downloads; then the same readers on a bare loop of sendfile, with and without the polls, and the same load on nginx.
 * Clients and server share the machine's cores.
 */
final class NodeLoad {
    static final int DEVICES = 10_000;
    static final int POLLS_PER_DEVICE = 2;
    private static final int POLLS_PER_SECOND = 1000;
    private static final int READERS = 2;
    private static final int PLAIN_BYTES_EACH = 1 << 30;
    private static final int BUFFER_BYTES = 1 << 20;

    private static @Nullable Figures measured;

    private NodeLoad() {}

    /**
     * What a run came to.
     *
     * @param p99Millis 99 of 100 polls were answered within this, from when they were due
     * @param servedBytesPerSecond of all downloads together, while the polls went on
     * @param besideBytesPerSecond of a bare loop of sendfile to as many readers, while the same polls went on
     * @param limitBytesPerSecond of the bare loop, with nobody polling
     * @param heapBytes peak of the node's heap
     * @param nginx the same load on nginx, which answers polls with a file; empty if it is not installed
     */
    record Figures(
            double p99Millis,
            double servedBytesPerSecond,
            double besideBytesPerSecond,
            double limitBytesPerSecond,
            double heapBytes,
            Optional<Figures> nginx) {}

    static synchronized Figures figures() throws Exception {
        Figures known = measured;
        if (known == null) {
            known = run();
            measured = known;
        }
        return known;
    }

    private static Figures run() throws Exception {
        Path directory = Files.createTempDirectory("fieldproof-load");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        classPath(),
                        NodeLoadServer.class.getName(),
                        directory.toString(),
                        Integer.toString(DEVICES))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = said.readLine();
            if (line == null) {
                throw new IOException("the node did not start");
            }
            String[] ports = line.split(" ", 2);
            List<String> tokens = Files.readAllLines(directory.resolve("tokens"));
            InetSocketAddress node = address(ports[0]);
            Figures load = load(node, tokens, (reader, enough) -> {
                int device = 2 * reader;
                String path = "/default/controller/v1/d" + device + "/softwaremodules/" + (device / 2 + 1)
                        + "/artifacts/fw.bin";
                return download(node, path, tokens.get(device), enough);
            });
            InetSocketAddress bare = address(ports[1]);
            Figures beside = load(node, tokens, (reader, enough) -> plain(bare, Long.MAX_VALUE, enough));
            double limit = limit(bare);
            process.getOutputStream().close();
            double heap = Double.parseDouble(String.valueOf(said.readLine()));
            Optional<Figures> rival = Nginx.isInstalled() ? Optional.of(nginx(directory, tokens)) : Optional.empty();
            return new Figures(
                    load.p99Millis, load.servedBytesPerSecond, beside.servedBytesPerSecond, limit, heap, rival);
        } finally {
            process.destroyForcibly().waitFor();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** The same polls and downloads; every device finds a file of its own where it asks. */
    private static Figures nginx(Path directory, List<String> tokens) throws Exception {
        Path served = Files.createDirectories(directory.resolve("served/default/controller/v1"));
        for (int device = 0; device < tokens.size(); device++) {
            Files.writeString(served.resolve("d" + device), NodeLoadServer.POLL_ANSWER);
        }
        Path artifact = Files.createDirectories(directory.resolve("nginx")).resolveSibling("served/fw.bin");
        Files.write(artifact, new byte[NodeLoadServer.ARTIFACT_BYTES]);
        try (Nginx rival = Nginx.start(directory.resolve("nginx"), directory.resolve("served"), 2 * DEVICES)) {
            return load(
                    rival.address(),
                    tokens,
                    (reader, enough) -> download(rival.address(), "/fw.bin", tokens.get(reader), enough));
        }
    }

    private static String classPath() {
        String modules = System.getProperty("jdk.module.path", "");
        String classes = System.getProperty("java.class.path", "");
        return modules + (modules.isEmpty() || classes.isEmpty() ? "" : java.io.File.pathSeparator) + classes;
    }

    private static InetSocketAddress address(String port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
    }

    /** Reads until it has enough, and says how many bytes came. */
    private interface Reading {
        long read(int reader, AtomicBoolean enough) throws IOException;
    }

    private static Figures load(InetSocketAddress polled, List<String> tokens, Reading reading) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        try (PollingDevices devices = new PollingDevices(polled, tokens)) {
            devices.poll(DEVICES, POLLS_PER_SECOND); // everyone once, uncounted: connections and compilation
            AtomicBoolean enough = new AtomicBoolean();
            List<Future<Long>> bytes = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < READERS; i++) {
                int reader = i;
                bytes.add(threads.submit(() -> reading.read(reader, enough)));
            }
            double p99 = devices.poll(DEVICES * POLLS_PER_DEVICE, POLLS_PER_SECOND);
            enough.set(true);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Figures(p99, sum(bytes) / seconds, 0, 0, 0, Optional.empty());
        } finally {
            threads.shutdownNow();
        }
    }

    private static double sum(List<Future<Long>> futures) throws InterruptedException, ExecutionException {
        double sum = 0;
        for (Future<Long> future : futures) {
            sum += future.get();
        }
        return sum;
    }

    /** Takes the artifact again and again; how many bytes came. */
    private static long download(InetSocketAddress node, String path, String token, AtomicBoolean enough)
            throws IOException {
        byte[] request = ("GET " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: TargetToken " + token + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long read = 0;
        try (SocketChannel channel = SocketChannel.open(node)) {
            while (!enough.get()) {
                channel.write(ByteBuffer.wrap(request));
                long left = (long) NodeLoadServer.ARTIFACT_BYTES + header(channel, buffer);
                while (left > 0 && !enough.get()) {
                    buffer.clear();
                    int got = channel.read(buffer);
                    if (got < 0) {
                        throw new IOException("a download was cut");
                    }
                    left -= got;
                    read += got;
                }
            }
        }
        return read;
    }

    /** Reads until the header's end; minus how much of the body came with it. */
    private static int header(SocketChannel channel, ByteBuffer buffer) throws IOException {
        buffer.clear();
        while (true) {
            if (channel.read(buffer) < 0) {
                throw new IOException("no answer");
            }
            byte[] got = new byte[Math.min(2000, buffer.position())];
            buffer.duplicate().flip().get(got);
            String text = new String(got, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end > 0) {
                if (!text.startsWith("HTTP/1.1 200")) {
                    throw new IOException(text.substring(0, end));
                }
                return -(buffer.position() - end - 4);
            }
        }
    }

    /** Takes what the bare loop sends; how many bytes came. */
    private static long plain(InetSocketAddress address, long mostBytes, AtomicBoolean enough) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        long read = 0;
        try (SocketChannel channel = SocketChannel.open(address)) {
            while (read < mostBytes && !enough.get()) {
                int got = channel.read(buffer.clear());
                if (got < 0) {
                    throw new IOException("the bare loop ended");
                }
                read += got;
            }
        }
        return read;
    }

    /** With nobody polling. */
    private static double limit(InetSocketAddress address) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<Long>> bytes = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < READERS; i++) {
                bytes.add(threads.submit(() -> plain(address, PLAIN_BYTES_EACH, new AtomicBoolean())));
            }
            return sum(bytes) / ((System.nanoTime() - start) / 1e9);
        } finally {
            threads.shutdownNow();
        }
    }
}
