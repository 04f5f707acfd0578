package dev.fieldproof.core.transport;

import dev.fieldproof.core.transport.ConnectionState.LossCause;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A network connection between a loopback client and its broker: a link each way. Runs in the mailbox. */
final class LoopbackConnection {
    final Link toBroker;
    final Link toClient;

    /** The broker's session, once the client has introduced itself. */
    @Nullable
    LoopbackSession session;

    /** When the broker heard last. */
    long heardNanos;

    private final LoopbackClient client;

    LoopbackConnection(
            LoopbackBroker broker, LoopbackClient client, String clientId, Mailbox mailbox, RandomGenerator random) {
        this.client = client;
        BiConsumer<Packet, Runnable> meddler = (packet, pass) -> broker.meddle(clientId, packet, pass);
        BooleanSupplier silent = () -> broker.isSilent(clientId);
        Consumer<Packet> atBroker = packet -> broker.receive(this, packet);
        this.toBroker = new Link(mailbox, random, broker::faults, meddler, silent, atBroker);
        Consumer<Packet> atClient = packet -> client.receive(this, packet);
        this.toClient = new Link(mailbox, random, broker::faults, meddler, silent, atClient);
    }

    /** Nothing more passes, and neither side is told. */
    void abandon() {
        toBroker.close();
        toClient.close();
    }

    /** Breaks; the client notices. */
    void breakOff(LossCause cause, String detail) {
        abandon();
        client.lost(this, cause, detail);
    }
}
