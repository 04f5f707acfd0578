package dev.fieldproof.ota.site;

/**
 * A request as it came, however it came.
 *
 * @param client the address that it came from
 * @param method of HTTP
 * @param base scheme and authority as the client sees them, for links
 * @param path the raw path
 * @param query the raw query, or empty
 * @param authorization the header, or empty
 * @param certificateName the common name of the client's certificate, or empty
 * @param body all of it
 */
@SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose
record Arrival(
        String client,
        String method,
        String base,
        String path,
        String query,
        String authorization,
        String certificateName,
        byte[] body) {}
