package dev.fieldproof.ota.identity;

import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonReader;
import dev.fieldproof.ota.record.RecordStore.Table;
import dev.fieldproof.ota.record.RecordStore.Transaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What was used of a claim.
 *
 * @param things registered under it
 * @param hour the hour, since 1970, of the last certificate
 * @param inHour certificates issued in that hour
 * @param revoked whether it was ended
 */
record ClaimUse(int things, long hour, int inHour, boolean revoked) {
    static ClaimUse of(Transaction records, String claim) throws IOException {
        Optional<String> json = records.get(Table.CLAIM, claim);
        if (json.isEmpty()) {
            return new ClaimUse(0, 0, 0, false);
        }
        try {
            JsonObject object = JsonReader.object(json.get().getBytes(StandardCharsets.UTF_8));
            return new ClaimUse(
                    (int) object.whole("things", 0),
                    object.whole("hour", 0),
                    (int) object.whole("inHour", 0),
                    object.truth("revoked", false));
        } catch (JsonException e) {
            throw new IOException("a damaged record of claim " + claim, e);
        }
    }

    String json() {
        return JsonObject.builder()
                .put("things", things)
                .put("hour", hour)
                .put("inHour", inHour)
                .put("revoked", revoked)
                .build()
                .toString();
    }

    boolean mayIssue(ClaimPolicy policy, long now) {
        return now != hour || inHour < policy.certificatesPerHour();
    }

    ClaimUse issued(long now) {
        return new ClaimUse(things, now, now == hour ? inHour + 1 : 1, revoked);
    }

    ClaimUse registered() {
        return new ClaimUse(things + 1, hour, inHour, revoked);
    }

    ClaimUse revoke() {
        return new ClaimUse(things, hour, inHour, true);
    }
}
