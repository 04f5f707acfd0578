package dev.fieldproof.ota.site;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests that come over TLS, by the platform's server: every byte has to be brought into the process to be encrypted,
 * so sending files from the page cache would gain nothing here.
 */
final class TlsFront implements SiteServer.Front {
    private static final Logger LOG = LoggerFactory.getLogger(TlsFront.class);
    private static final int COPY_BYTES = 128 * 1024;
    /** So many may be slow at a time, for as long as the limits of time let them, before a poll has to wait. */
    private static final int THREADS = 256;

    private static final String MAX_REQUEST_SECONDS = "30";
    private static final String KEEP_SECONDS = "120";
    private static final String MAX_IDLE = "20000";
    private static final int BACKLOG = 1024;
    private static final int IDLE_SECONDS = 10;
    private static final int STOP_SECONDS = 1;

    static {
        // The platform's server takes these before its first use only: how long a request may take to arrive, how long
        // and how many connections are kept for the next poll, which saves a handshake each, and that an answer is not
        // held back until its header has been acknowledged, which takes 40 ms.
        Map<String, String> limits = Map.of(
                "maxReqTime", MAX_REQUEST_SECONDS,
                "idleInterval", KEEP_SECONDS,
                "maxIdleConnections", MAX_IDLE,
                "nodelay", "true");
        limits.forEach((name, value) -> {
            String property = "sun.net.httpserver." + name;
            if (System.getProperty(property) == null) {
                System.setProperty(property, value);
            }
        });
    }

    private final SiteRequests requests;
    private final BodyReader bodies;
    private final HttpsServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final ThreadPoolExecutor downloads;

    TlsFront(InetSocketAddress address, SSLContext tls, SiteRequests requests, SiteSettings settings)
            throws IOException {
        this.requests = requests;
        this.bodies = new BodyReader(settings.bodyWithin(), SiteServer.MAX_BODY_BYTES);
        // Nothing is queued: a download has a thread or is told to come again, and no slow one holds up a poll.
        downloads = new ThreadPoolExecutor(
                0, settings.maxDownloads(), IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>());
        server = HttpsServer.create(address, BACKLOG);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = tls.getDefaultSSLParameters();
                wanted.setWantClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    @Override
    public int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        boolean handedOver = false;
        try {
            HttpAnswer answer = answer(exchange);
            if (answer instanceof HttpAnswer.Artifact artifact) {
                handedOver = handOver(exchange, artifact);
            } else {
                send(exchange, (HttpAnswer.Body) answer);
            }
        } catch (BodyReader.TooSlow e) {
            refused(exchange, 408); // it was told already
        } catch (RuntimeException e) {
            LOG.error("a request could not be answered", e);
            throw e;
        } finally {
            if (!handedOver) {
                exchange.close();
            }
        }
    }

    private static String client(HttpExchange exchange) {
        return exchange.getRemoteAddress().getAddress().getHostAddress();
    }

    private void refused(HttpExchange exchange, int status) {
        String path = String.valueOf(exchange.getRequestURI().getPath());
        requests.refused(status, exchange.getRequestMethod() + " " + path, client(exchange));
    }

    private HttpAnswer answer(HttpExchange exchange) throws IOException {
        if (!requests.admits(client(exchange))) {
            refused(exchange, 429);
            return SiteRequests.tooOften();
        }
        byte[] body = bodies.read(exchange);
        if (body.length > SiteServer.MAX_BODY_BYTES) {
            refused(exchange, 413);
            return SiteRequests.tooLarge();
        }
        Headers headers = exchange.getRequestHeaders();
        return requests.answer(new Arrival(
                client(exchange),
                exchange.getRequestMethod(),
                "https://" + Optional.ofNullable(headers.getFirst("Host")).orElse("localhost:" + port()),
                String.valueOf(exchange.getRequestURI().getRawPath()),
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""),
                Optional.ofNullable(headers.getFirst("Authorization")).orElse(""),
                certificateName(exchange),
                body));
    }

    private static String certificateName(HttpExchange exchange) {
        if (exchange instanceof HttpsExchange secure) {
            try {
                Certificate[] chain = secure.getSSLSession().getPeerCertificates();
                return commonName((X509Certificate) chain[0]);
            } catch (SSLPeerUnverifiedException e) {
                return ""; // came without a certificate: it has to show a token
            }
        }
        return "";
    }

    /** The last common name, which is the device's own below those of its issuer; never a part of another value. */
    private static String commonName(X509Certificate certificate) {
        X500Name name =
                X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
        RDN[] found = name.getRDNs(BCStyle.CN);
        RDN last = found.length == 0 ? null : found[found.length - 1];
        return last == null || last.isMultiValued()
                ? ""
                : IETFUtils.valueToString(last.getFirst().getValue());
    }

    private boolean handOver(HttpExchange exchange, HttpAnswer.Artifact artifact) throws IOException {
        try {
            downloads.execute(() -> {
                try (exchange) {
                    send(exchange, artifact);
                } catch (IOException e) {
                    LOG.debug("a download of {} was cut", exchange.getRemoteAddress(), e);
                } catch (RuntimeException e) {
                    LOG.error("an artifact could not be sent", e);
                }
            });
            return true;
        } catch (RejectedExecutionException e) {
            exchange.getResponseHeaders().set("Retry-After", Integer.toString(SiteRequests.RETRY_SECONDS));
            refused(exchange, 503);
            send(exchange, SiteRequests.busy());
            return false;
        }
    }

    private static void send(HttpExchange exchange, HttpAnswer.Body body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", body.type());
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(body.status(), body.bytes().length == 0 ? -1 : body.bytes().length);
        if (body.bytes().length > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(body.bytes());
            }
        }
    }

    private void send(HttpExchange exchange, HttpAnswer.Artifact artifact) throws IOException {
        Headers asked = exchange.getRequestHeaders();
        ArtifactReply reply = requests.open(
                artifact,
                Optional.ofNullable(asked.getFirst("Range")).orElse(""),
                Optional.ofNullable(asked.getFirst("If-Range")).orElse(""));
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        if (reply.body().isEmpty()) {
            exchange.sendResponseHeaders(reply.status(), -1);
            return;
        }
        try (ReadableByteChannel in = reply.body().get()) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(reply.status(), head ? -1 : reply.lengthBytes());
            if (!head) {
                copy(in, exchange.getResponseBody(), reply.lengthBytes());
                if (reply.last()) {
                    requests.downloaded(artifact);
                }
            }
        }
    }

    private static void copy(ReadableByteChannel in, OutputStream out, long length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(COPY_BYTES, Math.max(1, length)));
        long left = length;
        while (left > 0) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), left));
            int got = in.read(buffer);
            if (got < 0) {
                throw new IOException("the artifact is shorter than it should be");
            }
            out.write(buffer.array(), 0, got);
            left -= got;
        }
        out.close();
    }

    @Override
    public void close() {
        server.stop(STOP_SECONDS);
        bodies.close();
        threads.shutdownNow();
        downloads.shutdownNow();
    }
}
