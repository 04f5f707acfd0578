package dev.fieldproof.ota.tuf;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The facts about a firmware image that a device decides by, carried in a target's custom part so that they are signed.
 * Immutable.
 *
 * @param version for people
 * @param hardwareIds the boards it runs on, not empty
 * @param securityVersion never lower than what the device last confirmed, at least 0
 * @param blockBytes size of the blocks that can be checked on their own; the last may be shorter
 * @param blockHashes the SHA-256 of the blocks' SHA-256 digests, one after the other
 * @param deltas patches that make this image from an earlier one
 */
public record FirmwareInfo(
        String version,
        List<String> hardwareIds,
        long securityVersion,
        int blockBytes,
        Digest blockHashes,
        List<Delta> deltas) {
    static final String MEMBER = "fieldproof";
    static final int MAX_LISTED = 1000;
    private static final Pattern DOTTED = Pattern.compile("v?([0-9]{1,3})(?:\\.([0-9]{1,3})(?:\\.([0-9]{1,5}))?)?");

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if there is no hardware id, too much of anything, or a number is out of range
     */
    public FirmwareInfo {
        hardwareIds = List.copyOf(hardwareIds);
        deltas = List.copyOf(deltas);
        if (hardwareIds.isEmpty()
                || hardwareIds.size() > MAX_LISTED
                || deltas.size() > MAX_LISTED
                || securityVersion < 0
                || blockBytes < 1) {
            throw new IllegalArgumentException("firmware facts out of range for version '" + version + "'");
        }
    }

    /**
     * The target path of the list whose digest is {@link #blockHashes}; or of the list of a patch's blocks, which are
     * of the same size.
     *
     * @param path target path of the image, or of the patch
     * @return target path of its list of block digests
     */
    public static String blockListPath(String path) {
        return path + ".blocks";
    }

    /**
     * A patch, bound to both of its ends.
     *
     * @param from the image it applies to
     * @param to the image it makes
     * @param path the patch's own target path
     * @param patch the patch's own digest
     * @param patchBytes the patch's length, at least 1
     * @param profile the patch format, for the applier to know whether it can
     * @param ramBytes working memory that applying it needs, at least 0
     */
    public record Delta(
            Digest from, Digest to, String path, Digest patch, long patchBytes, String profile, long ramBytes) {
        /**
         * Checks the ranges.
         *
         * @throws IllegalArgumentException if a length is out of range
         */
        public Delta {
            if (patchBytes < 1 || ramBytes < 0) {
                throw new IllegalArgumentException("delta of " + patchBytes + " bytes, needing " + ramBytes);
            }
        }
    }

    /**
     * The smallest delta that this device can use.
     *
     * @param installed digest of the image that it runs
     * @param availableRamBytes working memory that it can spare
     * @return empty if only the whole image will do
     */
    public Optional<Delta> deltaFrom(Digest installed, long availableRamBytes) {
        return deltas.stream()
                .filter(delta -> delta.from().equals(installed) && delta.ramBytes() <= availableRamBytes)
                .min((a, b) -> Long.compare(a.patchBytes(), b.patchBytes()));
    }

    /**
     * The version as one number, for boot records: {@code A}, {@code A.B} or {@code A.B.C} with A and B up to 255 and C
     * up to 65,535, A first.
     *
     * @return 1 to 4,294,967,295, greater for later versions; empty if the version is not of this form
     */
    public OptionalLong versionNumber() {
        Matcher parts = DOTTED.matcher(version);
        if (!parts.matches()) {
            return OptionalLong.empty();
        }
        long a = Long.parseLong(parts.group(1));
        long b = parts.group(2) == null ? 0 : Long.parseLong(parts.group(2));
        long c = parts.group(3) == null ? 0 : Long.parseLong(parts.group(3));
        long number = a << 24 | b << 16 | c;
        return a > 255 || b > 255 || c > 65_535 || number == 0 ? OptionalLong.empty() : OptionalLong.of(number);
    }

    JsonObject toJson() {
        List<JsonValue> list = new ArrayList<>();
        for (Delta delta : deltas) {
            list.add(JsonObject.builder()
                    .put("from", delta.from().hex())
                    .put("to", delta.to().hex())
                    .put("path", delta.path())
                    .put("patch", delta.patch().hex())
                    .put("patch_length", delta.patchBytes())
                    .put("profile", delta.profile())
                    .put("ram", delta.ramBytes())
                    .build());
        }
        JsonObject facts = JsonObject.builder()
                .put("version", version)
                .put("hardware_ids", hardwareIds)
                .put("security_version", securityVersion)
                .put("block_length", blockBytes)
                .put("block_hashes", blockHashes.hex())
                .put("deltas", new JsonValue.Array(list))
                .build();
        return JsonObject.builder().put(MEMBER, facts).build();
    }

    static FirmwareInfo fromJson(JsonObject custom) throws JsonException {
        JsonObject facts = custom.object(MEMBER);
        try {
            List<Delta> deltas = new ArrayList<>();
            for (JsonObject delta : facts.objects("deltas")) {
                deltas.add(new Delta(
                        new Digest(delta.text("from")),
                        new Digest(delta.text("to")),
                        delta.text("path"),
                        new Digest(delta.text("patch")),
                        delta.whole("patch_length", 1),
                        delta.text("profile"),
                        delta.whole("ram", 0)));
            }
            return new FirmwareInfo(
                    facts.text("version"),
                    facts.texts("hardware_ids"),
                    facts.whole("security_version", 0),
                    Math.toIntExact(facts.whole("block_length", 1)),
                    new Digest(facts.text("block_hashes")),
                    deltas);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw facts.broken(String.valueOf(e.getMessage()));
        }
    }
}
