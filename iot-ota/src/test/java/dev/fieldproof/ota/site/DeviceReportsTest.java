package dev.fieldproof.ota.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Faults;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.site.Deployments.ActionState;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Devices that report over messages: counted once, answered when it is kept, refused in words. */
class DeviceReportsTest {
    private final SimClock clock = new SimClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
    private final List<String> answers = new ArrayList<>();
    private SiteFixture site;
    private DeviceReports reports;
    private Transport device;

    @BeforeEach
    void listen() throws Exception {
        site = new SiteFixture(1000);
        reports = new DeviceReports(connected("node"), "well-7", site.deployments, site.rollouts);
        device = connected("dev1");
        var unused = device.subscribe(
                new TopicFilter("fieldproof/site/well-7/device/dev1/outcome/+"), Qos.AT_LEAST_ONCE, message -> {
                    String topic = message.topic();
                    answers.add(topic.substring(topic.lastIndexOf('/') + 1) + " "
                            + new String(message.payload(), StandardCharsets.UTF_8));
                });
        site.deployments.assign("dev1", site.store(new byte[10], "fw.bin"));
        clock.advance(Duration.ofSeconds(10));
    }

    @AfterEach
    void end() {
        reports.close();
        site.close();
    }

    private Transport connected(String name) {
        Transport transport = broker.client();
        CompletableFuture<Boolean> unused = transport.connect(ConnectOptions.of(name));
        return transport;
    }

    private void say(String json) {
        CompletableFuture<Void> unused = device.publish(new Message(
                DeviceReports.topic("well-7", "dev1"),
                json.getBytes(StandardCharsets.UTF_8),
                Qos.AT_LEAST_ONCE,
                false));
        clock.advance(Duration.ofMinutes(1));
    }

    private ActionState state() throws Exception {
        return site.deployments.action("dev1", 1).orElseThrow().state();
    }

    @Test
    void whatIsSaidAgainCountsOnceAndTheFirstHolds() throws Exception {
        broker.faults(new Faults(0.1, 0.5, 0.2, Duration.ofMillis(10), Duration.ofMillis(300)));
        say("{\"action\":1,\"end\":\"SUCCEEDED\",\"details\":[\"ok\"]}");
        say("{\"action\":1,\"end\":\"SUCCEEDED\"}");
        say("{\"action\":1,\"end\":\"FAILED\"}");
        clock.advance(Duration.ofMinutes(5));
        assertEquals(ActionState.SUCCEEDED, state());
        assertEquals(1, new Outbox(site.records).waiting(), "one outcome for upstream");
        assertTrue(answers.size() >= 3, answers.toString());
        answers.forEach(answer -> assertEquals("accepted {\"action\":1,\"state\":\"SUCCEEDED\"}", answer));
    }

    @Test
    void progressEndsNothing() throws Exception {
        say("{\"action\":1,\"end\":\"OPEN\",\"details\":[\"half\"]}");
        assertEquals(ActionState.OPEN, state());
        assertEquals(
                List.of("half"),
                site.deployments.action("dev1", 1).orElseThrow().details());
    }

    @Test
    void whatIsNoReportIsRejectedInWordsAndChangesNothing() throws Exception {
        say("{\"action\":1,\"end\":\"odd\"}");
        say("{\"action\":2,\"end\":\"FAILED\"}");
        say("[");
        say("{\"action\":1,\"end\":\"FAILED\",\"details\":[\"" + "x".repeat(DeviceReports.MAX_BYTES) + "\"]}");
        assertEquals(4, answers.size());
        assertTrue(answers.get(0).contains("unknown end 'odd'"), answers.get(0));
        assertTrue(answers.get(1).contains("no such action"), answers.get(1));
        assertTrue(answers.get(2).contains("at byte"), answers.get(2));
        assertTrue(answers.get(3).contains("more than 16384 bytes"), answers.get(3));
        answers.forEach(answer -> assertTrue(answer.startsWith("rejected "), answer));
        assertEquals(ActionState.OPEN, state());
        site.deployments.dismiss("dev1");
        say("{\"action\":1,\"end\":\"FAILED\"}");
        assertEquals(ActionState.OPEN, state(), "a dismissed device is not listened to");
    }

    @Test
    void noDeviceSpeaksForAnother() throws Exception {
        site.deployments.assign("dev2", site.store(new byte[11], "fw.bin"));
        say("{\"action\":2,\"end\":\"SUCCEEDED\"}");
        assertEquals(
                ActionState.OPEN,
                site.deployments.action("dev2", 2).orElseThrow().state());
    }
}
