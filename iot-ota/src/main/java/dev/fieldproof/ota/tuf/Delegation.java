package dev.fieldproof.ota.tuf;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trust in another role for some target paths (TUF 1.0, DELEGATIONS). Immutable.
 *
 * @param name of the delegated role
 * @param keys of the delegated role
 * @param paths patterns of the target paths, if so stated
 * @param pathHashPrefixes beginnings of the SHA-256 of the target paths, if so stated
 * @param terminating whether the search for a matching target ends here
 */
record Delegation(
        String name,
        RoleKeys keys,
        Optional<List<String>> paths,
        Optional<List<String>> pathHashPrefixes,
        boolean terminating) {
    static final int MAX_NAME_CHARS = 256;

    static Delegation fromJson(JsonObject json, Map<String, TufKey> keys) throws JsonException {
        String name = json.text("name");
        if (name.isEmpty() || name.length() > MAX_NAME_CHARS || TopLevelRole.isTopLevel(name)) {
            throw json.broken("'" + name + "' cannot be the name of a delegated role");
        }
        if (json.has("paths") && json.has("path_hash_prefixes")) {
            throw json.broken("both 'paths' and 'path_hash_prefixes'");
        }
        return new Delegation(
                name,
                RoleKeys.fromJson(json, keys),
                json.has("paths") ? Optional.of(json.texts("paths")) : Optional.empty(),
                json.has("path_hash_prefixes") ? Optional.of(json.texts("path_hash_prefixes")) : Optional.empty(),
                json.truth("terminating", false));
    }

    Delegation withKeys(RoleKeys other) {
        return new Delegation(name, other, paths, pathHashPrefixes, terminating);
    }

    /** Whether the role is trusted for a target path; with neither patterns nor prefixes it is trusted for none. */
    boolean covers(String targetPath) {
        if (paths.isPresent()) {
            return paths.get().stream().anyMatch(pattern -> PathPattern.matches(pattern, targetPath));
        }
        if (pathHashPrefixes.isPresent()) {
            String hash =
                    Digest.sha256(targetPath.getBytes(StandardCharsets.UTF_8)).hex();
            return pathHashPrefixes.get().stream().anyMatch(hash::startsWith);
        }
        return false;
    }
}
