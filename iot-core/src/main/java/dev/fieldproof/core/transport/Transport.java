package dev.fieldproof.core.transport;

import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One client's way to a message broker, with MQTT's rules (MQTT 5.0): topics and filters, quality of service, retained
 * messages, a last will, persistent sessions.
 *
 * <p>All methods are thread-safe and none blocks. Handlers and listeners of one transport are called one at a time, in
 * order of arrival, on a thread of the transport's choosing; they must not block, and may call back into the transport.
 * A received message is acknowledged to the broker after its handlers have returned; a handler that throws is logged
 * and counts as having returned. Every implementation passes {@code TransportContract} of this module's test jar.
 */
public interface Transport extends AutoCloseable {
    /**
     * Connects, and from then on reconnects after every loss until closed. To be called once.
     *
     * @param options how to present this client
     * @return completes at the first connection with whether the broker still held the session; exceptionally with a
     *     {@link TransportException} if the broker refused for good, or if the transport was closed first
     * @throws IllegalStateException if called before, or after {@link #close()}
     */
    CompletableFuture<Boolean> connect(ConnectOptions options);

    /**
     * Publishes a message, now or as soon as there is a connection.
     *
     * <p>An acknowledgement says that the broker has taken the message over, not that a subscriber has it, nor that it
     * is on disk. Until then the transport keeps and repeats the message, through every loss of connection and of
     * session; from then on it is the broker's. A broker that acknowledges before it saves, as mosquitto 2.0 does, and
     * is killed, forgets what it had acknowledged and neither saved nor passed on, and the subscribers it had not
     * saved. Who cannot bear that lets the receiver answer with a message of its own, and repeats until it does.
     *
     * @param message what to send; its payload must not change afterwards
     * @return completes when the promise of the message's quality of service is met: handed to the network for {@link
     *     Qos#AT_MOST_ONCE}, acknowledged for the others; exceptionally with a {@link TransportException} if the
     *     message was dropped by the transport's stated overflow policy, or refused, or the transport closed first
     */
    CompletableFuture<Void> publish(Message message);

    /**
     * Asks for messages; may be called before connecting, and lasts across reconnections. A message that several
     * subscriptions match is handed to each of their handlers. Of overlapping filters, such as {@code a/#} and {@code
     * a/b}, a broker may send one copy each (MQTT 5.0, section 3.3.4), and then every handler gets every copy, whatever
     * the quality of service; where that matters, keep filters apart. A handler with a new filter receives the retained
     * messages; handlers already there for the same filter may receive them again.
     *
     * @param filter which topics
     * @param qos the strongest promise wanted
     * @param handler receives each message
     * @return ends the subscription when closed
     */
    Subscription subscribe(TopicFilter filter, Qos qos, Consumer<Message> handler);

    /**
     * Asks to be told of every change of the connection, with the cause of a loss. The current state, if there is one
     * yet, is reported first.
     *
     * @param listener receives each state
     */
    void watch(Consumer<ConnectionState> listener);

    /**
     * Says goodbye, so that the will is not published, and ends all subscriptions and waiting publications. Idempotent;
     * returns when the goodbye is sent or at most a few seconds later.
     */
    @Override
    void close();

    /**
     * Opens a transport by address with the first provider on the class or module path that knows the scheme.
     *
     * @param address {@code tcp://HOST:PORT} or {@code ssl://HOST:PORT} for MQTT; {@code memory:/NAME} within this
     *     process; other schemes by their provider
     * @return a new transport, not connected
     * @throws IOException if the provider cannot read what the address names (certificates, for example)
     * @throws IllegalArgumentException if no provider knows the scheme
     */
    static Transport open(URI address) throws IOException {
        String scheme = Objects.requireNonNullElse(address.getScheme(), "");
        for (TransportProvider provider : ServiceLoader.load(TransportProvider.class)) {
            if (provider.schemes().contains(scheme)) {
                return provider.open(address);
            }
        }
        throw new IllegalArgumentException("no transport provider knows the scheme of " + address
                + "; for tcp:// and ssl:// add com.hivemq:hivemq-mqtt-client");
    }
}
