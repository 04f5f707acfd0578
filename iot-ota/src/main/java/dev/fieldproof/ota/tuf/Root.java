package dev.fieldproof.ota.tuf;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/** The root metadata: whose keys count for which top-level role. */
record Root(Envelope envelope, boolean consistentSnapshot, Map<TopLevelRole, RoleKeys> roles) {
    static Root parse(byte[] bytes, boolean computedKeyIds, String file) throws RefusedException {
        Envelope envelope = Envelope.parse(bytes, "root", file);
        try {
            JsonObject signed = envelope.signed();
            Map<String, TufKey> keys = RoleKeys.keysFromJson(signed.object("keys"), computedKeyIds);
            JsonObject roleObjects = signed.object("roles");
            Map<TopLevelRole, RoleKeys> roles = new EnumMap<>(TopLevelRole.class);
            for (TopLevelRole role : TopLevelRole.values()) {
                if (!roleObjects.has(role.roleName())) {
                    throw new RefusedException(Refusal.MISSING_ROLE, file, "no keys for " + role.roleName());
                }
                roles.put(role, RoleKeys.fromJson(roleObjects.object(role.roleName()), keys));
            }
            return new Root(envelope, signed.truth("consistent_snapshot", false), Map.copyOf(roles));
        } catch (JsonException e) {
            throw Envelope.malformed(file, e);
        }
    }

    static JsonObject toJson(long version, String expires, boolean consistent, Map<TopLevelRole, RoleKeys> roles) {
        JsonObject.Builder keys = JsonObject.builder();
        JsonObject.Builder roleObjects = JsonObject.builder();
        Map<String, TufKey> all = new LinkedHashMap<>();
        for (TopLevelRole role : TopLevelRole.values()) {
            RoleKeys roleKeys = keysOf(roles, role);
            all.putAll(roleKeys.keys());
            roleObjects.put(
                    role.roleName(),
                    JsonObject.builder()
                            .put("keyids", new TreeSet<>(roleKeys.keys().keySet()))
                            .put("threshold", roleKeys.threshold())
                            .build());
        }
        new TreeSet<>(all.keySet()).forEach(id -> keys.put(id, keyOf(all, id).toJson()));
        return JsonObject.builder()
                .put("_type", "root")
                .put("consistent_snapshot", consistent)
                .put("expires", expires)
                .put("keys", keys.build())
                .put("roles", roleObjects.build())
                .put("spec_version", TufRepository.SPEC_VERSION)
                .put("version", version)
                .build();
    }

    private static TufKey keyOf(Map<String, TufKey> keys, String id) {
        TufKey key = keys.get(id);
        if (key == null) {
            throw new IllegalStateException("no key " + id);
        }
        return key;
    }

    static RoleKeys keysOf(Map<TopLevelRole, RoleKeys> roles, TopLevelRole role) {
        RoleKeys keys = roles.get(role);
        if (keys == null) {
            throw new IllegalArgumentException("no keys for " + role);
        }
        return keys;
    }

    RoleKeys keys(TopLevelRole role) {
        return keysOf(roles, role);
    }

    long version() {
        return envelope.version();
    }
}
