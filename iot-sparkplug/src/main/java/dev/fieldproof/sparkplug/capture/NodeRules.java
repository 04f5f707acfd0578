package dev.fieldproof.sparkplug.capture;

import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.payload.DataType;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.Value;
import dev.fieldproof.sparkplug.topic.MessageType;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The rules that one edge node's messages have to keep among themselves. Not thread-safe. */
final class NodeRules {
    private static final String REBIRTH = "Node Control/Rebirth";
    private static final String BD_SEQ = "bdSeq";

    /** Data may have been on its way when a rebirth was asked for; later than this it was not. */
    private static final Duration REBIRTH_GRACE = Duration.ofSeconds(10);

    private final EdgeNodeDescriptor node;
    private final BirthRules births = new BirthRules();
    private boolean born;
    private boolean dead;
    private long bdSeq = -1;
    private int seq = -1;
    private @Nullable Instant rebirthAsked;

    NodeRules(EdgeNodeDescriptor node) {
        this.node = node;
    }

    void check(MessageType type, String device, Payload payload, Instant at, Explainer.Report report) {
        if (type.hasSeq()) {
            sequence(type, payload, report);
        }
        switch (type) {
            case NBIRTH -> nodeBirth(payload, report);
            case NDEATH -> nodeDeath(payload, report);
            case DBIRTH -> {
                if (!born) {
                    report.add(
                            "message-flow-device-birth-publish-nbirth-wait",
                            "the device is born before its node " + node + "; NBIRTH must come first"
                                    + " (this capture may have begun later)");
                }
                births.check(device, payload, report);
            }
            case DDEATH -> births.forget(device);
            case NDATA, DDATA -> data(type, device, payload, at, report);
            case NCMD -> rebirthRequest(payload, at, report);
            case DCMD -> {}
        }
    }

    private void sequence(MessageType type, Payload payload, Explainer.Report report) {
        String name = type.name().toLowerCase(Locale.ROOT);
        Long number = payload.seq();
        if (number == null) {
            report.add(
                    "payloads-sequence-num-always-included",
                    type + " has no sequence number; every message of a node but NDEATH must have one");
        } else if (number < 0 || number > 255) {
            report.add("payloads-" + name + "-seq", "the sequence number is " + number + "; it must be 0 to 255");
        } else if (type == MessageType.NBIRTH) {
            if (number != 0) {
                report.add(
                        "topics-nbirth-seq-num",
                        "the sequence number is " + number + "; an NBIRTH must begin anew with 0");
            }
            seq = number.intValue();
        } else {
            int expected = (seq + 1) & 0xFF;
            if (born && number != expected) {
                report.add(
                        "payloads-" + name + "-seq-inc",
                        "the sequence number is " + number + " and must be " + expected
                                + ", one more than the last; a message was lost, or the number was not raised");
            }
            seq = number.intValue();
        }
    }

    private void nodeBirth(Payload payload, Explainer.Report report) {
        births.clear();
        rebirthAsked = null;
        Metric number = find(payload, BD_SEQ);
        if (number == null) {
            report.add(
                    "payloads-nbirth-bdseq",
                    "NBIRTH has no metric 'bdSeq'; it must have one, or no host can tell whose death comes");
        } else {
            bdSeq(number, report);
        }
        Metric rebirth = find(payload, REBIRTH);
        if (rebirth == null) {
            report.add(
                    "topics-nbirth-rebirth-metric",
                    "NBIRTH has no metric '" + REBIRTH + "'; it must have one, or no host can ask for a rebirth");
        } else {
            if (!(rebirth.value() instanceof Value.Flag flag) || flag.value()) {
                report.add(
                        "operational-behavior-data-commands-rebirth-value",
                        "'" + REBIRTH + "' is not false; in NBIRTH it must be");
            }
            if (rebirth.alias() != null) {
                report.add(
                        "operational-behavior-data-commands-rebirth-name-aliases",
                        "'" + REBIRTH + "' has alias " + rebirth.alias()
                                + "; it must have none, so that a host that knows nothing yet can ask");
            }
        }
        born = true;
        dead = false;
        births.check("", payload, report);
    }

    private void bdSeq(Metric number, Explainer.Report report) {
        if (number.value().type() != DataType.INT64) {
            report.add(
                    "message-flow-edge-node-birth-publish-nbirth-payload-bdSeq",
                    "'bdSeq' is of type " + number.value().type() + "; it must be an INT64");
        }
        long next = whole(number.value());
        if (born && !dead && next != bdSeq) {
            report.add(
                    "operational-behavior-data-commands-rebirth-action-3",
                    "'bdSeq' went from " + bdSeq + " to " + next
                            + " without a death in between; a rebirth must keep it,"
                            + " and a new connection follows the old one's NDEATH");
        } else if (dead && next == bdSeq) {
            // Attempts that failed take numbers too, so only a number that stays is surely wrong.
            report.add(
                    "topics-nbirth-bdseq-increment",
                    "'bdSeq' is still " + next + " in a new connection; it must go up with each, or a late will ends"
                            + " this one");
        }
        bdSeq = next;
    }

    private void nodeDeath(Payload payload, Explainer.Report report) {
        Metric number = find(payload, BD_SEQ);
        if (number == null) {
            report.add(
                    "payloads-ndeath-bdseq",
                    "NDEATH has no metric 'bdSeq'; it must have one, or no host can tell whose death it is");
        } else if (born && whole(number.value()) == bdSeq) {
            dead = true;
            born = false;
            births.clear();
        }
        if (payload.metrics().size() > 1) {
            report.add(
                    "topics-ndeath-payload",
                    "NDEATH has " + payload.metrics().size() + " metrics; it must have 'bdSeq' and no other");
        }
    }

    private void rebirthRequest(Payload payload, Instant at, Explainer.Report report) {
        Metric request = find(payload, REBIRTH);
        if (request == null) {
            return;
        }
        boolean isTrue = request.value() instanceof Value.Flag flag
                ? flag.value()
                : request.value() instanceof Value.Raw raw && raw.bits() != 0;
        if (!isTrue) {
            report.add(
                    "operational-behavior-data-commands-ncmd-rebirth-value",
                    "a rebirth is asked for with a value that is not true; it must be");
        } else if (born && rebirthAsked == null) {
            rebirthAsked = at;
        }
    }

    private void data(MessageType type, String device, Payload payload, Instant at, Explainer.Report report) {
        if (!born || !births.knows(device)) {
            report.add(
                    type == MessageType.NDATA ? "payloads-ndata-order" : "payloads-ddata-order",
                    type + " comes before the birth or after the death; a birth must come first"
                            + " (this capture may have begun later)");
            return;
        }
        if (rebirthAsked != null && at.isAfter(rebirthAsked.plus(REBIRTH_GRACE))) {
            report.add(
                    "operational-behavior-data-commands-rebirth-action-1",
                    "a rebirth was asked for at " + rebirthAsked + " and data still comes without one; the node must"
                            + " stop its data and send its births");
            rebirthAsked = null;
        }
        Instant latest = Instant.MIN;
        for (Metric metric : payload.metrics()) {
            if (metric.name() == null && metric.alias() == null) {
                report.add(
                        "payloads-name-requirement",
                        "a metric has neither name nor alias; it must have one, or no host can tell what it is");
                continue;
            }
            String label = metric.name() == null ? "alias " + metric.alias() : "metric '" + metric.name() + "'";
            if (metric.timestamp() == null) {
                report.add(
                        "payloads-name-birth-data-requirement",
                        label + " has no timestamp; every metric of births and data must have its own");
            } else if (!metric.historical()) {
                if (metric.timestamp().isBefore(latest)) {
                    report.add(
                            type == MessageType.NDATA
                                    ? "operational-behavior-data-publish-nbirth-order"
                                    : "operational-behavior-data-publish-dbirth-order",
                            label + " is older than the metric before it; within a message they must be in order of"
                                    + " time, or be marked as historical");
                }
                latest = metric.timestamp();
            }
            if (metric.typed()) {
                report.add(
                        "payloads-metric-datatype-not-req",
                        label + " repeats its datatype, which the birth said; leave it out of data");
            }
            if (metric.alias() != null && metric.name() != null) {
                report.add(
                        "payloads-alias-data-cmd-requirement",
                        label + " has both a name and alias " + metric.alias()
                                + "; once a birth gave it an alias, data must have the alias alone");
            }
            if (!births.announces(device, metric)) {
                report.add(
                        type == MessageType.NDATA ? "topics-nbirth-metric-reqs" : "topics-dbirth-metric-reqs",
                        label + " was not announced; the birth must have every metric that will ever be reported");
            }
        }
    }

    private static @Nullable Metric find(Payload payload, String name) {
        for (Metric metric : payload.metrics()) {
            if (name.equals(metric.name())) {
                return metric;
            }
        }
        return null;
    }

    private static long whole(Value value) {
        return value instanceof Value.Whole whole ? whole.value() : value instanceof Value.Raw raw ? raw.bits() : -1;
    }
}
