package dev.fieldproof.sparkplug.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.transport.Message;
import dev.fieldproof.sparkplug.EdgeNodeDescriptor;
import dev.fieldproof.sparkplug.Site;
import dev.fieldproof.sparkplug.capture.Captured;
import dev.fieldproof.sparkplug.edge.EdgeMetric;
import dev.fieldproof.sparkplug.edge.EdgeNode;
import dev.fieldproof.sparkplug.edge.EdgeNodeBuilder;
import dev.fieldproof.sparkplug.host.HostApplication;
import dev.fieldproof.sparkplug.payload.Metric;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadException;
import dev.fieldproof.sparkplug.payload.Template;
import dev.fieldproof.sparkplug.payload.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Instances of templates follow their definitions, and births tell all of them. */
class TemplateConformanceTest {
    private static final Template MOTOR = Template.definition(
            List.of(member("rpm", Value.of(0)), member("hot", Value.of(false))),
            List.of(new Template.Parameter("kind", Value.of("AC"))));
    private static final Template AT_REST =
            instance(List.of(member("rpm", Value.of(0)), member("hot", Value.of(false))), List.of());

    private final Site site = new Site();

    private static Metric member(String name, Value value) {
        return Metric.birth(name, Instant.EPOCH, value);
    }

    private static Template instance(List<Metric> members, List<Template.Parameter> parameters) {
        return Template.instance("Motor", members, parameters);
    }

    private EdgeNodeBuilder builder(Template initial) {
        return EdgeNode.builder("G", "N", site.spy(new ArrayList<>()))
                .scheduler(site.clock)
                .template("Motor", MOTOR)
                .metric("Drive", initial);
    }

    private EdgeNode start() {
        EdgeNode node = builder(AT_REST).build();
        node.start();
        site.clock.advance(Duration.ofSeconds(5));
        return node;
    }

    private static void refused(String part, Runnable act) {
        String message = assertThrows(IllegalArgumentException.class, act::run).getMessage();
        assertTrue(message.contains("'Drive'") && message.contains(part), message);
    }

    private Template latest(String type) {
        List<Message> all = site.capture.stream()
                .map(Captured::message)
                .filter(message -> message.topic().contains("/" + type + "/"))
                .toList();
        try {
            Payload payload =
                    PayloadDecoder.DEFAULT.decode(all.get(all.size() - 1).payload());
            Metric last = payload.metrics().get(payload.metrics().size() - 1);
            return (Template) last.value();
        } catch (PayloadException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Proves({
        "payloads-template-definition-members",
        "payloads-template-definition-parameters",
        "payloads-template-instance-members"
    })
    void whatTheDefinitionDoesNotHaveIsRefused() {
        refused(
                "no member 'oil'",
                () -> builder(instance(List.of(member("rpm", Value.of(0)), member("oil", Value.of(1))), List.of()))
                        .build());
        refused(
                "no template 'Pump'",
                () -> builder(Template.instance("Pump", List.of(), List.of())).build());
        refused("instance", () -> builder(MOTOR).build());
        EdgeMetric drive = start().metric("Drive");
        refused("no member 'oil'", () -> drive.set(instance(List.of(member("oil", Value.of(1))), List.of())));
        refused("no member 'rpm'", () -> drive.set(instance(List.of(member("rpm", Value.of(1.5))), List.of())));
        refused(
                "no parameter 'volts'",
                () -> drive.set(instance(List.of(), List.of(new Template.Parameter("volts", Value.of(230))))));
        refused(
                "no parameter 'kind'",
                () -> drive.set(instance(List.of(), List.of(new Template.Parameter("kind", Value.of(1))))));
        assertEquals(AT_REST, drive.value(), "nothing of what was refused is kept");
    }

    @Test
    @Proves("payloads-template-instance-members-birth")
    void birthsTellEveryMemberAlthoughDataTellsSome() {
        refused(
                "'hot' is missing",
                () -> builder(instance(List.of(member("rpm", Value.of(0))), List.of()))
                        .build());
        EdgeNode node = start();
        Metric fast = member("rpm", Value.of(900));
        assertTrue(node.metric("Drive").set(instance(List.of(fast), List.of())));
        site.clock.advance(Duration.ofSeconds(1));
        assertEquals(List.of(fast), latest("NDATA").members(), "data tells what changed");
        assertFalse(node.metric("Drive").set(instance(List.of(fast), List.of())), "nothing changed");
        try (HostApplication host = HostApplication.builder("scada", site.broker::client)
                .scheduler(site.clock)
                .build()) {
            host.start();
            site.clock.advance(Duration.ofSeconds(1));
            host.requestRebirth(new EdgeNodeDescriptor("G", "N"));
            site.clock.advance(Duration.ofSeconds(5));
        }
        assertEquals(
                List.of(fast, member("hot", Value.of(false))), latest("NBIRTH").members(), "the birth tells all");
    }
}
