package dev.fieldproof.ota.tuf;

import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonValue;
import dev.fieldproof.ota.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who signs for a role. Immutable.
 *
 * @param signers with different keys, not empty
 * @param threshold how many of them a client demands, from 1 to their number
 */
public record RoleSigners(List<TufSigner> signers, int threshold) {
    /**
     * Checks the threshold.
     *
     * @throws IllegalArgumentException if it cannot be met, or a key is there twice
     */
    public RoleSigners {
        signers = List.copyOf(signers);
        if (threshold < 1 || threshold > signers.size()) {
            throw new IllegalArgumentException("a threshold of " + threshold + " with " + signers.size() + " signers");
        }
        if (signers.stream().map(TufSigner::key).distinct().count() != signers.size()) {
            throw new IllegalArgumentException("a key is there twice");
        }
    }

    /**
     * A single signer.
     *
     * @param signer who
     * @return a threshold of one
     */
    public static RoleSigners of(TufSigner signer) {
        return new RoleSigners(List.of(signer), 1);
    }

    RoleKeys keys() {
        Map<String, TufKey> keys = new LinkedHashMap<>();
        signers.forEach(signer -> keys.put(signer.key().keyId(), signer.key()));
        return new RoleKeys(keys, threshold);
    }

    /** Signs as everyone here and, for a root whose keys change, also as those before. */
    byte[] sign(JsonObject signed, List<TufSigner> before) throws IOException {
        byte[] message = JsonWriter.canonical(signed);
        Map<String, TufSigner> all = new LinkedHashMap<>();
        signers.forEach(signer -> all.put(signer.key().keyId(), signer));
        before.forEach(signer -> all.putIfAbsent(signer.key().keyId(), signer));
        List<JsonValue> signatures = new ArrayList<>();
        for (Map.Entry<String, TufSigner> signer : all.entrySet()) {
            signatures.add(JsonObject.builder()
                    .put("keyid", signer.getKey())
                    .put("sig", HexFormat.of().formatHex(signer.getValue().sign(message)))
                    .build());
        }
        JsonObject envelope = JsonObject.builder()
                .put("signatures", new JsonValue.Array(signatures))
                .put("signed", signed)
                .build();
        return JsonWriter.compact(envelope).getBytes(StandardCharsets.UTF_8);
    }
}
