package dev.fieldproof.ota.http;

import java.util.Optional;

/**
 * A whole request.
 *
 * @param head its first line and fields
 * @param body its content, empty if there is none
 */
@SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose
public record HttpRequest(RequestHead head, byte[] body) {
    /**
     * The first value of a field.
     *
     * @param name in any case
     * @return its value, or empty
     */
    public Optional<String> field(String name) {
        return head.field(name);
    }
}
