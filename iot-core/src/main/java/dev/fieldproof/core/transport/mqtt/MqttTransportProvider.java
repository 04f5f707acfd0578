package dev.fieldproof.core.transport.mqtt;

import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.core.transport.TransportProvider;
import java.io.IOException;
import java.net.URI;
import java.util.Set;

/**
 * Serves {@code tcp://HOST[:1883]} and {@code ssl://HOST[:8883]} with these optional query parameters, percent-encoded:
 * {@code version} (5 or 3.1.1, default 5), {@code ca}, {@code cert}, {@code key} (files) and {@code password} (of
 * PKCS#12 files), {@code user} and {@code pass}, {@code queue} (messages) and {@code overflow} (refuse-newest or
 * drop-oldest). Serves nothing when the HiveMQ client library is absent. Thread-safe.
 */
public final class MqttTransportProvider implements TransportProvider {
    private static final Set<String> SCHEMES = Set.of("tcp", "ssl");

    /** For {@link java.util.ServiceLoader}. */
    public MqttTransportProvider() {}

    @Override
    public Set<String> schemes() {
        return isLibraryPresent() ? SCHEMES : Set.of();
    }

    @Override
    public Transport open(URI address) throws IOException {
        if (!isLibraryPresent()) {
            throw new IOException("no MQTT client library: add com.hivemq:hivemq-mqtt-client to open " + address);
        }
        return MqttAddress.parse(address).build();
    }

    /** Asks by name, so that this class links without the library. */
    private static boolean isLibraryPresent() {
        try {
            Class.forName("com.hivemq.client.mqtt.MqttClient", false, MqttTransportProvider.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
