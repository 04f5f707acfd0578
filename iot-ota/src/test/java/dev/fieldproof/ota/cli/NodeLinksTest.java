package dev.fieldproof.ota.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.record.JdbcRecordStore;
import dev.fieldproof.ota.site.Deployments;
import dev.fieldproof.ota.site.DeviceReports;
import dev.fieldproof.ota.site.SiteSettings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a device reports on the site's broker is upstream's once, over the commands' own links. */
class NodeLinksTest {
    private static final int SECONDS = 30;

    @TempDir
    private Path directory;

    private static NodeSite site(String... options) {
        NodeSite site = new NodeSite();
        new CommandLine(CommandLine.Model.CommandSpec.create().addArgGroup(group(site))).parseArgs(options);
        return site;
    }

    private static CommandLine.Model.ArgGroupSpec group(NodeSite site) {
        CommandLine.Model.ArgGroupSpec.Builder group =
                CommandLine.Model.ArgGroupSpec.builder().exclusive(false);
        CommandLine.Model.CommandSpec.forAnnotatedObject(site).options().forEach(group::addArg);
        return group.build();
    }

    private static String run(String... command) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> args = new ArrayList<>(List.of("node"));
        args.addAll(List.of(command));
        int code = OtaMain.run(new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
        return code + " " + out + err;
    }

    private NodeRun node(NodeSite site) throws Exception {
        return new NodeRun(
                directory.resolve("data"),
                NodeData.records(directory.resolve("data"), null),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                null,
                null,
                new NodeRun.Pace(
                        SiteSettings.Admission.EITHER,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(1),
                        6000,
                        false,
                        Optional.of(site)),
                null);
    }

    private static BlockingQueue<String> heard(Transport transport, String filter) {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        transport.subscribe(
                new TopicFilter(filter),
                Qos.AT_LEAST_ONCE,
                message -> heard.add(message.topic() + " " + new String(message.payload(), StandardCharsets.UTF_8)));
        return heard;
    }

    private static Transport client(String broker, String name) throws Exception {
        Transport transport = Transport.open(URI.create(broker));
        transport.connect(ConnectOptions.of(name)).get(SECONDS, TimeUnit.SECONDS);
        return transport;
    }

    private static void say(Transport device, String report) throws Exception {
        device.publish(new Message(
                        DeviceReports.topic("well-7", "dev1"),
                        report.getBytes(StandardCharsets.UTF_8),
                        Qos.AT_LEAST_ONCE,
                        false))
                .get(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aReportOnTheSitesBrokerIsUpstreamsOnce() throws Exception {
        try (JdbcRecordStore records = NodeData.records(directory.resolve("data"), null)) {
            Deployments deployments = new Deployments(records, InstantSource.system(), new SecureRandom());
            deployments.assign("dev1", Deployments.describe(new byte[9], "fw.bin", "fw", "2.0"));
        }
        String devices = "memory:/links-devices";
        String upstream = "memory:/links-upstream";
        Path collected = directory.resolve("upstream");
        try (Transport device = client(devices, "dev1");
                Transport tap = client(upstream, "tap")) {
            BlockingQueue<String> answers = heard(device, "fieldproof/site/+/device/dev1/outcome/+");
            BlockingQueue<String> taken = heard(tap, "fieldproof/site/well-7/outcomes/accepted");
            try (NodeUpstream collecting = new NodeUpstream(NodeData.records(collected, null), URI.create(upstream));
                    NodeRun node = node(site("--site", "well-7", "--broker", devices, "--uplink", upstream))) {
                CompletableFuture<Void> running = CompletableFuture.runAsync(() -> untilEnd(collecting));
                say(device, "{\"action\":9,\"end\":\"SUCCEEDED\"}");
                assertTrue(
                        String.valueOf(answers.poll(SECONDS, TimeUnit.SECONDS)).contains("/rejected {"));
                say(device, "{\"action\":1,\"end\":\"SUCCEEDED\"}");
                assertTrue(
                        String.valueOf(answers.poll(SECONDS, TimeUnit.SECONDS)).contains("/accepted {"));
                say(device, "{\"action\":1,\"end\":\"SUCCEEDED\"}");
                assertTrue(
                        String.valueOf(answers.poll(SECONDS, TimeUnit.SECONDS)).contains("/accepted {"));
                assertTrue(String.valueOf(taken.poll(SECONDS, TimeUnit.SECONDS)).endsWith("\"have\":1}"));
                assertTrue(node.address().startsWith("http://"));
                collecting.endNow();
                running.get(SECONDS, TimeUnit.SECONDS);
            }
        }
        String text = run("outcomes", "well-7", "--data", collected.toString());
        assertTrue(text.matches("0 \\S+Z {2}dev1 {2}2\\.0 {2}SUCCEEDED\\R"), text);
        String json = run("outcomes", "well-7", "--json", "--data", collected.toString());
        assertTrue(json.startsWith("0 {\"site\":\"well-7\",\"outcomes\":[{\"number\":1,"), json);
        assertEquals("0 ", run("outcomes", "well-8", "--data", collected.toString()));
    }

    private static void untilEnd(NodeUpstream collecting) {
        try {
            collecting.runUntilToldToEnd(line -> {});
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatCannotBeMeantIsRefusedByItsOption() {
        String data = directory.resolve("none").toString();
        String[][] wrong = {
            {"2", "--site=NAME", "run", "--data", data, "--broker", "memory:/x"},
            {"2", "--site is for", "run", "--data", data, "--site", "well-7"},
            {"2", "not 'a/b'", "run", "--data", data, "--site", "a/b", "--broker", "memory:/x"},
            {"2", "--broker", "collect", "--data", data},
            {
                "1",
                "--uplink ftp://up: no transport provider knows the scheme of --uplink ftp://up;",
                "run",
                "--data",
                data,
                "--site",
                "a",
                "--uplink",
                "ftp://up/?pass=x"
            },
            {"1", "--broker tcp://up: ", "collect", "--data", data, "--broker", "tcp://up:1883?nothing=x"},
        };
        for (String[] line : wrong) {
            String said = run(Arrays.copyOfRange(line, 2, line.length));
            assertTrue(said.startsWith(line[0] + " ") && said.contains(line[1]), said);
            assertTrue(!said.contains("pass="), said);
        }
    }
}
