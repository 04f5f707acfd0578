package dev.fieldproof.sparkplug;

import dev.fieldproof.core.transport.Transport;
import java.io.IOException;
import java.net.URI;

/**
 * Makes a fresh, unconnected transport to one broker. Sparkplug ends its MQTT sessions on purpose (a primary host that
 * goes offline, a walk to the next server), and a transport connects once, so each session gets its own.
 */
@FunctionalInterface
public interface TransportSource {
    /**
     * Makes a transport.
     *
     * @return not yet connected; closed by whoever asked for it
     * @throws IOException if something the address names cannot be read
     */
    Transport open() throws IOException;

    /**
     * Transports to an address, by the provider that knows its scheme.
     *
     * @param address as for {@link Transport#open(URI)}
     * @return a source for that broker
     */
    static TransportSource of(URI address) {
        return () -> Transport.open(address);
    }
}
