package dev.fieldproof.ota.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.record.MemoryRecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The status page as a person uses it: in a browser, on a phone's screen, by clicking. */
class StatusPageTest {
    private static final String CARD = "[data-rollout=fw-2]";
    private static final String STATE = "document.querySelector('" + CARD + "')?.dataset.state";
    private static final RolloutOrder ORDER = new RolloutOrder(
            "fw-2",
            "fw.bin",
            "2.0",
            List.of("dev1", "dev2"),
            List.of("dev3"),
            List.of(new RolloutOrder.Phase(50, 600, true), new RolloutOrder.Phase(100, 600, true)),
            Duration.ofHours(10));

    @TempDir
    private Path profile;

    /** A node that has an order with its software in the cache. */
    private static SiteFixture site() throws Exception {
        Deployments.Software software = Deployments.describe(new byte[9], "fw.bin", "fw-2", "2.0");
        JsonObject record = ORDER.put(JsonObject.builder())
                .put("software", software.put(JsonObject.builder()).build())
                .build();
        MemoryRecordStore records = new MemoryRecordStore();
        records.transact(transaction -> {
            transaction.put(Table.ROLLOUT, "fw-2", record.toString());
            return true;
        });
        return new SiteFixture(records, SiteSettings.DEFAULT.withRequestsPerMinute(100_000), null);
    }

    private static void finish(SiteFixture site, String device) throws Exception {
        Deployments.Action action = site.deployments.current(device).orElseThrow();
        site.deployments.feedback(device, action.id(), Deployments.ActionState.SUCCEEDED, List.of());
        site.rollouts.finished(site.deployments.action(device, action.id()).orElseThrow());
    }

    private static void signIn(Chromium page, SiteFixture site, String token) throws Exception {
        page.open(site.base() + "/");
        page.await("Control node", "document.title");
        page.click("#token");
        page.type(token);
        page.click("#login button");
        page.await("true", "document.querySelector('#login').hidden");
    }

    @Test
    void aPersonApprovesPausesResumesAndCancels() throws Exception {
        Optional<Chromium> browser = Chromium.start(profile, "390,844");
        assumeTrue(browser.isPresent(), "skipped: chromium is not installed");
        try (Chromium page = browser.get();
                SiteFixture site = site()) {
            signIn(page, site, site.operators.admit("ana", Operators.Role.APPROVER));
            site.rollouts.tick();
            page.await("waiting", STATE);
            page.click(CARD + " button.go");
            page.await("running", STATE);
            assertEquals(ControlNode.Gate.APPROVED, site.node.gate("fw-2/1"));
            site.rollouts.tick();
            assertEquals(1, site.deployments.actions().size(), "the first device was told");
            page.await("true", "document.querySelector('" + CARD + "').textContent.includes('1 offered')");

            page.click(CARD + " button.no");
            page.await("paused", STATE);
            assertEquals(ControlNode.Gate.HELD, site.node.gate("fw-2/1"));
            page.click(CARD + " button.go");
            page.await("running", STATE);
            assertEquals(ControlNode.Gate.APPROVED, site.node.gate("fw-2/1"));

            finish(site, site.deployments.actions().get(0).device());
            site.rollouts.tick();
            page.await("waiting", STATE);
            page.await("true", "document.querySelector('" + CARD + "').textContent.includes('1 healthy')");
            page.click(CARD + " button.no");
            page.await("Really cancel", "document.querySelector('" + CARD + " button.no').textContent");
            assertTrue(site.rollouts.standings().get(0).stopped().isEmpty(), "one click is not enough");
            page.click(CARD + " button.no");
            page.await("stopped", STATE);
            assertEquals(
                    "cancelled by ana",
                    site.rollouts.standings().get(0).stopped().orElseThrow());
            page.await("true", "document.querySelector('#audit').textContent.includes('HELD fw-2/1ana')");
            page.await("true", "document.documentElement.scrollWidth <= document.documentElement.clientWidth");
        }
    }

    @Test
    void whoMayOnlyLookSeesNoButtonsAndAWrongTokenIsToldSo() throws Exception {
        Optional<Chromium> browser = Chromium.start(profile, "1200,800");
        assumeTrue(browser.isPresent(), "skipped: chromium is not installed");
        try (Chromium page = browser.get();
                SiteFixture site = site()) {
            site.rollouts.tick();
            page.open(site.base() + "/");
            page.await("Control node", "document.title");
            page.click("#token");
            page.type("nonsense");
            page.click("#login button");
            page.await("an operator's token is needed", "document.querySelector('#error').textContent");
            signIn(page, site, site.operators.admit("vera", Operators.Role.VIEWER));
            page.await("waiting", STATE);
            assertEquals("0", page.see("document.querySelectorAll('" + CARD + " button').length"));
            // Everything came from the node itself: no script, style, font or picture from elsewhere.
            String sources = page.see("performance.getEntriesByType('resource').map(it => it.name).join(' ')");
            for (String source : sources.split(" ", -1)) {
                assertTrue(source.startsWith(site.base()), sources);
            }
            assertFalse(page.see("document.documentElement.outerHTML").contains("nonsense"));
        }
    }
}
