package dev.fieldproof.ota.cli;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.ConnectionState;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.site.Deployments;
import dev.fieldproof.ota.site.DeviceReports;
import dev.fieldproof.ota.site.OutcomeUplink;
import dev.fieldproof.ota.site.Rollouts;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** A node's links to brokers: on one devices report, on another upstream is told. Closed in the reverse order. */
final class NodeLinks implements AutoCloseable {
    /** How long a broker keeps what devices report to a node that is down. */
    private static final Duration SESSION = Duration.ofDays(7);

    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final List<Watched> watched = new ArrayList<>();

    private record Watched(String name, Transport transport) {}

    NodeLinks() {}

    /** Opens what a site asks for; all or nothing. What upstream did not answer is said again {@code every} so long. */
    static NodeLinks of(
            Optional<NodeSite> asked,
            RecordStore records,
            Deployments deployments,
            Rollouts rollouts,
            Scheduler scheduler,
            Duration every)
            throws IOException {
        NodeLinks links = new NodeLinks();
        boolean opened = false;
        try {
            if (asked.isPresent()) {
                NodeSite site = asked.get();
                links.listen(site, deployments, rollouts);
                links.report(site, records, scheduler, every);
            }
            opened = true;
            return links;
        } finally {
            if (!opened) {
                links.close();
            }
        }
    }

    private void listen(NodeSite site, Deployments deployments, Rollouts rollouts) throws IOException {
        if (site.broker().isPresent()) {
            Transport devices = open("--broker", site.broker().get());
            closing.push(new DeviceReports(devices, site.name(), deployments, rollouts)::close);
            connect(devices, ConnectOptions.of(site.name() + "-devices").withPersistentSession(SESSION));
        }
    }

    private void report(NodeSite site, RecordStore records, Scheduler scheduler, Duration every) throws IOException {
        if (site.uplink().isPresent()) {
            Transport upstream = open("--uplink", site.uplink().get());
            closing.push(new OutcomeUplink(upstream, scheduler, records, site.name(), every)::close);
            connect(upstream, ConnectOptions.of(site.name() + "-uplink"));
        }
    }

    /** A transport that is closed with the others; not connected. */
    Transport open(String option, URI address) throws IOException {
        // What follows the host may hold a password.
        String name = option + " " + address.getScheme() + "://" + address.getHost();
        try {
            Transport transport = Transport.open(address);
            closing.push(transport::close);
            watched.add(new Watched(name, transport));
            return transport;
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(name + ": " + String.valueOf(e.getMessage()).replace(address.toString(), name), e);
        }
    }

    /** Tries for ever; what keeps it from connecting is told to who asks for {@link #tell}. */
    static void connect(Transport transport, ConnectOptions options) {
        CompletableFuture<Boolean> unused = transport.connect(options);
    }

    /** Says once why a link is lost, until it is there again. */
    void tell(Consumer<String> troubles) {
        for (Watched link : watched) {
            AtomicReference<String> said = new AtomicReference<>("");
            link.transport().watch(state -> {
                String now = "";
                if (state instanceof ConnectionState.Lost lost) {
                    now = link.name() + " is not there: " + lost.cause() + ", " + lost.detail();
                } else if (state instanceof ConnectionState.Closed closed
                        && closed.cause() != ConnectionState.LossCause.CLOSED) {
                    now = link.name() + " does not let this node in: " + closed.cause() + ", " + closed.detail();
                }
                if (!now.equals(said.getAndSet(now)) && !now.isEmpty()) {
                    troubles.accept(now);
                }
            });
        }
    }

    @Override
    public void close() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
