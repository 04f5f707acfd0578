package dev.fieldproof.ota.identity;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.key.KeyStore;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.json.JsonWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/**
 * The service's side of provisioning by claim: answers devices on the topics of AWS IoT fleet provisioning and issues
 * their certificates with a key that stays in its store. Thread-safe.
 */
public final class ProvisioningService implements AutoCloseable {
    /** How long a certificate waits to be bound to a thing. */
    public static final Duration TOKEN_VALIDITY = Duration.ofHours(1);

    private static final Duration BACKDATED = Duration.ofMinutes(5);

    private final Transport transport;
    private final KeyStore authority;
    private final String authorityKeyId;
    private final X500Name issuer;
    private final ClaimPolicy policy;
    private final ClaimLedger ledger;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final List<Subscription> subscriptions;

    /**
     * Begins to serve.
     *
     * @param transport connected, stays the caller's
     * @param authority holds the issuing key
     * @param authorityKeyId which of its keys
     * @param issuerName the issuer's distinguished name, such as {@code CN=Site 7}
     * @param policy what is allowed
     * @param ledger what was issued
     * @param clock for validity
     * @param random for serial numbers and tokens; cryptographically strong outside simulations
     */
    public ProvisioningService(
            Transport transport,
            KeyStore authority,
            String authorityKeyId,
            String issuerName,
            ClaimPolicy policy,
            ClaimLedger ledger,
            InstantSource clock,
            RandomGenerator random) {
        this.transport = transport;
        this.authority = authority;
        this.authorityKeyId = authorityKeyId;
        this.issuer = new X500Name(issuerName);
        this.policy = policy;
        this.ledger = ledger;
        this.clock = clock;
        this.random = random;
        String register = ProvisioningTopics.register(policy.template());
        this.subscriptions = List.of(
                transport.subscribe(
                        new TopicFilter(ProvisioningTopics.CREATE_FROM_CSR), Qos.AT_LEAST_ONCE, this::create),
                transport.subscribe(new TopicFilter(register), Qos.AT_LEAST_ONCE, this::register));
    }

    /** A request that is refused, with what the device is told. */
    private static final class RefusedRequest extends Exception {
        private static final long serialVersionUID = 1L;

        private final int statusCode;
        private final String errorCode;

        RefusedRequest(int statusCode, String errorCode, String message) {
            super(message, null, false, false);
            this.statusCode = statusCode;
            this.errorCode = errorCode;
        }
    }

    private interface Step {
        JsonObject.Builder answer(JsonObject request) throws JsonException, IOException, RefusedRequest;
    }

    private void create(Message message) {
        answer(message, this::created);
    }

    private void register(Message message) {
        answer(message, this::registered);
    }

    private void answer(Message message, Step step) {
        JsonObject.Builder answer;
        String topic = message.topic() + ProvisioningTopics.ACCEPTED;
        try {
            answer = step.answer(JsonReader.object(message.payload()));
        } catch (RefusedRequest e) {
            topic = message.topic() + ProvisioningTopics.REJECTED;
            answer = rejection(e.statusCode, e.errorCode, String.valueOf(e.getMessage()));
        } catch (JsonException e) {
            topic = message.topic() + ProvisioningTopics.REJECTED;
            answer = rejection(400, "InvalidPayload", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return; // nothing was recorded: the device asks again
        }
        answer.put(
                ProvisioningTopics.REQUEST_ID, Digest.sha256(message.payload()).hex());
        byte[] payload = JsonWriter.compact(answer.build()).getBytes(StandardCharsets.UTF_8);
        // An answer that is lost is asked for again by the device.
        CompletableFuture<Void> unused = transport.publish(new Message(topic, payload, Qos.AT_LEAST_ONCE, false));
    }

    private static JsonObject.Builder rejection(int statusCode, String errorCode, String message) {
        return JsonObject.builder()
                .put("statusCode", statusCode)
                .put("errorCode", errorCode)
                .put("errorMessage", message);
    }

    private JsonObject.Builder created(JsonObject request) throws JsonException, IOException, RefusedRequest {
        PKCS10CertificationRequest csr = verified(request.text("certificateSigningRequest"));
        String keyHash =
                Digest.sha256(csr.getSubjectPublicKeyInfo().getEncoded()).hex();
        ClaimLedger.Issued issued = ledger.create(keyHash, () -> issue(csr, keyHash));
        return JsonObject.builder()
                .put("certificateOwnershipToken", issued.ownershipToken())
                .put("certificateId", issued.certificateId())
                .put("certificatePem", issued.certificatePem());
    }

    private static PKCS10CertificationRequest verified(String pem) throws RefusedRequest {
        try {
            PKCS10CertificationRequest csr = CertificateRequests.parseRequest(pem);
            if (CertificateRequests.signedByOwnKey(csr)) {
                return csr;
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new RefusedRequest(400, "InvalidCertificateSigningRequest", "not a signing request: " + e);
        }
        throw new RefusedRequest(
                400, "InvalidCertificateSigningRequest", "the signing request is not signed by its own key");
    }

    private ClaimLedger.Issued issue(PKCS10CertificationRequest csr, String keyHash) throws IOException {
        Instant now = clock.instant();
        byte[] serial = new byte[16];
        random.nextBytes(serial);
        byte[] token = new byte[32];
        random.nextBytes(token);
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                issuer,
                new BigInteger(1, serial),
                Date.from(now.minus(BACKDATED)),
                Date.from(now.plus(policy.certificateValidity())),
                csr.getSubject(),
                csr.getSubjectPublicKeyInfo());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        X509CertificateHolder holder = builder.build(CertificateRequests.signer(authority, authorityKeyId));
        String pem = CertificateRequests.pem("CERTIFICATE", holder.getEncoded());
        X509Certificate certificate = CertificateRequests.parse(pem);
        return new ClaimLedger.Issued(
                keyHash,
                CertificateRequests.id(certificate),
                pem,
                HexFormat.of().formatHex(token),
                now.plus(TOKEN_VALIDITY).toEpochMilli());
    }

    private JsonObject.Builder registered(JsonObject request) throws JsonException, RefusedRequest {
        String token = request.text("certificateOwnershipToken");
        Map<String, String> parameters = new HashMap<>();
        JsonObject given = request.object("parameters");
        for (String name : given.members().keySet()) {
            parameters.put(name, given.text(name));
        }
        Optional<ClaimLedger.Issued> issued = ledger.byToken(token);
        if (issued.isEmpty()) {
            throw new RefusedRequest(400, ProvisioningTopics.INVALID_TOKEN, "no such token, or it has expired");
        }
        String serial = parameters.get("SerialNumber");
        if (serial == null || serial.isEmpty()) {
            throw new RefusedRequest(400, "InvalidParameters", "'SerialNumber' is missing");
        }
        Optional<String> refused = policy.hook().reasonToRefuse(parameters);
        if (refused.isPresent()) {
            throw new RefusedRequest(403, "PreProvisioningHookRefused", refused.get());
        }
        ClaimLedger.Thing thing = ledger.register(serial, policy.thingPrefix() + serial, issued.get(), policy.quota())
                .orElseThrow(() -> new RefusedRequest(
                        429, "QuotaExceeded", "the template's quota of " + policy.quota() + " is used up"));
        return JsonObject.builder()
                .put("deviceConfiguration", JsonObject.builder().build())
                .put("thingName", thing.name());
    }

    /** Stops serving. Idempotent. */
    @Override
    public void close() {
        subscriptions.forEach(Subscription::close);
    }
}
