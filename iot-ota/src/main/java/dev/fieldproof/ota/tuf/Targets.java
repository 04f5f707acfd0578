package dev.fieldproof.ota.tuf;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Targets metadata, of the top level or of a delegated role. */
record Targets(
        Envelope envelope,
        Map<String, TargetFile> targets,
        List<Delegation> delegations,
        Optional<SuccinctDelegation> succinct) {
    static Targets parse(byte[] bytes, boolean computedKeyIds, String file) throws RefusedException {
        Envelope envelope = Envelope.parse(bytes, "targets", file);
        try {
            JsonObject signed = envelope.signed();
            Map<String, TargetFile> targets = new LinkedHashMap<>();
            for (Map.Entry<String, JsonObject> entry :
                    signed.object("targets").objectMembers().entrySet()) {
                targets.put(entry.getKey(), TargetFile.fromJson(entry.getKey(), entry.getValue()));
            }
            if (!signed.has("delegations")) {
                return new Targets(envelope, targets, List.of(), Optional.empty());
            }
            JsonObject json = signed.object("delegations");
            Map<String, TufKey> keys = RoleKeys.keysFromJson(json.object("keys"), computedKeyIds);
            if (!json.has("succinct_roles")) {
                return new Targets(envelope, targets, delegations(json, keys), Optional.empty());
            }
            if (json.has("roles")) {
                throw json.broken("both 'roles' and 'succinct_roles'");
            }
            SuccinctDelegation bins = SuccinctDelegation.fromJson(json.object("succinct_roles"), keys);
            return new Targets(envelope, targets, List.of(), Optional.of(bins));
        } catch (JsonException e) {
            throw Envelope.malformed(file, e);
        }
    }

    /** Who else is trusted for a target path, in order. */
    List<Delegation> delegationsFor(String targetPath) {
        if (succinct.isPresent()) {
            return List.of(succinct.get().binOf(targetPath));
        }
        return delegations.stream()
                .filter(delegation -> delegation.covers(targetPath))
                .toList();
    }

    private static List<Delegation> delegations(JsonObject json, Map<String, TufKey> keys) throws JsonException {
        List<Delegation> delegations = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (JsonObject role : json.objects("roles")) {
            Delegation delegation = Delegation.fromJson(role, keys);
            if (!names.add(delegation.name())) {
                throw role.broken("a second delegation to '" + delegation.name() + "'");
            }
            delegations.add(delegation);
        }
        return List.copyOf(delegations);
    }

    static JsonObject toJson(
            long version, String expires, TreeMap<String, TargetFile> targets, List<Delegation> delegations) {
        JsonObject.Builder files = JsonObject.builder();
        targets.forEach((path, file) -> files.put(path, file.toJson()));
        JsonObject.Builder json = JsonObject.builder().put("_type", "targets");
        if (!delegations.isEmpty()) {
            json.put("delegations", delegationsToJson(delegations));
        }
        return json.put("expires", expires)
                .put("spec_version", TufRepository.SPEC_VERSION)
                .put("targets", files.build())
                .put("version", version)
                .build();
    }

    private static JsonObject delegationsToJson(List<Delegation> delegations) {
        Map<String, JsonValue> keys = new TreeMap<>();
        List<JsonValue> roles = new ArrayList<>();
        for (Delegation delegation : delegations) {
            delegation.keys().keys().forEach((id, key) -> keys.put(id, key.toJson()));
            JsonObject.Builder role = JsonObject.builder()
                    .put(
                            "keyids",
                            delegation.keys().keys().keySet().stream().sorted().toList())
                    .put("name", delegation.name());
            delegation.paths().ifPresent(paths -> role.put("paths", paths));
            delegation.pathHashPrefixes().ifPresent(prefixes -> role.put("path_hash_prefixes", prefixes));
            roles.add(role.put("terminating", delegation.terminating())
                    .put("threshold", delegation.keys().threshold())
                    .build());
        }
        return JsonObject.builder()
                .put("keys", new JsonObject(keys, 0))
                .put("roles", new JsonValue.Array(roles))
                .build();
    }

    long version() {
        return envelope.version();
    }
}
