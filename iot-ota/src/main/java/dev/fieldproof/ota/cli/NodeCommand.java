package dev.fieldproof.ota.cli;

import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonValue;
import dev.fieldproof.ota.record.JdbcRecordStore;
import dev.fieldproof.ota.site.AuditLog;
import dev.fieldproof.ota.site.Deployments;
import dev.fieldproof.ota.site.Operators;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The on-site control node: who may come in, what it runs with, and what it did. */
@Command(
        name = "node",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "The on-site control node: keeps verified updates close to the devices and lets people on site decide,"
                    + " with or without a link.",
            "",
            "A first node, step by step:",
            "  iot-ota node operator ana --data DIR      prints ana's token, once",
            "  iot-ota node device dev1 --data DIR       prints dev1's token, once",
            "  iot-ota node run --data DIR --trusted-root 1.root.json \\",
            "    --upstream https://updates.example/",
            "  open http://127.0.0.1:8080/ and sign in with ana's token",
            "",
            "Outcomes go upstream over a broker, whenever there is a link, each once:",
            "  iot-ota node run --data DIR --site well-7 --uplink tcp://BROKER:1883 ...",
            "  iot-ota node collect --data UPSTREAM --broker tcp://BROKER:1883",
            "  iot-ota node outcomes well-7 --data UPSTREAM",
            "",
            "For other machines it takes TLS; with --client-ca devices show certificates:",
            "  iot-ota node run --data DIR --listen 0.0.0.0:8443 --tls-cert node.pem \\",
            "    --tls-key node.key --client-ca devices.pem",
            "",
            "A device asks (Direct Device Integration API v1 of Eclipse hawkBit):",
            "  curl -H 'Authorization: TargetToken TOKEN' \\",
            "    http://127.0.0.1:8080/default/controller/v1/dev1",
            "An operator orders a rollout; it is fetched, verified, and waits at the gate:",
            "  curl -H 'Authorization: Bearer TOKEN' http://127.0.0.1:8080/api/rollout \\",
            "    -d '{\"name\":\"fw-2\",\"target\":\"board-a/2.0.bin\",\"controls\":[\"dev9\"],",
            "    \"phases\":[{\"percent\":10,\"perHour\":60,\"approval\":true},",
            "    {\"percent\":100,\"perHour\":600}],",
            "    \"revert\":{\"target\":\"board-a/1.9.bin\",\"perHour\":600}}'",
            "With \"revert\" a rollout that stops itself sends back who had the update.",
            "  curl -H 'Authorization: Bearer TOKEN' -X POST \\",
            "    'http://127.0.0.1:8080/api/wave/approve?name=fw-2/1'",
            ""
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class NodeCommand {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description = "Everything that the node keeps: records, cache, trusted metadata. Made if it is not there.")
    private Path data;

    @Option(
            names = "--database",
            paramLabel = "JDBC-URL",
            scope = ScopeType.INHERIT,
            description = "A database for the records instead of the one in DIR, with its driver on the class path,"
                    + " and dev.fieldproof.ota.cli.OtaMain as the class to run.")
    private @Nullable String database;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print results as JSON.")
    private boolean json;

    NodeCommand() {}

    private Instant until(int days) {
        if (days < 1) {
            throw new ParameterException(spec.commandLine(), "--days is at least 1");
        }
        return Instant.now().plus(Duration.ofDays(days));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void print(JsonObject object, String text) {
        out().println(json ? object.toString() : text);
    }

    @Command(
            name = "operator",
            mixinStandardHelpOptions = true,
            description = "Lets a person or a program operate the node, or ends that. The token is printed once and"
                    + " kept nowhere; there is no default. To be run while the node is not.")
    int operator(
            @Parameters(paramLabel = "NAME", description = "for the audit log") String name,
            @Option(
                            names = "--role",
                            paramLabel = "ROLE",
                            defaultValue = "APPROVER",
                            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE})")
                    Operators.Role role,
            @Option(
                            names = "--days",
                            defaultValue = "365",
                            description = "How long the token holds (default: ${DEFAULT-VALUE}).")
                    int days,
            @Option(names = "--dismiss", description = "End every token of NAME instead.") boolean dismiss)
            throws IOException {
        try (JdbcRecordStore records = NodeData.records(data, database)) {
            Operators operators = new Operators(records, new SecureRandom());
            if (dismiss) {
                int ended = operators.dismiss(name);
                print(
                        JsonObject.builder()
                                .put("operator", name)
                                .put("ended", ended)
                                .build(),
                        ended + " tokens of " + name + " ended");
                return 0;
            }
            String token = operators.admit(name, role, until(days));
            print(
                    JsonObject.builder()
                            .put("operator", name)
                            .put("role", role.name())
                            .put("token", token)
                            .build(),
                    token);
        }
        return 0;
    }

    @Command(
            name = "device",
            mixinStandardHelpOptions = true,
            description = "Lets a device in, or gives it a new token, which is printed once, or lets it in no more. To"
                    + " be run while the node is not; a node that runs does it by POST /api/device?id=ID and"
                    + " /api/device/dismiss?id=ID.")
    int device(
            @Parameters(paramLabel = "ID") String id,
            @Option(
                            names = "--days",
                            defaultValue = "36500",
                            description = "How long the token holds (default: ${DEFAULT-VALUE}).")
                    int days,
            @Option(names = "--dismiss", description = "Let the device in no more, not by certificate either.")
                    boolean dismiss)
            throws IOException {
        if (!id.matches("[A-Za-z0-9._:-]{1,128}")) {
            throw new ParameterException(spec.commandLine(), "not a device's id: '" + id + "'");
        }
        try (JdbcRecordStore records = NodeData.records(data, database)) {
            Deployments deployments = new Deployments(records, InstantSource.system(), new SecureRandom());
            if (dismiss) {
                deployments.dismiss(id);
                print(JsonObject.builder().put("dismissed", id).build(), id + " is let in no more");
                return 0;
            }
            String token = deployments.admit(id, until(days));
            print(JsonObject.builder().put("device", id).put("token", token).build(), token);
        }
        return 0;
    }

    @Command(
            name = "audit",
            mixinStandardHelpOptions = true,
            description = "Prints who did what, and checks that nothing was changed or left out. To be run while the"
                    + " node is not.")
    int audit() throws IOException {
        List<AuditLog.Entry> entries;
        try (JdbcRecordStore records = NodeData.records(data, database)) {
            entries = new AuditLog(records).entries();
        }
        List<JsonValue> lines = new ArrayList<>();
        for (AuditLog.Entry entry : entries) {
            if (json) {
                lines.add(JsonObject.builder()
                        .put("at", entry.at().toString())
                        .put("who", entry.who())
                        .put("what", entry.what())
                        .put("chain", entry.chain().hex())
                        .build());
            } else {
                out().println(entry.at() + "  " + entry.who() + "  " + entry.what());
            }
        }
        boolean holds = AuditLog.verify(entries);
        if (json) {
            out().println(JsonObject.builder()
                    .put("holds", holds)
                    .put("audit", new JsonValue.Array(lines))
                    .build());
        }
        if (!holds) {
            throw new IOException("the audit log was changed: its chain of hashes is broken");
        }
        return 0;
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Serves devices and people until it is told to end (SIGTERM, Ctrl-C).")
    int run(
            @Option(
                            names = "--listen",
                            paramLabel = "HOST:PORT",
                            defaultValue = "127.0.0.1:8080",
                            description = "Where to serve (default: ${DEFAULT-VALUE}, this machine only); port 0 for"
                                    + " any that is free.")
                    String listen,
            @Option(
                            names = "--upstream",
                            paramLabel = "URL",
                            description = "The repository: metadata/ and targets/ below it.")
                    @Nullable
                    URI upstream,
            @Option(
                            names = "--trusted-root",
                            paramLabel = "ROOT.json",
                            description = "A root of the repository that came by a trusted way; needed once.")
                    @Nullable
                    Path root,
            @Option(
                            names = "--refresh-seconds",
                            defaultValue = "60",
                            description = "How often upstream is asked, and told (default: ${DEFAULT-VALUE}).")
                    int refreshSeconds,
            @Option(
                            names = "--device-auth",
                            defaultValue = "EITHER",
                            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
                    dev.fieldproof.ota.site.SiteSettings.Admission admission,
            @Option(
                            names = "--poll-seconds",
                            defaultValue = "30",
                            description = "How often devices are told to ask (default: ${DEFAULT-VALUE}).")
                    int pollSeconds,
            @Option(
                            names = "--requests-per-minute",
                            defaultValue = "6000",
                            description = "Most requests of one address in a minute (default: ${DEFAULT-VALUE}).")
                    int requestsPerMinute,
            @Option(
                            names = "--plain-http",
                            description = "Let other machines in without TLS: everyone on the way can read tokens.")
                    boolean plainHttp,
            @ArgGroup(exclusive = false, heading = "Site:%n") @Nullable NodeSite site,
            @ArgGroup(exclusive = false, heading = "TLS:%n") @Nullable NodeTls tls)
            throws Exception {
        if (refreshSeconds < 1 || pollSeconds < 1 || requestsPerMinute < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--refresh-seconds, --poll-seconds and --requests-per-minute are at least 1");
        }
        NodeSite.check(spec.commandLine(), site);
        try (NodeRun node = new NodeRun(
                data,
                NodeData.records(data, database),
                NodeData.address(spec.commandLine(), listen),
                upstream,
                root,
                new NodeRun.Pace(
                        admission,
                        Duration.ofSeconds(pollSeconds),
                        Duration.ofSeconds(refreshSeconds),
                        requestsPerMinute,
                        plainHttp,
                        Optional.ofNullable(site)),
                tls)) {
            return serve(node);
        }
    }

    @Command(
            name = "collect",
            mixinStandardHelpOptions = true,
            description = "Upstream's end of the uplinks: takes the outcomes of every site that sends them on a broker,"
                    + " each once and durably, until it is told to end.")
    int collect(
            @Option(
                            names = "--broker",
                            required = true,
                            paramLabel = "URI",
                            description = "tcp://HOST:PORT, or ssl://HOST:PORT?ca=FILE&cert=FILE&key=FILE for TLS; it"
                                    + " says which site may publish under which name.")
                    URI broker)
            throws Exception {
        try (JdbcRecordStore records = NodeData.records(data, database);
                NodeUpstream upstream = new NodeUpstream(records, broker)) {
            print(JsonObject.builder().put("collecting", true).build(), "collecting outcomes");
            out().flush();
            upstream.runUntilToldToEnd(this::trouble);
        }
        return 0;
    }

    @Command(
            name = "outcomes",
            mixinStandardHelpOptions = true,
            description = "Prints what 'node collect' has of a site, in the site's order. To be run while that is not.")
    int outcomes(@Parameters(paramLabel = "SITE") String site) throws IOException {
        try (JdbcRecordStore records = NodeData.records(data, database)) {
            NodeUpstream.print(records, site, json, out());
        }
        return 0;
    }

    private void trouble(String line) {
        spec.commandLine().getErr().println("node: " + line);
    }

    private int serve(NodeRun node) throws IOException, InterruptedException {
        String address = node.address();
        print(JsonObject.builder().put("listening", address).build(), "listening on " + address);
        out().flush();
        node.runUntilToldToEnd(this::trouble);
        return 0;
    }
}
