package dev.fieldproof.sparkplug.edge;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.SparkplugId;
import dev.fieldproof.sparkplug.TransportSource;
import dev.fieldproof.sparkplug.payload.Compression;
import dev.fieldproof.sparkplug.payload.Template;
import dev.fieldproof.sparkplug.payload.UInt32Slot;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Collects what an edge node is made of. Not thread-safe; the node it builds is. */
public final class EdgeNodeBuilder {
    final EdgeNodeDescriptor descriptor;
    final List<TransportSource> brokers = new ArrayList<>();
    final List<EdgeMetric.Definition> metrics = new ArrayList<>();
    final Map<String, List<EdgeMetric.Definition>> devices = new LinkedHashMap<>();
    final Map<String, Template> templates = new LinkedHashMap<>();

    @Nullable
    String primaryHost;

    @Nullable
    Scheduler scheduler;

    @Nullable
    SampleLog log;

    RandomGenerator random = new SplittableRandom();
    BdSeqStore bdSeqStore = BdSeqStore.inMemory();
    Consumer<EdgeEvent> events = event -> {};
    String clientId;
    Duration keepAlive = Duration.ofSeconds(30);
    Duration rebirthCooldown = Duration.ofSeconds(1);
    Duration replayWindow = Duration.ofSeconds(60);
    Duration batchDelay = Duration.ZERO;
    int drainPerSecond = 10_000;
    boolean aliases = true;
    UInt32Slot uint32Slot = UInt32Slot.INT_VALUE;

    @Nullable
    Compression compression;

    int compressFromBytes;

    EdgeNodeBuilder(String groupId, String edgeNodeId, TransportSource broker) {
        this.descriptor = new EdgeNodeDescriptor(groupId, edgeNodeId);
        this.brokers.add(broker);
        this.clientId = "sparkplug/" + descriptor;
    }

    /**
     * Adds a metric of the node that hosts only read.
     *
     * @param name unique in the node
     * @param initial the value until it is set
     * @return this
     */
    public EdgeNodeBuilder metric(String name, Value initial) {
        return metric(new EdgeMetric.Definition(name, initial));
    }

    /**
     * Adds a metric of the node.
     *
     * @param definition its name unique in the node
     * @return this
     */
    public EdgeNodeBuilder metric(EdgeMetric.Definition definition) {
        metrics.add(definition);
        return this;
    }

    /**
     * Adds a device, which is born when {@link EdgeDevice#online()} is called.
     *
     * @param id unique in the node
     * @param definitions of its metrics
     * @return this
     * @throws IllegalArgumentException if the identifier breaks a rule or is taken
     */
    public EdgeNodeBuilder device(String id, EdgeMetric.Definition... definitions) {
        if (devices.putIfAbsent(SparkplugId.require("device id", id), List.of(definitions)) != null) {
            throw new IllegalArgumentException("device '" + id + "' is there twice");
        }
        return this;
    }

    /**
     * Adds a template definition, which NBIRTH carries.
     *
     * @param name that instances refer to
     * @param definition one that is a definition
     * @return this
     * @throws IllegalArgumentException if it is an instance, or the name is taken
     */
    public EdgeNodeBuilder template(String name, Template definition) {
        if (!definition.definition() || templates.putIfAbsent(name, definition) != null) {
            throw new IllegalArgumentException("template '" + name + "' is no definition, or there twice");
        }
        return this;
    }

    /**
     * Adds a further broker; the node connects to one at a time, in order.
     *
     * @param broker makes a transport for each session
     * @return this
     */
    public EdgeNodeBuilder broker(TransportSource broker) {
        brokers.add(broker);
        return this;
    }

    /**
     * Makes births wait for a host application, and sessions end when it goes offline. Default: none.
     *
     * @param hostId of the primary host application
     * @return this
     * @throws IllegalArgumentException if the identifier breaks a rule
     */
    public EdgeNodeBuilder primaryHost(String hostId) {
        this.primaryHost = SparkplugId.require("host id", hostId);
        return this;
    }

    /**
     * Sets the clocks and timers. Default: the machine's, on a daemon thread of the node's own.
     *
     * @param scheduler shared or not
     * @return this
     */
    public EdgeNodeBuilder scheduler(Scheduler scheduler) {
        this.scheduler = scheduler;
        return this;
    }

    /**
     * Sets the source of jitter and log identifiers. Default: seeded by the machine.
     *
     * @param random used by one thread at a time
     * @return this
     */
    public EdgeNodeBuilder random(RandomGenerator random) {
        this.random = random;
        return this;
    }

    /**
     * Sets where the birth and death sequence number is kept. Default: in memory.
     *
     * @param store of this node alone
     * @return this
     */
    public EdgeNodeBuilder bdSeqStore(BdSeqStore store) {
        this.bdSeqStore = store;
        return this;
    }

    /**
     * Sets where samples wait for a host. Default: 10,000 in memory.
     *
     * @param log of this node alone; closed with it
     * @return this
     */
    public EdgeNodeBuilder sampleLog(SampleLog log) {
        this.log = log;
        return this;
    }

    /**
     * Sets who hears of births, losses and commands. Default: nobody.
     *
     * @param events called one at a time; must not block
     * @return this
     */
    public EdgeNodeBuilder onEvent(Consumer<EdgeEvent> events) {
        this.events = events;
        return this;
    }

    /**
     * Sets the MQTT client identifier. Default: {@code sparkplug/GROUP/NODE}.
     *
     * @param clientId not empty
     * @return this
     */
    public EdgeNodeBuilder clientId(String clientId) {
        this.clientId = clientId;
        return this;
    }

    /**
     * Sets MQTT's keep-alive. Default: 30 s.
     *
     * @param keepAlive 0 to 65,535 s
     * @return this
     */
    public EdgeNodeBuilder keepAlive(Duration keepAlive) {
        this.keepAlive = keepAlive;
        return this;
    }

    /**
     * Sets the shortest time between two rebirths on request; requests in between are answered by one rebirth at its
     * end, without data until then. Default: 1 s.
     *
     * @param cooldown zero for none
     * @return this
     */
    public EdgeNodeBuilder rebirthCooldown(Duration cooldown) {
        this.rebirthCooldown = cooldown;
        return this;
    }

    /**
     * Sets for how long sent samples are kept for hosts that do not acknowledge: after a loss, a node sends again what
     * it sent within this time. Default: 60 s, which exceeds 1.5 keep-alives.
     *
     * @param window zero to send nothing twice and lose what was under way
     * @return this
     */
    public EdgeNodeBuilder replayWindow(Duration window) {
        this.replayWindow = window;
        return this;
    }

    /**
     * Sets how long values are gathered into one message. Default: zero, which gathers what is set before the
     * scheduler's next turn.
     *
     * @param delay not negative
     * @return this
     */
    public EdgeNodeBuilder batchDelay(Duration delay) {
        this.batchDelay = delay;
        return this;
    }

    /**
     * Sets how fast stored samples are sent, beside live ones. Default: 10,000 per second.
     *
     * @param samplesPerSecond at least 20
     * @return this
     * @throws IllegalArgumentException if it is less
     */
    public EdgeNodeBuilder drainRate(int samplesPerSecond) {
        if (samplesPerSecond < 20) {
            throw new IllegalArgumentException("a drain rate of " + samplesPerSecond);
        }
        this.drainPerSecond = samplesPerSecond;
        return this;
    }

    /**
     * Chooses whether data messages carry aliases in place of names. Default: true.
     *
     * @param aliases false for hosts that do not know them
     * @return this
     */
    public EdgeNodeBuilder aliases(boolean aliases) {
        this.aliases = aliases;
        return this;
    }

    /**
     * Chooses the field for unsigned 32-bit values. Default: {@link UInt32Slot#INT_VALUE}.
     *
     * @param slot where they go
     * @return this
     */
    public EdgeNodeBuilder uint32Slot(UInt32Slot slot) {
        this.uint32Slot = slot;
        return this;
    }

    /**
     * Compresses long messages, births as a rule, for hosts that know it; those of this library and Eclipse Tahu's do.
     * Default: none. Death certificates are never compressed, nor is a message that would become no shorter.
     *
     * @param algorithm how
     * @param fromBytes the shortest payload to compress, at least 1
     * @return this
     * @throws IllegalArgumentException if {@code fromBytes} is below 1
     */
    public EdgeNodeBuilder compression(Compression algorithm, int fromBytes) {
        if (fromBytes < 1) {
            throw new IllegalArgumentException("a payload has at least 1 byte, not " + fromBytes);
        }
        this.compression = algorithm;
        this.compressFromBytes = fromBytes;
        return this;
    }

    /**
     * Makes the node, not yet started.
     *
     * @return a new edge node
     * @throws IllegalArgumentException if metric names repeat, or a template instance does not follow its definition
     */
    public EdgeNode build() {
        return new EdgeNode(this);
    }

    Scheduler schedulerOrDefault() {
        if (scheduler != null) {
            return scheduler;
        }
        return Scheduler.of(Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "sparkplug-" + descriptor);
            thread.setDaemon(true);
            return thread;
        }));
    }
}
