package dev.fieldproof.sparkplug.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.Site;
import dev.fieldproof.sparkplug.Site.Call;
import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.host.HostEvent;
import dev.fieldproof.sparkplug.host.NodeView;
import dev.fieldproof.sparkplug.payload.HostState;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.PayloadException;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the specification demands of a host application, seen from the broker, with an edge node made by hand. */
class HostConformanceTest {
    private static final EdgeNodeDescriptor NODE = new EdgeNodeDescriptor("G", "N");

    private final Site site = new Site();
    private final List<Call> calls = new ArrayList<>();
    private final List<HostEvent> events = new ArrayList<>();
    private final Transport edge = site.broker.client();
    private final HostApplication host = HostApplication.builder("H", site.spy(calls))
            .scheduler(site.clock)
            .reorderTimeout(Duration.ofSeconds(2))
            .onEvent(events::add)
            .build();

    HostConformanceTest() {
        var unused = edge.connect(ConnectOptions.of("edge"));
        pass(10);
        host.start();
        pass(1_000);
    }

    private void pass(long millis) {
        site.clock.advance(Duration.ofMillis(millis));
    }

    private void send(String topic, Long seq, Metric... metrics) {
        byte[] bytes = new PayloadEncoder().toBytes(new Payload(site.clock.instant(), seq, List.of(metrics)));
        var unused = edge.publish(new Message(topic, bytes, Qos.AT_MOST_ONCE, false));
        pass(10);
    }

    private Metric metric(String name, Value value) {
        return Metric.birth(name, site.clock.instant(), value);
    }

    private void nbirth(long bdSeq) {
        send(
                "spBv1.0/G/NBIRTH/N",
                0L,
                metric("bdSeq", Value.of(bdSeq)),
                metric("Node Control/Rebirth", Value.of(false)),
                metric("Level", Value.of(1)).withAlias(7));
    }

    private void ndeath(long bdSeq) {
        send("spBv1.0/G/NDEATH/N", null, metric("bdSeq", Value.of(bdSeq)));
    }

    private void ndata(long seq, int level) {
        send("spBv1.0/G/NDATA/N", seq, Metric.data(7, site.clock.instant(), Value.of(level)));
    }

    private List<Message> published(String part) {
        return calls.stream()
                .filter(call -> call instanceof Call.Publish)
                .map(call -> ((Call.Publish) call).message())
                .filter(message -> message.topic().contains(part))
                .toList();
    }

    private static HostState state(Message message) {
        assertEquals("spBv1.0/STATE/H", message.topic());
        assertEquals(Qos.AT_LEAST_ONCE, message.qos());
        assertTrue(message.retain());
        try {
            return HostState.parse(message.payload());
        } catch (PayloadException e) {
            throw new AssertionError(e);
        }
    }

    private static Payload read(Message message) {
        try {
            return PayloadDecoder.DEFAULT.decode(message.payload());
        } catch (PayloadException e) {
            throw new AssertionError(e);
        }
    }

    private NodeView view() {
        return host.node(NODE).orElseThrow();
    }

    @Test
    @Proves({
        "intro-sparkplug-host-state",
        "components-ph-state",
        "conformance-primary-host",
        "message-flow-phid-sparkplug-clean-session-311",
        "message-flow-phid-sparkplug-clean-session-50",
        "message-flow-phid-sparkplug-subscription",
        "message-flow-phid-sparkplug-state-publish",
        "message-flow-phid-sparkplug-state-publish-payload",
        "message-flow-phid-sparkplug-state-publish-payload-timestamp",
        "host-topic-phid-birth-message",
        "host-topic-phid-birth-qos",
        "host-topic-phid-birth-retain",
        "host-topic-phid-birth-topic",
        "host-topic-phid-birth-sub-required",
        "host-topic-phid-birth-required",
        "host-topic-phid-birth-payload",
        "host-topic-phid-birth-payload-timestamp",
        "host-topic-phid-death-qos",
        "host-topic-phid-death-retain",
        "host-topic-phid-death-topic",
        "host-topic-phid-death-required",
        "host-topic-phid-death-payload",
        "host-topic-phid-death-payload-connect",
        "payloads-state-will-message",
        "payloads-state-will-message-qos",
        "payloads-state-will-message-retain",
        "payloads-state-will-message-payload",
        "payloads-state-subscribe",
        "payloads-state-birth",
        "payloads-state-birth-payload",
        "operational-behavior-host-application-connect-will",
        "operational-behavior-host-application-connect-will-topic",
        "operational-behavior-host-application-connect-will-payload",
        "operational-behavior-host-application-connect-will-qos",
        "operational-behavior-host-application-connect-will-retained",
        "operational-behavior-host-application-connect-birth",
        "operational-behavior-host-application-connect-birth-topic",
        "operational-behavior-host-application-connect-birth-payload",
        "operational-behavior-host-application-connect-birth-qos",
        "operational-behavior-host-application-connect-birth-retained",
        "operational-behavior-primary-application-state-with-multiple-servers-state"
    })
    void connectsSubscribesAndTellsThatItIsOnline() {
        int connected = -1;
        int subscribed = -1;
        int born = -1;
        HostState will = null;
        for (int i = 0; i < calls.size(); i++) {
            if (calls.get(i) instanceof Call.Connect connect) {
                connected = i;
                assertTrue(connect.options().cleanStart());
                assertEquals(Duration.ZERO, connect.options().sessionExpiry());
                will = state(connect.will().message());
            } else if (calls.get(i) instanceof Call.Subscribe) {
                subscribed = i;
            } else if (calls.get(i) instanceof Call.Publish && born < 0) {
                born = i;
            }
        }
        assertTrue(connected >= 0 && born > connected && born > subscribed);
        HostState birth = state(published("").get(0));
        assertTrue(birth.online());
        assertFalse(will.online());
        assertEquals(will.timestamp(), birth.timestamp());
        assertTrue(calls.stream()
                .anyMatch(call ->
                        call instanceof Call.Subscribe s && s.filter().value().equals("spBv1.0/STATE/H")));
    }

    @Test
    @Proves({"message-flow-hid-sparkplug-state-message-delivered"})
    void putsItsOwnStateRight() {
        HostState own = state(published("").get(0));
        for (byte[] lie : List.of(
                new HostState(false, own.timestamp()).toBytes(),
                new byte[0],
                "OFFLINE".getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
            int before = published("STATE").size();
            var unused = edge.publish(new Message("spBv1.0/STATE/H", lie, Qos.AT_LEAST_ONCE, true));
            pass(200);
            List<Message> states = published("STATE");
            assertEquals(before + 1, states.size());
            assertEquals(own, state(states.get(before)));
        }
    }

    @Test
    @Proves({
        "operational-behavior-host-application-termination",
        "operational-behavior-host-application-death-topic",
        "operational-behavior-host-application-death-payload",
        "operational-behavior-host-application-death-qos",
        "operational-behavior-host-application-death-retained",
        "operational-behavior-host-application-disconnect-intentional",
        "host-topic-phid-death-payload-disconnect-clean",
        "host-topic-phid-death-payload-disconnect-with-no-disconnect-packet"
    })
    void tellsThatItGoes() {
        pass(5_000);
        Instant now = site.clock.instant();
        host.close();
        pass(100);
        HostState death = state(published("").get(published("").size() - 1));
        assertFalse(death.online());
        assertEquals(now, death.timestamp());
        assertEquals(new Call.Close(), calls.get(calls.size() - 1));
    }

    @Test
    @Proves({"operational-behavior-host-application-multi-server-timestamp"})
    void eachConnectionHasItsOwnTimestamp() {
        List<Call> there = new ArrayList<>();
        HostApplication two = HostApplication.builder("H2", site.spy(calls))
                .broker(site.spy(there))
                .clientId("two")
                .scheduler(site.clock)
                .build();
        two.start();
        pass(1_000);
        assertTrue(there.stream().anyMatch(call -> call instanceof Call.Connect), "a STATE for each broker");
    }

    @Test
    @Proves({
        "operational-behavior-edge-node-termination-host-action-ndeath-node-offline",
        "operational-behavior-edge-node-termination-host-action-ndeath-node-tags-stale",
        "operational-behavior-edge-node-termination-host-action-ndeath-devices-offline",
        "operational-behavior-edge-node-termination-host-action-ndeath-devices-tags-stale",
        "operational-behavior-edge-node-termination-host-action-ddeath-devices-offline",
        "operational-behavior-edge-node-termination-host-action-ddeath-devices-tags-stale"
    })
    void deathsMakeValuesStale() {
        nbirth(3);
        send("spBv1.0/G/DBIRTH/N/D", 1L, metric("Flow", Value.of(1)).withAlias(8));
        send("spBv1.0/G/DBIRTH/N/E", 2L, metric("Flow", Value.of(1)).withAlias(9));
        Instant died = site.clock.instant();
        send("spBv1.0/G/DDEATH/N/E", 3L);
        assertEquals(NodeView.Status.OFFLINE, view().devices().get("E").status());
        assertEquals(died, view().devices().get("E").since());
        assertTrue(view().devices().get("E").metrics().get("Flow").stale());
        assertFalse(view().devices().get("D").metrics().get("Flow").stale());
        ndeath(2);
        assertEquals(NodeView.Status.ONLINE, view().status(), "the death of an earlier session");
        ndeath(3);
        assertEquals(NodeView.Status.OFFLINE, view().status());
        assertTrue(Duration.between(view().since(), site.clock.instant()).toMillis() <= 10);
        assertTrue(view().metrics().get("Level").stale());
        assertEquals(NodeView.Status.OFFLINE, view().devices().get("D").status());
        assertTrue(view().devices().get("D").metrics().get("Flow").stale());
    }

    @Test
    @Proves({
        "operational-behavior-host-reordering-param",
        "operational-behavior-host-reordering-start",
        "operational-behavior-host-reordering-success",
        "operational-behavior-host-reordering-rebirth",
        "operational-behavior-data-commands-ncmd-rebirth-verb",
        "operational-behavior-data-commands-ncmd-rebirth-name",
        "operational-behavior-data-commands-ncmd-rebirth-value",
        "topics-ncmd-topic",
        "topics-ncmd-mqtt",
        "topics-ncmd-timestamp",
        "topics-ncmd-payload",
        "payloads-ncmd-timestamp",
        "payloads-ncmd-seq",
        "payloads-ncmd-qos",
        "payloads-ncmd-retain"
    })
    void aGapIsWaitedForAndThenARebirthAskedFor() {
        nbirth(0);
        ndata(2, 20);
        pass(1_000);
        ndata(1, 10);
        pass(5_000);
        assertEquals(0, published("NCMD").size(), "the missing one came in time");
        assertEquals(Value.of(20), view().metrics().get("Level").value());
        ndata(4, 40);
        pass(1_500);
        assertEquals(0, published("NCMD").size());
        pass(1_000);
        assertEquals(1, published("NCMD").size());
        Message request = published("NCMD").get(0);
        assertEquals("spBv1.0/G/NCMD/N", request.topic());
        assertEquals(Qos.AT_MOST_ONCE, request.qos());
        assertFalse(request.retain());
        Payload payload = read(request);
        assertNull(payload.seq());
        assertTrue(payload.timestamp() != null);
        assertEquals("Node Control/Rebirth", payload.metrics().get(0).name());
        assertTrue(payload.metrics().get(0).value() instanceof Value.Raw raw && raw.bits() == 1);
    }

    @Test
    @Proves({
        "operational-behavior-data-commands-ncmd-verb",
        "operational-behavior-data-commands-ncmd-metric-name",
        "operational-behavior-data-commands-ncmd-metric-value",
        "operational-behavior-data-commands-dcmd-verb",
        "operational-behavior-data-commands-dcmd-metric-name",
        "operational-behavior-data-commands-dcmd-metric-value",
        "topics-dcmd-topic",
        "topics-dcmd-mqtt",
        "topics-dcmd-timestamp",
        "topics-dcmd-payload",
        "payloads-dcmd-timestamp",
        "payloads-dcmd-seq",
        "payloads-dcmd-qos",
        "payloads-dcmd-retain",
        "payloads-name-cmd-requirement"
    })
    void commandsNameTheMetricAsItsBirthDid() {
        nbirth(0);
        send("spBv1.0/G/DBIRTH/N/D", 1L, metric("Flow", Value.of(1)).withAlias(8), metric("Plain", Value.of(1)));
        host.command(NODE, "D", "Flow", Value.of(5));
        host.command(NODE, "D", "Plain", Value.of(6));
        host.command(NODE, "Level", Value.of(7));
        pass(100);
        Message flow = published("DCMD").get(0);
        assertEquals("spBv1.0/G/DCMD/N/D", flow.topic());
        assertEquals(Qos.AT_MOST_ONCE, flow.qos());
        assertFalse(flow.retain());
        assertNull(read(flow).seq());
        assertTrue(read(flow).timestamp() != null);
        Metric byAlias = read(flow).metrics().get(0);
        assertEquals(8L, byAlias.alias());
        assertNull(byAlias.name());
        assertEquals("Plain", read(published("DCMD").get(1)).metrics().get(0).name());
        assertEquals(7L, read(published("NCMD").get(0)).metrics().get(0).alias());
    }
}
