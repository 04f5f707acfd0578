package dev.fieldproof.ota.site;

import java.util.List;

/**
 * A request, read and bounded.
 *
 * @param method of HTTP
 * @param base scheme and authority as the client sees them, for links
 * @param path decoded segments
 * @param query the raw query, or empty
 * @param authorization the header, or empty
 * @param certificateName the common name of the client's certificate, or empty
 * @param body at most {@link SiteServer#MAX_BODY_BYTES}
 */
@SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose
record HttpAsk(
        String method,
        String base,
        List<String> path,
        String query,
        String authorization,
        String certificateName,
        byte[] body) {
    HttpAsk {
        path = List.copyOf(path);
    }

    /** A path segment, or empty beyond the end. */
    String segment(int index) {
        return index < path.size() ? path.get(index) : "";
    }
}
