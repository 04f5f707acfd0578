package dev.fieldproof.ota.site;

import java.nio.channels.ReadableByteChannel;
import java.util.Map;
import java.util.Optional;

/**
 * An artifact, or a part of it, ready to be sent.
 *
 * @param status 200 or 206; 416 or 503 without a body
 * @param headers what is said of it
 * @param body at the first byte to send, to be closed by whom it is given to
 * @param lengthBytes how much to send
 * @param last whether its last byte is the artifact's
 */
record ArtifactReply(
        int status, Map<String, String> headers, Optional<ReadableByteChannel> body, long lengthBytes, boolean last) {
    static ArtifactReply without(int status, Map<String, String> headers) {
        return new ArtifactReply(status, headers, Optional.empty(), 0, false);
    }
}
