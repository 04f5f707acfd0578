package dev.fieldproof.sparkplug.capture;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.ConnectionState;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.host.FleetCounts;
import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.host.HostEvent;
import dev.fieldproof.sparkplug.host.NodeView;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Runs a host application over a capture, in simulated time: the same capture gives the same events and the same state.
 * Stateless.
 */
public final class Replay {
    private Replay() {}

    /**
     * Where a replay ended.
     *
     * @param stateHash SHA-256 of all that the host knows of the fleet, in hexadecimal
     * @param counts how the fleet stands
     * @param nodes in order of their names
     */
    public record Result(String stateHash, FleetCounts counts, List<NodeView> nodes) {
        /** Copies the list. */
        public Result {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Replays a capture.
     *
     * @param capture in order of reception
     * @param events told what the host would have told
     * @return the end state
     */
    public static Result run(List<Captured> capture, Consumer<HostEvent> events) {
        Instant start = capture.isEmpty() ? Instant.EPOCH : capture.get(0).at();
        SimClock clock = new SimClock(start);
        Source source = new Source();
        try (HostApplication host = HostApplication.builder("replay", () -> source)
                .scheduler(clock)
                .onEvent(events)
                .build()) {
            host.start();
            Instant now = start;
            for (Captured each : capture) {
                if (each.at().isAfter(now)) {
                    clock.advance(Duration.between(now, each.at()));
                    now = each.at();
                }
                source.deliver(each.message());
            }
            clock.advance(Duration.ofSeconds(10));
            return result(host);
        }
    }

    private static Result result(HostApplication host) {
        List<NodeView> nodes = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        for (EdgeNodeDescriptor name : new TreeSet<>(host.nodes())) {
            host.node(name).ifPresent(node -> {
                nodes.add(node);
                text.append(node.node())
                        .append(' ')
                        .append(node.status())
                        .append(' ')
                        .append(node.since());
                metrics(text, node.metrics());
                new TreeMap<>(node.devices()).forEach((id, device) -> {
                    text.append("\n ")
                            .append(id)
                            .append(' ')
                            .append(device.status())
                            .append(' ')
                            .append(device.since());
                    metrics(text, device.metrics());
                });
                text.append('\n');
            });
        }
        return new Result(sha256(text.toString()), host.counts(), nodes);
    }

    private static void metrics(StringBuilder text, Map<String, NodeView.MetricView> metrics) {
        new TreeMap<>(metrics)
                .forEach((name, metric) -> text.append("\n  ")
                        .append(name)
                        .append('=')
                        .append(metric.value())
                        .append('@')
                        .append(metric.timestamp()));
    }

    private static String sha256(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** A transport that is always connected and delivers what it is told to. */
    private static final class Source implements Transport {
        private record Entry(TopicFilter filter, Consumer<Message> handler) {}

        private final List<Entry> entries = new ArrayList<>();

        void deliver(Message message) {
            for (Entry entry : entries) {
                if (entry.filter().matches(message.topic())) {
                    entry.handler().accept(message);
                }
            }
        }

        @Override
        public CompletableFuture<Boolean> connect(ConnectOptions options) {
            var unused = options.will().get();
            return CompletableFuture.completedFuture(false);
        }

        @Override
        public CompletableFuture<Void> publish(Message message) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Subscription subscribe(TopicFilter filter, Qos qos, Consumer<Message> handler) {
            Entry entry = new Entry(filter, handler);
            entries.add(entry);
            return new Subscription() {
                @Override
                public CompletableFuture<Void> granted() {
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public void close() {
                    entries.remove(entry);
                }
            };
        }

        @Override
        public void watch(Consumer<ConnectionState> listener) {
            listener.accept(new ConnectionState.Connected(false));
        }

        @Override
        public void close() {
            entries.clear();
        }
    }
}
