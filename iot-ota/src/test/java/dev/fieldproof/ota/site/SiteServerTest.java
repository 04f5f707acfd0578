package dev.fieldproof.ota.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A device's conversation by the Direct Device Integration API, and everything that is refused. */
class SiteServerTest {
    private static final String DEV1 = "/default/controller/v1/dev1";
    private static final String CLOSED =
            "{\"id\":\"1\",\"status\":{\"execution\":\"closed\",\"result\":{\"finished\":\"%s\"},"
                    + "\"details\":[\"ok\"]}}";

    @Test
    void aDeviceIsToldDownloadsInPartsAndReportsOnce() throws Exception {
        try (SiteFixture site = new SiteFixture(1000)) {
            String[] token = {"Authorization", "TargetToken " + site.deployments.admit("dev1")};
            assertFalse(site.ask("GET", DEV1, "", token).body().contains("deploymentBase"));
            site.deployments.assign("dev1", site.store("0123456789".getBytes(StandardCharsets.US_ASCII), "fw.bin"));
            assertTrue(site.ask("GET", DEV1, "", token).body().contains(DEV1 + "/deploymentBase/1"));
            String deployment =
                    site.ask("GET", DEV1 + "/deploymentBase/1", "", token).body();
            String link = site.base() + DEV1 + "/softwaremodules/1/artifacts/fw.bin";
            assertTrue(deployment.contains("\"download-http\":{\"href\":\"" + link + "\"}"), deployment);
            assertEquals("0123456789", site.ask("GET", link, "", token).body());
            HttpResponse<String> part = site.ask("GET", link, "", token[0], token[1], "Range", "bytes=3-5");
            assertEquals(206, part.statusCode());
            assertEquals("345", part.body());
            assertEquals(
                    "bytes 3-5/10", part.headers().firstValue("Content-Range").orElse(""));
            assertEquals(
                    "89",
                    site.ask("GET", link, "", token[0], token[1], "Range", "bytes=-2")
                            .body());
            assertEquals(
                    416,
                    site.ask("GET", link, "", token[0], token[1], "Range", "bytes=10-")
                            .statusCode());
            String feedback = DEV1 + "/deploymentBase/1/feedback";
            assertEquals(
                    200,
                    site.ask("POST", feedback, CLOSED.formatted("success"), token)
                            .statusCode());
            assertEquals(
                    200,
                    site.ask("POST", feedback, CLOSED.formatted("failure"), token)
                            .statusCode());
            assertEquals(
                    Deployments.ActionState.SUCCEEDED,
                    site.deployments.action("dev1", 1).orElseThrow().state(),
                    "what was said first holds");
            assertEquals(
                    410, site.ask("GET", DEV1 + "/deploymentBase/1", "", token).statusCode());
            assertEquals(410, site.ask("GET", link, "", token).statusCode());
        }
    }

    @Test
    void aCancelledActionIsLeftOff() throws Exception {
        try (SiteFixture site = new SiteFixture(1000)) {
            String[] token = {"Authorization", "TargetToken " + site.deployments.admit("dev1")};
            site.deployments.assign("dev1", site.store(new byte[10], "fw.bin"));
            assertTrue(site.deployments.cancel(1));
            assertTrue(site.ask("GET", DEV1, "", token).body().contains(DEV1 + "/cancelAction/1"));
            assertTrue(
                    site.ask("GET", DEV1 + "/cancelAction/1", "", token).body().contains("\"stopId\":\"1\""));
            site.ask("POST", DEV1 + "/cancelAction/1/feedback", CLOSED.formatted("success"), token);
            assertEquals(Optional.empty(), site.deployments.current("dev1"));
        }
    }

    @Test
    void whatIsNotAllowedIsRefusedAndLogged() throws Exception {
        try (SiteFixture site = new SiteFixture(1000)) {
            String token = site.deployments.admit("dev1");
            site.deployments.admit("dev2");
            site.deployments.assign("dev2", site.store(new byte[10], "fw.bin"));
            String[] mine = {"Authorization", "TargetToken " + token};
            assertEquals(401, site.ask("GET", DEV1, "").statusCode());
            assertEquals(
                    401,
                    site.ask("GET", "/default/controller/v1/dev2", "", mine).statusCode());
            assertEquals(
                    404, site.ask("GET", DEV1 + "/deploymentBase/1", "", mine).statusCode(), "another's action");
            assertEquals(
                    404, site.ask("GET", DEV1 + "/deploymentBase/x", "", mine).statusCode());
            assertEquals(405, site.ask("DELETE", DEV1, "", mine).statusCode());
            assertEquals(
                    413,
                    site.ask("PUT", DEV1 + "/configData", "x".repeat(70_000), mine)
                            .statusCode());
            site.deployments.assign("dev1", site.store(new byte[10], "fw.bin"));
            String feedback = DEV1 + "/deploymentBase/2/feedback";
            assertEquals(400, site.ask("POST", feedback, "{\"status\":", mine).statusCode());
            assertEquals(
                    400,
                    site.ask("POST", feedback, CLOSED.replace("closed", "odd"), mine)
                            .statusCode());
            assertEquals(
                    Deployments.ActionState.OPEN,
                    site.deployments.action("dev1", 2).orElseThrow().state());
            assertFalse(site.node.audit().entries().toString().contains(token));
            assertTrue(site.node.audit().entries().toString().contains("refused with 401"));
        }
    }

    @Test
    void peopleDecideByTheirRoles() throws Exception {
        try (SiteFixture site = new SiteFixture(1000)) {
            site.node.stage("fw/1");
            String[] viewer = {"Authorization", "Bearer " + site.operators.admit("vera", Operators.Role.VIEWER)};
            String[] approver = {"Authorization", "Bearer " + site.operators.admit("ana", Operators.Role.APPROVER)};
            assertEquals(401, site.ask("GET", "/api/status", "").statusCode());
            assertTrue(site.ask("GET", "/api/status", "", viewer).body().contains("\"gate\":\"WAITING\""));
            assertEquals(
                    403,
                    site.ask("POST", "/api/wave/approve?name=fw%2F1", "", viewer)
                            .statusCode());
            assertEquals(ControlNode.Gate.WAITING, site.node.gate("fw/1"));
            assertEquals(
                    200,
                    site.ask("POST", "/api/wave/approve?name=fw%2F1", "", approver)
                            .statusCode());
            assertEquals(ControlNode.Gate.APPROVED, site.node.gate("fw/1"));
            assertEquals(
                    404,
                    site.ask("POST", "/api/wave/approve?name=other", "", approver)
                            .statusCode());
            assertTrue(site.ask("GET", "/", "").body().contains("<title>Control node</title>"));
            assertTrue(site.ask("GET", "/api/status", "", viewer).body().contains("\"who\":\"ana\""));
        }
    }

    @Test
    void tooManyRequestsAreRefused() throws Exception {
        try (SiteFixture site = new SiteFixture(5)) {
            for (int i = 0; i < 5; i++) {
                assertEquals(200, site.ask("GET", "/", "").statusCode());
            }
            assertEquals(429, site.ask("GET", "/", "").statusCode());
        }
    }
}
