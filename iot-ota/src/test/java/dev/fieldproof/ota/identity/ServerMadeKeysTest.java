package dev.fieldproof.ota.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** "CreateKeysAndCertificate" as devices of others use it: the service makes the key. */
class ServerMadeKeysTest {
    private static final String CREATE = "$aws/certificates/create/json";
    private static final String REGISTER = "$aws/provisioning-templates/site/provision/json";

    private final SimClock clock = new SimClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
    private final ClaimLedger ledger = new ClaimLedger();
    private final List<Message> answers = new ArrayList<>();
    private final Transport device = broker.client();

    @BeforeEach
    void aDeviceListens() {
        CompletableFuture<Boolean> unused = device.connect(ConnectOptions.of("device"));
        for (String topic : List.of(CREATE, REGISTER)) {
            device.subscribe(new TopicFilter(topic + "/+"), Qos.AT_LEAST_ONCE, answers::add);
        }
        clock.advance(Duration.ofSeconds(1));
    }

    private ProvisioningService service(int perHour) throws Exception {
        MapKeyStore authority = new MapKeyStore();
        authority.generate("ca", KeyAlgorithm.P256);
        Transport transport = broker.client();
        CompletableFuture<Boolean> unused = transport.connect(ConnectOptions.of("service"));
        ClaimPolicy policy = new ClaimPolicy(
                "claim-1",
                "site",
                "node-${SerialNumber}",
                Map.of(),
                Duration.ofDays(90),
                9,
                perHour,
                Instant.MAX,
                ClaimPolicy.Replacement.ALLOWED,
                parameters -> Optional.empty());
        return new ProvisioningService(
                transport, authority, "ca", "CN=Site", policy, ledger, clock, new SplittableRandom(2));
    }

    private List<Message> ask(String topic, String payload) {
        answers.clear();
        CompletableFuture<Void> unused =
                device.publish(new Message(topic, payload.getBytes(StandardCharsets.UTF_8), Qos.AT_LEAST_ONCE, false));
        clock.advance(Duration.ofSeconds(5));
        return List.copyOf(answers);
    }

    private JsonObject accepted(String topic, String payload) throws Exception {
        List<Message> said = ask(topic, payload);
        assertEquals(1, said.size());
        assertEquals(topic + "/accepted", said.get(0).topic());
        return JsonReader.object(said.get(0).payload());
    }

    @Test
    void theKeyBelongsToTheCertificateAndTheDeviceIsRegisteredWithIt() throws Exception {
        service(9).serveKeys();
        clock.advance(Duration.ofSeconds(1));
        JsonObject made = accepted(CREATE, "{}");
        X509Certificate certificate = CertificateRequests.parse(made.text("certificatePem"));
        assertEquals(CertificateRequests.id(certificate), made.text("certificateId"));
        byte[] pkcs8 = Base64.getMimeDecoder().decode(made.text("privateKey").replaceAll("-----[A-Z ]+-----", ""));
        Signature signing = Signature.getInstance("SHA256withECDSA");
        signing.initSign(KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
        signing.update(new byte[] {1, 2, 3});
        byte[] signature = signing.sign();
        Signature verifying = Signature.getInstance("SHA256withECDSA");
        verifying.initVerify(certificate.getPublicKey());
        verifying.update(new byte[] {1, 2, 3});
        assertTrue(verifying.verify(signature));
        JsonObject thing = accepted(
                REGISTER,
                "{\"certificateOwnershipToken\":\"" + made.text("certificateOwnershipToken")
                        + "\",\"parameters\":{\"SerialNumber\":\"S1\"}}");
        assertEquals("node-S1", thing.text("thingName"));
        assertEquals(made.text("certificateId"), ledger.things().get(0).certificateId());
    }

    @Test
    void eachRequestMakesAnotherAndWhatNobodyTookIsForgotten() throws Exception {
        service(2).serveKeys();
        clock.advance(Duration.ofSeconds(1));
        String first = accepted(CREATE, "{}").text("certificateId");
        assertNotEquals(first, accepted(CREATE, "{}").text("certificateId"));
        assertEquals(CREATE + "/rejected", ask(CREATE, "{}").get(0).topic(), "they count against the rate");
        assertEquals(2, ledger.certificates().size());
        clock.advance(ProvisioningService.TOKEN_VALIDITY);
        assertEquals(2, ledger.expire(clock.millis()));
        assertEquals(List.of(), ledger.certificates());
    }

    @Test
    void aServiceThatWasNotToldToMakesNoKeys() throws Exception {
        try (ProvisioningService service = service(9)) {
            clock.advance(Duration.ofSeconds(1));
            assertEquals(List.of(), ask(CREATE, "{}"));
            assertTrue(service != null);
        }
    }
}
