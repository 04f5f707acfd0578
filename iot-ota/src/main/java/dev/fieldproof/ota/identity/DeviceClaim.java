package dev.fieldproof.ota.identity;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.key.KeyAlgorithm;
import dev.fieldproof.core.key.WritableKeyStore;
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
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/**
 * The device's side of provisioning by claim. The device makes its key, stores it before the first message, asks for a
 * certificate with a signing request, then registers with the ownership token of the answer.
 *
 * <p>It never asks the service to make a key ("CreateKeysAndCertificate"): a key that travels can be read on the way,
 * and a lost answer leaves a certificate that nobody has, so that nothing could be done exactly once.
 *
 * <p>It may be cut off or restarted at any moment and simply begins again: with the same key it gets the same
 * certificate and the same name. Thread-safe.
 */
public final class DeviceClaim {
    private final Transport transport;
    private final Scheduler scheduler;
    private final WritableKeyStore keys;
    private final String keyId;
    private final String template;
    private final Map<String, String> parameters;
    private final Duration retryAfter;
    private final String renewing;
    private final CompletableFuture<ProvisioningResult> result = new CompletableFuture<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private byte[] request = new byte[0];
    private String lastRequestId = "";
    private ClaimMachine.State state;

    /**
     * Prepares a claim.
     *
     * @param transport connected with the claim's credentials
     * @param scheduler for sending again
     * @param keys where the device's key is, or will be made
     * @param keyId the device's key
     * @param template which provisioning template
     * @param parameters the template's parameters, the serial number at least
     * @param retryAfter how long to wait for an answer before sending again
     * @param maxAttempts how many requests at most, at least 2
     */
    public DeviceClaim(
            Transport transport,
            Scheduler scheduler,
            WritableKeyStore keys,
            String keyId,
            String template,
            Map<String, String> parameters,
            Duration retryAfter,
            int maxAttempts) {
        this(transport, scheduler, keys, keyId, "", template, parameters, retryAfter, maxAttempts);
    }

    private DeviceClaim(
            Transport transport,
            Scheduler scheduler,
            WritableKeyStore keys,
            String keyId,
            String renewing,
            String template,
            Map<String, String> parameters,
            Duration retryAfter,
            int maxAttempts) {
        if (maxAttempts < 2) {
            throw new IllegalArgumentException("at least 2 attempts: " + maxAttempts);
        }
        this.transport = transport;
        this.scheduler = scheduler;
        this.keys = keys;
        this.keyId = keyId;
        this.template = template;
        this.parameters = new TreeMap<>(parameters);
        this.retryAfter = retryAfter;
        this.renewing = renewing;
        this.state = ClaimMachine.State.begin(maxAttempts);
    }

    /**
     * Prepares the renewal of an identity: a new key gets a certificate, proven with the current key, and the service
     * revokes the current certificate as it registers the new. After a cut the same call goes on where it was.
     *
     * @param transport connected
     * @param scheduler for sending again
     * @param keys where both keys are
     * @param currentKeyId the key of the identity as it is
     * @param nextKeyId the key of the identity as it will be; made if it is not there
     * @param template which provisioning template
     * @param parameters the template's parameters, the serial number at least
     * @param retryAfter how long to wait for an answer before sending again
     * @param maxAttempts how many requests at most, at least 2
     * @return a claim to start
     */
    public static DeviceClaim renewal(
            Transport transport,
            Scheduler scheduler,
            WritableKeyStore keys,
            String currentKeyId,
            String nextKeyId,
            String template,
            Map<String, String> parameters,
            Duration retryAfter,
            int maxAttempts) {
        return new DeviceClaim(
                transport, scheduler, keys, nextKeyId, currentKeyId, template, parameters, retryAfter, maxAttempts);
    }

    /**
     * When to renew: somewhere between two thirds and five sixths of a certificate's life, so that a fleet does not
     * renew at once.
     *
     * @param certificate the identity as it is
     * @param random spreads devices
     * @return the time
     */
    public static Instant renewAt(X509Certificate certificate, RandomGenerator random) {
        Instant from = certificate.getNotBefore().toInstant();
        double life =
                Duration.between(from, certificate.getNotAfter().toInstant()).toMillis();
        return from.plusMillis((long) (life * (2 + random.nextDouble() / 2) / 3));
    }

    /**
     * Provisions the device. To be called once.
     *
     * @return completes with how it ended; exceptionally with an {@link IOException} if the key store fails
     */
    public CompletableFuture<ProvisioningResult> start() {
        try {
            if (!keys.keyIds().contains(keyId)) {
                keys.generate(keyId, KeyAlgorithm.P256);
            }
            byte[] csr = CertificateRequests.pem(keys, keyId);
            request = json(JsonObject.builder()
                    .put("certificateSigningRequest", new String(csr, StandardCharsets.US_ASCII))
                    .build());
            String register = ProvisioningTopics.register(template);
            subscribe(ProvisioningTopics.CREATE_FROM_CSR + ProvisioningTopics.ACCEPTED, this::created);
            subscribe(ProvisioningTopics.CREATE_FROM_CSR + ProvisioningTopics.REJECTED, this::rejected);
            subscribe(register + ProvisioningTopics.ACCEPTED, this::registered);
            subscribe(register + ProvisioningTopics.REJECTED, this::rejected);
            take(new ClaimMachine.Again(0));
        } catch (IOException e) {
            fail(e);
        }
        return result;
    }

    private interface Handler {
        void handle(JsonObject answer) throws JsonException, IOException;
    }

    private void subscribe(String topic, Handler handler) {
        subscriptions.add(transport.subscribe(new TopicFilter(topic), Qos.AT_LEAST_ONCE, message -> {
            try {
                handler.handle(JsonReader.object(message.payload()));
            } catch (JsonException e) {
                // Not an answer; the next attempt asks again.
            } catch (IOException e) {
                fail(e);
            }
        }));
    }

    private synchronized void take(ClaimMachine.Event event) throws IOException {
        ClaimMachine.Step step = ClaimMachine.step(state, event);
        state = step.next();
        for (ClaimMachine.Effect effect : step.effects()) {
            carryOut(effect);
        }
    }

    private void carryOut(ClaimMachine.Effect effect) throws IOException {
        if (effect instanceof ClaimMachine.AskCertificate) {
            send(ProvisioningTopics.CREATE_FROM_CSR, request);
        } else if (effect instanceof ClaimMachine.AskThing ask) {
            JsonObject.Builder values = JsonObject.builder();
            parameters.forEach(values::put);
            if (!renewing.isEmpty()) {
                byte[] proof = keys.sign(renewing, ProvisioningTopics.proofOf(ask.token()));
                values.put(ProvisioningTopics.PROOF, Base64.getEncoder().encodeToString(proof));
            }
            send(
                    ProvisioningTopics.register(template),
                    json(JsonObject.builder()
                            .put("certificateOwnershipToken", ask.token())
                            .put("parameters", values.build())
                            .build()));
        } else if (effect instanceof ClaimMachine.Keep keep) {
            X509Certificate own = CertificateRequests.parse(keep.certificatePem());
            keys.setCertificateChain(keyId, List.of(own));
            end(new ProvisioningResult.Provisioned(keep.thingName(), own));
        } else if (effect instanceof ClaimMachine.GiveUp giveUp) {
            end(giveUp.result());
        }
    }

    private void send(String topic, byte[] payload) {
        lastRequestId = Digest.sha256(payload).hex();
        // A publication that is lost is asked for again below.
        CompletableFuture<Void> unused = transport.publish(new Message(topic, payload, Qos.AT_LEAST_ONCE, false));
        int sent = state.attempts();
        scheduler.schedule(retryAfter, () -> {
            try {
                take(new ClaimMachine.Again(sent));
            } catch (IOException e) {
                fail(e);
            }
        });
    }

    private void created(JsonObject answer) throws JsonException, IOException {
        String pem = answer.text("certificatePem");
        // A plain broker hands everyone's answers to everyone: only the one for this key counts.
        if (CertificateRequests.parse(pem).getPublicKey().equals(keys.publicKey(keyId))) {
            take(new ClaimMachine.Created(answer.text("certificateOwnershipToken"), pem));
        }
    }

    private void registered(JsonObject answer) throws JsonException, IOException {
        if (isMine(answer)) {
            take(new ClaimMachine.Registered(answer.text("thingName")));
        }
    }

    private void rejected(JsonObject answer) throws JsonException, IOException {
        if (isMine(answer)) {
            take(new ClaimMachine.Refused(
                    (int) answer.whole("statusCode", 0), answer.text("errorCode"), answer.text("errorMessage")));
        }
    }

    /** Our service echoes the digest of the request; AWS answers the asking connection alone. */
    private synchronized boolean isMine(JsonObject answer) throws JsonException {
        return answer.optionalText(ProvisioningTopics.REQUEST_ID)
                .map(lastRequestId::equals)
                .orElse(true);
    }

    private void end(ProvisioningResult how) {
        if (result.complete(how)) {
            subscriptions.forEach(Subscription::close);
        }
    }

    private void fail(IOException e) {
        result.completeExceptionally(e);
        subscriptions.forEach(Subscription::close);
    }

    private static byte[] json(JsonObject object) {
        return JsonWriter.compact(object).getBytes(StandardCharsets.UTF_8);
    }
}
