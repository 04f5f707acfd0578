package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.TahuHost;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.host.HostEvent;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.Value;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.DoubleConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Host applications at work: the same births and data, handed to ours and to Tahu's on one thread. */
final class HostWork {
    static final int NODES = 1_000;
    private static final int METRICS = 100;
    private static final int CHANGED = 10;
    private static final int LARGE_FLEET = 100_000;
    private static final Instant NOW = Instant.ofEpochMilli(1_780_000_000_000L);

    private HostWork() {}

    /** Takes what the nodes of a fleet send. */
    interface Host {
        void received(String topic, String[] levels, byte[] payload);
    }

    static Host ours(DoubleConsumer numbers) {
        HandFed transport = new HandFed();
        HostApplication host = HostApplication.builder("host", () -> transport)
                .scheduler(new SimClock(NOW))
                .onEvent(event -> {
                    if (event instanceof HostEvent.Sample sample && sample.value() instanceof Value.Real real) {
                        numbers.accept(real.value());
                    }
                })
                .build();
        host.start();
        return (topic, levels, payload) -> transport.deliver(new Message(topic, payload, Qos.AT_MOST_ONCE, false));
    }

    static Host tahus(DoubleConsumer numbers) {
        TahuHost host = new TahuHost(numbers);
        return host::received;
    }

    /** A fleet that goes on where it stood: each round every node sends its next message. */
    private static final class Nodes {
        private final List<String[]> topics;
        private final List<String> names;
        private final byte[][] data = new byte[256][];
        private int seq;

        Nodes(int count, Host host) {
            PayloadEncoder encoder = new PayloadEncoder();
            byte[] birth = encoder.toBytes(birth());
            for (int i = 0; i < data.length; i++) {
                data[i] = encoder.toBytes(data(i));
            }
            names = new ArrayList<>(count);
            topics = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                String born = "spBv1.0/Plant/NBIRTH/Node" + i;
                // Every birth of a real broker is an array of its own.
                host.received(born, born.split("/"), birth.clone());
                String name = "spBv1.0/Plant/NDATA/Node" + i;
                names.add(name);
                topics.add(name.split("/"));
            }
        }

        void round(Host host) {
            seq = seq + 1 & 0xFF;
            for (int i = 0; i < names.size(); i++) {
                host.received(names.get(i), topics.get(i), data[seq]);
            }
        }
    }

    private static Payload birth() {
        List<Metric> metrics = new ArrayList<>();
        metrics.add(Metric.birth("bdSeq", NOW, Value.of(0L)));
        metrics.add(Metric.birth("Node Control/Rebirth", NOW, Value.of(false)));
        for (int i = 0; i < METRICS; i++) {
            metrics.add(
                    Metric.birth("Line/Sensor " + i, NOW, Value.of(i * 0.25)).withAlias(i));
        }
        return new Payload(NOW, 0L, metrics);
    }

    private static Payload data(int seq) {
        List<Metric> metrics = IntStream.range(0, CHANGED)
                .mapToObj(i -> Metric.data((seq + i * 7) % METRICS, NOW, Value.of(seq + i * 0.5)))
                .toList();
        return new Payload(NOW, (long) seq, metrics);
    }

    /** One message of each of a thousand nodes; what comes back depends on every value. */
    static Callable<?> ingest(java.util.function.Function<DoubleConsumer, Host> makes) {
        double[] sum = new double[1];
        long[] values = new long[1];
        Host host = makes.apply(value -> {
            sum[0] += value;
            values[0]++;
        });
        Nodes nodes = new Nodes(NODES, host);
        return () -> {
            long before = values[0];
            nodes.round(host);
            if (values[0] - before != (long) NODES * CHANGED) {
                throw new IllegalStateException("values taken: " + (values[0] - before));
            }
            return sum[0];
        };
    }

    private static @Nullable Object held;

    /** Bytes of heap that a node of 100 metrics takes. */
    static double heapPerNode(java.util.function.Function<DoubleConsumer, Host> makes) {
        int nodes = 5 * NODES;
        held = null;
        long before = used();
        Host host = makes.apply(value -> {});
        held = host;
        new Nodes(nodes, host).round(host);
        long after = used();
        if (held != host) {
            throw new IllegalStateException("the host is held");
        }
        held = null;
        return (after - before) / (double) nodes;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** The smallest of a few heaps, in MiB, that hold 100,000 nodes; infinite if none does. */
    static double smallestHeap() throws IOException, InterruptedException {
        return SmallestHeap.of(HostWork.class, List.of(), 512, 448, 384, 320, 256);
    }

    /**
     * Takes the births of a large fleet and one data message of each node.
     *
     * @param args none
     */
    public static void main(String[] args) {
        long[] values = new long[1];
        Host host = ours(value -> values[0]++);
        new Nodes(LARGE_FLEET, host).round(host);
        System.exit(values[0] == (long) LARGE_FLEET * CHANGED ? 0 : 1);
    }
}
