package dev.fieldproof.ota.tuf;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonValue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Hashes by algorithm, as metadata lists them. */
final class Hashes {
    private static final Pattern HEX = Pattern.compile("([0-9a-f]{2}){16,64}");

    private Hashes() {}

    /** Reads the member {@code hashes}; a listed file has at least one. */
    static Map<String, String> fromJson(JsonObject file) throws JsonException {
        Map<String, String> hashes = new LinkedHashMap<>();
        JsonObject json = file.object("hashes");
        for (Map.Entry<String, JsonValue> entry : json.members().entrySet()) {
            String hex = json.text(entry.getKey());
            if (!HEX.matcher(hex).matches()) {
                throw json.broken("the hash '" + entry.getKey() + "' is not lower-case hexadecimal");
            }
            hashes.put(entry.getKey(), hex);
        }
        if (hashes.isEmpty()) {
            throw json.broken("no hash");
        }
        return hashes;
    }

    static JsonObject toJson(Map<String, String> hashes) {
        JsonObject.Builder json = JsonObject.builder();
        hashes.forEach(json::put);
        return json.build();
    }

    /** Computes all listed hashes over bytes that arrive in pieces. */
    static final class Check {
        private final Map<String, String> wanted;
        private final List<MessageDigest> digests = new ArrayList<>();

        Check(Map<String, String> wanted, String file) throws RefusedException {
            this.wanted = wanted;
            for (String algorithm : wanted.keySet()) {
                digests.add(newDigest(algorithm, file));
            }
        }

        void update(byte[] bytes, int from, int length) {
            for (MessageDigest digest : digests) {
                digest.update(bytes, from, length);
            }
        }

        boolean matches() {
            int i = 0;
            for (String hex : wanted.values()) {
                if (!MessageDigest.isEqual(
                        digests.get(i++).digest(), HexFormat.of().parseHex(hex))) {
                    return false;
                }
            }
            return true;
        }
    }

    static boolean match(Map<String, String> wanted, byte[] bytes, String file) throws RefusedException {
        Check check = new Check(wanted, file);
        check.update(bytes, 0, bytes.length);
        return check.matches();
    }

    private static MessageDigest newDigest(String algorithm, String file) throws RefusedException {
        String name = switch (algorithm) {
            case "sha224" -> "SHA-224";
            case "sha256" -> "SHA-256";
            case "sha384" -> "SHA-384";
            case "sha512" -> "SHA-512";
            default -> throw new RefusedException(Refusal.UNSUPPORTED_HASH, file, "'" + algorithm + "'");
        };
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new RefusedException(Refusal.UNSUPPORTED_HASH, file, "this Java platform lacks " + name);
        }
    }
}
