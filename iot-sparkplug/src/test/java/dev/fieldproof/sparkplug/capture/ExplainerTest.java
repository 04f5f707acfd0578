package dev.fieldproof.sparkplug.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.sparkplug.payload.DataType;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadEncoder;
import dev.fieldproof.sparkplug.payload.Template;
import dev.fieldproof.sparkplug.payload.UnknownFields;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each mistake is named by its assertion alone, in words that say what to do. */
class ExplainerTest {
    private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

    private final Explainer explainer = new Explainer();
    private final List<Finding> found = new ArrayList<>();
    private Instant at = NOW;

    private void send(String topic, Instant timestamp, Long seq, Metric... metrics) {
        byte[] bytes = new PayloadEncoder().toBytes(new Payload(timestamp, seq, List.of(metrics)));
        found.addAll(
                explainer.check(new Captured(at, new Message("spBv1.0/g/" + topic, bytes, Qos.AT_MOST_ONCE, false))));
    }

    private void nodeBirth(long bdSeq, Metric... more) {
        List<Metric> metrics = new ArrayList<>(List.of(more));
        metrics.add(Metric.birth("bdSeq", NOW, Value.of(bdSeq)));
        metrics.add(Metric.birth("Node Control/Rebirth", NOW, Value.of(false)));
        send("NBIRTH/n", NOW, 0L, metrics.toArray(Metric[]::new));
    }

    private static Metric metric(String name, Long alias, Instant timestamp, Value value, boolean typed) {
        return new Metric(name, alias, timestamp, value, typed, false, false, null, null, UnknownFields.NONE);
    }

    /** That one mistake was found, and nothing else. */
    private void only(String assertion, String words, boolean binding) {
        assertEquals(1, found.size(), found::toString);
        Finding finding = found.get(0);
        assertEquals("tck-id-" + assertion, finding.assertion());
        assertTrue(finding.words().contains(words), finding::words);
        assertEquals(binding, finding.binding());
        found.clear();
    }

    @Test
    void dataIsJudgedByItsBirth() {
        nodeBirth(0, Metric.birth("a", NOW, Value.of(1L)).withAlias(1), Metric.birth("b", NOW, Value.of(1L)));
        send("NDATA/n", NOW, 1L, Metric.data(1, NOW, Value.of(2L)));
        assertEquals(List.of(), found);
        send("NDATA/n", NOW, 2L, metric(null, null, NOW, Value.of(1L), false));
        only("payloads-name-requirement", "neither name nor alias", true);
        send("NDATA/n", NOW, 3L, metric(null, 9L, NOW, Value.of(1L), false));
        only("topics-nbirth-metric-reqs", "alias 9 was not announced", true);
        send("NDATA/n", NOW, 4L, metric("a", 1L, NOW, Value.of(1L), false));
        only("payloads-alias-data-cmd-requirement", "the alias alone", true);
        send("NDATA/n", NOW, 5L, metric(null, 1L, null, Value.of(1L), false));
        only("payloads-name-birth-data-requirement", "has no timestamp", true);
        send("NDATA/n", NOW, 6L, metric("b", null, NOW, Value.of(1L), true));
        only("payloads-metric-datatype-not-req", "leave it out", false);
        send("NDATA/n", NOW, 7L, Metric.data(1, NOW, Value.of(2L)), Metric.data(1, NOW.minusSeconds(1), Value.of(2L)));
        only("operational-behavior-data-publish-nbirth-order", "older than the metric before", true);
        send("NDATA/n", NOW, 9L, Metric.data(1, NOW, Value.of(2L)));
        only("payloads-ndata-seq-inc", "is 9 and must be 8", true);
    }

    @Test
    void aValueThatDoesNotFitIsNamedAndTheRestIsStillJudged() {
        nodeBirth(0, metric("a", null, NOW, new Value.Raw(Value.Slot.INT, 7, new byte[0]), false));
        only("payloads-metric-datatype-req", "metric 'a' has no datatype", true);
        Metric tooLarge = metric("a", null, NOW, Value.of(7_170), true);
        byte[] bytes = new PayloadEncoder()
                .toBytes(new Payload(
                        NOW,
                        0L,
                        List.of(
                                tooLarge,
                                Metric.birth("bdSeq", NOW, Value.of(1L)),
                                Metric.birth("Node Control/Rebirth", NOW, Value.of(false)))));
        int datatype = indexOf(bytes, new byte[] {4 << 3, (byte) DataType.INT32.code()});
        bytes[datatype + 1] = (byte) DataType.UINT8.code();
        Explainer fresh = new Explainer();
        found.addAll(fresh.check(new Captured(at, new Message("spBv1.0/g/NBIRTH/n", bytes, Qos.AT_MOST_ONCE, false))));
        only("message-flow-edge-node-birth-publish-nbirth-payload", "metric 'a': at byte", true);
        byte[] data =
                new PayloadEncoder().toBytes(new Payload(NOW, 1L, List.of(metric("a", null, NOW, Value.of(1), false))));
        assertEquals(
                List.of(),
                fresh.check(new Captured(at, new Message("spBv1.0/g/NDATA/n", data, Qos.AT_MOST_ONCE, false))),
                "the birth counts");
    }

    private static int indexOf(byte[] in, byte[] what) {
        for (int i = 0; i + what.length <= in.length; i++) {
            if (java.util.Arrays.equals(in, i, i + what.length, what, 0, what.length)) {
                return i;
            }
        }
        throw new AssertionError("not there");
    }

    @Test
    void templatesAreHeldToTheirDefinitions() {
        Metric member = Metric.birth("rpm", NOW, Value.of(1));
        Metric other = Metric.birth("amps", NOW, Value.of(1));
        nodeBirth(
                0,
                Metric.birth("types/motor", NOW, Template.definition(List.of(member, other), List.of())),
                Metric.birth("m", NOW, Template.instance("types/motor", List.of(member, other), List.of())));
        assertEquals(List.of(), found);
        send("DBIRTH/n/d", NOW, 1L, Metric.birth("m", NOW, Template.instance("motor", List.of(member), List.of())));
        only("payloads-template-definition-nbirth", "it has 'types/motor'", true);
        send(
                "DBIRTH/n/d",
                NOW,
                2L,
                Metric.birth("m", NOW, Template.instance("types/motor", List.of(member), List.of())));
        only("payloads-template-instance-members-birth", "lacks the member 'amps'", true);
        Metric strange = Metric.birth("volts", NOW, Value.of(1));
        send(
                "DBIRTH/n/d",
                NOW,
                3L,
                Metric.birth("m", NOW, Template.instance("types/motor", List.of(member, other, strange), List.of())));
        only("payloads-template-instance-members", "'volts' that its definition has not", true);
        send("DBIRTH/n/d", NOW, 4L, Metric.birth("late", NOW, Template.definition(List.of(member), List.of())));
        only("payloads-template-definition-nbirth-only", "it must be in the NBIRTH", true);
        Template.Parameter parameter = new Template.Parameter("size", Value.of(1));
        send(
                "DBIRTH/n/d",
                NOW,
                5L,
                Metric.birth("m", NOW, Template.instance("types/motor", List.of(member, other), List.of(parameter))));
        only("payloads-template-definition-parameters", "sets the parameter 'size'", true);
    }

    @Test
    void devicesAreBornBeforeTheySpeakAndSilentAfterTheyDie() {
        send("DBIRTH/n/d", NOW, 0L);
        only("message-flow-device-birth-publish-nbirth-wait", "NBIRTH must come first", true);
        nodeBirth(0);
        send("DDATA/n/d", NOW, 1L);
        only("payloads-ddata-order", "a birth must come first", true);
        send("DBIRTH/n/d", NOW, 2L, Metric.birth("a", NOW, Value.of(1L)).withAlias(5));
        send("DDATA/n/d", NOW, 3L, Metric.data(5, NOW, Value.of(1L)));
        send("DDEATH/n/d", NOW, 4L);
        send("DBIRTH/n/e", NOW, 5L, Metric.birth("a", NOW, Value.of(1L)).withAlias(5));
        assertEquals(List.of(), found, "an alias is free again after a death");
        send("DDATA/n/d", NOW, 6L, Metric.data(5, NOW, Value.of(1L)));
        only("payloads-ddata-order", "after the death", true);
        send("DBIRTH/n/d", NOW, 7L, Metric.birth("a", NOW, Value.of(1L)).withAlias(5));
        only("payloads-alias-uniqueness", "devices included", true);
    }

    @Test
    void aRebirthThatIsAskedForHasToCome() {
        nodeBirth(0, Metric.birth("a", NOW, Value.of(1L)).withAlias(1));
        send("NCMD/n", NOW, null, Metric.command("Node Control/Rebirth", NOW, Value.of(true)));
        at = NOW.plusSeconds(5);
        send("NDATA/n", NOW, 1L, Metric.data(1, NOW, Value.of(2L)));
        assertEquals(List.of(), found, "it may have been on its way");
        at = NOW.plusSeconds(11);
        send("NDATA/n", NOW, 2L, Metric.data(1, NOW, Value.of(2L)));
        only("operational-behavior-data-commands-rebirth-action-1", "data still comes without one", true);
        nodeBirth(1);
        only("operational-behavior-data-commands-rebirth-action-3", "went from 0 to 1 without a death", true);
        send("NCMD/n", NOW, null, Metric.command("Node Control/Rebirth", NOW, Value.of(false)));
        only("operational-behavior-data-commands-ncmd-rebirth-value", "not true", true);
    }

    @Test
    void deathsBelongToTheirBirths() {
        nodeBirth(7);
        send("NDEATH/n", null, null, Metric.birth("bdSeq", NOW, Value.of(7L)));
        nodeBirth(7);
        only("topics-nbirth-bdseq-increment", "still 7", true);
        send("NDEATH/n", null, null, Metric.birth("bdSeq", NOW, Value.of(6L)));
        assertEquals(List.of(), found, "a will of a connection before may come late");
        send("NDATA/n", NOW, 1L);
        assertEquals(List.of(), found, "and ends nothing");
    }

    @Test
    void clocksThatStandWrongAreNamedWithTheirLikelyCause() {
        send("NCMD/n", Instant.ofEpochMilli(NOW.getEpochSecond()), null);
        only("payloads-timestamp-in-UTC", "seems to count seconds", true);
        send("NCMD/n", Instant.EPOCH.plus(Duration.ofHours(3)), null);
        only("payloads-timestamp-in-UTC", "look at the sender's clock", true);
        send("NCMD/n", Instant.ofEpochMilli(Long.MAX_VALUE), null);
        only("payloads-timestamp-in-UTC", "look at the sender's clock", true);
        send("NCMD/n", Instant.ofEpochMilli(Long.MIN_VALUE), null);
        only("payloads-timestamp-in-UTC", "look at the sender's clock", true);
        send("NCMD/n", NOW.plus(Duration.ofDays(2)), null);
        assertEquals(List.of(), found, "drift is no mistake");
    }

    @Test
    void identifiersThatDifferInCaseAreARecommendation() {
        send("NCMD/Pump", NOW, null);
        send("NCMD/pump", NOW, null);
        only("case-sensitivity-sparkplug-ids", "g/pump differs from g/Pump", false);
        send("NCMD/pump", NOW, null);
        assertEquals(List.of(), found, "told once");
        nodeBirth(0, Metric.birth("a", NOW, Value.of(1L)), Metric.birth("A", NOW, Value.of(1L)));
        only("case-sensitivity-metric-names", "nothing but case", false);
        assertFalse(new Finding("x", NOW, "t", "w", false)
                .toString()
                .equals(new Finding("x", NOW, "t", "w", true).toString()));
    }
}
