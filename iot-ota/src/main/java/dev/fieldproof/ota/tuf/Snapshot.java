package dev.fieldproof.ota.tuf;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** The snapshot metadata, or the timestamp metadata, which lists just the snapshot. */
record Snapshot(Envelope envelope, Map<String, MetaFile> meta) {
    static Snapshot parse(byte[] bytes, TopLevelRole role) throws RefusedException {
        String file = role.fileName();
        Envelope envelope = Envelope.parse(bytes, role.roleName(), file);
        try {
            Map<String, MetaFile> meta = new LinkedHashMap<>();
            JsonObject listed = envelope.signed().object("meta");
            for (Map.Entry<String, JsonObject> entry : listed.objectMembers().entrySet()) {
                meta.put(entry.getKey(), MetaFile.fromJson(entry.getValue()));
            }
            String needed = (role == TopLevelRole.TIMESTAMP ? TopLevelRole.SNAPSHOT : TopLevelRole.TARGETS).fileName();
            if (!meta.containsKey(needed)) {
                throw listed.broken("'" + needed + "' is not listed");
            }
            return new Snapshot(envelope, Map.copyOf(meta));
        } catch (JsonException e) {
            throw Envelope.malformed(file, e);
        }
    }

    static JsonObject toJson(TopLevelRole role, long version, String expires, SortedMap<String, MetaFile> meta) {
        JsonObject.Builder files = JsonObject.builder();
        meta.forEach((name, file) -> files.put(name, file.toJson()));
        return JsonObject.builder()
                .put("_type", role.roleName())
                .put("expires", expires)
                .put("meta", files.build())
                .put("spec_version", TufRepository.SPEC_VERSION)
                .put("version", version)
                .build();
    }

    @Nullable
    MetaFile file(String name) {
        return meta.get(name);
    }

    /** The entry that {@link #parse} made sure of. */
    MetaFile required(TopLevelRole role) {
        MetaFile file = meta.get(role.fileName());
        if (file == null) {
            throw new IllegalStateException("not listed: " + role.fileName());
        }
        return file;
    }

    long version() {
        return envelope.version();
    }
}
