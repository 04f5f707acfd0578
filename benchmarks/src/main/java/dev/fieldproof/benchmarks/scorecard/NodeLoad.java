package dev.fieldproof.benchmarks.scorecard;

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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A control node in a process of its own with half a gigabyte of heap, asked by ten thousand devices while it serves
 * downloads; then the same readers on a bare loop of sendfile. Clients and node share the machine's cores.
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
     * @param limitBytesPerSecond of the bare loop
     * @param heapBytes peak of the node's heap
     */
    record Figures(double p99Millis, double servedBytesPerSecond, double limitBytesPerSecond, double heapBytes) {}

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
            Figures load = load(node, tokens);
            double limit = plain(address(ports[1]));
            process.getOutputStream().close();
            double heap = Double.parseDouble(String.valueOf(said.readLine()));
            return new Figures(load.p99Millis, load.servedBytesPerSecond, limit, heap);
        } finally {
            process.destroyForcibly().waitFor();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
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

    private static Figures load(InetSocketAddress node, List<String> tokens) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        try (PollingDevices devices = new PollingDevices(node, tokens)) {
            devices.poll(DEVICES, POLLS_PER_SECOND); // everyone once, uncounted: connections and compilation
            AtomicBoolean enough = new AtomicBoolean();
            List<Callable<Long>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                int device = 2 * i;
                readers.add(() -> download(node, device, tokens.get(device), enough));
            }
            List<Future<Long>> reading = new ArrayList<>();
            readers.forEach(reader -> reading.add(threads.submit(reader)));
            long start = System.nanoTime();
            double p99 = devices.poll(DEVICES * POLLS_PER_DEVICE, POLLS_PER_SECOND);
            enough.set(true);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Figures(p99, sum(reading) / seconds, 0, 0);
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
    private static long download(InetSocketAddress node, int device, String token, AtomicBoolean enough)
            throws IOException {
        byte[] request = ("GET /default/controller/v1/d" + device + "/softwaremodules/" + (device / 2 + 1)
                        + "/artifacts/fw.bin HTTP/1.1\r\nHost: x\r\nAuthorization: TargetToken " + token + "\r\n\r\n")
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

    private static double plain(InetSocketAddress address) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(READERS);
        try {
            List<Future<Long>> reading = new ArrayList<>();
            long start = System.nanoTime();
            for (int i = 0; i < READERS; i++) {
                reading.add(threads.submit(() -> {
                    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
                    long read = 0;
                    try (SocketChannel channel = SocketChannel.open(address)) {
                        while (read < PLAIN_BYTES_EACH) {
                            buffer.clear();
                            read += channel.read(buffer);
                        }
                    }
                    return read;
                }));
            }
            return sum(reading) / ((System.nanoTime() - start) / 1e9);
        } finally {
            threads.shutdownNow();
        }
    }
}
