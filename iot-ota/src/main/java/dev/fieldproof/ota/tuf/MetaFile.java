package dev.fieldproof.ota.tuf;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What one metadata file says of another (TUF 1.0, METAFILES).
 *
 * @param version of the other
 * @param length of the other in bytes, if stated
 * @param hashes of the other by algorithm, empty if not stated
 */
record MetaFile(long version, OptionalLong length, Map<String, String> hashes) {
    static MetaFile fromJson(JsonObject json) throws JsonException {
        return new MetaFile(
                json.whole("version", 1),
                json.has("length") ? OptionalLong.of(json.whole("length", 1)) : OptionalLong.empty(),
                json.has("hashes") ? Hashes.fromJson(json) : Map.of());
    }

    JsonObject toJson() {
        JsonObject.Builder json = JsonObject.builder();
        if (!hashes.isEmpty()) {
            json.put("hashes", Hashes.toJson(hashes));
        }
        length.ifPresent(bytes -> json.put("length", bytes));
        return json.put("version", version).build();
    }

    /** How much to read of the other file at most: what is stated, but never more than the budget. */
    int limit(int budgetBytes) {
        return (int) Math.min(length.orElse(budgetBytes), budgetBytes);
    }

    boolean matches(byte[] bytes, String file) throws RefusedException {
        return (length.isEmpty() || length.getAsLong() == bytes.length) && Hashes.match(hashes, bytes, file);
    }
}
