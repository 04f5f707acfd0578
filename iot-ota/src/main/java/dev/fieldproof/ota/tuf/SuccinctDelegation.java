package dev.fieldproof.ota.tuf;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Trust in a power of two of roles, each for the target paths whose hash falls into its bin (TAP 15). Every one of them
 * ends the search for a path, as no other role is trusted for it. Immutable.
 *
 * @param keys of all the roles
 * @param bitLength how many leading bits of the SHA-256 of a target path number its bin, 1 to 32
 * @param namePrefix of the roles' names; a dash and the number of the bin in hexadecimal follow
 */
record SuccinctDelegation(RoleKeys keys, int bitLength, String namePrefix) {
    private static final int MAX_BITS = 32;

    static SuccinctDelegation fromJson(JsonObject json, Map<String, TufKey> keys) throws JsonException {
        long bits = json.whole("bit_length", 1);
        String prefix = json.text("name_prefix");
        if (bits > MAX_BITS || prefix.length() > Delegation.MAX_NAME_CHARS) {
            throw json.broken("more bins or a longer name than there can be");
        }
        return new SuccinctDelegation(RoleKeys.fromJson(json, keys), (int) bits, prefix);
    }

    /** The role that is trusted for a target path. */
    Delegation binOf(String targetPath) {
        byte[] hash = Digest.sha256(targetPath.getBytes(StandardCharsets.UTF_8)).bytes();
        long bin = (ByteBuffer.wrap(hash).getInt() & 0xFFFF_FFFFL) >>> (MAX_BITS - bitLength);
        int digits = (bitLength + 3) / 4;
        String name = namePrefix + String.format(Locale.ROOT, "-%0" + digits + "x", bin);
        return new Delegation(name, keys, Optional.empty(), Optional.empty(), true);
    }
}
