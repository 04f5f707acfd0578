package dev.fieldproof.sparkplug.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.sparkplug.Site;
import dev.fieldproof.sparkplug.edge.EdgeMetric;
import dev.fieldproof.sparkplug.edge.EdgeNode;
import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureTest {
    private final Site site = new Site();

    /** A day in short: births, data, a cut, history, a device that goes, a rebirth, an end. */
    private List<Captured> day() {
        HostApplication host = HostApplication.builder("scada", site.broker::client)
                .scheduler(site.clock)
                .acknowledgeEvery(Duration.ofSeconds(3))
                .build();
        EdgeNode node = EdgeNode.builder("site", "node", site.broker::client)
                .scheduler(site.clock)
                .primaryHost("scada")
                .metric("Temperature", Value.of(20.5f))
                .device("pump", new EdgeMetric.Definition("rpm", Value.of(0), true, null))
                .build();
        host.start();
        node.device("pump").online();
        node.start();
        for (int i = 1; i < 40; i++) {
            site.clock.advance(Duration.ofSeconds(1));
            node.metric("Temperature").set(20.0 + i);
            node.device("pump").metric("rpm").set(i);
            if (i == 10) {
                site.broker.cut(node.clientId());
            } else if (i == 20) {
                site.broker.restore(node.clientId());
            } else if (i == 30) {
                host.requestRebirth(node.descriptor());
                host.command(node.descriptor(), "pump", "rpm", Value.of(7));
            } else if (i == 35) {
                node.device("pump").offline();
            }
        }
        site.clock.advance(Duration.ofSeconds(30));
        node.close();
        host.close();
        site.clock.advance(Duration.ofSeconds(5));
        return List.copyOf(site.capture);
    }

    @Test
    void aCaptureSurvivesItsFile(@TempDir Path directory) throws IOException {
        List<Captured> day = day();
        Path file = directory.resolve("day.tsv");
        Files.write(file, day.stream().map(Captured::toLine).toList());
        assertEquals(day, Captured.read(file, 10_000));
        assertThrows(IOException.class, () -> Captured.read(file, 3));
        assertThrows(IOException.class, () -> Captured.parse("1700000000\t0\t0\ttopic"));
    }

    @Test
    void aReplayEndsInTheSameState() {
        List<Captured> day = day();
        List<String> events = new ArrayList<>();
        List<String> again = new ArrayList<>();
        Replay.Result first = Replay.run(day, event -> events.add(event.toString()));
        Replay.Result second = Replay.run(day, event -> again.add(event.toString()));
        assertEquals(first.stateHash(), second.stateHash());
        assertEquals(events, again);
        assertEquals(1, first.counts().offline());
        assertEquals(2, first.counts().deaths());
        assertEquals(0, first.counts().samplesLost());
        Replay.Result shorter = Replay.run(day.subList(0, day.size() - 3), event -> {});
        assertTrue(!first.stateHash().equals(shorter.stateHash()), "another history, another hash");
    }

    @Test
    void ownTrafficBreaksNoRule() {
        Explainer explainer = new Explainer();
        List<Finding> findings = new ArrayList<>();
        List<Captured> day = day();
        assertTrue(day.size() > 60, "messages: " + day.size());
        day.forEach(each -> findings.addAll(explainer.check(each)));
        assertEquals(List.of(), findings);
    }

    /** Breaks every payload of one message type and returns the assertions that are named. */
    private List<String> broken(String type, UnaryOperator<Payload> change) throws Exception {
        Explainer explainer = new Explainer();
        List<String> named = new ArrayList<>();
        for (Captured each : day()) {
            Message message = each.message();
            if (message.topic().contains("/" + type + "/")) {
                Payload payload = change.apply(PayloadDecoder.DEFAULT.decode(message.payload()));
                message = new Message(
                        message.topic(), new PayloadEncoder().toBytes(payload), message.qos(), message.retain());
            }
            explainer
                    .check(new Captured(each.at(), message))
                    .forEach(finding -> named.add(finding.assertion().substring("tck-id-".length())));
        }
        site.capture.clear();
        return named;
    }

    private static Payload with(Payload p, UnaryOperator<Metric> change) {
        return new Payload(
                p.timestamp(), p.seq(), p.metrics().stream().map(change).toList());
    }

    private static Payload without(Payload p, String name) {
        return new Payload(
                p.timestamp(),
                p.seq(),
                p.metrics().stream().filter(m -> !name.equals(m.name())).toList());
    }

    @Test
    void brokenBirthsAreNamed() throws Exception {
        assertTrue(broken("NBIRTH", p -> new Payload(p.timestamp(), null, p.metrics()))
                .contains("payloads-sequence-num-always-included"));
        assertTrue(broken("NBIRTH", p -> new Payload(p.timestamp(), 3L, p.metrics()))
                .contains("topics-nbirth-seq-num"));
        assertTrue(
                broken("NBIRTH", p -> new Payload(null, p.seq(), p.metrics())).contains("payloads-nbirth-timestamp"));
        assertTrue(broken("NBIRTH", p -> without(p, "bdSeq")).contains("payloads-nbirth-bdseq"));
        assertTrue(broken("NBIRTH", p -> without(p, "Node Control/Rebirth")).contains("topics-nbirth-rebirth-metric"));
        assertTrue(broken("NBIRTH", p -> with(p, m -> m.withAlias(1))).contains("payloads-alias-uniqueness"));
        assertTrue(broken("NBIRTH", p -> with(p, m -> m.withAlias(1)))
                .contains("operational-behavior-data-commands-rebirth-name-aliases"));
        assertTrue(broken("DBIRTH", p -> new Payload(p.timestamp(), 9L, p.metrics()))
                .contains("payloads-dbirth-seq-inc"));
    }

    @Test
    void brokenDataAndDeathsAreNamed() throws Exception {
        assertTrue(broken("NDATA", p -> new Payload(p.timestamp(), (p.seq() + 1) & 0xFF, p.metrics()))
                .contains("payloads-ndata-seq-inc"));
        assertTrue(broken("DDATA", p -> with(p, m -> m.withAlias(999))).contains("topics-dbirth-metric-reqs"));
        assertTrue(broken("NDEATH", p -> new Payload(p.timestamp(), 0L, p.metrics()))
                .contains("payloads-ndeath-seq"));
        assertTrue(broken("NDEATH", p -> without(p, "bdSeq")).contains("payloads-ndeath-bdseq"));
        assertTrue(
                broken("NCMD", p -> new Payload(p.timestamp(), 0L, p.metrics())).contains("payloads-ncmd-seq"));
        assertTrue(broken(
                        "NDATA",
                        p -> with(
                                p,
                                m -> new Metric(
                                        m.name(),
                                        m.alias(),
                                        Instant.EPOCH,
                                        Value.of(1),
                                        true,
                                        false,
                                        false,
                                        null,
                                        null,
                                        m.unknown())))
                .contains("payloads-metric-datatype-not-req"));
    }

    @Test
    void brokenFlagsTopicsAndStatesAreNamed() {
        Explainer explainer = new Explainer();
        Captured retained =
                new Captured(Instant.EPOCH, new Message("spBv1.0/g/NDATA/n", new byte[0], Qos.AT_LEAST_ONCE, true));
        assertTrue(
                explainer.check(retained).stream().anyMatch(f -> f.assertion().equals("tck-id-topics-ndata-mqtt")));
        Captured deviceless =
                new Captured(Instant.EPOCH, new Message("spBv1.0/g/DDATA/n", new byte[0], Qos.AT_MOST_ONCE, false));
        assertEquals(
                "tck-id-topic-structure", explainer.check(deviceless).get(0).assertion());
        Captured state =
                new Captured(Instant.EPOCH, new Message("spBv1.0/STATE/h", new byte[] {'O'}, Qos.AT_LEAST_ONCE, false));
        assertEquals(
                "tck-id-host-topic-phid-birth-payload",
                explainer.check(state).get(0).assertion());
        Captured garbage = new Captured(
                Instant.EPOCH, new Message("spBv1.0/g/NBIRTH/n", new byte[] {1, 2, 3}, Qos.AT_MOST_ONCE, false));
        assertEquals(1, explainer.check(garbage).size());
    }
}
