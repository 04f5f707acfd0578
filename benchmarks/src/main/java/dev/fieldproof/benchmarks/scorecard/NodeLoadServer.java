package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.core.store.ArtifactWrite;
import dev.fieldproof.ota.record.MemoryRecordStore;
import dev.fieldproof.ota.site.ControlNode;
import dev.fieldproof.ota.site.Deployments;
import dev.fieldproof.ota.site.Operators;
import dev.fieldproof.ota.site.Rollouts;
import dev.fieldproof.ota.site.SiteServer;
import dev.fieldproof.ota.site.SiteSettings;
import dev.fieldproof.ota.tuf.TrustedStore;
import dev.fieldproof.ota.tuf.TufClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * The process under load: a control node with many devices, and beside it a bare loop of sendfile, which is as fast as
 * the machine's loopback gets. Prints its ports, serves until its input ends, then prints the peak of its heap.
 */
final class NodeLoadServer {
    static final int ARTIFACT_BYTES = 64 << 20;
    /** As long as what the node says to a device that has something to do. */
    static final String POLL_ANSWER = "{\"config\":{\"polling\":{\"sleep\":\"00:00:30\"}},\"_links\":{"
            + "\"deploymentBase\":{\"href\":\"http://x/default/controller/v1/d1234/deploymentBase/5678\"},"
            + "\"configData\":{\"href\":\"http://x/default/controller/v1/d1234/configData\"}}}";

    private NodeLoadServer() {}

    /**
     * Serves.
     *
     * @param args a directory to work in, and how many devices
     * @throws IOException if the storage fails
     */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        InstantSource clock = InstantSource.system();
        MemoryRecordStore records = new MemoryRecordStore();
        try (ArtifactStore cache = ArtifactStore.open(
                Files.createDirectories(directory.resolve("cache")).toUri())) {
            ControlNode node = new ControlNode(
                    cache,
                    new TufClient(TrustedStore.inMemory(), path -> Optional.empty(), clock),
                    path -> Optional.empty(),
                    clock,
                    records);
            Deployments deployments = new Deployments(records, clock, new SplittableRandom(1));
            Rollouts rollouts = new Rollouts(node, deployments);
            Deployments.Software software = artifact(cache);
            List<String> tokens = new ArrayList<>();
            for (int device = 0; device < Integer.parseInt(args[1]); device++) {
                tokens.add(deployments.admit("d" + device));
                // One in two has an update to take, so that both kinds of answer are asked for.
                if (device % 2 == 0) {
                    deployments.assign("d" + device, software);
                }
            }
            Files.write(directory.resolve("tokens"), tokens);
            SiteSettings settings = SiteSettings.DEFAULT.withRequestsPerMinute(Integer.MAX_VALUE);
            Operators operators = new Operators(records, new SplittableRandom(2));
            try (SiteServer server = new SiteServer(loopback(), node, deployments, rollouts, operators, settings);
                    ServerSocketChannel plain = ServerSocketChannel.open().bind(loopback())) {
                Path file = Files.write(directory.resolve("plain"), new byte[ARTIFACT_BYTES]);
                Thread loop = new Thread(() -> accept(plain, file));
                loop.setDaemon(true);
                loop.start();
                System.gc();
                heap().forEach(MemoryPoolMXBean::resetPeakUsage);
                int plainPort = ((InetSocketAddress) plain.getLocalAddress()).getPort();
                System.out.println(server.port() + " " + plainPort);
                int unused = System.in.read();
                System.out.println(heap().stream()
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum());
            }
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static List<MemoryPoolMXBean> heap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
    }

    private static Deployments.Software artifact(ArtifactStore cache) throws IOException {
        byte[] content = new byte[ARTIFACT_BYTES];
        new SplittableRandom(3).nextBytes(content);
        try (ArtifactWrite write = cache.write(Digest.sha256(content), content.length)) {
            write.append(ByteBuffer.wrap(content));
            write.commit();
        }
        return Deployments.describe(content, "fw.bin", "fw", "2.0");
    }

    private static void accept(ServerSocketChannel plain, Path file) {
        try {
            while (true) {
                SocketChannel client = plain.accept();
                Thread sender = new Thread(() -> sendForEver(client, file));
                sender.setDaemon(true);
                sender.start();
            }
        } catch (IOException e) {
            // Closed: the measurement is over.
        }
    }

    private static void sendForEver(SocketChannel client, Path file) {
        try (client;
                FileChannel in = FileChannel.open(file)) {
            while (true) {
                for (long at = 0; at < ARTIFACT_BYTES; ) {
                    at += in.transferTo(at, ARTIFACT_BYTES - at, client);
                }
            }
        } catch (IOException e) {
            // The reader has enough.
        }
    }
}
