package dev.fieldproof.sparkplug.host;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.sparkplug.SparkplugId;
import dev.fieldproof.sparkplug.TransportSource;
import dev.fieldproof.sparkplug.payload.DecodeLimits;
import dev.fieldproof.sparkplug.topic.SparkplugTopic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Collects what a host application is made of. Not thread-safe; the host it builds is. */
public final class HostApplicationBuilder {
    final String hostId;
    final List<TransportSource> brokers = new ArrayList<>();
    final List<TopicFilter> filters = new ArrayList<>();

    @Nullable
    Scheduler scheduler;

    Consumer<HostEvent> events = event -> {};
    String clientId;
    Duration keepAlive = Duration.ofSeconds(30);
    Duration reorderTimeout = Duration.ofSeconds(2);
    int reorderMessages = 64;
    double rebirthsPerSecond = 50;
    int rebirthBurst = 50;
    long backlogBytes = 64 << 20;
    Duration rebirthPause = Duration.ofSeconds(10);
    Duration acknowledgeEvery = Duration.ZERO;
    int maxNodes = 200_000;
    DecodeLimits limits = DecodeLimits.DEFAULT;

    HostApplicationBuilder(String hostId, TransportSource broker) {
        this.hostId = SparkplugId.require("host id", hostId);
        this.brokers.add(broker);
        this.clientId = "sparkplug-host/" + hostId;
    }

    /**
     * Adds a further broker; the host connects to all of them, with a STATE of its own on each.
     *
     * @param broker makes a transport
     * @return this
     */
    public HostApplicationBuilder broker(TransportSource broker) {
        brokers.add(broker);
        return this;
    }

    /**
     * Narrows what the host listens to. Default: every group.
     *
     * @param groupId a group; may be called again for more
     * @return this
     * @throws IllegalArgumentException if the identifier breaks a rule
     */
    public HostApplicationBuilder group(String groupId) {
        filters.add(new TopicFilter(SparkplugTopic.NAMESPACE + "/" + SparkplugId.require("group id", groupId) + "/#"));
        return this;
    }

    /**
     * Sets the clocks and timers. Default: the machine's, on a daemon thread of the host's own.
     *
     * @param scheduler shared or not
     * @return this
     */
    public HostApplicationBuilder scheduler(Scheduler scheduler) {
        this.scheduler = scheduler;
        return this;
    }

    /**
     * Sets who hears of everything. Default: nobody.
     *
     * @param events called one at a time; while it runs, nothing more is taken from the brokers
     * @return this
     */
    public HostApplicationBuilder onEvent(Consumer<HostEvent> events) {
        this.events = events;
        return this;
    }

    /**
     * Sets the MQTT client identifier. Default: {@code sparkplug-host/HOST}.
     *
     * @param clientId not empty
     * @return this
     */
    public HostApplicationBuilder clientId(String clientId) {
        this.clientId = clientId;
        return this;
    }

    /**
     * Sets MQTT's keep-alive. Default: 30 s.
     *
     * @param keepAlive 0 to 65,535 s
     * @return this
     */
    public HostApplicationBuilder keepAlive(Duration keepAlive) {
        this.keepAlive = keepAlive;
        return this;
    }

    /**
     * Sets how long a message may be overtaken by later ones before a rebirth is asked for. Default: 2 s.
     *
     * @param timeout zero for brokers that keep the order
     * @return this
     */
    public HostApplicationBuilder reorderTimeout(Duration timeout) {
        this.reorderTimeout = timeout;
        return this;
    }

    /**
     * Sets how many messages of a node may wait for an earlier one. Default: 64.
     *
     * @param messages 1 to 128
     * @return this
     * @throws IllegalArgumentException if it is out of range
     */
    public HostApplicationBuilder reorderMessages(int messages) {
        if (messages < 1 || messages > 128) {
            throw new IllegalArgumentException("a window of " + messages + " messages");
        }
        this.reorderMessages = messages;
        return this;
    }

    /**
     * Sets how much may wait, of each broker, while the owner handles events; what comes beyond it is shed ({@link
     * HostEvent.MessagesShed}). Default: 64 MiB.
     *
     * @param bytes at least 65,536; a message counts 200 beside its payload
     * @return this
     * @throws IllegalArgumentException if it is less
     */
    public HostApplicationBuilder backlog(long bytes) {
        if (bytes < 65_536) {
            throw new IllegalArgumentException("a backlog of " + bytes + " bytes");
        }
        this.backlogBytes = bytes;
        return this;
    }

    /**
     * Sets how many rebirths may be asked of the whole fleet. Default: 50 per second, 50 at once.
     *
     * @param perSecond more than 0
     * @param burst at least 1
     * @return this
     * @throws IllegalArgumentException if one is out of range
     */
    public HostApplicationBuilder rebirthBudget(double perSecond, int burst) {
        if (!(perSecond > 0) || burst < 1) {
            throw new IllegalArgumentException(perSecond + " rebirths per second, " + burst + " at once");
        }
        this.rebirthsPerSecond = perSecond;
        this.rebirthBurst = burst;
        return this;
    }

    /**
     * Sets how long to wait before asking a node again that was not reborn; doubles each time. Default: 10 s.
     *
     * @param pause more than zero
     * @return this
     */
    public HostApplicationBuilder rebirthPause(Duration pause) {
        this.rebirthPause = pause;
        return this;
    }

    /**
     * Makes the host tell edge nodes of this library which samples it has, so that they keep the others only. At most
     * one host of a fleet should, the one that stores history. Default: zero, never.
     *
     * @param every how often, at most
     * @return this
     */
    public HostApplicationBuilder acknowledgeEvery(Duration every) {
        this.acknowledgeEvery = every;
        return this;
    }

    /**
     * Sets how many edge nodes the host keeps; messages of further ones are refused. Default: 200,000.
     *
     * @param nodes at least 1
     * @return this
     */
    public HostApplicationBuilder maxNodes(int nodes) {
        this.maxNodes = nodes;
        return this;
    }

    /**
     * Sets what a payload may cost. Default: {@link DecodeLimits#DEFAULT}.
     *
     * @param limits of each payload
     * @return this
     */
    public HostApplicationBuilder limits(DecodeLimits limits) {
        this.limits = limits;
        return this;
    }

    /**
     * Makes the host, not yet started.
     *
     * @return a new host application
     */
    public HostApplication build() {
        return new HostApplication(this);
    }

    Scheduler schedulerOrDefault() {
        if (scheduler != null) {
            return scheduler;
        }
        return Scheduler.of(Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "sparkplug-host-" + hostId);
            thread.setDaemon(true);
            return thread;
        }));
    }
}
