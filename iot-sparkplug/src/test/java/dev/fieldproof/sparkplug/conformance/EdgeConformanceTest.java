package dev.fieldproof.sparkplug.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.Site;
import dev.fieldproof.sparkplug.Site.Call;
import dev.fieldproof.sparkplug.edge.EdgeMetric;
import dev.fieldproof.sparkplug.edge.EdgeNode;
import dev.fieldproof.sparkplug.edge.EdgeNodeBuilder;
import dev.fieldproof.sparkplug.payload.DataType;
import dev.fieldproof.sparkplug.payload.HostState;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.PayloadException;
import dev.fieldproof.sparkplug.payload.Template;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the specification demands of an edge node, seen from the broker. */
class EdgeConformanceTest {
    private final Site site = new Site();
    private final List<Call> calls = new ArrayList<>();
    private final Transport outsider = site.broker.client();

    EdgeConformanceTest() {
        var unused = outsider.connect(ConnectOptions.of("outsider"));
        site.clock.advance(Duration.ofMillis(10));
    }

    private EdgeNodeBuilder builder() {
        Metric member = Metric.birth("rpm", Instant.EPOCH, Value.of(0));
        return EdgeNode.builder("G", "N", site.spy(calls))
                .scheduler(site.clock)
                .template(
                        "Motor",
                        Template.definition(List.of(member), List.of(new Template.Parameter("kind", Value.of("AC")))))
                .metric("Level", Value.of(1))
                .metric("Empty", new Value.Null(DataType.FLOAT))
                .metric("Drive", Template.instance("Motor", List.of(member), List.of()))
                .device("D", new EdgeMetric.Definition("Flow", Value.of(1.5), true, null));
    }

    private EdgeNode start() {
        EdgeNode node = builder().build();
        node.device("D").online();
        node.start();
        pass(1_000);
        return node;
    }

    private void pass(long millis) {
        site.clock.advance(Duration.ofMillis(millis));
    }

    private void send(String topic, Payload payload) {
        var unused =
                outsider.publish(new Message(topic, new PayloadEncoder().toBytes(payload), Qos.AT_MOST_ONCE, false));
        pass(100);
    }

    private void state(String host, boolean online, long millis) {
        var unused = outsider.publish(new Message(
                "spBv1.0/STATE/" + host,
                new HostState(online, Instant.ofEpochMilli(millis)).toBytes(),
                Qos.AT_LEAST_ONCE,
                true));
        pass(500);
    }

    private void requestRebirth() {
        Instant now = site.clock.instant();
        send(
                "spBv1.0/G/NCMD/N",
                new Payload(now, null, List.of(Metric.command("Node Control/Rebirth", now, Value.of(true)))));
    }

    private static Payload read(byte[] bytes) {
        try {
            return PayloadDecoder.DEFAULT.decode(bytes);
        } catch (PayloadException e) {
            throw new AssertionError(e);
        }
    }

    private List<Message> published(String type) {
        return calls.stream()
                .filter(call -> call instanceof Call.Publish)
                .map(call -> ((Call.Publish) call).message())
                .filter(message -> message.topic().contains("/" + type + "/") || type.isEmpty())
                .toList();
    }

    private List<Call.Connect> connects() {
        return calls.stream()
                .filter(call -> call instanceof Call.Connect)
                .map(call -> (Call.Connect) call)
                .toList();
    }

    private static Metric metric(Payload payload, String name) {
        return payload.metrics().stream()
                .filter(each -> name.equals(each.name()))
                .findFirst()
                .orElseThrow();
    }

    private static long bdSeq(byte[] bytes) {
        Metric metric = metric(read(bytes), "bdSeq");
        assertEquals(DataType.INT64, metric.value().type());
        return ((Value.Whole) metric.value()).value();
    }

    @Test
    @Proves({
        "principles-persistence-clean-session-311",
        "principles-persistence-clean-session-50",
        "message-flow-edge-node-birth-publish-will-message",
        "message-flow-edge-node-birth-publish-will-message-topic",
        "message-flow-edge-node-birth-publish-will-message-payload",
        "message-flow-edge-node-birth-publish-will-message-payload-bdSeq",
        "message-flow-edge-node-birth-publish-will-message-qos",
        "message-flow-edge-node-birth-publish-will-message-will-retained",
        "payloads-ndeath-will-message",
        "payloads-ndeath-will-message-qos",
        "payloads-ndeath-will-message-retain",
        "payloads-ndeath-seq",
        "topics-ndeath-topic",
        "topics-ndeath-payload",
        "topics-ndeath-seq",
        "payloads-ndeath-bdseq"
    })
    void theWillIsTheDeathCertificate() {
        start();
        Call.Connect connect = connects().get(0);
        assertTrue(connect.options().cleanStart());
        assertEquals(Duration.ZERO, connect.options().sessionExpiry());
        Message will = connect.will().message();
        assertEquals("spBv1.0/G/NDEATH/N", will.topic());
        assertEquals(Qos.AT_LEAST_ONCE, will.qos());
        assertFalse(will.retain());
        assertNull(read(will.payload()).seq());
        assertEquals(1, read(will.payload()).metrics().size());
        assertEquals(0, bdSeq(will.payload()));
    }

    @Test
    @Proves({
        "principles-birth-certificates-order",
        "message-flow-edge-node-ncmd-subscribe",
        "message-flow-device-dcmd-subscribe",
        "message-flow-edge-node-birth-publish-connect",
        "message-flow-device-birth-publish-nbirth-wait",
        "payloads-dbirth-order",
        "payloads-ndata-order",
        "payloads-ddata-order"
    })
    void subscriptionsThenBirthsThenData() {
        EdgeNode node = start();
        node.device("D").metric("Flow").set(2.0);
        node.metric("Level").set(2);
        pass(100);
        List<String> order = new ArrayList<>();
        for (Call call : calls) {
            if (call instanceof Call.Subscribe subscribe) {
                assertEquals(Qos.AT_LEAST_ONCE, subscribe.qos());
                order.add("subscribe " + subscribe.filter());
            } else if (call instanceof Call.Connect) {
                order.add("connect");
            } else if (call instanceof Call.Publish publish) {
                order.add(publish.message().topic().split("/", -1)[2]);
            }
        }
        assertEquals(
                List.of(
                        "subscribe spBv1.0/G/NCMD/N",
                        "subscribe spBv1.0/G/DCMD/N/+",
                        "connect",
                        "NBIRTH",
                        "DBIRTH",
                        "NDATA",
                        "DDATA"),
                order);
    }

    @Test
    @Proves({
        "topic-structure",
        "topic-structure-namespace-a",
        "topics-nbirth-topic",
        "topics-nbirth-mqtt",
        "topics-ndata-topic",
        "topics-ndata-mqtt",
        "topics-dbirth-topic",
        "topics-dbirth-mqtt",
        "topics-ddata-topic",
        "topics-ddata-mqtt",
        "topics-ddeath-topic",
        "topics-ddeath-mqtt",
        "payloads-nbirth-qos",
        "payloads-nbirth-retain",
        "payloads-dbirth-qos",
        "payloads-dbirth-retain",
        "payloads-ndata-qos",
        "payloads-ndata-retain",
        "payloads-ddata-qos",
        "payloads-ddata-retain",
        "message-flow-edge-node-birth-publish-nbirth-topic",
        "message-flow-edge-node-birth-publish-nbirth-qos",
        "message-flow-edge-node-birth-publish-nbirth-retained",
        "message-flow-device-birth-publish-dbirth-topic",
        "message-flow-device-birth-publish-dbirth-match-edge-node-topic",
        "message-flow-device-birth-publish-dbirth-qos",
        "message-flow-device-birth-publish-dbirth-retained",
        "topic-structure-namespace-device-id-associated-message-types",
        "topic-structure-namespace-device-id-non-associated-message-types"
    })
    void topicsAndFlagsOfEveryMessage() {
        EdgeNode node = start();
        node.metric("Level").set(2);
        node.device("D").metric("Flow").set(2.0);
        pass(100);
        node.device("D").offline();
        pass(100);
        Set<String> topics = new HashSet<>();
        for (Message message : published("")) {
            assertEquals(Qos.AT_MOST_ONCE, message.qos(), message.topic());
            assertFalse(message.retain(), message.topic());
            topics.add(message.topic());
        }
        assertEquals(
                Set.of(
                        "spBv1.0/G/NBIRTH/N",
                        "spBv1.0/G/DBIRTH/N/D",
                        "spBv1.0/G/NDATA/N",
                        "spBv1.0/G/DDATA/N/D",
                        "spBv1.0/G/DDEATH/N/D"),
                topics);
    }

    @Test
    @Proves({
        "topics-nbirth-seq-num",
        "topics-ndata-seq-num",
        "topics-dbirth-seq",
        "topics-ddata-seq-num",
        "topics-ddeath-seq-num",
        "payloads-sequence-num-always-included",
        "payloads-sequence-num-zero-nbirth",
        "payloads-sequence-num-incrementing",
        "payloads-nbirth-seq",
        "payloads-dbirth-seq",
        "payloads-dbirth-seq-inc",
        "payloads-ndata-seq",
        "payloads-ndata-seq-inc",
        "payloads-ddata-seq",
        "payloads-ddata-seq-inc",
        "payloads-ddeath-seq",
        "payloads-ddeath-seq-inc",
        "payloads-ddeath-seq-number",
        "message-flow-edge-node-birth-publish-nbirth-payload-seq",
        "message-flow-device-birth-publish-dbirth-payload-seq",
        "payloads-nbirth-timestamp",
        "payloads-dbirth-timestamp",
        "payloads-ndata-timestamp",
        "payloads-ddata-timestamp",
        "payloads-ddeath-timestamp",
        "topics-nbirth-timestamp",
        "topics-ndata-timestamp",
        "topics-dbirth-timestamp",
        "topics-ddata-timestamp",
        "payloads-timestamp-in-UTC"
    })
    void everyMessageHasTheNextNumberAndATime() {
        EdgeNode node = start();
        for (int i = 0; i < 300; i++) {
            node.metric("Level").set(1_000 + i);
            if (i % 50 == 49) {
                node.device("D").offline();
                pass(10);
                node.device("D").online();
            }
            pass(20);
        }
        long expected = 0;
        for (Message message : published("")) {
            Payload payload = read(message.payload());
            assertEquals(expected++ & 0xFF, payload.seq(), message.topic());
            assertTrue(
                    Duration.between(payload.timestamp(), site.clock.instant()).toSeconds() < 60);
        }
        assertTrue(expected > 300);
    }

    @Test
    @Proves({
        "topics-nbirth-metric-reqs",
        "topics-nbirth-metrics",
        "topics-nbirth-templates",
        "topics-nbirth-bdseq-included",
        "topics-nbirth-bdseq-matching",
        "topics-nbirth-rebirth-metric",
        "payloads-nbirth-bdseq",
        "payloads-nbirth-bdseq-repeat",
        "payloads-nbirth-rebirth-req",
        "payloads-alias-uniqueness",
        "payloads-alias-birth-requirement",
        "payloads-name-birth-data-requirement",
        "payloads-metric-datatype-req",
        "payloads-name-requirement",
        "payloads-metric-timestamp-in-UTC",
        "message-flow-edge-node-birth-publish-nbirth-payload",
        "message-flow-edge-node-birth-publish-nbirth-payload-bdSeq",
        "operational-behavior-data-publish-nbirth",
        "operational-behavior-data-publish-nbirth-values",
        "operational-behavior-data-publish-dbirth",
        "operational-behavior-data-publish-dbirth-values",
        "operational-behavior-data-commands-rebirth-name",
        "operational-behavior-data-commands-rebirth-name-aliases",
        "operational-behavior-data-commands-rebirth-datatype",
        "operational-behavior-data-commands-rebirth-value",
        "topics-dbirth-metric-reqs",
        "topics-dbirth-metrics",
        "message-flow-device-birth-publish-dbirth-payload",
        "payloads-template-definition-nbirth",
        "payloads-template-definition-nbirth-only",
        "payloads-template-definition-is-definition",
        "payloads-template-definition-ref",
        "payloads-template-instance-is-definition",
        "payloads-template-instance-ref",
        "payloads-template-ref-definition",
        "payloads-template-ref-instance",
        "payloads-template-is-definition",
        "payloads-template-is-definition-definition",
        "payloads-template-is-definition-instance"
    })
    void birthsSayEverything() {
        start();
        Payload nbirth = read(published("NBIRTH").get(0).payload());
        Payload dbirth = read(published("DBIRTH").get(0).payload());
        Set<Long> aliases = new HashSet<>();
        List<Metric> all = new ArrayList<>(nbirth.metrics());
        all.addAll(dbirth.metrics());
        for (Metric each : all) {
            assertTrue(each.name() != null && each.typed() && each.timestamp() != null, each.toString());
            if (each.name().equals("Node Control/Rebirth")) {
                assertNull(each.alias());
            } else {
                assertTrue(aliases.add(each.alias()), each.toString());
            }
        }
        assertEquals(Value.of(false), metric(nbirth, "Node Control/Rebirth").value());
        assertEquals(0, bdSeq(published("NBIRTH").get(0).payload()));
        assertEquals(new Value.Null(DataType.FLOAT), metric(nbirth, "Empty").value());
        Template definition = (Template) metric(nbirth, "Motor").value();
        Template instance = (Template) metric(nbirth, "Drive").value();
        assertTrue(definition.definition() && definition.reference() == null);
        assertTrue(!instance.definition() && instance.reference().equals("Motor"));
        assertEquals(Value.of(1.5), metric(dbirth, "Flow").value());
    }

    @Test
    @Proves({
        "payloads-alias-data-cmd-requirement",
        "payloads-metric-datatype-not-req",
        "topics-ndata-payload",
        "topics-ddata-payload",
        "operational-behavior-data-publish-nbirth-change",
        "operational-behavior-data-publish-dbirth-change",
        "operational-behavior-data-publish-nbirth-order",
        "operational-behavior-data-publish-dbirth-order",
        "principles-rbe-recommended"
    })
    void dataIsWhatChangedByAliasInOrder() {
        EdgeNode node = start();
        assertFalse(node.metric("Level").set(1), "an equal value is not published");
        for (int i = 0; i < 5; i++) {
            node.metric("Level").set(10 + i);
        }
        pass(100);
        List<Message> data = published("NDATA");
        assertEquals(1, data.size());
        Instant latest = Instant.MIN;
        for (Metric each : read(data.get(0).payload()).metrics()) {
            assertNull(each.name());
            assertFalse(each.typed());
            assertTrue(each.timestamp().isAfter(latest));
            latest = each.timestamp();
        }
        pass(60_000);
        assertEquals(1, published("NDATA").size(), "nothing changed, nothing is published");
    }

    @Test
    @Proves({
        "operational-behavior-edge-node-intentional-disconnect-ndeath",
        "operational-behavior-edge-node-intentional-disconnect-packet",
        "payloads-ndeath-will-message-publisher",
        "payloads-ndeath-will-message-publisher-disconnect-mqtt311",
        "operational-behavior-device-ddeath"
    })
    void deathsAreToldBeforeLeaving() {
        EdgeNode node = start();
        node.device("D").offline();
        pass(100);
        assertEquals(1, published("DDEATH").size());
        node.close();
        pass(100);
        assertEquals(1, published("NDEATH").size());
        assertEquals(0, bdSeq(published("NDEATH").get(0).payload()));
        assertEquals(new Call.Close(), calls.get(calls.size() - 1));
        assertTrue(calls.get(calls.size() - 2) instanceof Call.Publish last
                && last.message().topic().contains("NDEATH"));
    }

    @Test
    @Proves({
        "operational-behavior-data-commands-rebirth-action-1",
        "operational-behavior-data-commands-rebirth-action-2",
        "operational-behavior-data-commands-rebirth-action-3"
    })
    void aRebirthRepeatsTheBirths() {
        start();
        int before = published("").size();
        requestRebirth();
        List<Message> after = published("").subList(before, published("").size());
        assertEquals(
                List.of("NBIRTH", "DBIRTH"),
                after.stream().map(m -> m.topic().split("/", -1)[2]).toList());
        assertEquals(0L, read(after.get(0).payload()).seq());
        assertEquals(0, bdSeq(after.get(0).payload()));
    }

    @Test
    @Proves({"topics-nbirth-bdseq-increment"})
    void eachConnectionHasTheNextNumber() {
        EdgeNode node = start();
        for (int i = 0; i < 3; i++) {
            site.broker.restart();
            pass(60_000);
            assertTrue(node.isOnline());
        }
        List<Call.Connect> connects = connects();
        for (int i = 0; i < connects.size(); i++) {
            assertEquals(i & 0xFF, bdSeq(connects.get(i).will().message().payload()));
        }
        assertTrue(connects.size() >= 4);
    }

    @Test
    @Proves({
        "message-flow-edge-node-birth-publish-phid-wait",
        "message-flow-edge-node-birth-publish-phid-wait-id",
        "message-flow-edge-node-birth-publish-phid-wait-online",
        "message-flow-edge-node-birth-publish-phid-wait-timestamp",
        "message-flow-edge-node-birth-publish-phid-offline",
        "operational-behavior-edge-node-termination-host-offline",
        "operational-behavior-edge-node-termination-host-offline-timestamp",
        "operational-behavior-edge-node-birth-sequence-wait"
    })
    void birthsFollowThePrimaryHost() {
        EdgeNode node = builder().primaryHost("H").build();
        node.start();
        pass(5_000);
        assertEquals(0, published("").size(), "no STATE, no birth");
        long now = site.clock.instant().toEpochMilli();
        state("Other", true, now);
        assertEquals(0, published("").size(), "another host does not count");
        state("H", false, now);
        assertEquals(0, published("").size(), "an offline host does not count");
        state("H", true, now - 1);
        assertEquals(0, published("").size(), "an older STATE does not count");
        state("H", true, now);
        assertEquals(1, published("NBIRTH").size(), "a STATE as new does");
        state("H", false, now - 1);
        assertTrue(node.isOnline(), "an older offline STATE does not count");
        state("H", false, now);
        assertFalse(node.isOnline());
        assertEquals(1, published("NDEATH").size());
    }

    @Test
    @Proves({
        "operational-behavior-primary-application-state-with-multiple-servers-walk",
        "operational-behavior-primary-application-state-with-multiple-servers-single-server",
        "operational-behavior-edge-node-termination-host-offline-reconnect",
        "operational-behavior-primary-application-state-with-multiple-servers-state-subs"
    })
    void anOfflineHostSendsTheNodeToTheNextBroker() {
        List<Call> there = new ArrayList<>();
        EdgeNode node = builder().broker(site.spy(there)).primaryHost("H").build();
        node.start();
        long now = site.clock.instant().toEpochMilli();
        pass(1_000);
        state("H", true, now);
        assertEquals(1, published("NBIRTH").size());
        state("H", false, now);
        assertTrue(there.stream().anyMatch(call -> call instanceof Call.Connect), "the next broker is tried");
        assertTrue(calls.contains(new Call.Close()), "after the first was left");
        assertTrue(there.stream()
                .anyMatch(call ->
                        call instanceof Call.Subscribe s && s.filter().value().equals("spBv1.0/STATE/H")));
    }

    @Test
    @Proves({
        "intro-group-id-string",
        "intro-group-id-chars",
        "intro-edge-node-id-string",
        "intro-edge-node-id-chars",
        "intro-device-id-string",
        "intro-device-id-chars",
        "topic-structure-namespace-valid-group-id",
        "topic-structure-namespace-valid-edge-node-id",
        "topic-structure-namespace-valid-device-id",
        "topic-structure-namespace-unique-device-id",
        "topic-structure-namespace-duplicate-device-id-across-edge-node"
    })
    void identifiersKeepTheirRules() {
        for (String bad : List.of("", "a+b", "a/b", "a#b", "a\0b", "\uD800")) {
            assertThrows(IllegalArgumentException.class, () -> new EdgeNodeDescriptor(bad, "N"));
            assertThrows(IllegalArgumentException.class, () -> new EdgeNodeDescriptor("G", bad));
            assertThrows(IllegalArgumentException.class, () -> builder().device(bad));
        }
        assertThrows(IllegalArgumentException.class, () -> builder().device("D"), "twice in one node");
        assertEquals("Ä 水", new EdgeNodeDescriptor("Ä 水", "N").groupId());
        EdgeNode.builder("G", "Other", site.broker::client).device("D");
    }
}
