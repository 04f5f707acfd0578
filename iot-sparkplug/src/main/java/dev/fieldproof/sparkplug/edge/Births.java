package dev.fieldproof.sparkplug.edge;

import dev.fieldproof.core.transport.LastWill;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.StoreAndForward;
import dev.fieldproof.sparkplug.payload.Compression;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.Template;
import dev.fieldproof.sparkplug.payload.Value;
import dev.fieldproof.sparkplug.topic.MessageType;
import dev.fieldproof.sparkplug.topic.SparkplugTopic;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes an edge node's messages (Sparkplug 3.0, sections 6.4.19 to 6.4.26). One call at a time. */
final class Births {
    static final String BD_SEQ = "bdSeq";
    static final String REBIRTH = "Node Control/Rebirth";
    static final String NEXT_SERVER = "Node Control/Next Server";
    static final String DEVICE_REBIRTH = "Device Control/Rebirth";

    private final EdgeNodeDescriptor node;
    private final boolean aliases;
    private final boolean walks;
    private final Map<String, Template> templates;
    private final PayloadEncoder encoder;
    private final @Nullable Compression compression;
    private final int compressFromBytes;

    Births(EdgeNodeBuilder settings) {
        this.node = settings.descriptor;
        this.aliases = settings.aliases;
        this.walks = settings.brokers.size() > 1;
        this.templates = settings.templates;
        this.encoder = new PayloadEncoder(settings.uint32Slot);
        this.compression = settings.compression;
        this.compressFromBytes = settings.compressFromBytes;
    }

    /** The death certificate, as will and as a parting message: nothing but bdSeq. */
    LastWill will(int bdSeq, Instant now) {
        Payload payload = new Payload(now, null, List.of(Metric.birth(BD_SEQ, now, Value.of((long) bdSeq))));
        // The will is asked for on the transport's thread, so the shared encoder must not be used.
        byte[] bytes = new PayloadEncoder().toBytes(payload);
        return new LastWill(new Message(topic(MessageType.NDEATH), bytes, Qos.AT_LEAST_ONCE, false));
    }

    Message nbirth(int bdSeq, int seq, Instant now, EdgeDevice self, long logId, long first, long next) {
        List<Metric> metrics = new ArrayList<>();
        metrics.add(Metric.birth(BD_SEQ, now, Value.of((long) bdSeq)));
        metrics.add(Metric.birth(REBIRTH, now, Value.of(false)));
        if (walks) {
            metrics.add(Metric.birth(NEXT_SERVER, now, Value.of(false)));
        }
        metrics.add(Metric.birth(StoreAndForward.LOG, now, Value.of(logId)));
        metrics.add(Metric.birth(StoreAndForward.FIRST, now, Value.of(first)));
        metrics.add(Metric.birth(StoreAndForward.NEXT, now, Value.of(next)));
        metrics.add(Metric.birth(StoreAndForward.ACKNOWLEDGED, now, Value.of(first)));
        templates.forEach((name, definition) -> metrics.add(Metric.birth(name, now, definition)));
        if (aliases) {
            // All metrics but Rebirth, which every host must be able to name.
            for (int i = 0; i < metrics.size(); i++) {
                if (!REBIRTH.equals(metrics.get(i).name())) {
                    metrics.set(i, metrics.get(i).withAlias(i));
                }
            }
        }
        self.metrics().forEach(metric -> metrics.add(metric.birth(aliases)));
        return message(topic(MessageType.NBIRTH), now, seq, metrics);
    }

    /** Aliases below this one belong to the metrics that every node has. */
    long firstAlias() {
        return 8L + templates.size();
    }

    long acknowledgedAlias() {
        return walks ? 6 : 5;
    }

    Message dbirth(int seq, Instant now, EdgeDevice device) {
        List<Metric> metrics = new ArrayList<>();
        Metric rebirth = Metric.birth(DEVICE_REBIRTH, now, Value.of(false));
        metrics.add(aliases ? rebirth.withAlias(device.controlAlias()) : rebirth);
        device.metrics().forEach(metric -> metrics.add(metric.birth(aliases)));
        return message(topic(MessageType.DBIRTH, device.id()), now, seq, metrics);
    }

    Message ddeath(int seq, Instant now, String device) {
        return message(topic(MessageType.DDEATH, device), now, seq, List.of());
    }

    Message data(int seq, Instant now, String device, List<Metric> metrics) {
        String topic = device.isEmpty() ? topic(MessageType.NDATA) : topic(MessageType.DDATA, device);
        return message(topic, now, seq, metrics);
    }

    /** Tells hosts from which position the historical samples that follow count. */
    Message jump(int seq, Instant now, long position) {
        Value value = Value.of(position);
        int alias = walks ? 4 : 3;
        return message(
                topic(MessageType.NDATA),
                now,
                seq,
                List.of(aliases ? Metric.data(alias, now, value) : Metric.command(StoreAndForward.FIRST, now, value)));
    }

    private Message message(String topic, Instant now, int seq, List<Metric> metrics) {
        return new Message(topic, bytes(new Payload(now, (long) seq, metrics)), Qos.AT_MOST_ONCE, false);
    }

    private byte[] bytes(Payload payload) {
        byte[] plain = encoder.toBytes(payload);
        if (compression == null || plain.length < compressFromBytes) {
            return plain;
        }
        byte[] compressed = encoder.toBytes(compression.compress(payload, encoder));
        return compressed.length < plain.length ? compressed : plain;
    }

    String topic(MessageType type) {
        return new SparkplugTopic.Node(type, node).name();
    }

    private String topic(MessageType type, String device) {
        return new SparkplugTopic.Device(type, node, device).name();
    }
}
