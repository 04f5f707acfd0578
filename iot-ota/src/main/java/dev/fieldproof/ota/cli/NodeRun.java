package dev.fieldproof.ota.cli;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.ota.download.HttpFetcher;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.site.ControlNode;
import dev.fieldproof.ota.site.Deployments;
import dev.fieldproof.ota.site.Operators;
import dev.fieldproof.ota.site.Rollouts;
import dev.fieldproof.ota.site.SiteServer;
import dev.fieldproof.ota.site.SiteSettings;
import dev.fieldproof.ota.tuf.DirectoryTrustedStore;
import dev.fieldproof.ota.tuf.Fetcher;
import dev.fieldproof.ota.tuf.TufClient;
import dev.fieldproof.ota.tuf.TufLimits;
import dev.fieldproof.ota.tuf.TufResult;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A control node in this process: opened whole or not at all, and closed in order. */
final class NodeRun implements AutoCloseable {
    private static final Duration TARGET_DEADLINE = Duration.ofHours(24);
    private static final int TICK_SECONDS = 5;

    private final ArtifactStore cache;
    private final RecordStore records;
    private final Rollouts rollouts;
    private final SiteServer server;
    private final boolean secure;
    private final InetSocketAddress address;
    private final Pace pace;
    private final boolean hasUpstream;
    private final ScheduledExecutorService upkeep = Executors.newScheduledThreadPool(2);
    private final Ending end = new Ending();
    private final NodeLinks links;
    private String trouble = "";
    private boolean isClosed;

    /** How devices come in, how often who asks whom, and what the site may decide. */
    record Pace(
            SiteSettings.Admission admission,
            Duration pollEvery,
            Duration refreshEvery,
            int requestsPerMinute,
            boolean plainBeyondLoopback,
            Optional<NodeSite> site) {}

    NodeRun(
            Path data,
            RecordStore records,
            InetSocketAddress address,
            @Nullable URI upstream,
            @Nullable Path root,
            Pace pace,
            @Nullable NodeTls tls)
            throws IOException {
        this.records = records;
        this.address = address;
        this.pace = pace;
        this.hasUpstream = upstream != null;
        this.secure = tls != null;
        boolean opened = false;
        ArtifactStore store = null;
        NodeLinks speaking = null;
        try {
            check(address, pace, tls);
            store = ArtifactStore.open(
                    Files.createDirectories(data.resolve("cache")).toUri());
            cache = store;
            InstantSource clock = InstantSource.system();
            TufClient metadata = new TufClient(trusted(data, upstream, root), fetcher(upstream, "metadata"), clock);
            Fetcher targets = fetcher(upstream, "targets");
            ControlNode node = new ControlNode(
                    cache, metadata, targets, clock, records, pace.site().flatMap(NodeSite::governance));
            Deployments deployments = new Deployments(records, clock, new SecureRandom());
            rollouts = new Rollouts(node, deployments);
            speaking = NodeLinks.of(
                    pace.site(), records, deployments, rollouts, Scheduler.of(upkeep), pace.refreshEvery());
            links = speaking;
            Operators operators = new Operators(records, new SecureRandom());
            SiteSettings settings = SiteSettings.DEFAULT
                    .withAdmission(pace.admission())
                    .withPollEvery(pace.pollEvery())
                    .withRequestsPerMinute(pace.requestsPerMinute())
                    .withPlainBeyondLoopback(pace.plainBeyondLoopback());
            try {
                server = tls == null
                        ? new SiteServer(address, node, deployments, rollouts, operators, settings)
                        : new SiteServer(address, tls.read(), node, deployments, rollouts, operators, settings);
            } catch (java.net.BindException e) {
                throw new IOException(
                        "cannot listen on " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage(),
                        e);
            }
            opened = true;
        } finally {
            if (!opened) {
                if (speaking != null) {
                    speaking.close();
                }
                upkeep.shutdownNow();
                records.close();
                if (store != null) {
                    store.close();
                }
            }
        }
    }

    /** What lets in nobody, or everybody, is not begun. */
    private static void check(InetSocketAddress address, Pace pace, @Nullable NodeTls tls) throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("no such host: " + address.getHostString());
        }
        boolean local = address.getAddress().isLoopbackAddress();
        if (tls == null && !local && !pace.plainBeyondLoopback()) {
            throw new IOException("--listen " + address.getHostString() + ":" + address.getPort()
                    + " lets other machines in, and without TLS everyone on the way reads the tokens:"
                    + " give --tls-cert and --tls-key, or --tls-p12, or say --plain-http");
        }
        if (pace.admission() == SiteSettings.Admission.CERTIFICATE && (tls == null || !tls.knowsDevices())) {
            throw new IOException("--device-auth certificate lets nobody in without TLS and --client-ca");
        }
    }

    private static DirectoryTrustedStore trusted(Path data, @Nullable URI upstream, @Nullable Path root)
            throws IOException {
        DirectoryTrustedStore trusted = new DirectoryTrustedStore(data.resolve("trusted"));
        boolean known = trusted.read("root.json").isPresent();
        if (!known && root != null) {
            Optional<TufResult.Refused> refused =
                    TufClient.initialise(trusted, Files.readAllBytes(root), TufLimits.DEFAULT);
            if (refused.isPresent()) {
                throw new IOException(root + " is not a root to trust: " + refused.get());
            }
        } else if (!known && upstream != null) {
            throw new IOException("a first run with --upstream needs --trusted-root ROOT.json");
        }
        return trusted;
    }

    private static Fetcher fetcher(@Nullable URI upstream, String below) {
        if (upstream == null) {
            return path -> Optional.empty();
        }
        String base = upstream.toString();
        URI at = URI.create((base.endsWith("/") ? base : base + "/") + below);
        return new HttpFetcher(at, HttpFetcher.DEFAULT_TIMEOUT, TARGET_DEADLINE);
    }

    String address() {
        String host = address.getHostString();
        return (secure ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + server.port()
                + "/";
    }

    /** Keeps the node going until the process is told to end, or {@link #endNow()} is called. */
    void runUntilToldToEnd(Consumer<String> troubles) throws IOException, InterruptedException {
        List<Future<?>> loops = new ArrayList<>();
        loops.add(
                upkeep.scheduleWithFixedDelay(() -> guarded(this::tick, troubles), 0, TICK_SECONDS, TimeUnit.SECONDS));
        if (hasUpstream) {
            long every = pace.refreshEvery().toSeconds();
            loops.add(
                    upkeep.scheduleWithFixedDelay(() -> guarded(rollouts::fill, troubles), 0, every, TimeUnit.SECONDS));
        }
        links.tell(troubles);
        end.await(() -> {
            loops.forEach(loop -> loop.cancel(false));
            close();
        });
    }

    void endNow() {
        end.now();
    }

    private Optional<String> tick() throws IOException {
        rollouts.tick();
        return Optional.empty();
    }

    private interface Upkeep {
        Optional<String> run() throws IOException;
    }

    /** Says a trouble once, and goes on: a node without a link, or with a full disk, still serves what it has. */
    private void guarded(Upkeep work, Consumer<String> troubles) {
        String now;
        try {
            Optional<String> said = work.run();
            if (said.isEmpty()) {
                return;
            }
            now = said.get();
        } catch (IOException | RuntimeException e) {
            now = String.valueOf(e.getMessage());
        }
        synchronized (this) {
            if (!now.equals(trouble)) {
                trouble = now;
                troubles.accept(now);
            }
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        links.close();
        upkeep.shutdownNow();
        server.close();
        records.close();
        cache.close();
    }
}
