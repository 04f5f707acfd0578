package dev.fieldproof.sparkplug.edge;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.TransportSource;
import dev.fieldproof.sparkplug.driver.Link;
import dev.fieldproof.sparkplug.driver.Mailbox;
import dev.fieldproof.sparkplug.payload.HostState;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.PayloadException;
import dev.fieldproof.sparkplug.session.EdgeSession;
import dev.fieldproof.sparkplug.session.EdgeSession.Effect;
import dev.fieldproof.sparkplug.session.EdgeSession.Event;
import dev.fieldproof.sparkplug.session.EdgeSession.Phase;
import dev.fieldproof.sparkplug.topic.MessageType;
import dev.fieldproof.sparkplug.topic.SparkplugTopic;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Sparkplug edge node: set its metrics; births, deaths, sequence numbers, aliases, rebirths, the wait for a primary
 * host and store and forward are taken care of.
 *
 * <p>Thread-safe; no method blocks, but for what the sample log does. Samples set while there is no session, or while a
 * session was lost before it was known, are sent as historical data in the next one; a host that acknowledges gets each
 * of them once, any other at least once, unless the log was full.
 */
public final class EdgeNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EdgeNode.class);
    private static final int IN_FLIGHT_MAX = 64;
    private static final Duration DRAIN_TICK = Duration.ofMillis(50);
    private static final Duration OFFER_FIRST = Duration.ofSeconds(15);
    private static final Duration OFFER_LAST = Duration.ofMinutes(5);
    private static final Duration STATE_SKEW = Duration.ofMinutes(5);
    private static final Instant PLAUSIBLE = Instant.parse("2020-01-01T00:00:00Z");

    private final EdgeNodeDescriptor descriptor;
    private final Scheduler scheduler;
    private final RandomGenerator random;
    private final List<TransportSource> brokers;
    private final @Nullable String primaryHost;
    private final BdSeqStore bdSeqStore;
    private final Consumer<EdgeEvent> events;
    private final ConnectOptions options;
    private final Duration batchDelay;
    private final boolean aliases;
    private final int drainPerTick;
    private final EdgeSession.Rules rules;
    private final Mailbox mailbox = new Mailbox();
    private final Births births;
    private final Commands commands;
    private final Outlet outlet;
    private final Pending pending;
    private final EdgeDevice self;
    private final Map<String, EdgeDevice> devices = new LinkedHashMap<>();
    private volatile EdgeSession session = EdgeSession.initial();
    private @Nullable Link link;
    private int broker;
    private int failures;
    private int inFlight;
    private long drained;
    private long droppedTold;
    private boolean draining;
    private boolean receiptSinceBirth;
    private boolean offerScheduled;
    private Duration offerPause = OFFER_FIRST;
    private long confirmedThen;
    private long sentThen;

    EdgeNode(EdgeNodeBuilder settings) {
        this.descriptor = settings.descriptor;
        this.scheduler = settings.schedulerOrDefault();
        this.random = settings.random;
        this.brokers = List.copyOf(settings.brokers);
        this.primaryHost = settings.primaryHost;
        this.bdSeqStore = settings.bdSeqStore;
        this.events = settings.events;
        this.batchDelay = settings.batchDelay;
        this.aliases = settings.aliases;
        this.drainPerTick = Math.max(1, (int) (settings.drainPerSecond * DRAIN_TICK.toMillis() / 1000));
        this.rules = new EdgeSession.Rules(
                primaryHost != null,
                brokers.size(),
                settings.rebirthCooldown.toNanos(),
                STATE_SKEW.toMillis(),
                PLAUSIBLE.toEpochMilli());
        this.births = new Births(settings);
        this.options = ConnectOptions.of(settings.clientId)
                .withKeepAlive(settings.keepAlive)
                .withWill(() -> Optional.of(nextWill()))
                .withWillAtGoodbye();
        SampleLog log = settings.log == null ? new MemorySampleLog(random.nextLong() >>> 1, 10_000) : settings.log;
        this.outlet = new Outlet(log, settings.replayWindow);
        this.pending = new Pending(scheduler, 100_000, this::scheduleFlush);
        Templates templates = new Templates(settings.templates);
        long alias = births.firstAlias();
        this.self = new EdgeDevice(
                this, pending, templates, EdgeSession.NODE, settings.metrics, alias, scheduler.instant());
        alias += settings.metrics.size() + 1;
        for (Map.Entry<String, List<EdgeMetric.Definition>> device : settings.devices.entrySet()) {
            pending.accept(device.getKey(), false);
            devices.put(
                    device.getKey(),
                    new EdgeDevice(
                            this, pending, templates, device.getKey(), device.getValue(), alias, scheduler.instant()));
            alias += device.getValue().size() + 1;
        }
        this.commands = new Commands(aliases, births, self, devices);
    }

    /**
     * Begins to build an edge node.
     *
     * @param groupId logical group
     * @param edgeNodeId edge node within the group
     * @param broker makes a transport for each session
     * @return collects the rest
     * @throws IllegalArgumentException if an identifier breaks a rule
     */
    public static EdgeNodeBuilder builder(String groupId, String edgeNodeId, TransportSource broker) {
        return new EdgeNodeBuilder(groupId, edgeNodeId, broker);
    }

    /** Connects, and from then on stays connected. Further calls do nothing. */
    public void start() {
        dispatch(new Event.Start());
    }

    /**
     * A metric of the node.
     *
     * @param name as defined
     * @return the metric
     * @throws IllegalArgumentException if there is none of that name
     */
    public EdgeMetric metric(String name) {
        return self.metric(name);
    }

    /**
     * A device of the node.
     *
     * @param id as defined
     * @return the device
     * @throws IllegalArgumentException if there is none
     */
    public EdgeDevice device(String id) {
        EdgeDevice device = devices.get(id);
        if (device == null) {
            throw new IllegalArgumentException("no device '" + id + "' in " + devices.keySet());
        }
        return device;
    }

    /**
     * Who it is.
     *
     * @return group and edge node
     */
    public EdgeNodeDescriptor descriptor() {
        return descriptor;
    }

    /**
     * The name of its MQTT session.
     *
     * @return the client identifier
     */
    public String clientId() {
        return options.clientId();
    }

    /**
     * Whether its birth certificates stand, so that data flows.
     *
     * @return true between birth and death
     */
    public boolean isOnline() {
        return session.phase() == Phase.BORN;
    }

    /** Publishes the death certificate, disconnects, and closes the sample log. Idempotent. */
    @Override
    public void close() {
        dispatch(new Event.Close());
    }

    void deviceUp(EdgeDevice device) {
        pending.accept(device.id(), true);
        mailbox.submit(() -> {
            step(new Event.DeviceUp(device.id()));
            outlet.returnToSkipped();
            startDrain();
        });
    }

    void deviceDown(EdgeDevice device) {
        pending.accept(device.id(), false);
        mailbox.submit(() -> {
            flush();
            pump();
            step(new Event.DeviceDown(device.id()));
        });
    }

    private dev.fieldproof.core.transport.LastWill nextWill() {
        int bdSeq;
        synchronized (bdSeqStore) {
            bdSeq = BdSeqStore.next(bdSeqStore);
        }
        dispatch(new Event.WillAsked(bdSeq));
        return births.will(bdSeq, scheduler.instant());
    }

    private void dispatch(Event event) {
        mailbox.submit(() -> step(event));
    }

    private void step(Event event) {
        Phase before = session.phase();
        EdgeSession.Step step = session.step(rules, event);
        session = step.session();
        for (Effect effect : step.effects()) {
            carryOut(effect);
        }
        if (before == Phase.CONNECTING && session.phase() == Phase.WAITING) {
            events.accept(new EdgeEvent.AwaitingHost());
        }
    }

    private void carryOut(Effect effect) {
        if (effect instanceof Effect.Open open) {
            open(open);
        } else if (effect instanceof Effect.Nbirth birth) {
            outlet.append(pending.take());
            outlet.born();
            drained = 0;
            receiptSinceBirth = false;
            publish(births.nbirth(
                    birth.bdSeq(),
                    birth.seq(),
                    scheduler.instant(),
                    self,
                    outlet.log().id(),
                    outlet.firstHistorical(),
                    outlet.firstLive()));
            mailbox.submit(this::afterBirth);
        } else if (effect instanceof Effect.Dbirth birth) {
            publish(births.dbirth(birth.seq(), scheduler.instant(), device(birth.device())));
        } else if (effect instanceof Effect.Ddeath death) {
            publish(births.ddeath(death.seq(), scheduler.instant(), death.device()));
        } else if (effect instanceof Effect.Leave leave) {
            leave(leave);
        } else if (effect instanceof Effect.Hangup) {
            hangUp();
        } else if (effect instanceof Effect.WakeIn wake) {
            scheduler.schedule(
                    Duration.ofNanos(wake.nanos()), () -> dispatch(new Event.CooledDown(scheduler.nanoTime())));
        }
    }

    private void afterBirth() {
        failures = 0;
        if (session.phase() == Phase.BORN) {
            events.accept(new EdgeEvent.Born(session.devices().size()));
            pump();
            startDrain();
            scheduleOffer();
        }
    }

    private void open(Effect.Open open) {
        if (open.nextBroker()) {
            broker = (broker + 1) % brokers.size();
        }
        // The first failure is answered at once, later ones after up to 30 s, jittered so that fleets do not march.
        long capMillis = open.afterFailure() ? Math.min(30_000, 250L << Math.min(failures, 10)) : 0;
        failures += open.afterFailure() ? 1 : 0;
        Duration delay = Duration.ofMillis(capMillis == 0 ? 0 : random.nextLong(capMillis / 2, capMillis + 1));
        int wanted = broker;
        scheduler.schedule(delay, () -> mailbox.submit(() -> connect(wanted)));
    }

    private void connect(int wanted) {
        if (session.phase() != Phase.CONNECTING || link != null || wanted != broker) {
            return;
        }
        try {
            Link fresh = new Link(brokers.get(wanted).open(), mailbox, new LinkEvents());
            link = fresh;
            List<TopicFilter> filters = new ArrayList<>();
            filters.add(new TopicFilter(births.topic(MessageType.NCMD)));
            if (!devices.isEmpty()) {
                filters.add(new TopicFilter(births.topic(MessageType.NCMD).replace("/NCMD/", "/DCMD/") + "/+"));
            }
            if (primaryHost != null) {
                filters.add(new TopicFilter(new SparkplugTopic.State(primaryHost).name()));
            }
            fresh.open(options, filters);
        } catch (IOException | RuntimeException e) {
            LOG.warn("{}: broker {} cannot be opened", descriptor, wanted, e);
            step(new Event.Lost(true));
        }
    }

    private void leave(Effect.Leave leave) {
        flush();
        Link leaving = link;
        link = null;
        if (leaving == null) {
            return;
        }
        CompletableFuture<Void> said =
                leaving.publish(births.will(leave.bdSeq(), scheduler.instant()).message());
        var unused = said.whenComplete((ok, failed) -> leaving.close());
        closeLogIfDone();
        events.accept(new EdgeEvent.Offline("left"));
    }

    private void hangUp() {
        Link leaving = link;
        link = null;
        if (leaving != null) {
            leaving.close();
        }
        closeLogIfDone();
    }

    private void closeLogIfDone() {
        if (session.phase() == Phase.CLOSED) {
            try {
                outlet.log().close();
            } catch (IOException e) {
                LOG.error("{}: the sample log did not close", descriptor, e);
            }
        }
    }

    private void publish(Message message) {
        Link on = link;
        if (on == null) {
            return;
        }
        inFlight++;
        var unused = on.publish(message)
                .whenComplete((ok, failed) -> mailbox.submit(() -> {
                    if (on == link) {
                        inFlight--;
                        if (failed != null) {
                            // A message is missing from the sequence: begin a new session rather than leave a gap.
                            events.accept(new EdgeEvent.Offline("a message was not sent: " + failed.getMessage()));
                            inFlight = 0;
                            step(new Event.Lost(true));
                        } else {
                            pump();
                        }
                    }
                }));
    }

    private void scheduleFlush() {
        scheduler.schedule(
                batchDelay,
                () -> mailbox.submit(() -> {
                    flush();
                    pump();
                }));
    }

    private void flush() {
        List<Sample> samples = pending.take();
        if (!samples.isEmpty() && session.phase() != Phase.CLOSED) {
            outlet.append(samples);
            long dropped = outlet.log().dropped() + pending.dropped();
            if (dropped > droppedTold) {
                droppedTold = dropped;
                events.accept(new EdgeEvent.SamplesDropped(dropped));
            }
        }
    }

    /** Sends what is live, as long as the network takes it. */
    private void pump() {
        while (session.mayPublish(EdgeSession.NODE) && inFlight < IN_FLIGHT_MAX && outlet.hasLive()) {
            if (outlet.liveOverrun()) {
                step(new Event.RebirthAsked(scheduler.nanoTime()));
                return;
            }
            List<Sample> samples = outlet.peekLive();
            if (!session.mayPublish(samples.get(0).device())) {
                // Its device went offline under it: what is not sent live becomes history at the next birth.
                step(new Event.RebirthAsked(scheduler.nanoTime()));
                return;
            }
            send(samples, false);
            outlet.sentLive(samples.size(), scheduler.nanoTime());
            scheduleOffer();
        }
    }

    /**
     * The last message before a pause may be lost without a later one to show the gap. Where a host gives receipts,
     * what none has covered for a while is offered again, at growing intervals.
     */
    private void scheduleOffer() {
        if (!offerScheduled && outlet.hasReceipts()) {
            offerScheduled = true;
            confirmedThen = outlet.confirmedUpTo();
            sentThen = outlet.firstLive();
            scheduler.schedule(offerPause, () -> mailbox.submit(this::offerAgain));
        }
    }

    private void offerAgain() {
        offerScheduled = false;
        if (!session.mayPublish(EdgeSession.NODE)) {
            return;
        }
        boolean stuck = outlet.confirmedUpTo() == confirmedThen && confirmedThen < sentThen;
        if (receiptSinceBirth && !stuck) {
            offerPause = OFFER_FIRST;
        } else if (!draining) {
            Duration twice = offerPause.multipliedBy(2);
            offerPause = twice.compareTo(OFFER_LAST) < 0 ? twice : OFFER_LAST;
            outlet.offerAgain();
            if (outlet.hasHistory()) {
                startDrain();
            } else {
                jump();
            }
        }
        if (!receiptSinceBirth || outlet.confirmedUpTo() < outlet.firstLive()) {
            scheduleOffer();
        }
    }

    private void startDrain() {
        if (!draining && outlet.hasHistory()) {
            draining = true;
            drain();
        }
    }

    /** Sends a tick's worth of history; live data goes first and in between. */
    private void drain() {
        int left = drainPerTick;
        while (session.mayPublish(EdgeSession.NODE)
                && outlet.hasHistory()
                && left > 0
                && inFlight < IN_FLIGHT_MAX / 2) {
            List<Sample> samples = outlet.peekHistory();
            left -= samples.size();
            String device = samples.get(0).device();
            if (!device.isEmpty() && !devices.containsKey(device)) {
                outlet.dropHistory(samples.size());
            } else if (!session.mayPublish(device)) {
                outlet.skipHistory(samples.size());
            } else if (!known(device, samples.get(0))) {
                outlet.dropHistory(1);
            } else {
                if (outlet.historyJumped()) {
                    jump();
                    samples = outlet.peekHistory();
                }
                int count = leadingKnown(device, samples);
                send(samples.subList(0, count), true);
                outlet.sentHistory(count, scheduler.nanoTime());
                drained += count;
            }
        }
        if (session.phase() != Phase.BORN) {
            draining = false;
        } else if (outlet.hasHistory()) {
            scheduler.schedule(DRAIN_TICK, () -> mailbox.submit(this::drain));
        } else {
            draining = false;
            events.accept(new EdgeEvent.Drained(drained));
        }
    }

    private boolean known(String device, Sample sample) {
        EdgeDevice owner = device.isEmpty() ? self : device(device);
        EdgeMetric metric = owner.find(sample.metric());
        return metric != null && metric.type() == sample.value().type();
    }

    private int leadingKnown(String device, List<Sample> samples) {
        int count = 0;
        while (count < samples.size() && known(device, samples.get(count))) {
            count++;
        }
        return count;
    }

    private void jump() {
        int seq = session.seq();
        step(new Event.DataReady(EdgeSession.NODE));
        publish(births.jump(seq, scheduler.instant(), outlet.firstHistorical()));
    }

    private void send(List<Sample> samples, boolean historical) {
        String device = samples.get(0).device();
        EdgeDevice owner = device.isEmpty() ? self : device(device);
        List<Metric> metrics = new ArrayList<>(samples.size());
        for (Sample sample : samples) {
            Metric data = owner.metric(sample.metric()).data(sample, aliases);
            metrics.add(historical ? data.asHistorical() : data);
        }
        int seq = session.seq();
        step(new Event.DataReady(device));
        publish(births.data(seq, scheduler.instant(), device, metrics));
    }

    /** What the current link reports; a link that was given up is not heard. */
    private final class LinkEvents implements Link.Listener {
        @Override
        public void ready(Link from) {
            if (from == link) {
                inFlight = 0;
                step(new Event.Ready());
            }
        }

        @Override
        public void lost(Link from, boolean wasReady, boolean ended, String detail) {
            if (from == link) {
                if (wasReady) {
                    events.accept(new EdgeEvent.Offline(detail));
                }
                step(new Event.Lost(wasReady || ended));
            }
        }

        @Override
        public void received(Link from, Message message) {
            if (from != link) {
                return;
            }
            SparkplugTopic topic = SparkplugTopic.parse(message.topic());
            if (topic instanceof SparkplugTopic.State state) {
                if (state.hostId().equals(primaryHost)) {
                    hostSeen(message);
                }
                return;
            }
            for (Commands.Order order : commands.read(topic, message)) {
                carryOut(order);
            }
        }
    }

    private void hostSeen(Message message) {
        try {
            HostState state = HostState.parse(message.payload());
            step(new Event.HostSeen(
                    state.online(),
                    state.timestamp().toEpochMilli(),
                    scheduler.instant().toEpochMilli()));
        } catch (PayloadException e) {
            LOG.warn("{}: STATE of {} is not understood: {}", descriptor, primaryHost, e.getMessage());
        }
    }

    private void carryOut(Commands.Order order) {
        if (order instanceof Commands.Order.Rebirth) {
            step(new Event.RebirthAsked(scheduler.nanoTime()));
        } else if (order instanceof Commands.Order.DeviceRebirth rebirth) {
            if (session.devices().contains(rebirth.device())) {
                step(new Event.DeviceUp(rebirth.device()));
            }
        } else if (order instanceof Commands.Order.NextServer) {
            step(new Event.NextServer());
        } else if (order instanceof Commands.Order.Acknowledge acknowledge) {
            outlet.acknowledged(acknowledge.position());
            receiptSinceBirth = true;
        } else if (order instanceof Commands.Order.Tell tell) {
            events.accept(tell.event());
        }
    }
}
