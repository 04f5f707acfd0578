package dev.fieldproof.sparkplug.host;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.StoreAndForward;
import dev.fieldproof.sparkplug.host.NodeRecord.DeviceRecord;
import dev.fieldproof.sparkplug.host.NodeRecord.Incoming;
import dev.fieldproof.sparkplug.payload.DataType;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.PayloadCursor;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadException;
import dev.fieldproof.sparkplug.payload.Value;
import dev.fieldproof.sparkplug.session.HostSession;
import dev.fieldproof.sparkplug.session.HostSession.Effect;
import dev.fieldproof.sparkplug.session.HostSession.Event;
import dev.fieldproof.sparkplug.session.HostSession.Status;
import dev.fieldproof.sparkplug.topic.MessageType;
import dev.fieldproof.sparkplug.topic.SparkplugTopic;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All nodes of a host: reads messages, steps sessions, keeps tables. Changed by one thread at a time, read by any. */
final class Fleet {
    private static final byte[] BD_SEQ = "bdSeq".getBytes(StandardCharsets.US_ASCII);

    private final HostApplicationBuilder settings;
    private final Scheduler scheduler;
    private final HostSession.Rules rules;
    private final Consumer<NodeRecord> askRebirth;
    private final RebirthBudget<NodeRecord> budget;
    private final PayloadDecoder decoder;
    private final PayloadCursor cursor;
    /** Whose payload the cursor walks over. */
    private @Nullable Incoming current;

    /** The latest time of a sample: those of one message share it as a rule. */
    private Instant latest = Instant.EPOCH;

    private long latestMillis;
    private final Map<EdgeNodeDescriptor, NodeRecord> records = new ConcurrentHashMap<>();
    private final Map<String, Route> routes = new HashMap<>();
    private final Map<MetricLayout, MetricLayout> layouts = new HashMap<>();
    private final Set<NodeRecord> gaps = new LinkedHashSet<>();
    private final AtomicLong births = new AtomicLong();
    private final AtomicLong deaths = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong samples = new AtomicLong();
    private final AtomicLong historical = new AtomicLong();

    /** A topic name, read once. */
    private record Route(MessageType type, NodeRecord record, String device) {}

    /** Sends a command. */
    interface Sender {
        boolean send(NodeRecord record, MessageType type, String device, List<Metric> metrics);
    }

    /** Sends a receipt. */
    interface Receipts {
        boolean send(NodeRecord record, Value position);
    }

    Fleet(HostApplicationBuilder settings, Scheduler scheduler, Consumer<NodeRecord> askRebirth) {
        this.settings = settings;
        this.scheduler = scheduler;
        this.askRebirth = askRebirth;
        this.rules = new HostSession.Rules(settings.reorderTimeout.toNanos(), settings.reorderMessages);
        this.budget = new RebirthBudget<>(
                settings.rebirthsPerSecond,
                settings.rebirthBurst,
                settings.rebirthPause.toNanos(),
                scheduler.nanoTime());
        this.decoder = new PayloadDecoder(settings.limits);
        this.cursor = new PayloadCursor(settings.limits);
    }

    void received(int broker, Message message) {
        Route route = routes.get(message.topic());
        if (route == null) {
            route = route(message.topic());
            if (route == null) {
                return;
            }
        }
        NodeRecord record = route.record();
        synchronized (record) {
            record.broker = broker;
            record.heardNanos = scheduler.nanoTime();
            Incoming incoming = new Incoming(message.topic(), route.type(), route.device(), message.payload());
            try {
                cursor.reset(message.payload());
                current = incoming;
                step(record, event(incoming));
            } catch (PayloadException e) {
                refused(record, incoming, e);
            }
        }
    }

    /** Messages of these topics are missing, which sequence numbers alone might not show: they come round. */
    void distrust(Set<String> topics, String reason) {
        Set<NodeRecord> nodes = new LinkedHashSet<>();
        for (String topic : topics) {
            Route route = routes.containsKey(topic) ? routes.get(topic) : route(topic);
            if (route != null) {
                nodes.add(route.record());
            }
        }
        for (NodeRecord record : nodes) {
            synchronized (record) {
                step(record, new Event.Distrust<>(reason));
            }
        }
    }

    private @Nullable Route route(String name) {
        SparkplugTopic topic = SparkplugTopic.parse(name);
        Route route;
        if (topic instanceof SparkplugTopic.Node node && node.type() != MessageType.NCMD) {
            route = new Route(node.type(), record(node.node()), "");
        } else if (topic instanceof SparkplugTopic.Device device && device.type() != MessageType.DCMD) {
            route = new Route(device.type(), record(device.node()), device.deviceId());
        } else {
            if (topic instanceof SparkplugTopic.Foreign foreign) {
                tell(new HostEvent.MessageRefused(name, foreign.rule()));
            }
            return null;
        }
        if (records.size() > settings.maxNodes) {
            records.remove(route.record().node);
            tell(new HostEvent.MessageRefused(name, "there are " + settings.maxNodes + " nodes already"));
            return null;
        }
        if (routes.size() >= 8 * settings.maxNodes) {
            routes.clear();
        }
        routes.put(name, route);
        return route;
    }

    private NodeRecord record(EdgeNodeDescriptor node) {
        return records.computeIfAbsent(node, NodeRecord::new);
    }

    /** Reads what the session needs to know; the cursor stands before the first metric. */
    private Event<Incoming> event(Incoming incoming) throws PayloadException {
        long millis = cursor.hasTimestamp() ? cursor.timestamp(TimeUnit.MILLISECONDS) : nowMillis();
        if (incoming.type() == MessageType.NBIRTH || incoming.type() == MessageType.NDEATH) {
            int bdSeq = -1;
            while (cursor.next()) {
                if (cursor.nameEquals(BD_SEQ) && !cursor.isNull()) {
                    bdSeq = (int) (cursor.whole(DataType.INT64) & 0xFF);
                }
            }
            return incoming.type() == MessageType.NDEATH
                    ? new Event.Ndeath<>(bdSeq)
                    : new Event.Nbirth<>(seq(), bdSeq, millis, incoming);
        }
        return new Event.Sequenced<>(seq(), millis, scheduler.nanoTime(), incoming);
    }

    private int seq() throws PayloadException {
        if (!cursor.hasSeq() || cursor.seq() < 0 || cursor.seq() > 255) {
            throw new PayloadException(0, "the message has a sequence number from 0 to 255");
        }
        return (int) cursor.seq();
    }

    private void refused(NodeRecord record, Incoming incoming, PayloadException fault) {
        tell(new HostEvent.MessageRefused(incoming.topic(), fault.getMessage()));
        if (incoming.type() != MessageType.NDEATH) {
            step(record, new Event.Distrust<>("a message cannot be read: " + fault.rule()));
        }
    }

    private void step(NodeRecord record, Event<Incoming> event) {
        boolean waited = record.session.deadlineNanos() != Long.MAX_VALUE;
        HostSession.Step<Incoming> step = record.session.step(rules, event);
        record.session = step.session();
        boolean waits = record.session.deadlineNanos() != Long.MAX_VALUE;
        if (waits && !waited) {
            gaps.add(record);
        } else if (waited && !waits) {
            gaps.remove(record);
        }
        for (Effect<Incoming> effect : step.effects()) {
            if (!carryOut(record, effect)) {
                break;
            }
        }
    }

    /** Puts the cursor before a message's first metric. */
    @SuppressWarnings("ReferenceEquality") // the very message that the cursor walks over
    private void walk(Incoming message) throws PayloadException {
        if (message == current) {
            cursor.rewind();
        } else {
            cursor.reset(message.payload());
            current = message;
        }
    }

    /** False if the rest of the effects has lost its ground. */
    private boolean carryOut(NodeRecord record, Effect<Incoming> effect) {
        if (effect instanceof Effect.Take<Incoming> take) {
            try {
                walk(take.message());
                take(record, take.message());
                return true;
            } catch (PayloadException e) {
                refused(record, take.message(), e);
                return false;
            }
        } else if (effect instanceof Effect.NodeDied<Incoming>) {
            died(record);
        } else if (effect instanceof Effect.Stale<Incoming> stale) {
            record.sinceMillis = nowMillis();
            tell(new HostEvent.NodeStale(record.node, stale.reason()));
        } else if (effect instanceof Effect.AskRebirth<Incoming> ask) {
            budget.ask(record);
            tell(new HostEvent.RebirthRequested(record.node, ask.reason()));
            sendDue();
        } else if (effect instanceof Effect.Discard<Incoming> discard) {
            tell(new HostEvent.MessageRefused(discard.message().topic(), discard.reason()));
        }
        return true;
    }

    private void take(NodeRecord record, Incoming message) throws PayloadException {
        switch (message.type()) {
            case NBIRTH -> nodeBorn(record);
            case DBIRTH -> {
                MetricTable table = birth(record, message.device());
                record.putDevice(message.device(), new DeviceRecord(table, nowMillis()));
                tell(new HostEvent.DeviceBorn(
                        record.node, message.device(), sentAt(), table.layout().size()));
            }
            case DDEATH -> deviceDied(record, message);
            default -> data(record, message);
        }
    }

    private MetricTable birth(NodeRecord record, String device) throws PayloadException {
        return MetricTable.ofBirth(cursor, (metric, type) -> value(record, device, metric, type), layouts, nowMillis());
    }

    /** The value under the cursor; one that is not of its datatype costs the node no more than itself. */
    private Value value(NodeRecord record, String device, String metric, DataType type) {
        String fault;
        try {
            Value value = decoder.value(cursor, type);
            if (value.type() == type) {
                return value;
            }
            fault = "the metric is a " + type + " by its birth, and a " + value.type() + " here";
        } catch (PayloadException e) {
            fault = e.getMessage();
        }
        tell(new HostEvent.Misfit(record.node, device, metric, fault));
        return decoder.raw(cursor);
    }

    private @Nullable Instant sentAt() {
        return cursor.hasTimestamp() ? Instant.ofEpochMilli(cursor.timestamp(TimeUnit.MILLISECONDS)) : null;
    }

    private void nodeBorn(NodeRecord record) throws PayloadException {
        Instant sent = sentAt();
        MetricTable table = birth(record, "");
        record.table = table;
        record.devices.values().forEach(device -> device.online = false);
        record.sinceMillis = nowMillis();
        budget.settled(record);
        births.incrementAndGet();
        long log = position(table, StoreAndForward.LOG);
        if (log >= 0) {
            ReceiptLedger ledger = record.ledger;
            if (ledger == null || ledger.logId() != log) {
                ledger = new ReceiptLedger(log);
                record.ledger = ledger;
            }
            record.acknowledged = -1;
            ledger.born(position(table, StoreAndForward.FIRST), position(table, StoreAndForward.NEXT));
            if (ledger.lost() > record.lostTold) {
                record.lostTold = ledger.lost();
                tell(new HostEvent.SamplesLost(record.node, ledger.lost()));
            }
        }
        tell(new HostEvent.NodeBorn(record.node, sent, table.layout().size()));
    }

    private static long position(MetricTable table, String name) {
        int index = table.layout().ofName(name);
        return index >= 0 && table.value(index) instanceof Value.Whole whole ? whole.value() : -1;
    }

    private void died(NodeRecord record) {
        record.sinceMillis = nowMillis();
        record.devices.values().forEach(device -> device.online = false);
        budget.settled(record);
        deaths.incrementAndGet();
        tell(new HostEvent.NodeDied(record.node, scheduler.instant()));
    }

    private void deviceDied(NodeRecord record, Incoming message) throws PayloadException {
        DeviceRecord device = record.devices.get(message.device());
        if (device == null || !device.online) {
            throw new PayloadException(0, "a device that dies was born");
        }
        Instant sent = sentAt();
        Instant died = sent == null ? scheduler.instant() : sent;
        device.online = false;
        device.sinceMillis = died.toEpochMilli();
        tell(new HostEvent.DeviceDied(record.node, message.device(), died));
    }

    private void data(NodeRecord record, Incoming message) throws PayloadException {
        MetricTable table = record.table;
        if (message.type() == MessageType.DDATA) {
            DeviceRecord device = record.devices.get(message.device());
            if (device == null || !device.online) {
                throw new PayloadException(0, "a device that sends data was born");
            }
            table = device.table;
        }
        while (cursor.next()) {
            int index = table.find(cursor);
            if (index < 0) {
                throw new PayloadException(0, "a metric of a data message was announced at birth");
            }
            String name = table.layout().name(index);
            sample(
                    record,
                    message,
                    table,
                    index,
                    value(record, message.device(), name, table.layout().type(index)));
        }
    }

    private void sample(NodeRecord record, Incoming message, MetricTable table, int index, Value value) {
        String name = table.layout().name(index);
        long millis = cursor.hasMetricTimestamp() ? cursor.metricTimestamp(TimeUnit.MILLISECONDS) : nowMillis();
        ReceiptLedger ledger = record.ledger;
        if (ledger != null) {
            if (name.startsWith(StoreAndForward.FOLDER)) {
                if (name.equals(StoreAndForward.FIRST) && value instanceof Value.Whole position) {
                    ledger.jump(position.value());
                    record.acknowledged = -1;
                }
                return;
            }
            if (!ledger.accept(cursor.isHistorical())) {
                // The node offers what the host has: the receipt was lost.
                record.acknowledged = -1;
                return;
            }
        }
        if (cursor.isHistorical()) {
            count(historical);
        } else {
            table.put(index, value, millis);
        }
        count(samples);
        tell(new HostEvent.Sample(record.node, message.device(), name, instant(millis), value, cursor.isHistorical()));
    }

    /** One thread counts, any may read: no need to compete. */
    private static void count(AtomicLong counter) {
        counter.lazySet(counter.getPlain() + 1);
    }

    private Instant instant(long millis) {
        if (millis != latestMillis) {
            latest = Instant.ofEpochMilli(millis);
            latestMillis = millis;
        }
        return latest;
    }

    private void tell(HostEvent event) {
        settings.events.accept(event);
    }

    private long nowMillis() {
        return scheduler.instant().toEpochMilli();
    }

    void tick() {
        for (NodeRecord record : List.copyOf(gaps)) {
            synchronized (record) {
                step(record, new Event.Tick<>(scheduler.nanoTime()));
            }
        }
        sendDue();
    }

    private void sendDue() {
        for (NodeRecord record : budget.take(scheduler.nanoTime())) {
            requests.incrementAndGet();
            askRebirth.accept(record);
        }
    }

    void requestRebirth(EdgeNodeDescriptor node) {
        budget.ask(record(node));
        sendDue();
    }

    void linkLost(int broker) {
        for (NodeRecord record : records.values()) {
            synchronized (record) {
                if (record.broker == broker) {
                    budget.settled(record);
                    step(record, new Event.LinkLost<>());
                }
            }
        }
    }

    /** Nodes that were known and have not been born again by themselves since the broker came back. */
    void askUnknown(int broker) {
        for (NodeRecord record : records.values()) {
            synchronized (record) {
                if (record.broker == broker && record.session.status() == Status.UNKNOWN && !record.session.asked()) {
                    step(record, new Event.Distrust<>("the host was away"));
                }
            }
        }
    }

    void receipts(Receipts receipts) {
        for (NodeRecord record : records.values()) {
            synchronized (record) {
                ReceiptLedger ledger = record.ledger;
                if (ledger != null
                        && record.session.status() == Status.ONLINE
                        && ledger.receivedUpTo() > record.acknowledged
                        && receipts.send(record, Value.of(ledger.receivedUpTo()))) {
                    record.acknowledged = ledger.receivedUpTo();
                }
            }
        }
    }

    /** A metric that was announced with an alias is named by it alone. */
    void command(EdgeNodeDescriptor node, String device, String metric, Value value, Sender sender) {
        NodeRecord record = record(node);
        MetricTable table = record.table;
        if (!device.isEmpty()) {
            DeviceRecord known = record.devices.get(device);
            table = known == null ? MetricTable.EMPTY : known.table;
        }
        int index = table.layout().ofName(metric);
        long alias = index < 0 ? MetricLayout.NONE : table.layout().alias(index);
        Metric command = alias == MetricLayout.NONE
                ? Metric.command(metric, scheduler.instant(), value)
                : Metric.data(alias, scheduler.instant(), value);
        sender.send(record, device.isEmpty() ? MessageType.NCMD : MessageType.DCMD, device, List.of(command));
    }

    Set<EdgeNodeDescriptor> nodes() {
        return Set.copyOf(records.keySet());
    }

    Optional<NodeView> view(EdgeNodeDescriptor node) {
        NodeRecord record = records.get(node);
        return record == null ? Optional.empty() : Optional.of(Views.of(record));
    }

    FleetCounts counts() {
        Map<Status, Integer> byStatus = new EnumMap<>(Status.class);
        long repeated = 0;
        long lost = 0;
        long missing = 0;
        for (NodeRecord record : records.values()) {
            synchronized (record) {
                byStatus.merge(record.session.status(), 1, Integer::sum);
                ReceiptLedger ledger = record.ledger;
                if (ledger != null) {
                    repeated += ledger.duplicates();
                    lost += ledger.lost();
                    missing += ledger.missing();
                }
            }
        }
        return new FleetCounts(
                byStatus.getOrDefault(Status.ONLINE, 0),
                byStatus.getOrDefault(Status.UNKNOWN, 0),
                byStatus.getOrDefault(Status.OFFLINE, 0),
                births.get(),
                deaths.get(),
                requests.get(),
                samples.get(),
                historical.get(),
                repeated,
                lost,
                missing);
    }
}
