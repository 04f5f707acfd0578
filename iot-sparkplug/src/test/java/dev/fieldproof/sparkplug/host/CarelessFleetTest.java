package dev.fieldproof.sparkplug.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.ConnectionState;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.payload.DataType;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.UnknownFields;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a host makes of nodes that send wrong values, and of more than it can take. */
class CarelessFleetTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");
    private static final int BACKLOG_BYTES = 65_536;

    private final SimClock clock = new SimClock(NOW);
    private final List<HostEvent> events = new ArrayList<>();
    private final HandFed broker = new HandFed();
    private Runnable onSample = () -> {};

    private final HostApplication host = HostApplication.builder("scada", () -> broker)
            .scheduler(clock)
            .backlog(BACKLOG_BYTES)
            .onEvent(event -> {
                events.add(event);
                if (event instanceof HostEvent.Sample) {
                    onSample.run();
                }
            })
            .build();

    /** What is handed to it arrives at once, on the caller's thread; what is published is kept. */
    private static final class HandFed implements Transport {
        private final List<Message> published = new ArrayList<>();
        private Consumer<Message> handler = message -> {};

        @Override
        public CompletableFuture<Boolean> connect(ConnectOptions options) {
            return CompletableFuture.completedFuture(false);
        }

        @Override
        public CompletableFuture<Void> publish(Message message) {
            published.add(message);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public Subscription subscribe(TopicFilter filter, Qos qos, Consumer<Message> taker) {
            handler = taker;
            return new Subscription() {
                @Override
                public CompletableFuture<Void> granted() {
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public void close() {
                    handler = message -> {};
                }
            };
        }

        @Override
        public void watch(Consumer<ConnectionState> listener) {
            listener.accept(new ConnectionState.Connected(false));
        }

        @Override
        public void close() {
            handler = message -> {};
        }
    }

    private void send(String type, String node, Long seq, Metric... metrics) {
        byte[] bytes = new PayloadEncoder().toBytes(new Payload(NOW, seq, List.of(metrics)));
        broker.handler.accept(new Message("spBv1.0/site/" + type + "/" + node, bytes, Qos.AT_MOST_ONCE, false));
    }

    private void birth(String node, long bdSeq, Metric... more) {
        List<Metric> metrics = new ArrayList<>(List.of(more));
        metrics.add(Metric.birth("bdSeq", NOW, Value.of(bdSeq)));
        metrics.add(Metric.birth("Node Control/Rebirth", NOW, Value.of(false)));
        send("NBIRTH", node, 0L, metrics.toArray(Metric[]::new));
    }

    /** A metric that says one datatype and holds a value of another slot. */
    private static Metric wrong(String name, Long alias, Value onTheWire, boolean typed) {
        return new Metric(name, alias, NOW, onTheWire, typed, false, false, null, null, UnknownFields.NONE);
    }

    private long told(Class<? extends HostEvent> kind) {
        return events.stream().filter(kind::isInstance).count();
    }

    private List<Message> rebirthRequests() {
        return broker.published.stream()
                .filter(message -> message.topic().contains("/NCMD/"))
                .toList();
    }

    @Test
    void aWrongValueCostsTheNodeNoMoreThanItself() {
        host.start();
        EdgeNodeDescriptor node = new EdgeNodeDescriptor("site", "careless");
        birth(
                "careless",
                0,
                Metric.birth("Small", NOW, new Value.Whole(DataType.UINT8, 7)).withAlias(1),
                Metric.birth("Plain", NOW, Value.of(1.5)).withAlias(2),
                wrong("Untyped", 3L, Value.of("text"), false));
        assertEquals(1, host.counts().online(), events::toString);
        // 7170 in the field of small integers: no UINT8, but all there is to know.
        send("NDATA", "careless", 1L, wrong(null, 1L, Value.of(7_170), false), Metric.data(2, NOW, Value.of(2.5)));
        // A datatype that the birth did not say.
        send("NDATA", "careless", 2L, wrong(null, 2L, Value.of("broken"), true));
        assertEquals(1, host.counts().online(), "the session goes on: " + events);
        assertEquals(List.of(), rebirthRequests());
        assertEquals(2, told(HostEvent.Misfit.class), events::toString);
        assertEquals(3, host.counts().samples());
        HostEvent.Sample first = (HostEvent.Sample) events.stream()
                .filter(HostEvent.Sample.class::isInstance)
                .findFirst()
                .orElseThrow();
        assertEquals(7_170, ((Value.Raw) first.value()).bits(), "as it stood on the wire");
        Value kept = host.node(node).orElseThrow().metrics().get("Small").value();
        assertEquals(first.value(), kept);
    }

    @Test
    void whatASlowOwnerDoesNotTakeIsShedAndAskedForAgain() {
        host.start();
        birth("quick", 0, Metric.birth("Level", NOW, Value.of("")).withAlias(1));
        birth("doomed", 4, Metric.birth("Level", NOW, Value.of("")).withAlias(1));
        assertEquals(2, host.counts().online(), events::toString);
        int flood = 1_000;
        Value value = Value.of("x".repeat(800));
        // While the owner handles one sample, all this arrives.
        onSample = () -> {
            onSample = () -> {};
            for (int i = 0; i < flood; i++) {
                send("NDATA", "quick", (2L + i) & 0xFF, Metric.data(1, NOW, value));
            }
            send("NDEATH", "doomed", null, Metric.birth("bdSeq", NOW, Value.of(4L)));
        };
        send("NDATA", "quick", 1L, Metric.data(1, NOW, value));
        long shed = events.stream()
                .filter(HostEvent.MessagesShed.class::isInstance)
                .mapToLong(event -> ((HostEvent.MessagesShed) event).count())
                .sum();
        long taken = host.counts().samples() - 1;
        assertEquals(flood, taken + shed, "each is taken or counted as let go");
        assertTrue(taken >= 60 && taken <= BACKLOG_BYTES / 800, "as many as may wait: " + taken);
        assertEquals(1, host.counts().deaths(), "a death has room all the same");
        assertEquals(1, told(HostEvent.NodeStale.class), "and the node is not believed any more");
        clock.advance(Duration.ofSeconds(1));
        assertEquals(1, rebirthRequests().size());
        assertEquals("spBv1.0/site/NCMD/quick", rebirthRequests().get(0).topic());
        birth("quick", 0, Metric.birth("Level", NOW, Value.of("")).withAlias(1));
        send("NDATA", "quick", 1L, Metric.data(1, NOW, value));
        assertEquals(1, host.counts().online());
        assertEquals(taken + 2, host.counts().samples());
    }

    @Test
    void aFloodFromCountlessNamesIsCountedInBoundedRoom() {
        host.start();
        birth("quick", 0, Metric.birth("Level", NOW, Value.of(0.0)).withAlias(1));
        int flood = 20_000;
        onSample = () -> {
            onSample = () -> {};
            for (int i = 0; i < flood; i++) {
                send("NDATA", "invented-" + i, 1L, Metric.data(1, NOW, Value.of(1.0)));
            }
        };
        send("NDATA", "quick", 1L, Metric.data(1, NOW, Value.of(1.0)));
        long shed = events.stream()
                .filter(HostEvent.MessagesShed.class::isInstance)
                .mapToLong(event -> ((HostEvent.MessagesShed) event).count())
                .sum();
        int known =
                host.counts().online() + host.counts().stale() + host.counts().offline();
        assertTrue(shed > flood * 9 / 10 && shed < flood, "all but what may wait: " + shed);
        assertTrue(known < 3 * BACKLOG_BYTES / 200, "names are remembered within the backlog's bound: " + known);
        assertTrue(known > flood - shed, "and those remembered are asked for a birth: " + known);
    }
}
