package dev.fieldproof.ota.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProvisioningTest {
    private final SimClock clock = new SimClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
    private final MapKeyStore authority = new MapKeyStore();
    private final ClaimLedger ledger = new ClaimLedger();
    private ClaimPolicy policy = new ClaimPolicy(
            "site",
            "node-",
            Duration.ofDays(365),
            2,
            parameters -> parameters.get("SerialNumber").startsWith("X") ? Optional.of("not ours") : Optional.empty());

    @BeforeEach
    void aServiceListens() throws IOException {
        authority.generate("ca", KeyAlgorithm.P256);
        serve();
    }

    private ProvisioningService serve() {
        return new ProvisioningService(
                connected("service"), authority, "ca", "CN=Site", policy, ledger, clock, new SplittableRandom(2));
    }

    private Transport connected(String name) {
        Transport transport = broker.client();
        CompletableFuture<Boolean> unused = transport.connect(ConnectOptions.of(name));
        clock.runUntilIdle(100);
        return transport;
    }

    private CompletableFuture<ProvisioningResult> claim(String client, MapKeyStore keys, String serial) {
        return new DeviceClaim(
                        connected(client),
                        clock,
                        keys,
                        "device",
                        "site",
                        Map.of("SerialNumber", serial),
                        Duration.ofSeconds(5),
                        6)
                .start();
    }

    private ProvisioningResult run(CompletableFuture<ProvisioningResult> claim) {
        clock.advance(Duration.ofMinutes(2));
        assertTrue(claim.isDone());
        return claim.join();
    }

    @Test
    void aDeviceGetsItsIdentity() throws Exception {
        MapKeyStore keys = new MapKeyStore();
        ProvisioningResult.Provisioned result =
                assertInstanceOf(ProvisioningResult.Provisioned.class, run(claim("d1", keys, "S1")));
        assertEquals("node-S1", result.thingName());
        result.certificate().verify(authority.publicKey("ca"));
        assertEquals(keys.publicKey("device"), result.certificate().getPublicKey());
        assertEquals(List.of(result.certificate()), keys.certificateChain("device"));
        assertEquals(1, ledger.things().size());
    }

    @Test
    void claimingAgainGivesTheSameIdentity() {
        MapKeyStore keys = new MapKeyStore();
        assertEquals(run(claim("d1", keys, "S1")), run(claim("d1-again", keys, "S1")));
        assertEquals(1, ledger.certificates().size());
    }

    @Test
    void devicesOnOneBrokerDoNotTakeEachOthersAnswers() {
        CompletableFuture<ProvisioningResult> first = claim("d1", new MapKeyStore(), "S1");
        CompletableFuture<ProvisioningResult> second = claim("d2", new MapKeyStore(), "S2");
        assertEquals("node-S1", ((ProvisioningResult.Provisioned) run(first)).thingName());
        assertEquals("node-S2", ((ProvisioningResult.Provisioned) run(second)).thingName());
    }

    @Test
    void aNewKeyOfAKnownDeviceReplacesAndRevokes() {
        run(claim("d1", new MapKeyStore(), "S1"));
        run(claim("d2", new MapKeyStore(), "S1"));
        assertEquals(1, ledger.things().size());
        assertEquals(1, ledger.certificates().size());
        assertEquals(
                ledger.certificates().get(0).certificateId(),
                ledger.things().get(0).certificateId());
    }

    @Test
    void hookAndQuotaRefuseAndUnboundCertificatesExpire() {
        ProvisioningResult.Rejected hook =
                assertInstanceOf(ProvisioningResult.Rejected.class, run(claim("d0", new MapKeyStore(), "X1")));
        assertEquals("PreProvisioningHookRefused", hook.errorCode());
        run(claim("d1", new MapKeyStore(), "S1"));
        run(claim("d2", new MapKeyStore(), "S2"));
        ProvisioningResult.Rejected quota =
                assertInstanceOf(ProvisioningResult.Rejected.class, run(claim("d3", new MapKeyStore(), "S3")));
        assertEquals(429, quota.statusCode());
        assertEquals(4, ledger.certificates().size());
        assertEquals(2, ledger.expire(clock.instant().plus(Duration.ofHours(2)).toEpochMilli()));
        assertEquals(2, ledger.certificates().size());
    }

    @Test
    void withoutAServiceThereIsNoAnswer() {
        broker.cut("service");
        CompletableFuture<ProvisioningResult> claim = claim("d1", new MapKeyStore(), "S1");
        assertFalse(claim.isDone());
        assertEquals(new ProvisioningResult.NoAnswer(6), run(claim));
    }

    @Test
    void rubbishIsRejectedAndHarmsNobody() {
        Transport stranger = connected("stranger");
        byte[] rubbish = "{\"certificateSigningRequest\":\"x\"}".getBytes(StandardCharsets.UTF_8);
        for (byte[] payload : List.of(rubbish, new byte[3])) {
            CompletableFuture<Void> unused = stranger.publish(
                    new Message(ProvisioningTopics.CREATE_FROM_CSR, payload, Qos.AT_LEAST_ONCE, false));
        }
        assertInstanceOf(ProvisioningResult.Provisioned.class, run(claim("d1", new MapKeyStore(), "S1")));
    }
}
