package dev.fieldproof.ota.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.identity.ClaimPolicy.Replacement;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How fast, how long, and for whom a claim is good; what revocation shuts out; renewal; sites that issue offline. */
class ClaimLimitsTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant CLAIM_ENDS = START.plus(Duration.ofDays(30));
    private static final int PER_HOUR = 3;

    private final SimClock clock = new SimClock(START);
    private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
    private final MapKeyStore authority = new MapKeyStore();
    private final ClaimLedger ledger = new ClaimLedger();
    private int clients;

    private static ClaimPolicy policy(int quota, Replacement replacement) {
        return new ClaimPolicy(
                "claim-1",
                "site",
                "node-${SerialNumber}",
                Map.of("gateway", "gw-${SerialNumber}"),
                Duration.ofDays(90),
                quota,
                PER_HOUR,
                CLAIM_ENDS,
                replacement,
                parameters -> Optional.empty());
    }

    @BeforeEach
    void aServiceListens() throws Exception {
        authority.generate("ca", KeyAlgorithm.P256);
        ProvisioningService unused = new ProvisioningService(
                connected("service"),
                authority,
                "ca",
                "CN=Site",
                policy(100, Replacement.WITH_PROOF),
                ledger,
                clock,
                new SplittableRandom(2));
        clock.advance(Duration.ofSeconds(1));
    }

    private Transport connected(String name) {
        Transport transport = broker.client();
        CompletableFuture<Boolean> unused = transport.connect(ConnectOptions.of(name));
        clock.advance(Duration.ofSeconds(1));
        return transport;
    }

    private ProvisioningResult finish(DeviceClaim claim) {
        CompletableFuture<ProvisioningResult> result = claim.start();
        clock.advance(Duration.ofMinutes(1));
        assertTrue(result.isDone());
        return result.join();
    }

    private ProvisioningResult claim(MapKeyStore keys, String serial) {
        return finish(new DeviceClaim(
                connected("client-" + clients++),
                clock,
                keys,
                "device",
                "site",
                Map.of("SerialNumber", serial),
                Duration.ofSeconds(5),
                4));
    }

    private ProvisioningResult renew(MapKeyStore keys, String current, String next, String serial) {
        return finish(DeviceClaim.renewal(
                connected("client-" + clients++),
                clock,
                keys,
                current,
                next,
                "site",
                Map.of("SerialNumber", serial),
                Duration.ofSeconds(5),
                4));
    }

    private static void assertRejected(String errorCode, ProvisioningResult result) {
        assertEquals(
                errorCode,
                assertInstanceOf(ProvisioningResult.Rejected.class, result).errorCode());
    }

    private static X509Certificate certificate(ProvisioningResult result) {
        return assertInstanceOf(ProvisioningResult.Provisioned.class, result).certificate();
    }

    @Test
    void noMoreCertificatesThanTheRateInAnHourAndTheSameAgainIsNotCounted() throws Exception {
        MapKeyStore first = new MapKeyStore();
        certificate(claim(first, "S0"));
        certificate(claim(first, "S0"));
        certificate(claim(new MapKeyStore(), "S1"));
        certificate(claim(new MapKeyStore(), "S2"));
        assertRejected("RateExceeded", claim(new MapKeyStore(), "S3"));
        certificate(claim(first, "S0"));
        clock.advance(Duration.ofHours(1));
        certificate(claim(new MapKeyStore(), "S3"));
        assertEquals(4, ledger.things().size());
    }

    @Test
    void aClaimThatHasEndedIssuesNothingAndItsDevicesStay() throws Exception {
        certificate(claim(new MapKeyStore(), "S0"));
        clock.advance(Duration.between(clock.instant(), CLAIM_ENDS.minus(Duration.ofMinutes(5))));
        certificate(claim(new MapKeyStore(), "S1"));
        clock.advance(Duration.between(clock.instant(), CLAIM_ENDS));
        assertRejected("ClaimExpired", claim(new MapKeyStore(), "S2"));
        assertEquals(2, ledger.things().size());
        assertEquals(2, ledger.certificates().size());
    }

    @Test
    void aRevokedClaimIssuesNothingAndItsDevicesStay() throws Exception {
        certificate(claim(new MapKeyStore(), "S0"));
        ledger.revokeClaim("another");
        certificate(claim(new MapKeyStore(), "S1"));
        ledger.revokeClaim("claim-1");
        assertRejected("ClaimRevoked", claim(new MapKeyStore(), "S2"));
        assertEquals(2, ledger.things().stream().filter(it -> !it.revoked()).count());
    }

    @Test
    void aRevokedDeviceIsShutOutWithOldKeyAndNew() throws Exception {
        MapKeyStore keys = new MapKeyStore();
        String id = CertificateRequests.id(certificate(claim(keys, "S0")));
        assertTrue(ledger.certificate(id).isPresent());
        assertTrue(ledger.revokeThing("S0"));
        assertFalse(ledger.revokeThing("S9"), "never heard of");
        assertTrue(ledger.certificate(id).isEmpty());
        assertRejected("ThingRevoked", claim(keys, "S0"));
        assertRejected("ThingRevoked", claim(new MapKeyStore(), "S0"));
        assertEquals(1, ledger.things().size());
    }

    @Test
    void renewalTakesProofOfTheOldKeyRevokesItAndDoesNotCountAsAnother() throws Exception {
        MapKeyStore keys = new MapKeyStore();
        X509Certificate old = certificate(claim(keys, "S0"));
        for (int i = 0; i < 50; i++) {
            Instant at = DeviceClaim.renewAt(old, new SplittableRandom(i));
            assertTrue(at.isAfter(START.plus(Duration.ofDays(59))) && at.isBefore(START.plus(Duration.ofDays(76))));
        }
        assertRejected("ProofNeeded", claim(new MapKeyStore(), "S0"));
        MapKeyStore thief = new MapKeyStore();
        thief.generate("device", KeyAlgorithm.P256);
        assertRejected("ProofNeeded", renew(thief, "device", "next", "S0"));
        clock.advance(Duration.ofDays(20));
        X509Certificate renewed = certificate(renew(keys, "device", "next", "S0"));
        assertNotEquals(old.getPublicKey(), renewed.getPublicKey());
        assertTrue(ledger.certificate(CertificateRequests.id(old)).isEmpty(), "the old one is forgotten");
        assertEquals(CertificateRequests.id(renewed), ledger.things().get(0).certificateId());
        assertEquals(1, ledger.things().size());
        assertEquals(renewed, certificate(renew(keys, "device", "next", "S0")), "said again");
    }

    // What follows: a site issues on its own under an intermediate of the root, and upstream takes it over later.

    private static final class Site {
        final MapKeyStore keys = new MapKeyStore();
        final ClaimLedger ledger = new ClaimLedger();
        final CertificateAuthority authority;
        final X509Certificate intermediate;

        Site(CertificateAuthority root, SimClock clock, String name, Duration validity, int seed) throws Exception {
            keys.generate("site", KeyAlgorithm.P256);
            authority = new CertificateAuthority(keys, "site", name, clock, new SplittableRandom(seed));
            intermediate = root.intermediate(authority, validity);
        }

        /** A device that came while there was no link. */
        String provision(ClaimPolicy policy, SimClock clock, String serial, int number) throws Exception {
            MapKeyStore device = new MapKeyStore();
            device.generate("device", KeyAlgorithm.P256);
            LoopbackBroker local = new LoopbackBroker(clock, new SplittableRandom(number));
            Transport service = local.client();
            Transport client = local.client();
            CompletableFuture<Boolean> one = service.connect(ConnectOptions.of("service"));
            CompletableFuture<Boolean> two = client.connect(ConnectOptions.of("client"));
            clock.advance(Duration.ofSeconds(1));
            assertTrue(one.isDone() && two.isDone());
            try (ProvisioningService serving =
                    new ProvisioningService(service, authority, policy, ledger, clock, new SplittableRandom(number))) {
                clock.advance(Duration.ofSeconds(1));
                assertTrue(serving != null);
                CompletableFuture<ProvisioningResult> result = new DeviceClaim(
                                client,
                                clock,
                                device,
                                "device",
                                "site",
                                Map.of("SerialNumber", serial),
                                Duration.ofSeconds(5),
                                4)
                        .start();
                clock.advance(Duration.ofMinutes(1));
                return CertificateRequests.id(certificate(result.join()));
            }
        }
    }

    private Reconciliation reconciliation(CertificateAuthority root, Site site, int quota) throws Exception {
        return new Reconciliation(
                ledger,
                policy(quota, Replacement.ALLOWED),
                root.selfSigned(Duration.ofDays(3650)),
                site.intermediate,
                clock);
    }

    private CertificateAuthority root() {
        return new CertificateAuthority(authority, "ca", "O=Fieldproof", clock, new SplittableRandom(9));
    }

    @Test
    void whatASiteIssuedOfflineIsTakenOverOnceAndWithinTheQuota() throws Exception {
        CertificateAuthority root = root();
        Site site = new Site(root, clock, "O=Fieldproof,OU=Site 7", Duration.ofDays(365), 3);
        ClaimPolicy local = policy(100, Replacement.ALLOWED);
        String first = site.provision(local, clock, "S1", 1);
        site.provision(local, clock, "S2", 2);
        site.provision(local, clock, "S3", 3);
        Reconciliation.Outcome outcome = reconciliation(root, site, 2).run(site.ledger);
        assertEquals(List.of("S1", "S2"), outcome.adopted());
        assertEquals("QuotaExceeded", outcome.refused().get(0).errorCode());
        assertEquals(first, ledger.things().get(0).certificateId());
        assertEquals("node-S1", ledger.things().get(0).name());
        assertEquals(outcome, reconciliation(root, site, 2).run(site.ledger), "again changes nothing");
        assertEquals(2, ledger.things().size());
        assertEquals(2, ledger.certificates().size());
        ledger.revokeThing("S2");
        assertEquals(
                "ThingRevoked",
                reconciliation(root, site, 9).run(site.ledger).refused().get(0).errorCode());
    }

    @Test
    void aSiteThatWentBeyondItsNameIsNotBelieved() throws Exception {
        CertificateAuthority root = root();
        Site site = new Site(root, clock, "O=Fieldproof,OU=Site 7", Duration.ofDays(365), 3);
        site.provision(policy(100, Replacement.ALLOWED), clock, "S1", 1);
        // The same key under another name: what it signs lies outside the constraint of its certificate.
        Site wide = new Site(root, clock, "O=Fieldproof,OU=Site 7", Duration.ofDays(365), 4);
        CertificateAuthority beyond =
                new CertificateAuthority(wide.keys, "site", "O=Other", clock, new SplittableRandom(5));
        MapKeyStore key = new MapKeyStore();
        key.generate("device", KeyAlgorithm.P256);
        String pem = beyond.device(
                org.bouncycastle.asn1.x509.SubjectPublicKeyInfo.getInstance(
                        key.publicKey("device").getEncoded()),
                "x",
                Duration.ofDays(10));
        String id = CertificateRequests.id(pem);
        ClaimLedger forged = new ClaimLedger();
        assertInstanceOf(
                ClaimLedger.Bound.class,
                forged.adopt(
                        policy(100, Replacement.ALLOWED),
                        new ClaimLedger.Issued("hash", id, pem, "token", 0, "S5"),
                        new ClaimLedger.Thing("S5", "node-S5", id, "claim-1", false),
                        current -> true));
        Reconciliation.Outcome outcome = reconciliation(root, wide, 9).run(forged);
        assertEquals(List.of(), outcome.adopted());
        assertEquals("InvalidCertificate", outcome.refused().get(0).errorCode());
        // Another site's intermediate does not vouch for it either.
        assertEquals(
                "InvalidCertificate",
                reconciliation(root, wide, 9).run(site.ledger).refused().get(0).errorCode());
        assertEquals(List.of(), ledger.things());
    }

    @Test
    void anIntermediateThatHasEndedVouchesForNothing() throws Exception {
        CertificateAuthority root = root();
        Site site = new Site(root, clock, "O=Fieldproof,OU=Site 7", Duration.ofDays(20), 3);
        site.provision(policy(100, Replacement.ALLOWED), clock, "S1", 1);
        clock.advance(Duration.ofDays(21));
        Reconciliation.Outcome late = reconciliation(root, site, 9).run(site.ledger);
        assertEquals("InvalidCertificate", late.refused().get(0).errorCode());
        assertEquals(List.of(), ledger.things());
    }

    @Test
    void ofTwoSitesThatKnowADeviceTheNewerCertificateHoldsInEitherOrder() throws Exception {
        CertificateAuthority root = root();
        Site before = new Site(root, clock, "O=Fieldproof,OU=Site 7", Duration.ofDays(365), 3);
        Site after = new Site(root, clock, "O=Fieldproof,OU=Site 8", Duration.ofDays(365), 4);
        ClaimPolicy local = policy(100, Replacement.ALLOWED);
        before.provision(local, clock, "S1", 1);
        clock.advance(Duration.ofDays(1));
        String newer = after.provision(local, clock, "S1", 2);
        reconciliation(root, after, 9).run(after.ledger);
        assertEquals(
                "Superseded",
                reconciliation(root, before, 9)
                        .run(before.ledger)
                        .refused()
                        .get(0)
                        .errorCode());
        assertEquals(newer, ledger.things().get(0).certificateId());
        assertEquals(1, ledger.certificates().size());
    }
}
