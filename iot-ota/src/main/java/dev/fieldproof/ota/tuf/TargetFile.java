package dev.fieldproof.ota.tuf;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.json.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What trusted metadata says of one target file. Immutable.
 *
 * @param path relative to the targets' base, with {@code /} between its parts
 * @param lengthBytes of the file
 * @param hashes lower-case hex by algorithm ({@code sha256}, {@code sha512}), not empty
 * @param custom whatever else the metadata says, as the text of a JSON object; {@code {}} for nothing
 */
public record TargetFile(String path, long lengthBytes, Map<String, String> hashes, String custom) {
    private static final int COPY_BYTES = 16 * 1024;

    /**
     * Checks the form.
     *
     * @throws IllegalArgumentException if the path is empty, the length negative, there is no hash, or {@code custom}
     *     is not a JSON object
     */
    public TargetFile {
        hashes = Map.copyOf(hashes);
        if (path.isEmpty() || lengthBytes < 0 || hashes.isEmpty()) {
            throw new IllegalArgumentException("a target has a path, a length and a hash: '" + path + "'");
        }
        parseCustom(custom);
    }

    /**
     * Describes bytes at hand.
     *
     * @param path relative to the targets' base
     * @param content the whole file
     * @return a description with its SHA-256
     */
    public static TargetFile of(String path, byte[] content) {
        return new TargetFile(
                path, content.length, Map.of("sha256", Digest.sha256(content).hex()), "{}");
    }

    /**
     * The same, with what a device needs to know.
     *
     * @param firmware the facts
     * @return a copy
     */
    public TargetFile withFirmware(FirmwareInfo firmware) {
        return new TargetFile(path, lengthBytes, hashes, JsonWriter.compact(firmware.toJson()));
    }

    /**
     * The SHA-256 of the file.
     *
     * @return empty if the metadata gives other hashes only
     */
    public Optional<Digest> sha256() {
        return Optional.ofNullable(hashes.get("sha256")).map(Digest::new);
    }

    /**
     * What a device needs to know of the firmware, from the custom part.
     *
     * @return empty if the target is no firmware, or its facts are malformed: then it must not be installed
     */
    public Optional<FirmwareInfo> firmware() {
        try {
            JsonObject json = parseCustom(custom);
            return json.has(FirmwareInfo.MEMBER) ? Optional.of(FirmwareInfo.fromJson(json)) : Optional.empty();
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether bytes at hand are the target's.
     *
     * @param in read to its end, or to where it is too long; not closed
     * @return true if length and all hashes are as listed; false also if a hash is of an algorithm that is not known
     * @throws IOException if reading fails
     */
    public boolean matches(InputStream in) throws IOException {
        try {
            Hashes.Check check = new Hashes.Check(hashes, path);
            byte[] buffer = new byte[COPY_BYTES];
            long length = 0;
            for (int got = in.read(buffer); got >= 0 && length <= lengthBytes; got = in.read(buffer)) {
                check.update(buffer, 0, got);
                length += got;
            }
            return length == lengthBytes && check.matches();
        } catch (RefusedException e) {
            return false;
        }
    }

    private static JsonObject parseCustom(String custom) {
        try {
            return JsonReader.object(custom.getBytes(StandardCharsets.UTF_8));
        } catch (JsonException e) {
            throw new IllegalArgumentException("custom is not a JSON object: " + e.getMessage(), e);
        }
    }

    static TargetFile fromJson(String path, JsonObject json) throws JsonException {
        if (path.isEmpty()) {
            throw json.broken("an empty target path");
        }
        Map<String, String> hashes = Hashes.fromJson(json);
        String sha256 = hashes.get("sha256");
        if (sha256 != null && sha256.length() != 2 * Digest.LENGTH_BYTES) {
            throw json.broken("a SHA-256 has 64 digits");
        }
        String custom = json.has("custom") ? JsonWriter.compact(json.object("custom")) : "{}";
        return new TargetFile(path, json.whole("length", 0), hashes, custom);
    }

    JsonObject toJson() {
        JsonObject.Builder json = JsonObject.builder();
        if (!custom.equals("{}")) {
            json.put("custom", parseCustom(custom));
        }
        return json.put("hashes", Hashes.toJson(new TreeMap<>(hashes)))
                .put("length", lengthBytes)
                .build();
    }
}
