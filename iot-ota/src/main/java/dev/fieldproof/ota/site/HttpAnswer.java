package dev.fieldproof.ota.site;

import dev.fieldproof.ota.json.JsonObject;
import java.nio.charset.StandardCharsets;

/** What a request is answered with, before it is bytes on a connection. */
sealed interface HttpAnswer {
    /**
     * A body in memory.
     *
     * @param status of HTTP
     * @param type of the body
     * @param bytes the body
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose
    record Body(int status, String type, byte[] bytes) implements HttpAnswer {}

    /**
     * An artifact of the cache, in the range that the request names.
     *
     * @param action of which it is the software
     */
    record Artifact(Deployments.Action action) implements HttpAnswer {}

    static HttpAnswer json(JsonObject object) {
        return new Body(200, "application/json", object.toString().getBytes(StandardCharsets.UTF_8));
    }

    static HttpAnswer refused(int status, String errorCode, String message) {
        JsonObject object = JsonObject.builder()
                .put("errorCode", errorCode)
                .put("message", message)
                .build();
        return new Body(status, "application/json", object.toString().getBytes(StandardCharsets.UTF_8));
    }

    static HttpAnswer empty() {
        return new Body(200, "application/json", new byte[0]);
    }
}
