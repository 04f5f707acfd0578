package dev.fieldproof.sparkplug.host;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.LastWill;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.sparkplug.driver.Link;
import dev.fieldproof.sparkplug.driver.Mailbox;
import dev.fieldproof.sparkplug.payload.HostState;
import dev.fieldproof.sparkplug.payload.PayloadException;
import dev.fieldproof.sparkplug.topic.SparkplugTopic;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A host's connection to one broker, with the STATE that it keeps there (Sparkplug 3.0, section 5.13). */
final class HostLink implements Link.Listener {
    /** What a waiting message takes beside its payload, about. */
    private static final long OVERHEAD_BYTES = 200;

    private final int broker;
    private final String stateTopic;
    private final InstantSource clock;
    private final Owner owner;
    private final Link link;
    private final long backlogBytes;
    private final AtomicLong waitingBytes = new AtomicLong();
    /** Topics of messages that were let go, as many as may wait; guarded by itself, as their number and length are. */
    private final Set<String> shed = new HashSet<>();

    private long shedCount;
    private long shedTopicBytes;

    private volatile long stampMillis = Long.MIN_VALUE;
    private boolean born;

    /** Told of what concerns the whole host. */
    interface Owner {
        void online(int broker);

        void offline(int broker, String detail);

        void received(int broker, Message message);

        void shed(int broker, long count, Set<String> topics);
    }

    HostLink(
            int broker,
            HostApplicationBuilder settings,
            InstantSource clock,
            Transport transport,
            Mailbox mailbox,
            Owner owner) {
        this.broker = broker;
        this.stateTopic = new SparkplugTopic.State(settings.hostId).name();
        this.backlogBytes = settings.backlogBytes;
        this.clock = clock;
        this.owner = owner;
        this.link = new Link(transport, mailbox, this);
    }

    void open(ConnectOptions options, List<TopicFilter> filters) {
        link.open(options.withWill(() -> Optional.of(will())), filters);
    }

    /** A clock set back must not make edge nodes take this connection for an older one. */
    private LastWill will() {
        stampMillis = Math.max(clock.instant().toEpochMilli(), stampMillis + 1);
        return new LastWill(state(false, stampMillis));
    }

    private Message state(boolean online, long millis) {
        return new Message(
                stateTopic, new HostState(online, Instant.ofEpochMilli(millis)).toBytes(), Qos.AT_LEAST_ONCE, true);
    }

    @Override
    public void ready(Link from) {
        born = true;
        publish(state(true, stampMillis));
        owner.online(broker);
    }

    @Override
    public void lost(Link from, boolean wasReady, boolean ended, String detail) {
        born = false;
        owner.offline(broker, detail);
    }

    @Override
    public void received(Link from, Message message) {
        if (message.topic().equals(stateTopic)) {
            repair(message);
        } else {
            owner.received(broker, message);
        }
    }

    /**
     * MQTT cannot slow down who sends with quality of service 0, so what a slow owner does not take is shed, and the
     * nodes it came from are asked for a rebirth. That does not tell of a death, so deaths have as much room again.
     */
    @Override
    public void arrived(Message message, Runnable taken, Mailbox mailbox) {
        long size = message.payload().length + OVERHEAD_BYTES;
        boolean death = message.topic().contains("/NDEATH/");
        if (waitingBytes.addAndGet(size) > (death ? 2 * backlogBytes : backlogBytes)) {
            waitingBytes.addAndGet(-size);
            boolean first;
            synchronized (shed) {
                first = shedCount++ == 0;
                // Of senders beyond it the next message's sequence number will tell.
                if (shedTopicBytes < backlogBytes && shed.add(message.topic())) {
                    shedTopicBytes += message.topic().length() + OVERHEAD_BYTES;
                }
            }
            if (first) {
                mailbox.submit(this::tellShed);
            }
            return;
        }
        mailbox.submit(() -> {
            waitingBytes.addAndGet(-size);
            taken.run();
        });
    }

    private void tellShed() {
        Set<String> topics;
        long count;
        synchronized (shed) {
            topics = Set.copyOf(shed);
            count = shedCount;
            shed.clear();
            shedCount = 0;
            shedTopicBytes = 0;
        }
        owner.shed(broker, count, topics);
    }

    /** Edge nodes believe what is retained here, so whatever is not this connection's birth is put right. */
    private void repair(Message message) {
        boolean own = false;
        try {
            HostState seen = HostState.parse(message.payload());
            own = seen.online() && seen.timestamp().toEpochMilli() == stampMillis;
        } catch (PayloadException e) {
            // Erased or spoilt: put right below.
        }
        if (born && !own) {
            publish(state(true, stampMillis));
        }
    }

    void publish(Message message) {
        var unused = link.publish(message);
    }

    int broker() {
        return broker;
    }

    boolean isOnline() {
        return born;
    }

    void close() {
        if (!born) {
            link.close();
            return;
        }
        born = false;
        CompletableFuture<Void> said =
                link.publish(state(false, Math.max(clock.instant().toEpochMilli(), stampMillis)));
        var unused = said.whenComplete((ok, failed) -> link.close());
    }
}
