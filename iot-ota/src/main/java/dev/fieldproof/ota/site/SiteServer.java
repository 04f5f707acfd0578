package dev.fieldproof.ota.site;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.fieldproof.core.Digest;
import dev.fieldproof.core.store.ArtifactNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * A control node on HTTP: the Direct Device Integration API v1 of Eclipse hawkBit for devices, with ranges, and a
 * status page for people. Everything that is refused is logged without tokens. Thread-safe.
 */
public final class SiteServer implements AutoCloseable {
    /** Largest body that a request may have. */
    public static final int MAX_BODY_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(SiteServer.class);
    private static final int COPY_BYTES = 128 * 1024;
    /** So many may be slow at a time, for as long as the limits of time let them, before a poll has to wait. */
    private static final int THREADS = 256;

    private static final String MAX_REQUEST_SECONDS = "30";
    private static final String KEEP_SECONDS = "120";
    private static final String MAX_IDLE = "20000";
    private static final int BACKLOG = 1024;
    private static final int MAX_PATH_CHARS = 200;
    private static final int REFUSALS_PER_MINUTE = 60;
    /** Malformed, not admitted, not allowed, slow, too large, too often. */
    private static final Set<Integer> AUDITED = Set.of(400, 401, 403, 408, 413, 429);

    private static final int IDLE_SECONDS = 10;
    private static final int RETRY_SECONDS = 10;
    private static final int MAX_SEGMENTS = 16;
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

    private final ControlNode node;
    private final DdiApi devices;
    private final OperatorApi people;
    private final Rollouts rollouts;
    private final RequestLimit limit;
    private final BodyReader bodies;
    /** Refusals in the audit log; the rest are in the log only, so that nobody can fill the disk with them. */
    private final RequestLimit refusals = new RequestLimit(REFUSALS_PER_MINUTE);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    private final ThreadPoolExecutor downloads;

    /**
     * Begins to serve plain HTTP: on the loopback interface, or where the settings allow it.
     *
     * @param address where; port 0 for any that is free
     * @param node the gate, the cache and the log
     * @param deployments what devices are told
     * @param rollouts is told what devices do
     * @param operators who may look and decide
     * @param settings what is allowed
     * @throws IOException if the address cannot be had
     * @throws IllegalArgumentException if other machines could come in, and the settings do not allow it without TLS
     */
    public SiteServer(
            InetSocketAddress address,
            ControlNode node,
            Deployments deployments,
            Rollouts rollouts,
            Operators operators,
            SiteSettings settings)
            throws IOException {
        this(plain(address, settings), node, deployments, rollouts, operators, settings);
    }

    /**
     * Begins to serve HTTPS.
     *
     * @param address where; port 0 for any that is free
     * @param tls the server's certificate, and who issues those of devices
     * @param node the gate, the cache and the log
     * @param deployments what devices are told
     * @param rollouts is told what devices do
     * @param operators who may look and decide
     * @param settings what is allowed
     * @throws IOException if the address cannot be had
     */
    public SiteServer(
            InetSocketAddress address,
            SiteTls tls,
            ControlNode node,
            Deployments deployments,
            Rollouts rollouts,
            Operators operators,
            SiteSettings settings)
            throws IOException {
        this(secure(address, tls.context()), node, deployments, rollouts, operators, settings);
        tls.tell(line -> {
            LOG.info(line);
            if (refusals.admits("", System.nanoTime())) {
                try {
                    node.record("server", line);
                } catch (IOException e) {
                    LOG.warn("the audit log cannot be written", e);
                }
            }
        });
    }

    private static HttpServer plain(InetSocketAddress address, SiteSettings settings) throws IOException {
        boolean local = address.getAddress() != null && address.getAddress().isLoopbackAddress();
        if (!local && !settings.plainBeyondLoopback()) {
            throw new IllegalArgumentException(
                    "without TLS only the loopback interface is served, not " + address.getHostString());
        }
        return HttpServer.create(address, BACKLOG);
    }

    private SiteServer(
            HttpServer server,
            ControlNode node,
            Deployments deployments,
            Rollouts rollouts,
            Operators operators,
            SiteSettings settings)
            throws IOException {
        this.node = node;
        this.rollouts = rollouts;
        this.devices = new DdiApi(deployments, rollouts, settings);
        this.people = new OperatorApi(node, deployments, rollouts, operators);
        this.limit = new RequestLimit(settings.requestsPerMinute());
        this.bodies = new BodyReader(settings.bodyWithin(), MAX_BODY_BYTES);
        this.server = server;
        // Nothing is queued: a download has a thread or is told to come again, and no slow one holds up a poll.
        downloads = new ThreadPoolExecutor(
                0, settings.maxDownloads(), IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>());
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    private static HttpServer secure(InetSocketAddress address, SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(address, BACKLOG);
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters wanted = tls.getDefaultSSLParameters();
                wanted.setWantClientAuth(true);
                parameters.setSSLParameters(wanted);
            }
        });
        return server;
    }

    /**
     * Where it serves.
     *
     * @return the port
     */
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
            refuse(exchange, bodies.refusal()); // it was told already
        } catch (RuntimeException e) {
            LOG.error("a request could not be answered", e);
            throw e;
        } finally {
            if (!handedOver) {
                exchange.close();
            }
        }
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
            exchange.getResponseHeaders().set("Retry-After", Integer.toString(RETRY_SECONDS));
            HttpAnswer answer = HttpAnswer.refused(503, "Busy", "too many downloads at once; try again later");
            send(exchange, (HttpAnswer.Body) refuse(exchange, answer));
            return false;
        }
    }

    private HttpAnswer answer(HttpExchange exchange) throws IOException {
        String client = exchange.getRemoteAddress().getAddress().getHostAddress();
        if (!limit.admits(client, System.nanoTime())) {
            return refuse(exchange, HttpAnswer.refused(429, "TooManyRequests", "slow down"));
        }
        byte[] body = bodies.read(exchange);
        if (body.length > MAX_BODY_BYTES) {
            return refuse(exchange, HttpAnswer.refused(413, "TooLarge", "more than " + MAX_BODY_BYTES + " bytes"));
        }
        Optional<List<String>> path = path(exchange.getRequestURI().getRawPath());
        if (path.isEmpty()) {
            return refuse(exchange, HttpAnswer.refused(400, "BadPath", "not a path of this server"));
        }
        Headers headers = exchange.getRequestHeaders();
        String host = Optional.ofNullable(headers.getFirst("Host")).orElse("localhost:" + port());
        HttpAsk ask = new HttpAsk(
                exchange.getRequestMethod(),
                (exchange instanceof HttpsExchange ? "https://" : "http://") + host,
                path.get(),
                Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""),
                Optional.ofNullable(headers.getFirst("Authorization")).orElse(""),
                certificateName(exchange),
                body);
        try {
            return refuse(exchange, DdiApi.isMine(ask) ? devices.answer(ask) : people.answer(ask));
        } catch (IOException e) {
            LOG.warn("the storage failed", e);
            return HttpAnswer.refused(503, "Unavailable", "try again");
        }
    }

    /** Logs an answer that is a refusal; what the client showed stays out of the log. */
    private HttpAnswer refuse(HttpExchange exchange, HttpAnswer answer) throws IOException {
        if (answer instanceof HttpAnswer.Body body && body.status() >= 400) {
            String path = String.valueOf(exchange.getRequestURI().getPath());
            String what = "refused with " + body.status() + ": " + exchange.getRequestMethod() + " "
                    + path.substring(0, Math.min(path.length(), MAX_PATH_CHARS)).replaceAll("\\p{Cntrl}", "?")
                    + " from "
                    + exchange.getRemoteAddress().getAddress().getHostAddress();
            LOG.info(what);
            if (AUDITED.contains(body.status()) && refusals.admits("", System.nanoTime())) {
                node.record("server", what);
            }
        }
        return answer;
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
        String header = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
                .orElse("");
        Digest digest = artifact.action().software().digest();
        long sizeBytes = artifact.action().software().sizeBytes();
        Optional<ByteRange> asked = ByteRange.of(header, sizeBytes);
        Headers headers = exchange.getResponseHeaders();
        headers.set("Accept-Ranges", "bytes");
        headers.set("ETag", '"' + digest.hex() + '"');
        headers.set("Content-Type", "application/octet-stream");
        if (asked.isEmpty()) {
            headers.set("Content-Range", "bytes */" + sizeBytes);
            exchange.sendResponseHeaders(416, -1);
            return;
        }
        ByteRange range = asked.get();
        boolean whole = range.lengthBytes() == sizeBytes;
        if (!whole) {
            headers.set("Content-Range", "bytes " + range.fromBytes() + "-" + (range.toBytes() - 1) + "/" + sizeBytes);
        }
        try (ReadableByteChannel in = node.open(digest, range.fromBytes())) {
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(whole ? 200 : 206, head ? -1 : range.lengthBytes());
            if (!head) {
                copy(in, exchange.getResponseBody(), range.lengthBytes());
                if (range.toBytes() == sizeBytes) {
                    rollouts.downloaded(artifact.action());
                }
            }
        } catch (ArtifactNotFoundException e) {
            exchange.sendResponseHeaders(503, -1); // not in the cache yet
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

    /** Stops serving; requests under way have a second to end. */
    @Override
    public void close() {
        server.stop(STOP_SECONDS);
        bodies.close();
        threads.shutdownNow();
        downloads.shutdownNow();
    }
}
