package dev.fieldproof.ota.site;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A control node on HTTP: the Direct Device Integration API v1 of Eclipse hawkBit for devices, with ranges, and a
 * status page for people. Everything that is refused is logged without tokens. Thread-safe.
 *
 * <p>Plain HTTP is served by a server of this module, which sends artifacts from the page cache and keeps one thread
 * for any number of devices; TLS by the platform's server.
 */
public final class SiteServer implements AutoCloseable {
    /** Largest body that a request may have. */
    public static final int MAX_BODY_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(SiteServer.class);

    private final Front front;

    /** Takes requests from clients. */
    interface Front extends AutoCloseable {
        int port();

        @Override
        void close();
    }

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
        boolean local = address.getAddress() != null && address.getAddress().isLoopbackAddress();
        if (!local && !settings.plainBeyondLoopback()) {
            throw new IllegalArgumentException(
                    "without TLS only the loopback interface is served, not " + address.getHostString());
        }
        SiteRequests requests = new SiteRequests(node, deployments, rollouts, operators, settings);
        front = new PlainFront(address, requests, settings, node);
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
        SiteRequests requests = new SiteRequests(node, deployments, rollouts, operators, settings);
        front = new TlsFront(address, tls.context(), requests, settings);
        tls.tell(line -> {
            LOG.info(line);
            requests.audit(line);
        });
    }

    /**
     * Where it serves.
     *
     * @return the port
     */
    public int port() {
        return front.port();
    }

    /** Stops serving; requests under way have a second to end. */
    @Override
    public void close() {
        front.close();
    }
}
