package dev.fieldproof.sparkplug.conformance;

import static dev.fieldproof.sparkplug.conformance.TlsBroker.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.core.transport.mqtt.MqttVersion;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.edge.EdgeEvent;
import dev.fieldproof.sparkplug.edge.EdgeMetric;
import dev.fieldproof.sparkplug.edge.EdgeNode;
import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.host.HostEvent;
import dev.fieldproof.sparkplug.payload.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An edge node and a host over a real broker that demands client certificates, in both versions of MQTT. */
class MosquittoFieldTest {
    private static final EdgeNodeDescriptor NODE = new EdgeNodeDescriptor("site", "node");

    @TempDir
    Path directory;

    private final List<HostEvent> events = new CopyOnWriteArrayList<>();
    private final Map<Long, Integer> received = new ConcurrentHashMap<>();
    private final List<EdgeEvent> nodeEvents = new CopyOnWriteArrayList<>();

    private void hear(HostEvent event) {
        events.add(event);
        if (event instanceof HostEvent.Sample sample && sample.value() instanceof Value.Whole whole) {
            received.merge(whole.value(), 1, Integer::sum);
        }
    }

    private long count(Class<? extends HostEvent> kind) {
        return events.stream().filter(kind::isInstance).count();
    }

    @ParameterizedTest
    @EnumSource
    @Proves("payloads-ndeath-will-message-publisher-disconnect-mqtt50")
    @SuppressWarnings("try") // the node leaves while the others listen
    void aLifeFromBirthToDeath(MqttVersion version) throws Exception {
        List<Message> deaths = new CopyOnWriteArrayList<>();
        try (TlsBroker broker = new TlsBroker(directory, List.of("node", "host", "observer"));
                Transport observer = broker.transport("observer", version);
                HostApplication host = HostApplication.builder("scada", () -> broker.transport("host", version))
                        .acknowledgeEvery(Duration.ofMillis(200))
                        .onEvent(this::hear)
                        .build();
                EdgeNode node = EdgeNode.builder("site", "node", () -> broker.transport("node", version))
                        .primaryHost("scada")
                        .rebirthCooldown(Duration.ofMillis(50))
                        .metric("Count", Value.of(0L))
                        .metric(new EdgeMetric.Definition("Valve", Value.of(false), true, null))
                        .onEvent(nodeEvents::add)
                        .build()) {
            try (Subscription subscription =
                    observer.subscribe(new TopicFilter("spBv1.0/site/NDEATH/#"), Qos.AT_LEAST_ONCE, deaths::add)) {
                observer.connect(ConnectOptions.of("observer")).get(30, TimeUnit.SECONDS);
                subscription.granted().get(30, TimeUnit.SECONDS);
                host.start();
                node.start();
                await(() -> host.counts().online() == 1, "the node is born");

                node.metric("Count").set(1L);
                await(() -> received.containsKey(1L), "data flows");
                host.command(NODE, "Valve", Value.of(true));
                await(
                        () -> nodeEvents.contains(new EdgeEvent.Command("", "Valve", Value.of(true))),
                        "a command arrives");
                host.requestRebirth(NODE);
                await(() -> count(HostEvent.NodeBorn.class) >= 2, "it is born again when asked");
                assertEquals(0, host.counts().deaths(), "a rebirth is no death");

                broker.kill();
                for (long value = 2; value < 50; value++) {
                    node.metric("Count").set(value);
                }
                broker.start();
                await(() -> received.size() >= 49, "what was sampled without a broker comes");
                await(() -> host.counts().online() == 1, "and the node with it");
                assertEquals(
                        Set.of(1),
                        Set.copyOf(received.values()),
                        () -> "each sample comes once: " + received + " " + host.counts());

                long before = deaths.size();
                node.close();
                await(() -> host.counts().offline() == 1, "its death is told");
                // Version 5 demands that the will is published at the goodbye too; version 3.1.1 takes it back.
                long expected = version == MqttVersion.V5 ? 2 : 1;
                await(() -> deaths.size() - before >= expected, "death certificates: " + deaths.size());
                assertEquals(expected, deaths.size() - before);
            }
        }
    }
}
