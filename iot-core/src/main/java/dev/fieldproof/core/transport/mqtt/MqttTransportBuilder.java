package dev.fieldproof.core.transport.mqtt;

import dev.fieldproof.core.transport.Backoff;
import java.io.IOException;
import java.util.Optional;

/** Describes an {@link MqttTransport}. Not thread-safe. */
public final class MqttTransportBuilder {
    /** Most publications that wait, unless told otherwise. */
    public static final int QUEUE_MAX_DEFAULT = 10_000;

    private final String host;
    private final int port;
    private MqttVersion version = MqttVersion.V5;
    private Optional<MqttTls> tls = Optional.empty();
    private Optional<Settings.Credentials> credentials = Optional.empty();
    private Backoff backoff = Backoff.DEFAULT;
    private int queueMax = QUEUE_MAX_DEFAULT;
    private Overflow overflow = Overflow.REFUSE_NEWEST;

    MqttTransportBuilder(String host, int port) {
        if (host.isEmpty() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("not a broker's address: '" + host + "', port " + port);
        }
        this.host = host;
        this.port = port;
    }

    /**
     * Chooses the protocol's version.
     *
     * @param version default {@link MqttVersion#V5}
     * @return this
     */
    public MqttTransportBuilder version(MqttVersion version) {
        this.version = version;
        return this;
    }

    /**
     * Secures the connection.
     *
     * @param tls whom to trust and who this client is; default no TLS
     * @return this
     */
    public MqttTransportBuilder tls(MqttTls tls) {
        this.tls = Optional.of(tls);
        return this;
    }

    /**
     * Presents a name and a password.
     *
     * @param user name known to the broker
     * @param password sent as UTF-8, in the clear unless TLS is used
     * @return this
     */
    public MqttTransportBuilder credentials(String user, String password) {
        this.credentials = Optional.of(new Settings.Credentials(user, password));
        return this;
    }

    /**
     * Chooses the waits between attempts.
     *
     * @param backoff default {@link Backoff#DEFAULT}
     * @return this
     */
    public MqttTransportBuilder backoff(Backoff backoff) {
        this.backoff = backoff;
        return this;
    }

    /**
     * Bounds the queue of publications that wait for a connection or for earlier ones.
     *
     * @param queueMax most that wait, at least 1, default {@value #QUEUE_MAX_DEFAULT}; up to 1,000 more are under way
     *     unacknowledged
     * @param overflow which one fails when the queue is full, default {@link Overflow#REFUSE_NEWEST}
     * @return this
     * @throws IllegalArgumentException if {@code queueMax} is less than 1
     */
    public MqttTransportBuilder queue(int queueMax, Overflow overflow) {
        if (queueMax < 1) {
            throw new IllegalArgumentException("a queue holds at least one message: " + queueMax);
        }
        this.queueMax = queueMax;
        this.overflow = overflow;
        return this;
    }

    /**
     * Reads the certificates and makes the transport.
     *
     * @return a transport, not connected
     * @throws IOException if a certificate or key cannot be read or used
     */
    public MqttTransport build() throws IOException {
        Optional<Settings.Secure> secure = tls.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Settings.Secure(tls.get().trustManagers(), tls.get().keyManagers()));
        return new MqttTransport(new Settings(host, port, version, secure, credentials, backoff, queueMax, overflow));
    }
}
