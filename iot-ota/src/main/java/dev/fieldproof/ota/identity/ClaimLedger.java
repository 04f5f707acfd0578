package dev.fieldproof.ota.identity;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.record.MemoryRecordStore;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import dev.fieldproof.ota.record.RecordStore.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a provisioning service has to remember, and the rules that make provisioning happen exactly once: a certificate
 * is keyed by its public key, a thing by its serial number, and certificates that no thing is bound to expire. Each
 * method is one transaction: result and effect are recorded together. Thread-safe.
 */
public final class ClaimLedger {
    private static final long HOUR_MILLIS = 3_600_000;

    private final RecordStore store;

    /** For tests of the tests: what the enumeration must notice. */
    final Set<Mutant> mutants = EnumSet.noneOf(Mutant.class);

    /** Ways to get it wrong. */
    enum Mutant {
        CREATE_NOT_KEYED,
        REGISTER_NOT_KEYED,
        TWO_TRANSACTIONS,
        NOTHING_EXPIRES
    }

    /** Begins empty, in memory. */
    public ClaimLedger() {
        this(new MemoryRecordStore());
    }

    /**
     * Goes on with what a store holds.
     *
     * @param store stays the caller's
     */
    public ClaimLedger(RecordStore store) {
        this.store = store;
    }

    /**
     * An issued certificate.
     *
     * @param keyHash SHA-256 of its public key
     * @param certificateId SHA-256 of the certificate
     * @param certificatePem the certificate
     * @param ownershipToken proves in the second step who did the first
     * @param expiresAtMillis when it is forgotten unless a thing is bound to it
     * @param serial the serial number of the thing that is bound to it, or empty
     */
    public record Issued(
            String keyHash,
            String certificateId,
            String certificatePem,
            String ownershipToken,
            long expiresAtMillis,
            String serial) {
        String json() {
            return JsonObject.builder()
                    .put("keyHash", keyHash)
                    .put("certificateId", certificateId)
                    .put("certificatePem", certificatePem)
                    .put("ownershipToken", ownershipToken)
                    .put("expiresAtMillis", expiresAtMillis)
                    .put("serial", serial)
                    .build()
                    .toString();
        }

        static Issued of(String json) throws IOException {
            try {
                JsonObject object = read(json);
                return new Issued(
                        object.text("keyHash"),
                        object.text("certificateId"),
                        object.text("certificatePem"),
                        object.text("ownershipToken"),
                        object.whole("expiresAtMillis", 0),
                        object.text("serial"));
            } catch (JsonException e) {
                throw new IOException("a damaged record of a certificate", e);
            }
        }

        Issued boundTo(String thing) {
            return new Issued(keyHash, certificateId, certificatePem, ownershipToken, expiresAtMillis, thing);
        }
    }

    /**
     * A registered device.
     *
     * @param serial its serial number
     * @param name its name
     * @param certificateId the certificate that is its identity now
     * @param claim the claim it came by
     * @param revoked whether it is shut out for good
     */
    public record Thing(String serial, String name, String certificateId, String claim, boolean revoked) {
        String json() {
            return JsonObject.builder()
                    .put("serial", serial)
                    .put("name", name)
                    .put("certificateId", certificateId)
                    .put("claim", claim)
                    .put("revoked", revoked)
                    .build()
                    .toString();
        }

        static Thing of(String json) throws IOException {
            try {
                JsonObject object = read(json);
                return new Thing(
                        object.text("serial"),
                        object.text("name"),
                        object.text("certificateId"),
                        object.text("claim"),
                        object.truth("revoked", false));
            } catch (JsonException e) {
                throw new IOException("a damaged record of a thing", e);
            }
        }
    }

    /** Makes a certificate. */
    @FunctionalInterface
    interface Issuer {
        Issued issue() throws IOException;
    }

    /** Whether the bearer of a certificate may take over a serial number that has another. */
    @FunctionalInterface
    interface Proof {
        boolean holds(Issued current) throws IOException;
    }

    /** What a registration came to. */
    sealed interface Registration {}

    /** The thing has the certificate. */
    record Bound(Thing thing) implements Registration {}

    /** It was refused. */
    record NotBound(int statusCode, String errorCode, String reason) implements Registration {}

    private static JsonObject read(String json) throws JsonException {
        return JsonReader.object(json.getBytes(StandardCharsets.UTF_8));
    }

    /** The certificate for a key, made if there is none; empty if the claim has used up its rate. */
    Optional<Issued> create(ClaimPolicy policy, String keyHash, long nowMillis, Issuer issuer) throws IOException {
        String key = mutants.contains(Mutant.CREATE_NOT_KEYED) ? keyHash + nowMillis : keyHash;
        if (mutants.contains(Mutant.TWO_TRANSACTIONS)) {
            return createInTwo(key, issuer);
        }
        return store.transact(records -> {
            Optional<String> known = records.get(Table.CERTIFICATE, key);
            if (known.isPresent()) {
                return Optional.of(Issued.of(known.get()));
            }
            ClaimUse use = ClaimUse.of(records, policy.claim());
            if (!use.mayIssue(policy, nowMillis / HOUR_MILLIS)) {
                return Optional.empty();
            }
            Issued issued = issuer.issue();
            records.put(
                    Table.CLAIM,
                    policy.claim(),
                    use.issued(nowMillis / HOUR_MILLIS).json());
            save(records, key, issued);
            return Optional.of(issued);
        });
    }

    private Optional<Issued> createInTwo(String key, Issuer issuer) throws IOException {
        Optional<String> known = store.transact(records -> records.get(Table.CERTIFICATE, key));
        if (known.isPresent()) {
            return Optional.of(Issued.of(known.get()));
        }
        Issued issued = issuer.issue();
        store.transact(records -> {
            records.put(Table.CERTIFICATE, "unrecorded-" + issued.certificateId(), issued.json());
            return true;
        });
        store.transact(records -> {
            records.delete(Table.CERTIFICATE, "unrecorded-" + issued.certificateId());
            save(records, key, issued);
            return true;
        });
        return Optional.of(issued);
    }

    private static void save(Transaction records, String key, Issued issued) throws IOException {
        records.put(Table.CERTIFICATE, key, issued.json());
        records.put(Table.CERTIFICATE_INDEX, "token-" + issued.ownershipToken(), key);
        records.put(Table.CERTIFICATE_INDEX, "id-" + issued.certificateId(), key);
    }

    private static Optional<Issued> find(Transaction records, String index) throws IOException {
        Optional<String> key = records.get(Table.CERTIFICATE_INDEX, index);
        Optional<String> json = key.isEmpty() ? Optional.empty() : records.get(Table.CERTIFICATE, key.get());
        return json.isEmpty() ? Optional.empty() : Optional.of(Issued.of(json.get()));
    }

    /** The certificate that an ownership token belongs to. */
    Optional<Issued> byToken(String token) throws IOException {
        return store.transact(records -> find(records, "token-" + token));
    }

    /**
     * Looks a certificate up.
     *
     * @param certificateId SHA-256 of the certificate, in hexadecimal
     * @return empty if it was never issued here, was replaced, revoked, or expired unbound
     * @throws IOException if the storage fails
     */
    public Optional<Issued> certificate(String certificateId) throws IOException {
        return store.transact(records -> find(records, "id-" + certificateId));
    }

    /** Binds a serial number to a certificate; the same again changes nothing, another certificate replaces. */
    Registration register(ClaimPolicy policy, String serial, String name, String token, Proof proof)
            throws IOException {
        return store.transact(records -> {
            Optional<Issued> offered = find(records, "token-" + token);
            if (offered.isEmpty()) {
                return new NotBound(400, ProvisioningTopics.INVALID_TOKEN, "no such token, or it has expired");
            }
            Issued issued = offered.get();
            ClaimUse use = ClaimUse.of(records, policy.claim());
            Optional<String> json = records.get(Table.THING, serial);
            Optional<Thing> known = json.isEmpty() ? Optional.empty() : Optional.of(Thing.of(json.get()));
            if (known.isPresent() && known.get().revoked()) {
                return new NotBound(403, "ThingRevoked", "this device was shut out");
            }
            if (known.isPresent() && known.get().certificateId().equals(issued.certificateId())) {
                return new Bound(known.get());
            }
            if (!issued.serial().isEmpty()) {
                return new NotBound(400, "InvalidParameters", "the certificate belongs to another serial number");
            }
            if (known.isEmpty() && use.things() >= policy.quota()) {
                return new NotBound(429, "QuotaExceeded", "the claim's quota of " + policy.quota() + " is used up");
            }
            if (known.isPresent()) {
                Optional<Issued> current = find(records, "id-" + known.get().certificateId());
                if (policy.replacement() == ClaimPolicy.Replacement.WITH_PROOF
                        && current.isPresent()
                        && !proof.holds(current.get())) {
                    return new NotBound(403, "ProofNeeded", "this device has an identity; prove it with its key");
                }
                forget(records, known.get().certificateId());
            } else {
                records.put(Table.CLAIM, policy.claim(), use.registered().json());
            }
            String key = records.get(Table.CERTIFICATE_INDEX, "token-" + token).orElseThrow();
            records.put(Table.CERTIFICATE, key, issued.boundTo(serial).json());
            Thing thing = new Thing(serial, name, issued.certificateId(), policy.claim(), false);
            String thingKey = mutants.contains(Mutant.REGISTER_NOT_KEYED) ? serial + "-" + token : serial;
            records.put(Table.THING, thingKey, thing.json());
            return new Bound(thing);
        });
    }

    private static boolean forget(Transaction records, String certificateId) throws IOException {
        Optional<String> key = records.get(Table.CERTIFICATE_INDEX, "id-" + certificateId);
        if (key.isEmpty()) {
            return false;
        }
        Issued issued = Issued.of(records.get(Table.CERTIFICATE, key.get()).orElseThrow());
        records.delete(Table.CERTIFICATE, key.get());
        records.delete(Table.CERTIFICATE_INDEX, "token-" + issued.ownershipToken());
        records.delete(Table.CERTIFICATE_INDEX, "id-" + certificateId);
        return true;
    }

    /** Takes over what a site issued offline. */
    Registration adopt(ClaimPolicy policy, Issued issued, Thing thing, Proof newerThan) throws IOException {
        return store.transact(records -> {
            Optional<String> json = records.get(Table.THING, thing.serial());
            ClaimUse use = ClaimUse.of(records, policy.claim());
            if (json.isEmpty()) {
                if (use.things() >= policy.quota()) {
                    return new NotBound(429, "QuotaExceeded", "the claim's quota of " + policy.quota() + " is used up");
                }
                records.put(Table.CLAIM, policy.claim(), use.registered().json());
            } else {
                Thing known = Thing.of(json.get());
                if (known.revoked()) {
                    return new NotBound(403, "ThingRevoked", "this device was shut out");
                }
                if (known.certificateId().equals(issued.certificateId())) {
                    return new Bound(known);
                }
                Optional<Issued> current = find(records, "id-" + known.certificateId());
                if (current.isPresent() && !newerThan.holds(current.get())) {
                    return new NotBound(409, "Superseded", "a newer certificate was issued elsewhere");
                }
                forget(records, known.certificateId());
            }
            save(records, issued.keyHash(), issued.boundTo(thing.serial()));
            Thing adopted = new Thing(thing.serial(), thing.name(), issued.certificateId(), policy.claim(), false);
            records.put(Table.THING, thing.serial(), adopted.json());
            return new Bound(adopted);
        });
    }

    /**
     * Shuts a device out for good: its certificate is forgotten, and its serial number is refused from now on.
     *
     * @param serial its serial number
     * @return whether there was such a device
     * @throws IOException if the storage fails
     */
    public boolean revokeThing(String serial) throws IOException {
        return store.transact(records -> {
            Optional<String> json = records.get(Table.THING, serial);
            if (json.isEmpty()) {
                return false;
            }
            Thing thing = Thing.of(json.get());
            forget(records, thing.certificateId());
            records.put(
                    Table.THING,
                    serial,
                    new Thing(serial, thing.name(), thing.certificateId(), thing.claim(), true).json());
            return true;
        });
    }

    /**
     * Ends a claim: nothing is issued or registered under it from now on; devices that came by it stay.
     *
     * @param claim its id
     * @throws IOException if the storage fails
     */
    public void revokeClaim(String claim) throws IOException {
        store.transact(records -> {
            records.put(Table.CLAIM, claim, ClaimUse.of(records, claim).revoke().json());
            return true;
        });
    }

    /** Whether a claim was ended. */
    boolean isClaimRevoked(String claim) throws IOException {
        return store.transact(records -> ClaimUse.of(records, claim).revoked());
    }

    /**
     * Forgets certificates that no thing is bound to in time.
     *
     * @param nowMillis wall time
     * @return how many
     * @throws UncheckedIOException if the storage fails
     */
    public int expire(long nowMillis) {
        if (mutants.contains(Mutant.NOTHING_EXPIRES)) {
            return 0;
        }
        return unchecked(records -> {
            int forgotten = 0;
            for (RecordStore.Entry entry : all(records, Table.CERTIFICATE)) {
                Issued issued = Issued.of(entry.json());
                if (issued.serial().isEmpty() && issued.expiresAtMillis() <= nowMillis) {
                    forgotten += forget(records, issued.certificateId()) ? 1 : 0;
                }
            }
            return forgotten;
        });
    }

    /**
     * The registered devices.
     *
     * @return in order of their serial numbers
     * @throws UncheckedIOException if the storage fails
     */
    public List<Thing> things() {
        return unchecked(records -> {
            List<Thing> things = new ArrayList<>();
            for (RecordStore.Entry entry : all(records, Table.THING)) {
                things.add(Thing.of(entry.json()));
            }
            return things;
        });
    }

    /**
     * The certificates that are valid.
     *
     * @return in no particular order
     * @throws UncheckedIOException if the storage fails
     */
    public List<Issued> certificates() {
        return unchecked(records -> {
            List<Issued> certificates = new ArrayList<>();
            for (RecordStore.Entry entry : all(records, Table.CERTIFICATE)) {
                certificates.add(Issued.of(entry.json()));
            }
            return certificates;
        });
    }

    private static List<RecordStore.Entry> all(Transaction records, Table table) throws IOException {
        List<RecordStore.Entry> all = new ArrayList<>();
        List<RecordStore.Entry> page = records.list(table, "", RecordStore.MAX_LIST);
        while (!page.isEmpty()) {
            all.addAll(page);
            page = records.list(table, page.get(page.size() - 1).key(), RecordStore.MAX_LIST);
        }
        return all;
    }

    private <T> T unchecked(RecordStore.Work<T> work) {
        try {
            return store.transact(work);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
