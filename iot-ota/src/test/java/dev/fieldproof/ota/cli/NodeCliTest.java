package dev.fieldproof.ota.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The control node as someone who never saw it uses it: in this process, and in one of its own that is killed. */
class NodeCliTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path directory;

    private int node(String... command) {
        List<String> args = new ArrayList<>(List.of("node"));
        args.addAll(List.of(command));
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return OtaMain.run(new PrintWriter(out, true), new PrintWriter(err, true), args.toArray(String[]::new));
    }

    private String data() {
        return directory.resolve("data").toString();
    }

    private String token(String kind, String name, String... more) {
        List<String> args = new ArrayList<>(List.of(kind, name, "--data", data()));
        args.addAll(List.of(more));
        assertEquals(0, node(args.toArray(String[]::new)), err.toString());
        return out.toString().strip();
    }

    /** A node in a process of its own. */
    private final class Running implements AutoCloseable {
        private final Process process;
        private final String base;

        Running(String... more) throws IOException {
            List<String> line = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-cp",
                    classPath(),
                    OtaMain.class.getName(),
                    "node",
                    "run",
                    "--data",
                    data()));
            line.addAll(List.of(more));
            if (!line.contains("--listen")) {
                line.addAll(List.of("--listen", "127.0.0.1:0"));
            }
            process = new ProcessBuilder(line)
                    .redirectError(directory.resolve("stderr").toFile())
                    .start();
            BufferedReader said =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            String first = String.valueOf(said.readLine());
            assertTrue(first.startsWith("listening on http"), first + Files.readString(directory.resolve("stderr")));
            base = first.substring("listening on ".length());
        }

        HttpResponse<String> ask(String method, String path, String body, String authorization) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                    .header("Authorization", authorization)
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }

        @Override
        public void close() {
            process.destroyForcibly().onExit().join();
        }
    }

    /** Of this JVM: modules and class path alike. */
    private static String classPath() {
        String modules = System.getProperty("jdk.module.path", "");
        String classes = System.getProperty("java.class.path", "");
        return modules + (modules.isEmpty() || classes.isEmpty() ? "" : java.io.File.pathSeparator) + classes;
    }

    @Test
    void whatPeopleAndDevicesDidSurvivesTheKilledProcess() throws Exception {
        String ana = "Bearer " + token("operator", "ana");
        String vera = "Bearer " + token("operator", "vera", "--role", "viewer");
        String dev1 = "TargetToken " + token("device", "dev1");
        String dev2;
        try (Running node = new Running()) {
            assertTrue(node.ask("GET", "default/controller/v1/dev1", "", dev1)
                    .body()
                    .contains("\"sleep\":\"00:00:30\""));
            assertEquals(
                    401, node.ask("GET", "default/controller/v1/dev1", "", ana).statusCode());
            assertEquals(403, node.ask("POST", "api/device?id=dev2", "", vera).statusCode());
            String admitted = node.ask("POST", "api/device?id=dev2", "", ana).body();
            dev2 = "TargetToken " + admitted.replaceAll(".*\"token\":\"([0-9a-f]+)\".*", "$1");
            String order = "{\"name\":\"fw-2\",\"target\":\"a/2.0.bin\",\"controls\":[\"dev2\"],"
                    + "\"phases\":[{\"percent\":100,\"perHour\":60,\"approval\":true}]}";
            assertEquals(200, node.ask("POST", "api/rollout", order, ana).statusCode());
            assertEquals(409, node.ask("POST", "api/rollout", order, ana).statusCode());
            assertEquals(400, node.ask("POST", "api/rollout", "{\"name\":", ana).statusCode());
            // The process is killed when this block ends: it has no time to do anything.
        }
        try (Running node = new Running()) {
            assertEquals(
                    200, node.ask("GET", "default/controller/v1/dev2", "", dev2).statusCode());
            String status = node.ask("GET", "api/status", "", vera).body();
            assertTrue(status.contains("\"name\":\"fw-2\""), status);
            assertTrue(status.contains("\"state\":\"fetching\""), status);
            assertTrue(status.contains("order fw-2: a/2.0.bin"), status);
            assertTrue(status.contains("refused with 403"), status);
            assertEquals(1, node("audit", "--data", data()), "held by the node that runs");
            assertTrue(err.toString().contains("end it first"), err.toString());
            node.process.destroy(); // SIGTERM: ends in order
            assertTrue(node.process.waitFor(20, TimeUnit.SECONDS));
        }
        assertEquals(0, node("audit", "--data", data()), err.toString());
        assertTrue(out.toString().contains("ana  admit device dev2"), out.toString());
        assertEquals(0, node("audit", "--json", "--data", data()), err.toString());
        assertTrue(out.toString().startsWith("{\"holds\":true,"), out.toString());
        for (String secret : List.of(ana, vera, dev1, dev2)) {
            assertFalse(out.toString().contains(secret.split(" ", 2)[1]));
        }
    }

    @Test
    void whatCannotBeIsRefusedInOneLine() throws Exception {
        assertEquals(2, node());
        assertEquals(2, node("run"), "no --data");
        assertEquals(2, node("run", "--data", data(), "--listen", "nowhere"));
        assertTrue(err.toString().contains("--listen takes HOST:PORT, not 'nowhere'"), err.toString());
        assertEquals(2, node("operator", "ana", "--data", data(), "--role", "god"));
        assertEquals(2, node("device", "a b", "--data", data()));
        assertEquals(2, node("run", "--data", data(), "--site", "well-7"), "a site without a policy");
        refused("needs --trusted-root", "run", "--listen", "127.0.0.1:0", "--upstream", "http://127.0.0.1:1/");
        refused("say --plain-http", "run", "--listen", "0.0.0.0:0");
        refused("--device-auth certificate lets nobody in", "run", "--device-auth", "certificate");
        assertEquals(2, node("operator", "ana", "--data", data(), "--days", "0"));
        refused("--tls-cert and --tls-key", "run", "--listen", "127.0.0.1:0", "--tls-cert", "x.pem");
        refused("no such file", "run", "--listen", "127.0.0.1:0", "--tls-cert", "x.pem", "--tls-key", "y.pem");
        Path root = Files.writeString(directory.resolve("root.json"), "{}");
        refused("is not a root to trust", "run", "--listen", "127.0.0.1:0", "--trusted-root", root.toString());
        refused("no such host", "run", "--listen", "no-such-host.invalid:80");
        assertEquals(0, node("run", "--help"));
        assertTrue(out.toString().contains("--trusted-root"), out.toString());
    }

    @Test
    void noHelpBreaksAnAddressOrAnExample() {
        List<CommandLine> lines = new ArrayList<>(List.of(OtaMain.line()));
        int examples = 0;
        for (int i = 0; i < lines.size(); i++) {
            lines.addAll(lines.get(i).getSubcommands().values());
            String help = lines.get(i).getUsageMessage();
            for (String line : lines.get(i).getCommandSpec().usageMessage().description()) {
                if (line.contains("://") || line.startsWith("  ")) {
                    assertTrue(help.contains(line.stripTrailing()), line + " is not whole in\n" + help);
                    examples++;
                }
            }
        }
        assertTrue(examples > 10, examples + " examples");
    }

    @Test
    void theNodeServesTlsBeyondThisMachineAndTakesCertificates() throws Exception {
        TestCertificates certificates = new TestCertificates(directory);
        String dev1 = "TargetToken " + token("device", "dev1");
        String path = "default/controller/v1/dev1";
        String[] pem = {"--tls-cert", certificates.pem("node"), "--tls-key", certificates.key("node")};
        for (String[] tls : List.of(pem, certificates.pkcs12("node"))) {
            List<String> options = new ArrayList<>(List.of(tls));
            options.addAll(List.of("--client-ca", certificates.pem("authority"), "--listen", "0.0.0.0:0"));
            try (Running node = new Running(options.toArray(String[]::new))) {
                assertTrue(node.base.startsWith("https://0.0.0.0:"), node.base);
                String base = node.base.replace("0.0.0.0", "127.0.0.1");
                assertEquals(200, certificates.get("dev1", base + path, "").statusCode());
                assertEquals(401, certificates.get("node", base + path, "").statusCode());
                assertEquals(401, certificates.get("", base + path, "").statusCode());
                assertEquals(200, certificates.get("", base + path, dev1).statusCode());
            }
        }
    }

    private void refused(String why, String... command) {
        List<String> args = new ArrayList<>(List.of(command));
        args.addAll(List.of("--data", data()));
        assertEquals(1, node(args.toArray(String[]::new)), out.toString());
        assertTrue(err.toString().contains(why), err.toString());
        assertEquals(1, err.toString().lines().count(), err.toString());
    }

    @Test
    void tokensArePrintedAsJsonToo() {
        assertEquals(0, node("operator", "ana", "--json", "--data", data()), err.toString());
        assertTrue(
                out.toString()
                        .matches("(?s)\\{\"operator\":\"ana\",\"role\":\"APPROVER\",\"token\":\"[0-9a-f]{48}\"}\\s*"),
                out.toString());
    }
}
