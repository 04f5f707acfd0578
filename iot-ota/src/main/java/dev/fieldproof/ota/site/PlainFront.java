package dev.fieldproof.ota.site;

import dev.fieldproof.ota.http.HttpField;
import dev.fieldproof.ota.http.HttpLimits;
import dev.fieldproof.ota.http.HttpRequest;
import dev.fieldproof.ota.http.HttpResponse;
import dev.fieldproof.ota.http.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Requests that come over plain HTTP. */
final class PlainFront implements HttpServer.Handler, SiteServer.Front {
    private static final Logger LOG = LoggerFactory.getLogger(PlainFront.class);
    /** Of the answers, which wait for the records; not of connections. */
    private static final int THREADS = 8;

    private final SiteRequests requests;
    private final HttpServer server;

    PlainFront(InetSocketAddress address, SiteRequests requests, SiteSettings settings, ControlNode node)
            throws IOException {
        this.requests = requests;
        HttpLimits limits = HttpLimits.DEFAULT.withBody(SiteServer.MAX_BODY_BYTES, settings.bodyWithin());
        server = new HttpServer(address, limits, THREADS, this, node.clock(), System::nanoTime);
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public HttpResponse answer(HttpRequest request, InetAddress from) {
        String client = from.getHostAddress();
        String about = request.head().method() + " " + request.head().path();
        if (!requests.admits(client)) {
            requests.refused(429, about, client);
            return response(SiteRequests.tooOften());
        }
        HttpAnswer answer = requests.answer(new Arrival(
                client,
                request.head().method(),
                "http://" + request.field("Host").orElse("localhost:" + port()),
                request.head().path(),
                request.head().query(),
                request.field("Authorization").orElse(""),
                "",
                request.body()));
        return answer instanceof HttpAnswer.Artifact artifact
                ? artifact(artifact, request, about, client)
                : response((HttpAnswer.Body) answer);
    }

    private HttpResponse artifact(HttpAnswer.Artifact artifact, HttpRequest request, String about, String client) {
        if (!requests.downloadBegins()) {
            requests.refused(503, about, client);
            HttpAnswer.Body busy = SiteRequests.busy();
            List<HttpField> fields = new ArrayList<>(fields(busy));
            fields.add(new HttpField("Retry-After", Integer.toString(SiteRequests.RETRY_SECONDS)));
            return new HttpResponse.Whole(busy.status(), fields, busy.bytes());
        }
        boolean handedOver = false;
        try {
            ArtifactReply reply = requests.open(
                    artifact,
                    request.field("Range").orElse(""),
                    request.field("If-Range").orElse(""));
            List<HttpField> fields = new ArrayList<>();
            reply.headers().forEach((name, value) -> fields.add(new HttpField(name, value)));
            if (reply.body().isEmpty()) {
                return new HttpResponse.Whole(reply.status(), fields, new byte[0]);
            }
            handedOver = true;
            return new HttpResponse.Stream(
                    reply.status(),
                    fields,
                    reply.body().get(),
                    reply.lengthBytes(),
                    whole -> ended(artifact, whole && reply.last()));
        } catch (IOException e) {
            LOG.warn("the storage failed", e);
            return response((HttpAnswer.Body) HttpAnswer.refused(503, "Unavailable", "try again"));
        } finally {
            if (!handedOver) {
                ended(artifact, false);
            }
        }
    }

    private void ended(HttpAnswer.Artifact artifact, boolean complete) {
        try {
            requests.downloadEnded(artifact, complete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public HttpResponse refuse(HttpServer.Refusal refusal, InetAddress from) {
        requests.refused(refusal.status(), refusal.about(), from.getHostAddress());
        String code = switch (refusal.status()) {
            case 408 -> "TooSlow";
            case 413, 414, 431 -> "TooLarge";
            case 503 -> "Busy";
            default -> "BadRequest";
        };
        return response((HttpAnswer.Body) HttpAnswer.refused(refusal.status(), code, refusal.rule()));
    }

    private static HttpResponse response(HttpAnswer.Body body) {
        return new HttpResponse.Whole(body.status(), fields(body), body.bytes());
    }

    private static List<HttpField> fields(HttpAnswer.Body body) {
        return List.of(new HttpField("Content-Type", body.type()), new HttpField("Cache-Control", "no-store"));
    }

    @Override
    public void close() {
        server.close();
    }
}
