package dev.fieldproof.core.transport.mqtt;

import dev.fieldproof.core.transport.Backoff;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** What a transport was built with. */
record Settings(
        String host,
        int port,
        MqttVersion version,
        Optional<Secure> secure,
        Optional<Credentials> credentials,
        Backoff backoff,
        int queueMax,
        Overflow overflow) {

    /** TLS; null for the machine's own authorities, and for no client certificate. */
    record Secure(
            @Nullable TrustManagerFactory trust, @Nullable KeyManagerFactory identity) {}

    record Credentials(String user, String password) {
        ByteBuffer passwordBytes() {
            return ByteBuffer.wrap(password.getBytes(StandardCharsets.UTF_8));
        }
    }

    String address() {
        return (secure.isPresent() ? "ssl://" : "tcp://") + host + ":" + port;
    }
}
