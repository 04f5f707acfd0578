package dev.fieldproof.ota.identity;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a provisioning service has to remember, and the two rules that make provisioning happen exactly once: a
 * certificate is keyed by its public key, and a thing by its serial number. Each method is one transaction: result and
 * effect are recorded together. Thread-safe.
 */
public final class ClaimLedger {
    private final Map<String, Issued> byKey = new HashMap<>();
    private final Map<String, Issued> byToken = new HashMap<>();
    private final Map<String, Thing> bySerial = new LinkedHashMap<>();

    /** Begins empty. */
    public ClaimLedger() {}

    /**
     * An issued certificate.
     *
     * @param keyHash SHA-256 of its public key
     * @param certificateId SHA-256 of the certificate
     * @param certificatePem the certificate
     * @param ownershipToken proves in the second step who did the first
     * @param expiresAtMillis when it is forgotten unless a thing is bound to it
     */
    public record Issued(
            String keyHash, String certificateId, String certificatePem, String ownershipToken, long expiresAtMillis) {}

    /**
     * A registered device.
     *
     * @param serial its serial number
     * @param name its name
     * @param certificateId the certificate that is its identity now
     */
    public record Thing(String serial, String name, String certificateId) {}

    /** Makes a certificate. */
    @FunctionalInterface
    interface Issuer {
        Issued issue() throws java.io.IOException;
    }

    synchronized Issued create(String keyHash, Issuer issuer) throws java.io.IOException {
        Issued known = byKey.get(keyHash);
        if (known != null) {
            return known;
        }
        Issued issued = issuer.issue();
        byKey.put(keyHash, issued);
        byToken.put(issued.ownershipToken(), issued);
        return issued;
    }

    synchronized Optional<Issued> byToken(String token) {
        return Optional.ofNullable(byToken.get(token));
    }

    /** Binds a serial number to a certificate; the same again changes nothing, another certificate replaces. */
    synchronized Optional<Thing> register(String serial, String name, Issued issued, int quota) {
        @Nullable Thing known = bySerial.get(serial);
        if (known != null && known.certificateId().equals(issued.certificateId())) {
            return Optional.of(known);
        }
        if (known == null && bySerial.size() >= quota) {
            return Optional.empty();
        }
        if (known != null) {
            revoke(known.certificateId());
        }
        Thing thing = new Thing(serial, name, issued.certificateId());
        bySerial.put(serial, thing);
        return Optional.of(thing);
    }

    private void revoke(String certificateId) {
        byKey.values().removeIf(issued -> issued.certificateId().equals(certificateId));
        byToken.values().removeIf(issued -> issued.certificateId().equals(certificateId));
    }

    /**
     * Forgets certificates that no thing is bound to in time.
     *
     * @param nowMillis wall time
     * @return how many
     */
    public synchronized int expire(long nowMillis) {
        List<Issued> stale = byKey.values().stream()
                .filter(issued -> issued.expiresAtMillis() <= nowMillis)
                .filter(issued -> bySerial.values().stream()
                        .noneMatch(thing -> thing.certificateId().equals(issued.certificateId())))
                .toList();
        stale.forEach(issued -> revoke(issued.certificateId()));
        return stale.size();
    }

    /**
     * The registered devices.
     *
     * @return in order of registration
     */
    public synchronized List<Thing> things() {
        return List.copyOf(bySerial.values());
    }

    /**
     * The certificates that are valid.
     *
     * @return in no particular order
     */
    public synchronized List<Issued> certificates() {
        return List.copyOf(byKey.values());
    }
}
