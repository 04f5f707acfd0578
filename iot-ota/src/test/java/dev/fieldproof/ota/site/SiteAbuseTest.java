package dev.fieldproof.ota.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Requests that mean harm or are broken: each is refused in words, in the log without secrets, and changes nothing. */
class SiteAbuseTest {
    private static final String DEV1 = "/default/controller/v1/dev1";
    private static final String FEEDBACK = DEV1 + "/deploymentBase/1/feedback";
    private static final String CLOSED =
            "{\"id\":\"1\",\"status\":{\"execution\":\"closed\",\"result\":{\"finished\":\"%s\"}}}";
    /** More than a server of the size of most pools has threads. */
    private static final int SLOW_CLIENTS = 64;

    /** Everything that the node keeps but the audit log. */
    private static Map<String, String> kept(SiteFixture site) throws IOException {
        Map<String, String> all = new TreeMap<>();
        for (Table table : Table.values()) {
            if (table != Table.AUDIT) {
                for (RecordStore.Entry entry :
                        site.records.transact(records -> records.list(table, "", RecordStore.MAX_LIST))) {
                    all.put(table + " " + entry.key(), entry.json());
                }
            }
        }
        return all;
    }

    private static void assertRefused(int status, String why, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains(why), answer.body());
    }

    private static String lastLine(SiteFixture site) throws IOException {
        return site.node.audit().latest(1).get(0).what();
    }

    @Test
    void everyWrongTokenIsToldWhatIsWrongAndChangesNothing() throws Exception {
        try (SiteFixture site = new SiteFixture(1000)) {
            site.node.stage("fw/1");
            site.deployments.assign("dev1", site.store(new byte[10], "fw.bin"));
            Instant past = Instant.now().minusSeconds(1);
            String old = site.deployments.admit("dev1");
            String now = site.deployments.admit("dev1");
            String other = site.deployments.admit("dev2");
            String ended = site.deployments.admit("dev3", past);
            String vera = site.operators.admit("vera", Operators.Role.VIEWER);
            String late = site.operators.admit("lea", Operators.Role.APPROVER, past);
            String gone = site.operators.admit("gus", Operators.Role.APPROVER);
            assertEquals(1, site.operators.dismiss("gus"));
            Map<String, String> before = kept(site);
            String approve = "/api/wave/approve?name=fw%2F1";
            String[] kind = {"Authorization", ""};

            kind[1] = "TargetToken " + old;
            assertRefused(401, "not a token of this device", site.ask("GET", DEV1, "", kind));
            kind[1] = "TargetToken " + other;
            assertRefused(401, "not a token of this device", site.ask("GET", DEV1, "", kind));
            kind[1] = "TargetToken " + ended;
            assertRefused(401, "has ended", site.ask("GET", "/default/controller/v1/dev3", "", kind));
            kind[1] = "Bearer " + now;
            assertRefused(401, "a token of this device is needed", site.ask("GET", DEV1, "", kind));
            assertRefused(401, "an operator's token is needed", site.ask("POST", approve, "", kind));
            kind[1] = "Bearer " + vera;
            assertRefused(403, "the role VIEWER may only look", site.ask("POST", approve, "", kind));
            assertTrue(lastLine(site).startsWith("refused with 403: POST /api/wave/approve from 127.0.0.1"));
            kind[1] = "Bearer " + late;
            assertRefused(401, "this token ended at " + past, site.ask("POST", approve, "", kind));
            kind[1] = "Bearer " + gone;
            assertRefused(401, "an operator's token is needed", site.ask("POST", approve, "", kind));

            assertEquals(before, kept(site));
            assertEquals(ControlNode.Gate.WAITING, site.node.gate("fw/1"));
            String audit = site.node.audit().entries().toString();
            for (String secret : List.of(old, now, other, ended, vera, late, gone)) {
                assertFalse(audit.contains(secret), "a token in the log");
            }
            assertEquals(
                    8,
                    site.node.audit().entries().stream()
                            .filter(entry -> entry.what().startsWith("refused with"))
                            .count());
            kind[1] = "TargetToken " + now;
            assertEquals(200, site.ask("GET", DEV1, "", kind).statusCode());
        }
    }

    @Test
    void whatIsSaidAgainCountsOnce() throws Exception {
        try (SiteFixture site = new SiteFixture(1000)) {
            site.deployments.assign("dev1", site.store(new byte[10], "fw.bin"));
            String[] dev1 = {"Authorization", "TargetToken " + site.deployments.admit("dev1")};
            String[] ana = {"Authorization", "Bearer " + site.operators.admit("ana", Operators.Role.APPROVER)};
            String order = "{\"name\":\"fw-2\",\"target\":\"fw.bin\",\"devices\":[\"dev1\"],\"controls\":[\"dev2\"],"
                    + "\"phases\":[{\"percent\":100,\"perHour\":60}]}";
            assertEquals(200, site.ask("POST", "/api/rollout", order, ana).statusCode());
            assertEquals(
                    200,
                    site.ask("POST", FEEDBACK, CLOSED.formatted("success"), dev1)
                            .statusCode());
            Map<String, String> before = kept(site);
            assertRefused(409, "a rollout 'fw-2' already", site.ask("POST", "/api/rollout", order, ana));
            assertEquals(
                    200,
                    site.ask("POST", FEEDBACK, CLOSED.formatted("failure"), dev1)
                            .statusCode());
            assertEquals(before, kept(site));
        }
    }

    @Test
    void whatIsMalformedOrTooLargeIsNamed() throws Exception {
        try (SiteFixture site = new SiteFixture(1000)) {
            site.deployments.assign("dev1", site.store(new byte[10], "fw.bin"));
            String[] dev1 = {"Authorization", "TargetToken " + site.deployments.admit("dev1")};
            String[] ana = {"Authorization", "Bearer " + site.operators.admit("ana", Operators.Role.APPROVER)};
            Map<String, String> before = kept(site);
            assertRefused(400, "at byte", site.ask("POST", FEEDBACK, "{\"status\":", dev1));
            assertRefused(400, "unknown execution 'odd'", site.ask("POST", FEEDBACK, odd(), dev1));
            assertRefused(400, "at byte", site.ask("POST", "/api/rollout", "{\"name\":\"fw-2\"]", ana));
            assertRefused(400, "", site.ask("POST", FEEDBACK, "[".repeat(60_000), dev1));
            String large = "x".repeat(SiteServer.MAX_BODY_BYTES + 1);
            assertRefused(413, "more than 65536 bytes", site.ask("POST", FEEDBACK, large, dev1));
            assertTrue(lastLine(site).startsWith("refused with 413"), lastLine(site));
            assertRefused(400, "not a path", site.ask("GET", "/api/../x", ""));
            assertEquals(before, kept(site));
        }
    }

    private static String odd() {
        return CLOSED.formatted("success").replace("closed", "odd");
    }

    @Test
    void whoAsksTooOftenIsToldAndOthersAreNotCounted() throws Exception {
        RequestLimit limit = new RequestLimit(2);
        long minute = 60_000_000_000L;
        assertTrue(limit.admits("a", 5) && limit.admits("a", 6) && !limit.admits("a", 7));
        assertTrue(limit.admits("b", 8));
        assertTrue(limit.admits("a", 5 + minute));
        try (SiteFixture site = new SiteFixture(3)) {
            for (int i = 0; i < 3; i++) {
                assertEquals(200, site.ask("GET", "/", "").statusCode());
            }
            assertRefused(429, "slow down", site.ask("GET", "/", ""));
            assertTrue(lastLine(site).startsWith("refused with 429"));
        }
    }

    /** Clients that send a body byte by byte and never end it. */
    private static List<Socket> trickle(SiteFixture site, int clients, String token) throws IOException {
        List<Socket> slow = new ArrayList<>();
        String head = "POST " + FEEDBACK + " HTTP/1.1\r\nHost: x\r\nAuthorization: " + token
                + "\r\nContent-Length: 1000\r\n\r\n{";
        for (int i = 0; i < clients; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), site.server.port());
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            slow.add(socket);
        }
        return slow;
    }

    @Test
    void aBodyThatTricklesIsRefusedAndHoldsUpNobody() throws Exception {
        SiteSettings settings = SiteSettings.DEFAULT.withBodyWithin(Duration.ofSeconds(3));
        try (SiteFixture site = new SiteFixture(settings)) {
            site.deployments.assign("dev1", site.store(new byte[10], "fw.bin"));
            String token = "TargetToken " + site.deployments.admit("dev1");
            List<Socket> slow = trickle(site, SLOW_CLIENTS, token);
            Map<String, String> before = kept(site);
            try {
                assertEquals(
                        200, site.ask("GET", DEV1, "", "Authorization", token).statusCode());
                assertFalse(
                        site.node.audit().entries().toString().contains("408"),
                        "answered while the slow ones were still being waited for");
                for (Socket socket : slow) {
                    socket.getOutputStream().write(' ');
                    InputStream in = socket.getInputStream();
                    String answer = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
                    assertTrue(answer.startsWith("HTTP/1.1 408 "), answer);
                    assertTrue(answer.contains("the body did not arrive within 3000 ms"), answer);
                }
            } finally {
                for (Socket socket : slow) {
                    socket.close();
                }
            }
            assertEquals(before, kept(site));
            assertTrue(lastLine(site).startsWith("refused with 408: POST " + FEEDBACK), lastLine(site));
            assertFalse(site.node.audit().entries().toString().contains(token));
            assertEquals(200, site.ask("GET", DEV1, "", "Authorization", token).statusCode(), "the server goes on");
        }
    }
}
