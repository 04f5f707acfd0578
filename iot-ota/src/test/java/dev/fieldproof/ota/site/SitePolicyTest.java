package dev.fieldproof.ota.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.ota.record.MemoryRecordStore;
import dev.fieldproof.ota.tuf.Fetcher;
import dev.fieldproof.ota.tuf.RoleSigners;
import dev.fieldproof.ota.tuf.TargetFile;
import dev.fieldproof.ota.tuf.TopLevelRole;
import dev.fieldproof.ota.tuf.TrustedStore;
import dev.fieldproof.ota.tuf.TufClient;
import dev.fieldproof.ota.tuf.TufLimits;
import dev.fieldproof.ota.tuf.TufRepository;
import dev.fieldproof.ota.tuf.TufSigner;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What upstream lets a site decide: signed in the repository, judged where the decision is kept, over when it ends. */
class SitePolicyTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant UNTIL = START.plus(Duration.ofDays(30));
    private static final String TARGET = "site/well-7.policy";
    private static final byte[] IMAGE = new byte[500];

    private final SimClock clock = new SimClock(START);
    private final Map<String, byte[]> published = new TreeMap<>();
    private final MemoryRecordStore records = new MemoryRecordStore();
    private TufRepository repository;
    private ControlNode node;
    private Rollouts rollouts;
    private boolean link = true;

    @BeforeEach
    void aSiteIsGoverned() throws IOException {
        Map<TopLevelRole, RoleSigners> signers = new EnumMap<>(TopLevelRole.class);
        for (TopLevelRole role : TopLevelRole.values()) {
            signers.put(role, RoleSigners.of(TufSigner.ed25519(new byte[32])));
        }
        repository = new TufRepository(clock, signers);
        publish("fw.bin", IMAGE);
        TrustedStore trusted = TrustedStore.inMemory();
        TufClient.initialise(trusted, published.get("1.root.json"), TufLimits.DEFAULT);
        Fetcher fetcher = path -> {
            if (!link) {
                throw new IOException("no link");
            }
            return Optional.ofNullable(published.get(path)).<InputStream>map(ByteArrayInputStream::new);
        };
        node = new ControlNode(
                ArtifactStore.open(URI.create("memory:cache")),
                new TufClient(trusted, fetcher, clock),
                fetcher,
                clock,
                records,
                Optional.of(new Governance("well-7", TARGET)));
        rollouts = new Rollouts(node, new Deployments(records, clock, new SplittableRandom(1)));
    }

    private void publish(String name, byte[] content) throws IOException {
        TargetFile file = TargetFile.of(name, content);
        repository.addTarget(file);
        repository.publish(published::put);
        published.put("targets/" + file.sha256().orElseThrow().hex() + "." + name, content);
        int slash = name.lastIndexOf('/') + 1;
        String hashed = name.substring(0, slash) + file.sha256().orElseThrow().hex() + "." + name.substring(slash);
        published.put(hashed, content);
        published.put("targets/" + hashed, content);
        published.put(name, content);
    }

    private static SitePolicy policy(long version, SitePolicy.Grant... grants) {
        return new SitePolicy(version, "well-7", UNTIL, List.of(grants));
    }

    private void sign(SitePolicy policy) throws IOException {
        publish(TARGET, policy.json());
        assertEquals(Optional.empty(), rollouts.fill());
    }

    private static RolloutOrder order(boolean approval, int devices) {
        List<String> names = java.util.stream.IntStream.range(0, devices)
                .mapToObj(i -> "dev" + i)
                .toList();
        return new RolloutOrder(
                "fw-2",
                "fw.bin",
                "2.0",
                names,
                List.of("control"),
                List.of(new RolloutOrder.Phase(20, 6000, true), new RolloutOrder.Phase(100, 6000, approval)),
                Duration.ofHours(1));
    }

    private static void assertRefused(Verdict.Rule rule, Verdict verdict) {
        assertEquals(rule, assertInstanceOf(Verdict.Refused.class, verdict).rule());
    }

    private void hours(int hours) throws IOException {
        for (int minute = 0; minute < 60 * hours; minute++) {
            clock.advance(Duration.ofMinutes(1));
            rollouts.tick();
        }
    }

    @Test
    void eachRuleHasItsName() {
        SitePolicy policy = policy(1, new SitePolicy.Grant("ana", "fw*", 10), new SitePolicy.Grant("*", "doc/*", 2));
        assertInstanceOf(Verdict.Granted.class, policy.judge("well-7", "ana", "fw.bin", 10, START));
        assertInstanceOf(Verdict.Granted.class, policy.judge("well-7", "bob", "doc/a", 2, START));
        assertRefused(Verdict.Rule.OTHER_SITE, policy.judge("well-8", "ana", "fw.bin", 1, START));
        assertRefused(Verdict.Rule.ENDED, policy.judge("well-7", "ana", "fw.bin", 1, UNTIL));
        assertRefused(Verdict.Rule.NOT_GRANTED, policy.judge("well-7", "bob", "fw.bin", 1, START));
        assertRefused(Verdict.Rule.NOT_GRANTED, policy.judge("well-7", "ana", "other", 1, START));
        assertRefused(Verdict.Rule.TOO_MANY_DEVICES, policy.judge("well-7", "ana", "fw.bin", 11, START));
        assertRefused(Verdict.Rule.NOT_GRANTED, policy(1).judge("well-7", "ana", "fw.bin", 1, START));
    }

    @Test
    void aPolicyIsReadAsItWasWrittenAndNothingElseIsOne() throws Exception {
        SitePolicy policy = policy(7, new SitePolicy.Grant("ana", "fw/*", 10));
        assertEquals(policy, SitePolicy.parse(policy.json()));
        String text = new String(policy.json(), StandardCharsets.UTF_8);
        for (String wrong : List.of(
                "",
                "[]",
                text.replace("7,", "0,"),
                text.replace("2026", "sometime"),
                text.replace("10", "0"),
                text.replace("grants", "grunts"))) {
            assertThrows(
                    MalformedPolicyException.class,
                    () -> SitePolicy.parse(wrong.getBytes(StandardCharsets.UTF_8)),
                    wrong);
        }
    }

    @Test
    void withoutAPolicyNothingIsApprovedAndHoldingIsAlwaysAllowed() throws Exception {
        node.stage("wave");
        assertRefused(Verdict.Rule.NO_POLICY, node.decide("wave", ControlNode.Gate.APPROVED, "ana"));
        assertEquals(ControlNode.Gate.WAITING, node.gate("wave"));
        assertEquals(
                "may not approve wave (NO_POLICY): upstream has signed no policy for this site",
                node.audit().latest(1).get(0).what());
        assertInstanceOf(Verdict.Granted.class, node.decide("wave", ControlNode.Gate.HELD, "ana"));
        assertRefused(Verdict.Rule.NO_POLICY, node.judge(order(true, 3), "ana"));
        assertThrows(IllegalArgumentException.class, () -> rollouts.order(order(true, 3), "ana"));
    }

    @Test
    void aPhaseIsApprovedAsFarAsTheGrantReaches() throws Exception {
        sign(policy(1, new SitePolicy.Grant("ana", "fw.bin", 3)));
        assertRefused(Verdict.Rule.TOO_MANY_DEVICES, node.judge(order(false, 10), "ana"), "a phase that begins alone");
        assertTrue(rollouts.order(order(true, 20), "ana"));
        assertEquals(Optional.empty(), rollouts.fill());
        hours(1);
        assertRefused(Verdict.Rule.NOT_GRANTED, node.decide("fw-2/1", ControlNode.Gate.APPROVED, "bob"));
        assertRefused(Verdict.Rule.TOO_MANY_DEVICES, node.decide("fw-2/1", ControlNode.Gate.APPROVED, "ana"));
        assertEquals(ControlNode.Gate.WAITING, node.gate("fw-2/1"));
        sign(policy(2, new SitePolicy.Grant("ana", "fw.bin", 4)));
        assertInstanceOf(Verdict.Granted.class, node.decide("fw-2/1", ControlNode.Gate.APPROVED, "ana"), "4 of 20");
        link = false; // offline from here on: what was signed goes on to hold
        hours(1);
        assertEquals(4, rollouts.standings().get(0).counts().orElseThrow().offered());
    }

    private static void assertRefused(Verdict.Rule rule, Verdict verdict, String why) {
        assertEquals(rule, assertInstanceOf(Verdict.Refused.class, verdict, why).rule(), why);
    }

    @Test
    void whatRunsStopsWhenThePolicyEndsAndGoesOnWithTheNext() throws Exception {
        sign(policy(1, new SitePolicy.Grant("*", "*", 100)));
        assertTrue(rollouts.order(slow(), "ana"));
        rollouts.fill();
        hours(1);
        node.decide("fw-2/1", ControlNode.Gate.APPROVED, "ana");
        hours(2);
        int told = rollouts.standings().get(0).counts().orElseThrow().offered();
        assertTrue(told > 0 && told < 50, told + " told");
        link = false;
        clock.advance(Duration.between(clock.instant(), UNTIL));
        hours(5);
        int atEnd = rollouts.standings().get(0).counts().orElseThrow().offered();
        hours(5);
        assertEquals(atEnd, rollouts.standings().get(0).counts().orElseThrow().offered());
        assertEquals(ControlNode.Gate.HELD, node.gate("fw-2/1"));
        assertRefused(Verdict.Rule.ENDED, node.decide("fw-2/1", ControlNode.Gate.APPROVED, "ana"));
        link = true;
        sign(new SitePolicy(
                2, "well-7", UNTIL.plus(Duration.ofDays(30)), List.of(new SitePolicy.Grant("*", "*", 100))));
        assertEquals(ControlNode.Gate.APPROVED, node.gate("fw-2/1"));
        hours(2);
        assertTrue(rollouts.standings().get(0).counts().orElseThrow().offered() > atEnd);
    }

    /** Two devices an hour. */
    private static RolloutOrder slow() {
        List<String> names =
                java.util.stream.IntStream.range(0, 50).mapToObj(i -> "dev" + i).toList();
        return new RolloutOrder(
                "fw-2",
                "fw.bin",
                "2.0",
                names,
                List.of("control"),
                List.of(new RolloutOrder.Phase(100, 2, true)),
                Duration.ofDays(100));
    }

    @Test
    void aNewPolicyTakesBackWhatItDoesNotAllowAndAnOldOneChangesNothing() throws Exception {
        sign(policy(2, new SitePolicy.Grant("ana", "wave-*", 1)));
        node.stage("wave-1");
        node.decide("wave-1", ControlNode.Gate.APPROVED, "ana");
        sign(policy(1, new SitePolicy.Grant("*", "*", 100)));
        node.stage("other");
        assertRefused(Verdict.Rule.NOT_GRANTED, node.decide("other", ControlNode.Gate.APPROVED, "bob"));
        sign(policy(3, new SitePolicy.Grant("bob", "wave-*", 1)));
        assertEquals(ControlNode.Gate.HELD, node.gate("wave-1"));
        assertTrue(node.audit().latest(1).get(0).what().startsWith("may not approve wave-1 (NOT_GRANTED)"));
        assertTrue(AuditLog.verify(node.audit().entries()));
    }

    @Test
    void aPolicyThatIsNoneIsToldAndNotTaken() throws Exception {
        sign(policy(1, new SitePolicy.Grant("*", "*", 100)));
        publish(TARGET, "{}".getBytes(StandardCharsets.UTF_8));
        assertTrue(rollouts.fill().orElseThrow().contains("is no policy"));
        node.stage("wave");
        assertInstanceOf(Verdict.Granted.class, node.decide("wave", ControlNode.Gate.APPROVED, "ana"));
    }
}
