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

    /**
     * What is too faint, by the contrast of WCAG 2.2 (success criteria 1.4.3 and 1.4.11): text below 4.5, the pieces of
     * bars and the edges of what can be pressed below 3, each against what lies behind it.
     */
    private static final String FAINT = """
            (() => {
              const channels = (text) => text.match(/[0-9.]+/g).map(Number);
              const light = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, part, i) => {
                const v = c[i] / 255;
                return sum + part * (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
              }, 0);
              const ground = (it) => {
                for (let at = it; at; at = at.parentElement) {
                  const c = channels(getComputedStyle(at).backgroundColor);
                  if (c.length < 4 || c[3] === 1) return c;
                }
                return [255, 255, 255];
              };
              const ratio = (a, b) => {
                const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
                return (high + 0.05) / (low + 0.05);
              };
              const faint = [];
              const check = (what, ink, behind, least) => {
                const r = ratio(channels(ink), behind);
                if (r < least) faint.push(what + ' ' + r.toFixed(2));
              };
              for (const it of document.querySelectorAll('body *')) {
                const style = getComputedStyle(it);
                if (!it.checkVisibility()) continue;
                const says = [...it.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
                if (says) check('text ' + it.textContent.trim().slice(0, 40), style.color, ground(it), 4.5);
                if (it.matches('.bar i')) check('bar ' + it.className, style.backgroundColor, ground(document.body), 3);
                if (it.matches('button, input')) {
                  check('edge ' + it.className, style.borderTopColor, ground(it.parentElement), 3);
                }
              }
              return faint.join('; ');
            })()""";

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

    @Test
    void nothingIsTooFaintInLightAndDark() throws Exception {
        Optional<Chromium> browser = Chromium.start(profile, "390,844");
        assumeTrue(browser.isPresent(), "skipped: chromium is not installed");
        try (Chromium page = browser.get();
                SiteFixture site = site()) {
            page.open(site.base() + "/");
            page.await("Control node", "document.title");
            for (String scheme : List.of("light", "dark")) {
                page.prefer(scheme);
                assertEquals("", page.see(FAINT), "before the sign-in, " + scheme);
            }
            signIn(page, site, site.operators.admit("ana", Operators.Role.APPROVER));
            site.rollouts.tick();
            page.await("waiting", STATE);
            page.click(CARD + " button.go");
            page.await("running", STATE);
            // One piece of a bar of each kind, and what a stop looks like.
            String all = "document.querySelectorAll('.bar i').length";
            page.await("4", all);
            page.see("document.querySelectorAll('.bar i').forEach((it) => it.style.width = '25%')");
            page.see("document.body.append(Object.assign(document.createElement('p'),"
                    + " { textContent: 'no link', style: 'color: var(--bad)' }))");
            String ground = "getComputedStyle(document.documentElement).backgroundColor";
            for (String scheme : List.of("light", "dark")) {
                page.prefer(scheme);
                assertEquals(scheme.equals("dark") ? "rgb(20, 20, 20)" : "rgb(255, 255, 255)", page.see(ground));
                assertEquals("", page.see(FAINT), scheme);
            }
            // The colours of the light page on the dark one are found.
            page.see("document.documentElement.style.setProperty('--bad', '#b3261e')");
            assertTrue(page.see(FAINT).contains("text no link 2."), page.see(FAINT));
        }
    }
}
