package dev.fieldproof.core.transport;

import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One side's share of a session with its handshakes, the same for client and broker: what it sends, what it has
 * received, and sending again what was not answered. Runs in the mailbox.
 */
final class Exchanges {
    private final Mailbox mailbox;
    private final Outbox outbox;
    private final Set<Mutant> mutants;
    private final Inbox inbox = new Inbox();
    private @Nullable Consumer<Packet> out;
    private boolean retryArmed;

    /** Ways to be wrong, each of which the enumeration of losses must notice. */
    enum Mutant {
        NO_RETRANSMISSION,
        NO_DEDUPLICATION,
        FORGETFUL_RECEIVER,
        ACKNOWLEDGED_TOO_EARLY
    }

    /**
     * Makes one side's share of a new session.
     *
     * @param mutants normally empty; asked all along
     */
    Exchanges(Mailbox mailbox, Outbox outbox, Set<Mutant> mutants) {
        this.mailbox = mailbox;
        this.outbox = outbox;
        this.mutants = mutants;
    }

    /** Goes on with the session over a new connection. */
    void connected(Consumer<Packet> out, boolean sessionPresent) {
        this.out = out;
        inbox.newConnection();
        if (!sessionPresent || mutants.contains(Mutant.FORGETFUL_RECEIVER)) {
            inbox.sessionLost();
        }
        if (!sessionPresent) {
            outbox.sessionLost();
        }
        long now = mailbox.nanoTime();
        if (!mutants.contains(Mutant.NO_RETRANSMISSION)) {
            outbox.resend(now, now, out);
        }
        outbox.flush(now, out);
        armRetry();
    }

    void disconnected() {
        out = null;
    }

    /**
     * Sends a message, now or later.
     *
     * @return false if the queue is full
     */
    boolean send(Message message, Completion done) {
        boolean accepted = outbox.offer(message, done);
        flush();
        return accepted;
    }

    /** Begins an exchange that is not a publication. */
    void request(IntFunction<Packet> packet, Completion done) {
        if (out != null) {
            outbox.request(packet, done, mailbox.nanoTime(), out);
            armRetry();
        }
    }

    boolean isNewRequest(int packetId) {
        return inbox.isNewRequest(packetId);
    }

    int size() {
        return outbox.size();
    }

    void fail(Throwable cause) {
        outbox.fail(cause);
    }

    /**
     * Takes a packet of a publication or an acknowledgement, and answers it.
     *
     * @param handler called with a message that is not a duplicate, before the answer
     */
    void received(Packet packet, Consumer<Message> handler) {
        Consumer<Packet> reply = out;
        if (reply == null) {
            return;
        }
        if (packet instanceof Packet.Publish p) {
            if (mutants.contains(Mutant.ACKNOWLEDGED_TOO_EARLY)) {
                acknowledge(p, reply);
            }
            if (inbox.isNew(p) || mutants.contains(Mutant.NO_DEDUPLICATION)) {
                handler.accept(p.message());
            }
            acknowledge(p, reply);
        } else if (packet instanceof Packet.PubRel p) {
            inbox.release(p.packetId());
            reply.accept(new Packet.PubComp(p.packetId()));
        } else if (outbox.acknowledged(packet, mailbox.nanoTime(), reply)) {
            flush();
        }
    }

    private static void acknowledge(Packet.Publish publish, Consumer<Packet> reply) {
        switch (publish.message().qos()) {
            case AT_MOST_ONCE -> {}
            case AT_LEAST_ONCE -> reply.accept(new Packet.PubAck(publish.packetId()));
            case EXACTLY_ONCE -> reply.accept(new Packet.PubRec(publish.packetId()));
        }
    }

    private void flush() {
        if (out != null) {
            outbox.flush(mailbox.nanoTime(), out);
            armRetry();
        }
    }

    private void armRetry() {
        if (!retryArmed && out != null && !outbox.idle()) {
            retryArmed = true;
            mailbox.after(LoopbackBroker.RETRANSMIT, this::retry);
        }
    }

    private void retry() {
        retryArmed = false;
        if (out != null && !mutants.contains(Mutant.NO_RETRANSMISSION)) {
            long now = mailbox.nanoTime();
            outbox.resend(now - LoopbackBroker.RETRANSMIT.toNanos(), now, out);
            armRetry();
        }
    }
}
