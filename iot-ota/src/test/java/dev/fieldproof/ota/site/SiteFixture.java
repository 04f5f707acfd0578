package dev.fieldproof.ota.site;

import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.core.store.ArtifactWrite;
import dev.fieldproof.ota.record.MemoryRecordStore;
import dev.fieldproof.ota.tuf.TrustedStore;
import dev.fieldproof.ota.tuf.TufClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A node with a server on a free port of the loopback interface. */
final class SiteFixture implements AutoCloseable {
    final ArtifactStore cache = open();
    final MemoryRecordStore records;
    final Deployments deployments;
    final Operators operators;
    final ControlNode node;
    final Rollouts rollouts;
    final SiteServer server;
    private final String scheme;
    private final HttpClient client = HttpClient.newHttpClient();

    SiteFixture(int requestsPerMinute) throws IOException {
        this(SiteSettings.DEFAULT.withPollEvery(Duration.ofSeconds(1)).withRequestsPerMinute(requestsPerMinute));
    }

    SiteFixture(SiteSettings settings) throws IOException {
        this(settings, null);
    }

    SiteFixture(SiteSettings settings, @Nullable SiteTls tls) throws IOException {
        this(new MemoryRecordStore(), settings, tls);
    }

    SiteFixture(MemoryRecordStore records, SiteSettings settings, @Nullable SiteTls tls) throws IOException {
        this.records = records;
        deployments = new Deployments(records, InstantSource.system(), new SplittableRandom(1));
        operators = new Operators(records, new SplittableRandom(2));
        node = new ControlNode(
                cache,
                new TufClient(TrustedStore.inMemory(), path -> Optional.empty(), InstantSource.system()),
                path -> Optional.empty(),
                InstantSource.system(),
                records);
        rollouts = new Rollouts(node, deployments);
        server = tls == null
                ? new SiteServer(address(), node, deployments, rollouts, operators, settings)
                : new SiteServer(address(), tls, node, deployments, rollouts, operators, settings);
        scheme = tls == null ? "http" : "https";
    }

    private static InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static ArtifactStore open() {
        try {
            return ArtifactStore.open(URI.create("memory:cache"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    Deployments.Software store(byte[] content, String fileName) throws IOException {
        Deployments.Software software = Deployments.describe(content, fileName, "fw", "2.0");
        try (ArtifactWrite write = cache.write(software.digest(), content.length)) {
            write.append(ByteBuffer.wrap(content).position((int) write.offsetBytes()));
            write.commit();
        }
        return software;
    }

    String base() {
        return scheme + "://127.0.0.1:" + server.port();
    }

    HttpResponse<String> ask(String method, String path, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(path.startsWith("http") ? path : base() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Override
    public void close() {
        server.close();
    }
}
