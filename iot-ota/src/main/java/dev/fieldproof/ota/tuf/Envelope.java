package dev.fieldproof.ota.tuf;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.json.JsonWriter;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/** Any metadata file: the signed part, its canonical bytes, the signatures by key id (TUF 1.0, "Object format"). */
@SuppressWarnings("ArrayRecordComponent") // package-private, never compared, never changed
record Envelope(JsonObject signed, byte[] signedBytes, Map<String, byte[]> signatures, long version, Instant expires) {
    private static final int MAX_SIGNATURES = 1000;
    private static final Pattern SPEC_VERSION = Pattern.compile("1(\\.[0-9]{1,9}){1,2}([-+].{0,64})?");
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'").withResolverStyle(ResolverStyle.STRICT);
    private static final Pattern DATE_TIME_FORM =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z");

    static Envelope parse(byte[] bytes, String type, String file) throws RefusedException {
        try {
            JsonObject json = JsonReader.object(bytes);
            JsonObject signed = json.object("signed");
            if (!signed.text("_type").equals(type)) {
                throw signed.broken("'_type' is not '" + type + "'");
            }
            if (!SPEC_VERSION.matcher(signed.text("spec_version")).matches()) {
                throw new RefusedException(
                        Refusal.UNSUPPORTED_SPECIFICATION, file, "specification " + signed.text("spec_version"));
            }
            return new Envelope(
                    signed,
                    JsonWriter.canonical(signed),
                    signatures(json),
                    signed.whole("version", 1),
                    expires(signed));
        } catch (JsonException e) {
            throw malformed(file, e);
        }
    }

    static RefusedException malformed(String file, JsonException e) {
        return new RefusedException(Refusal.MALFORMED, file, String.valueOf(e.getMessage()));
    }

    private static Map<String, byte[]> signatures(JsonObject json) throws JsonException {
        Map<String, byte[]> signatures = new LinkedHashMap<>();
        for (JsonObject signature : json.objects("signatures")) {
            if (signatures.put(signature.text("keyid"), hex(signature.text("sig"))) != null) {
                throw signature.broken("a second signature of the same key id");
            }
            if (signatures.size() > MAX_SIGNATURES) {
                throw signature.broken("more than " + MAX_SIGNATURES + " signatures");
            }
        }
        return signatures;
    }

    /** What is not hexadecimal is no signature, but does not spoil the others. */
    private static byte[] hex(String text) {
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    private static Instant expires(JsonObject signed) throws JsonException {
        String text = signed.text("expires");
        try {
            if (DATE_TIME_FORM.matcher(text).matches()) {
                return LocalDateTime.parse(text, DATE_TIME).toInstant(ZoneOffset.UTC);
            }
        } catch (DateTimeParseException e) {
            // falls through to the one answer for every wrong form
        }
        throw signed.broken("'expires' is not of the form YYYY-MM-DDTHH:MM:SSZ");
    }

    static String dateTime(Instant instant) {
        return DATE_TIME.format(LocalDateTime.ofInstant(instant, ZoneOffset.UTC));
    }

    void requireFresh(Instant now, String file) throws RefusedException {
        if (!expires.isAfter(now)) {
            throw new RefusedException(Refusal.EXPIRED, file, "expired at " + expires + ", it is " + now);
        }
    }
}
