package dev.fieldproof.ota.tuf;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonWriter;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A public key as metadata states it (TUF 1.0, "Key objects"). Parsed once; immutable and thread-safe.
 *
 * <p>A key of a type, scheme or form that this client does not know verifies nothing, which leaves its role to its
 * other keys.
 */
public final class TufKey {
    private final JsonObject json;
    private final String scheme;
    private final String publicValue;
    private final String keyId;
    private final @Nullable SignatureScheme verifier;

    /**
     * States a key.
     *
     * @param keyType {@code ed25519}, {@code ecdsa} or {@code rsa}; others verify nothing
     * @param scheme {@code ed25519}, {@code ecdsa-sha2-nistp256} or {@code rsassa-pss-sha256}; others verify nothing
     * @param publicValue 64 hexadecimal digits for Ed25519, otherwise PEM
     */
    public TufKey(String keyType, String scheme, String publicValue) {
        this(keyType, scheme, publicValue, threeMembers(keyType, scheme, publicValue));
    }

    private TufKey(String keyType, String scheme, String publicValue, JsonObject json) {
        this.json = json;
        this.scheme = scheme;
        this.publicValue = publicValue;
        this.keyId = computeId(threeMembers(keyType, scheme, publicValue));
        this.verifier = SignatureScheme.parse(keyType, scheme, publicValue);
    }

    private static JsonObject threeMembers(String keyType, String scheme, String publicValue) {
        return JsonObject.builder()
                .put("keytype", keyType)
                .put("keyval", JsonObject.builder().put("public", publicValue).build())
                .put("scheme", scheme)
                .build();
    }

    /**
     * An Ed25519 key.
     *
     * @param publicKey 32 bytes
     * @return the key
     * @throws IllegalArgumentException if the length is not 32
     */
    public static TufKey ed25519(byte[] publicKey) {
        if (publicKey.length != 32) {
            throw new IllegalArgumentException("an Ed25519 public key has 32 bytes, not " + publicKey.length);
        }
        return new TufKey("ed25519", "ed25519", HexFormat.of().formatHex(publicKey));
    }

    static TufKey fromJson(String statedId, JsonObject json, boolean computedId) throws JsonException {
        // What keys of an unknown kind hold is theirs; without a public value they verify nothing.
        String publicValue = json.object("keyval").optionalText("public").orElse("");
        TufKey key = new TufKey(json.text("keytype"), json.text("scheme"), publicValue, json);
        // Some tools take the id over every member of the key, others over the three that matter.
        if (computedId && !statedId.equals(key.keyId) && !statedId.equals(computeId(json))) {
            throw json.broken("the key id " + statedId + " is not the digest of its key");
        }
        return key;
    }

    /** As it was read, with members that this client does not know, so that its id stays right. */
    JsonObject toJson() {
        return json;
    }

    /** The key itself, the same however metadata spells it; of a key that is not usable, its id. */
    String material() {
        return verifier == null ? keyId : verifier.material();
    }

    private static String computeId(JsonObject json) {
        return Digest.sha256(JsonWriter.canonical(json)).hex();
    }

    /**
     * The id of the key.
     *
     * @return the SHA-256 of the key's canonical form, in lower-case hex
     */
    public String keyId() {
        return keyId;
    }

    /**
     * The public key as metadata states it.
     *
     * @return 64 hexadecimal digits for Ed25519, otherwise PEM; empty for a key of an unknown kind that has none
     */
    public String publicValue() {
        return publicValue;
    }

    /**
     * Whether this client can verify with the key.
     *
     * @return false for an unknown scheme or a malformed or weak key
     */
    public boolean usable() {
        return verifier != null;
    }

    /**
     * Verifies a signature.
     *
     * @param message what was signed
     * @param signature as the scheme forms it
     * @return whether the signature is this key's, over these bytes
     */
    public boolean verify(byte[] message, byte[] signature) {
        return verifier != null && verifier.verify(message, signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TufKey that && keyId.equals(that.keyId);
    }

    @Override
    public int hashCode() {
        return keyId.hashCode();
    }

    @Override
    public String toString() {
        return scheme + " " + keyId;
    }
}
