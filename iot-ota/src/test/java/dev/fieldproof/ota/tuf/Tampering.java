package dev.fieldproof.ota.tuf;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.json.JsonValue;
import dev.fieldproof.ota.json.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Changes published metadata and signs it again, with whatever keys a test likes. */
final class Tampering {
    private Tampering() {}

    static JsonObject signed(byte[] file) {
        try {
            return JsonReader.object(file).object("signed");
        } catch (JsonException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** The same object with one member changed; a null value leaves it out. */
    static JsonObject with(JsonObject object, String member, JsonValue value) {
        Map<String, JsonValue> members = new LinkedHashMap<>(object.members());
        if (value == null) {
            members.remove(member);
        } else {
            members.put(member, value);
        }
        return new JsonObject(members, 0);
    }

    /** Changes a member some levels down. */
    static JsonObject at(JsonObject object, List<String> path, UnaryOperator<JsonObject> change) {
        if (path.isEmpty()) {
            return change.apply(object);
        }
        JsonObject inner = (JsonObject) object.members().get(path.get(0));
        return with(object, path.get(0), at(inner, path.subList(1, path.size()), change));
    }

    static byte[] sign(JsonObject signed, TufSigner... signers) {
        List<JsonValue> signatures = new ArrayList<>();
        for (TufSigner signer : signers) {
            signatures.add(signature(signed, signer, signer.key().keyId()));
        }
        return envelope(signed, signatures);
    }

    static JsonObject signature(JsonObject signed, TufSigner signer, String keyId) {
        try {
            return JsonObject.builder()
                    .put("keyid", keyId)
                    .put("sig", HexFormat.of().formatHex(signer.sign(JsonWriter.canonical(signed))))
                    .build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] envelope(JsonObject signed, List<JsonValue> signatures) {
        JsonObject envelope = JsonObject.builder()
                .put("signatures", new JsonValue.Array(signatures))
                .put("signed", signed)
                .build();
        return JsonWriter.compact(envelope).getBytes(StandardCharsets.UTF_8);
    }
}
