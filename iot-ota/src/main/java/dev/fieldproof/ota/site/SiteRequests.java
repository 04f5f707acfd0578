package dev.fieldproof.ota.site;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.store.ArtifactNotFoundException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a site's server answers, whichever way requests come in, and what it logs of those it refuses: never a token.
 * Thread-safe.
 */
final class SiteRequests {
    static final int RETRY_SECONDS = 10;

    private static final Logger LOG = LoggerFactory.getLogger(SiteRequests.class);
    private static final int MAX_PATH_CHARS = 200;
    private static final int MAX_SEGMENTS = 16;
    private static final int REFUSALS_PER_MINUTE = 60;
    /** Malformed, not admitted, not allowed, slow, too large, too often. */
    private static final Set<Integer> AUDITED = Set.of(400, 401, 403, 408, 413, 414, 429, 431);

    private final ControlNode node;
    private final Rollouts rollouts;
    private final DdiApi devices;
    private final OperatorApi people;
    private final RequestLimit limit;
    /** Refusals in the audit log; the rest are in the log only, so that nobody can fill the disk with them. */
    private final RequestLimit refusals = new RequestLimit(REFUSALS_PER_MINUTE);

    private final AtomicInteger downloads = new AtomicInteger();
    private final int maxDownloads;

    SiteRequests(
            ControlNode node, Deployments deployments, Rollouts rollouts, Operators operators, SiteSettings settings)
            throws IOException {
        this.node = node;
        this.rollouts = rollouts;
        this.devices = new DdiApi(deployments, rollouts, settings);
        this.people = new OperatorApi(node, deployments, rollouts, operators);
        this.limit = new RequestLimit(settings.requestsPerMinute());
        this.maxDownloads = settings.maxDownloads();
    }

    /** Before anything else of a request is looked at. */
    boolean admits(String client) {
        return limit.admits(client, System.nanoTime());
    }

    static HttpAnswer.Body tooOften() {
        return (HttpAnswer.Body) HttpAnswer.refused(429, "TooManyRequests", "slow down");
    }

    static HttpAnswer.Body tooLarge() {
        return (HttpAnswer.Body)
                HttpAnswer.refused(413, "TooLarge", "more than " + SiteServer.MAX_BODY_BYTES + " bytes");
    }

    HttpAnswer answer(Arrival arrival) {
        Optional<List<String>> path = path(arrival.path());
        HttpAnswer answer;
        if (path.isEmpty()) {
            answer = HttpAnswer.refused(400, "BadPath", "not a path of this server");
        } else {
            HttpAsk ask = new HttpAsk(
                    arrival.method(),
                    arrival.base(),
                    path.get(),
                    arrival.query(),
                    arrival.authorization(),
                    arrival.certificateName(),
                    arrival.body());
            try {
                answer = DdiApi.isMine(ask) ? devices.answer(ask) : people.answer(ask);
            } catch (IOException e) {
                LOG.warn("the storage failed", e);
                return HttpAnswer.refused(503, "Unavailable", "try again");
            }
        }
        if (answer instanceof HttpAnswer.Body body && body.status() >= 400) {
            refused(body.status(), arrival.method() + " " + arrival.path(), arrival.client());
        }
        return answer;
    }

    /** Logs a refusal; what the client showed stays out of the log. */
    void refused(int status, String about, String client) {
        String what = "refused with " + status + ": "
                + about.substring(0, Math.min(about.length(), MAX_PATH_CHARS)).replaceAll("\\p{Cntrl}", "?") + " from "
                + client;
        LOG.info(what);
        if (AUDITED.contains(status)) {
            audit(what);
        }
    }

    /** A line in the audit log, unless there were too many of them this minute. */
    void audit(String what) {
        if (refusals.admits("", System.nanoTime())) {
            try {
                node.record("server", what);
            } catch (IOException e) {
                LOG.warn("the audit log cannot be written", e);
            }
        }
    }

    private static Optional<List<String>> path(String raw) {
        List<String> segments = new ArrayList<>();
        for (String segment : raw.split("/", -1)) {
            if (segment.isEmpty()) {
                continue;
            }
            if (segments.size() == MAX_SEGMENTS || segment.equals("..")) {
                return Optional.empty();
            }
            try {
                segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.of(segments);
    }

    /** Takes one of the places for downloads; {@link #downloadEnded} gives it back. */
    boolean downloadBegins() {
        if (downloads.incrementAndGet() <= maxDownloads) {
            return true;
        }
        downloads.decrementAndGet();
        return false;
    }

    static HttpAnswer.Body busy() {
        return (HttpAnswer.Body) HttpAnswer.refused(503, "Busy", "too many downloads at once; try again later");
    }

    /** Gives the place back; a device that has the last byte has the update. */
    void downloadEnded(HttpAnswer.Artifact artifact, boolean complete) throws IOException {
        downloads.decrementAndGet();
        if (complete) {
            downloaded(artifact);
        }
    }

    void downloaded(HttpAnswer.Artifact artifact) throws IOException {
        rollouts.downloaded(artifact.action());
    }

    /** Opens what a request asks for (RFC 9110, section 14). */
    ArtifactReply open(HttpAnswer.Artifact artifact, String range, String ifRange) throws IOException {
        Digest digest = artifact.action().software().digest();
        long sizeBytes = artifact.action().software().sizeBytes();
        String tag = '"' + digest.hex() + '"';
        // A part of something else than the client has the beginning of would be of no use to it.
        Optional<ByteRange> asked = ByteRange.of(ifRange.isEmpty() || ifRange.equals(tag) ? range : "", sizeBytes);
        Map<String, String> headers = new TreeMap<>();
        headers.put("Accept-Ranges", "bytes");
        headers.put("ETag", tag);
        headers.put("Content-Type", "application/octet-stream");
        if (asked.isEmpty()) {
            headers.put("Content-Range", "bytes */" + sizeBytes);
            return ArtifactReply.without(416, headers);
        }
        ByteRange part = asked.get();
        boolean whole = part.lengthBytes() == sizeBytes;
        if (!whole) {
            headers.put("Content-Range", "bytes " + part.fromBytes() + "-" + (part.toBytes() - 1) + "/" + sizeBytes);
        }
        try {
            return new ArtifactReply(
                    whole ? 200 : 206,
                    headers,
                    Optional.of(node.open(digest, part.fromBytes())),
                    part.lengthBytes(),
                    part.toBytes() == sizeBytes);
        } catch (ArtifactNotFoundException e) {
            LOG.debug("not in the cache yet", e);
            return ArtifactReply.without(503, Map.of());
        }
    }
}
