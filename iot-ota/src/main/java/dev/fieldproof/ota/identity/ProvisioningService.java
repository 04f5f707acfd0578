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
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service's side of provisioning by claim: answers devices on the topics of AWS IoT fleet provisioning ("Device
 * provisioning MQTT API") and issues their certificates. One service serves the holders of one claim; the broker keeps
 * others from its topics. Thread-safe.
 */
public final class ProvisioningService implements AutoCloseable {
    /** How long a certificate waits to be bound to a thing. */
    public static final Duration TOKEN_VALIDITY = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(ProvisioningService.class);
    private static final int MAX_PARAMETERS = 64;
    private static final int MAX_PARAMETER_CHARS = 1024;
    private static final int MAX_SERIAL_CHARS = 128;

    private final Transport transport;
    private final CertificateAuthority authority;
    private final ClaimPolicy policy;
    private final ClaimLedger ledger;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final List<Subscription> subscriptions = new ArrayList<>();

    /**
     * Begins to serve.
     *
     * @param transport connected, stays the caller's
     * @param authority issues the certificates
     * @param policy what is allowed
     * @param ledger what was issued
     * @param clock for validity
     * @param random for tokens; cryptographically strong outside simulations
     */
    public ProvisioningService(
            Transport transport,
            CertificateAuthority authority,
            ClaimPolicy policy,
            ClaimLedger ledger,
            InstantSource clock,
            RandomGenerator random) {
        this.transport = transport;
        this.authority = authority;
        this.policy = policy;
        this.ledger = ledger;
        this.clock = clock;
        this.random = random;
        serve(ProvisioningTopics.CREATE_FROM_CSR, this::created);
        serve(ProvisioningTopics.register(policy.template()), this::registered);
    }

    /**
     * Begins to serve with a key of a store.
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
        this(
                transport,
                new CertificateAuthority(authority, authorityKeyId, issuerName, clock, random),
                policy,
                ledger,
                clock,
                random);
    }

    /**
     * Serves devices that cannot make keys, too ("CreateKeysAndCertificate"). The request names no key, so a lost
     * answer leaves a certificate that nobody has; it expires unbound. The answer holds the private key: only over a
     * broker that hands answers to nobody but the connection that asked, as AWS IoT does.
     */
    public void serveKeys() {
        serve(ProvisioningTopics.CREATE_KEYS, this::createdWithKeys);
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

    private void serve(String topic, Step step) {
        subscriptions.add(
                transport.subscribe(new TopicFilter(topic), Qos.AT_LEAST_ONCE, message -> answer(message, step)));
    }

    private void answer(Message message, Step step) {
        JsonObject.Builder answer;
        String topic = message.topic() + ProvisioningTopics.ACCEPTED;
        try {
            JsonObject request = JsonReader.object(message.payload());
            requireClaim();
            answer = step.answer(request);
        } catch (RefusedRequest e) {
            topic = message.topic() + ProvisioningTopics.REJECTED;
            LOG.info("claim {} refused: {} {}", policy.claim(), e.errorCode, e.getMessage());
            answer = rejection(e.statusCode, e.errorCode, String.valueOf(e.getMessage()));
        } catch (JsonException e) {
            topic = message.topic() + ProvisioningTopics.REJECTED;
            answer = rejection(400, "InvalidPayload", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            LOG.warn("nothing was recorded, the device will ask again", e);
            return;
        }
        answer.put(
                ProvisioningTopics.REQUEST_ID, Digest.sha256(message.payload()).hex());
        byte[] payload = JsonWriter.compact(answer.build()).getBytes(StandardCharsets.UTF_8);
        // An answer that is lost is asked for again by the device.
        CompletableFuture<Void> unused = transport.publish(new Message(topic, payload, Qos.AT_LEAST_ONCE, false));
    }

    private void requireClaim() throws RefusedRequest, IOException {
        if (!clock.instant().isBefore(policy.notAfter())) {
            throw new RefusedRequest(403, "ClaimExpired", "the claim ended at " + policy.notAfter());
        }
        if (ledger.isClaimRevoked(policy.claim())) {
            throw new RefusedRequest(403, "ClaimRevoked", "the claim was revoked");
        }
    }

    private static JsonObject.Builder rejection(int statusCode, String errorCode, String message) {
        return JsonObject.builder()
                .put("statusCode", statusCode)
                .put("errorCode", errorCode)
                .put("errorMessage", message);
    }

    private JsonObject.Builder created(JsonObject request) throws JsonException, IOException, RefusedRequest {
        PKCS10CertificationRequest csr = verified(request.text("certificateSigningRequest"));
        return issued(csr.getSubjectPublicKeyInfo());
    }

    private JsonObject.Builder issued(SubjectPublicKeyInfo key) throws IOException, RefusedRequest {
        String keyHash = Digest.sha256(key.getEncoded()).hex();
        ClaimLedger.Issued issued = ledger.create(policy, keyHash, clock.millis(), () -> issue(key, keyHash))
                .orElseThrow(() -> new RefusedRequest(
                        429, "RateExceeded", "no more than " + policy.certificatesPerHour() + " certificates an hour"));
        return JsonObject.builder()
                .put("certificateOwnershipToken", issued.ownershipToken())
                .put("certificateId", issued.certificateId())
                .put("certificatePem", issued.certificatePem());
    }

    private JsonObject.Builder createdWithKeys(JsonObject request) throws IOException, RefusedRequest {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            KeyPair pair = generator.generateKeyPair();
            return issued(SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()))
                    .put(
                            "privateKey",
                            CertificateRequests.pem(
                                    "PRIVATE KEY", pair.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java platform lacks P-256", e);
        }
    }

    private static PKCS10CertificationRequest verified(String pem) throws RefusedRequest {
        try {
            PKCS10CertificationRequest csr = CertificateRequests.parseRequest(pem);
            if (CertificateRequests.signedByOwnKey(csr)) {
                return csr;
            }
        } catch (IOException | RuntimeException e) {
            throw new RefusedRequest(400, "InvalidCertificateSigningRequest", "not a signing request: " + e);
        }
        throw new RefusedRequest(
                400, "InvalidCertificateSigningRequest", "the signing request is not signed by its own key");
    }

    private ClaimLedger.Issued issue(SubjectPublicKeyInfo key, String keyHash) throws IOException {
        Instant now = clock.instant();
        byte[] token = new byte[32];
        random.nextBytes(token);
        String pem = authority.device(key, keyHash.substring(0, 32), policy.certificateValidity());
        return new ClaimLedger.Issued(
                keyHash,
                CertificateRequests.id(pem),
                pem,
                HexFormat.of().formatHex(token),
                now.plus(TOKEN_VALIDITY).toEpochMilli(),
                "");
    }

    private JsonObject.Builder registered(JsonObject request) throws JsonException, IOException, RefusedRequest {
        String token = request.text("certificateOwnershipToken");
        Map<String, String> parameters = parameters(request);
        String serial = parameters.getOrDefault(ClaimPolicy.SERIAL_NUMBER, "");
        if (serial.isEmpty() || serial.length() > MAX_SERIAL_CHARS) {
            throw new RefusedRequest(400, "InvalidParameters", "'SerialNumber' is missing or too long");
        }
        Optional<String> refused = policy.hook().reasonToRefuse(parameters);
        if (refused.isPresent()) {
            throw new RefusedRequest(403, "PreProvisioningHookRefused", refused.get());
        }
        String name = filled(policy.thingName(), parameters);
        JsonObject.Builder configuration = JsonObject.builder();
        for (Map.Entry<String, String> entry : new TreeMap<>(policy.deviceConfiguration()).entrySet()) {
            configuration.put(entry.getKey(), filled(entry.getValue(), parameters));
        }
        String proof = parameters.getOrDefault(ProvisioningTopics.PROOF, "");
        ClaimLedger.Registration result =
                ledger.register(policy, serial, name, token, current -> proves(proof, token, current));
        if (result instanceof ClaimLedger.NotBound no) {
            throw new RefusedRequest(no.statusCode(), no.errorCode(), no.reason());
        }
        return JsonObject.builder()
                .put("deviceConfiguration", configuration.build())
                .put("thingName", ((ClaimLedger.Bound) result).thing().name());
    }

    private static Map<String, String> parameters(JsonObject request) throws JsonException, RefusedRequest {
        Map<String, String> parameters = new TreeMap<>();
        JsonObject given = request.object("parameters");
        for (String name : given.members().keySet()) {
            String value = given.text(name);
            if (parameters.size() == MAX_PARAMETERS || value.length() > MAX_PARAMETER_CHARS) {
                throw new RefusedRequest(400, "InvalidParameters", "too many parameters, or one too long: " + name);
            }
            parameters.put(name, value);
        }
        return parameters;
    }

    private static String filled(String text, Map<String, String> parameters) throws RefusedRequest {
        return ClaimPolicy.fill(text, parameters)
                .orElseThrow(() -> new RefusedRequest(400, "InvalidParameters", "the template needs all of " + text));
    }

    private static boolean proves(String proof, String token, ClaimLedger.Issued current) throws IOException {
        try {
            return CertificateRequests.verify(
                    SubjectPublicKeyInfo.getInstance(CertificateRequests.parse(current.certificatePem())
                            .getPublicKey()
                            .getEncoded()),
                    ProvisioningTopics.proofOf(token),
                    Base64.getDecoder().decode(proof));
        } catch (IllegalArgumentException e) {
            return false; // not Base64
        }
    }

    /** Stops serving. Idempotent. */
    @Override
    public void close() {
        subscriptions.forEach(Subscription::close);
    }
}
