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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The device's side of provisioning by claim. The device makes its key, stores it before the first message, asks for a
 * certificate with a signing request, then registers with the ownership token of the answer.
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
    private final int maxAttempts;
    private final CompletableFuture<ProvisioningResult> result = new CompletableFuture<>();
    private final List<Subscription> subscriptions = new ArrayList<>();
    private @Nullable X509Certificate certificate;
    private @Nullable String ownershipToken;
    private byte @Nullable [] request;
    private String lastRequestId = "";
    private int attempts;

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
        this.maxAttempts = maxAttempts;
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
            send();
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

    private synchronized void send() {
        if (result.isDone()) {
            return;
        }
        if (attempts++ >= maxAttempts) {
            end(new ProvisioningResult.NoAnswer(maxAttempts));
            return;
        }
        byte[] payload = request;
        String topic = ProvisioningTopics.CREATE_FROM_CSR;
        if (ownershipToken != null) {
            JsonObject.Builder values = JsonObject.builder();
            parameters.forEach(values::put);
            payload = json(JsonObject.builder()
                    .put("certificateOwnershipToken", ownershipToken)
                    .put("parameters", values.build())
                    .build());
            topic = ProvisioningTopics.register(template);
        }
        if (payload != null) {
            lastRequestId = Digest.sha256(payload).hex();
            // A publication that is lost is asked for again below.
            CompletableFuture<Void> unused = transport.publish(new Message(topic, payload, Qos.AT_LEAST_ONCE, false));
        }
        int sent = attempts;
        scheduler.schedule(retryAfter, () -> sendAgain(sent));
    }

    private synchronized void sendAgain(int sent) {
        if (attempts == sent) {
            send();
        }
    }

    private synchronized void created(JsonObject answer) throws JsonException, IOException {
        X509Certificate offered = CertificateRequests.parse(answer.text("certificatePem"));
        // A plain broker hands everyone's answers to everyone: only the one for this key counts.
        if (ownershipToken == null && offered.getPublicKey().equals(keys.publicKey(keyId))) {
            certificate = offered;
            ownershipToken = answer.text("certificateOwnershipToken");
            send();
        }
    }

    private synchronized void registered(JsonObject answer) throws JsonException, IOException {
        X509Certificate own = certificate;
        if (own == null || result.isDone() || !isMine(answer)) {
            return;
        }
        String thingName = answer.text("thingName");
        keys.setCertificateChain(keyId, List.of(own));
        end(new ProvisioningResult.Provisioned(thingName, own));
    }

    private synchronized void rejected(JsonObject answer) throws JsonException, IOException {
        if (!isMine(answer)) {
            return;
        }
        if (answer.text("errorCode").equals(ProvisioningTopics.INVALID_TOKEN) && ownershipToken != null) {
            // The certificate was forgotten before it was bound: begin again, with the same key.
            ownershipToken = null;
            certificate = null;
            send();
        } else {
            end(new ProvisioningResult.Rejected(
                    (int) answer.whole("statusCode", 0), answer.text("errorCode"), answer.text("errorMessage")));
        }
    }

    /** Our service echoes the digest of the request; AWS answers the asking connection alone. */
    private boolean isMine(JsonObject answer) throws JsonException {
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
