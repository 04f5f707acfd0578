package dev.fieldproof.sparkplug.host;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.StoreAndForward;
import dev.fieldproof.sparkplug.TransportSource;
import dev.fieldproof.sparkplug.driver.Mailbox;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.Value;
import dev.fieldproof.sparkplug.topic.MessageType;
import dev.fieldproof.sparkplug.topic.SparkplugTopic;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Sparkplug host application: follows the sessions of all edge nodes, keeps their current values, asks for rebirths
 * within a budget, and tells of everything as events. Several may live in one process; they share nothing.
 *
 * <p>Thread-safe. Events come one at a time, and while one is handled nothing more is taken from the brokers.
 */
public final class HostApplication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostApplication.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final HostApplicationBuilder settings;
    private final Scheduler scheduler;
    private final Mailbox mailbox = new Mailbox();
    private final List<HostLink> links = new ArrayList<>();
    private final PayloadEncoder encoder = new PayloadEncoder();
    private final Fleet fleet;
    private boolean started;
    private boolean closed;

    HostApplication(HostApplicationBuilder settings) {
        this.settings = settings;
        this.scheduler = settings.schedulerOrDefault();
        this.fleet = new Fleet(settings, scheduler, this::askRebirth);
    }

    /**
     * Begins to build a host application.
     *
     * @param hostId unique among host applications
     * @param broker makes a transport
     * @return collects the rest
     * @throws IllegalArgumentException if the identifier breaks a rule
     */
    public static HostApplicationBuilder builder(String hostId, TransportSource broker) {
        return new HostApplicationBuilder(hostId, broker);
    }

    /** Connects to every broker, and from then on stays connected. Further calls do nothing. */
    public void start() {
        mailbox.submit(() -> {
            if (!started && !closed) {
                started = true;
                for (int i = 0; i < settings.brokers.size(); i++) {
                    connect(i);
                }
                tick();
                if (!settings.acknowledgeEvery.isZero()) {
                    acknowledge();
                }
            }
        });
    }

    private void connect(int broker) {
        if (closed) {
            return;
        }
        try {
            HostLink link = new HostLink(
                    broker, settings, scheduler, settings.brokers.get(broker).open(), mailbox, new LinkEvents());
            links.add(link);
            List<TopicFilter> filters = new ArrayList<>(settings.filters);
            filters.add(new TopicFilter(new SparkplugTopic.State(settings.hostId).name()));
            if (settings.filters.isEmpty()) {
                for (MessageType type : MessageType.values()) {
                    if (type != MessageType.NCMD && type != MessageType.DCMD) {
                        filters.add(new TopicFilter(SparkplugTopic.NAMESPACE + "/+/" + type + "/#"));
                    }
                }
            }
            link.open(ConnectOptions.of(settings.clientId).withKeepAlive(settings.keepAlive), filters);
        } catch (IOException | RuntimeException e) {
            LOG.warn("host {}: broker {} cannot be opened; trying again", settings.hostId, broker, e);
            scheduler.schedule(RETRY, () -> mailbox.submit(() -> connect(broker)));
        }
    }

    private void tick() {
        if (!closed) {
            fleet.tick();
            scheduler.schedule(TICK, () -> mailbox.submit(this::tick));
        }
    }

    private void acknowledge() {
        if (closed) {
            return;
        }
        fleet.receipts((node, position) -> send(
                node, MessageType.NCMD, "", List.of(Metric.command(StoreAndForward.ACKNOWLEDGED, now(), position))));
        scheduler.schedule(settings.acknowledgeEvery, () -> mailbox.submit(this::acknowledge));
    }

    private Instant now() {
        return scheduler.instant();
    }

    private void askRebirth(NodeRecord record) {
        send(record, MessageType.NCMD, "", List.of(Metric.command("Node Control/Rebirth", now(), Value.of(true))));
    }

    /** The broker by which a node was last heard gets the command, or the first that is there. */
    private boolean send(NodeRecord record, MessageType type, String device, List<Metric> metrics) {
        HostLink link = null;
        for (HostLink each : links) {
            if (each.isOnline() && (link == null || each.broker() == record.broker)) {
                link = each;
            }
        }
        if (link == null) {
            return false;
        }
        String topic = type.isDevice()
                ? new SparkplugTopic.Device(type, record.node, device).name()
                : new SparkplugTopic.Node(type, record.node).name();
        link.publish(new Message(topic, encoder.toBytes(new Payload(now(), null, metrics)), Qos.AT_MOST_ONCE, false));
        return true;
    }

    /**
     * Asks a node to be reborn, within the budget.
     *
     * @param node which
     */
    public void requestRebirth(EdgeNodeDescriptor node) {
        mailbox.submit(() -> fleet.requestRebirth(node));
    }

    /**
     * Writes to a metric of a node.
     *
     * @param node which
     * @param metric its name
     * @param value of the metric's datatype
     */
    public void command(EdgeNodeDescriptor node, String metric, Value value) {
        mailbox.submit(() -> fleet.command(node, "", metric, value, this::send));
    }

    /**
     * Writes to a metric of a device.
     *
     * @param node it is attached to
     * @param device which
     * @param metric its name
     * @param value of the metric's datatype
     */
    public void command(EdgeNodeDescriptor node, String device, String metric, Value value) {
        mailbox.submit(() -> fleet.command(node, device, metric, value, this::send));
    }

    /**
     * The nodes that the host has heard of.
     *
     * @return a copy, without order
     */
    public Set<EdgeNodeDescriptor> nodes() {
        return fleet.nodes();
    }

    /**
     * What the host knows of a node.
     *
     * @param node which
     * @return a copy of the moment, or empty if the host has not heard of it
     */
    public Optional<NodeView> node(EdgeNodeDescriptor node) {
        return fleet.view(node);
    }

    /**
     * How the fleet stands.
     *
     * @return counts of the moment
     */
    public FleetCounts counts() {
        return fleet.counts();
    }

    /** Tells every broker that the host goes offline, and disconnects. Idempotent. */
    @Override
    public void close() {
        mailbox.submit(() -> {
            if (!closed) {
                closed = true;
                links.forEach(HostLink::close);
            }
        });
    }

    private final class LinkEvents implements HostLink.Owner {
        @Override
        public void online(int broker) {
            settings.events.accept(new HostEvent.HostOnline(broker));
            scheduler.schedule(GRACE, () -> mailbox.submit(() -> fleet.askUnknown(broker)));
        }

        @Override
        public void offline(int broker, String detail) {
            settings.events.accept(new HostEvent.HostOffline(broker, detail));
            fleet.linkLost(broker);
        }

        @Override
        public void received(int broker, Message message) {
            fleet.received(broker, message);
        }

        @Override
        public void shed(int broker, long count, Set<String> topics) {
            settings.events.accept(new HostEvent.MessagesShed(broker, count));
            fleet.distrust(topics, "messages were let go, since the host could not keep up");
        }
    }
}
