package dev.fieldproof.ota.tuf;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The keys of a role and how many of them must sign. Immutable.
 *
 * @param keys by key id, as the delegating metadata spells it
 * @param threshold how many different keys must sign, at least 1
 */
record RoleKeys(Map<String, TufKey> keys, int threshold) {
    static final int MAX_KEYS = 1000;

    RoleKeys {
        keys = Map.copyOf(keys);
        if (threshold < 1) {
            throw new IllegalArgumentException("a threshold is at least 1: " + threshold);
        }
    }

    /** Reads {@code keyids} and {@code threshold}; ids without a key among {@code known} can sign nothing. */
    static RoleKeys fromJson(JsonObject role, Map<String, TufKey> known) throws JsonException {
        List<String> ids = role.texts("keyids");
        Map<String, TufKey> keys = new LinkedHashMap<>();
        Set<String> seen = new HashSet<>();
        for (String id : ids) {
            if (!seen.add(id)) {
                throw role.broken("the key id " + id + " is there twice");
            }
            TufKey key = known.get(id);
            if (key != null) {
                keys.put(id, key);
            }
        }
        return new RoleKeys(keys, (int) Math.min(Integer.MAX_VALUE, role.whole("threshold", 1)));
    }

    static Map<String, TufKey> keysFromJson(JsonObject keys, boolean computedIds) throws JsonException {
        if (keys.members().size() > MAX_KEYS) {
            throw keys.broken("more than " + MAX_KEYS + " keys");
        }
        Map<String, TufKey> parsed = new LinkedHashMap<>();
        for (Map.Entry<String, JsonObject> entry : keys.objectMembers().entrySet()) {
            parsed.put(entry.getKey(), TufKey.fromJson(entry.getKey(), entry.getValue(), computedIds));
        }
        return parsed;
    }

    /** Whether enough different keys signed; the same key under two ids, or spelled in two ways, counts once. */
    void requireSigned(Envelope envelope, String file) throws RefusedException {
        Set<String> signers = new HashSet<>();
        for (Map.Entry<String, byte[]> signature : envelope.signatures().entrySet()) {
            TufKey key = keys.get(signature.getKey());
            if (key != null
                    && !signers.contains(key.material())
                    && key.verify(envelope.signedBytes(), signature.getValue())) {
                signers.add(key.material());
                if (signers.size() >= threshold) {
                    return;
                }
            }
        }
        throw new RefusedException(
                Refusal.UNTRUSTED_SIGNATURES,
                file,
                signers.size() + " of " + threshold + " needed signatures are valid and of trusted keys");
    }
}
