package dev.fieldproof.ota.http;

/**
 * A field of a request or response (RFC 9110, section 5).
 *
 * @param name as written
 * @param value without the space around it
 */
public record HttpField(String name, String value) {
    /**
     * Checks that neither ends the line that it is on.
     *
     * @throws IllegalArgumentException if one holds CR, LF or NUL
     */
    public HttpField {
        if (breaksLine(name) || breaksLine(value)) {
            throw new IllegalArgumentException("a field of more than one line");
        }
    }

    private static boolean breaksLine(String text) {
        return text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0 || text.indexOf('\0') >= 0;
    }
}
