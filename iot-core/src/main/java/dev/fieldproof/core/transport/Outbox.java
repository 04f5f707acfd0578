package dev.fieldproof.core.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;

/**
 * The sending half of a session, on either side: a bounded queue, a bounded window of exchanges that wait for the other
 * side's acknowledgement, and the packet ids (MQTT 5.0, sections 2.2.1, 4.3 and 4.4). It outlives connections. Not
 * thread-safe.
 */
final class Outbox {
    private static final int MAX_PACKET_ID = 65_535;

    private final int windowMax;
    private final int queueMax;
    private final Deque<Waiting> queue = new ArrayDeque<>();
    private final Map<Integer, InFlight> window = new LinkedHashMap<>();
    private int lastPacketId;

    /**
     * Makes an empty one.
     *
     * @param windowMax most publications that wait for an acknowledgement
     * @param queueMax most publications that wait for room in the window
     */
    Outbox(int windowMax, int queueMax) {
        this.windowMax = windowMax;
        this.queueMax = queueMax;
    }

    /**
     * Chooses where the packet ids begin; without this at 1.
     *
     * @param packetId 0 to 65,535; the first id is the next one
     */
    void beginAfter(int packetId) {
        lastPacketId = packetId;
    }

    private record Waiting(Message message, Completion done) {}

    /** An exchange: the packet to send again if no answer comes, and what to complete at its end. */
    private static final class InFlight {
        private Packet packet;
        private long sentNanos;
        private final Completion done;

        private InFlight(Packet packet, long sentNanos, Completion done) {
            this.packet = packet;
            this.sentNanos = sentNanos;
            this.done = done;
        }
    }

    /**
     * Queues a publication.
     *
     * @return false if the queue is full
     */
    boolean offer(Message message, Completion done) {
        return queue.size() < queueMax && queue.add(new Waiting(message, done));
    }

    boolean idle() {
        return window.isEmpty();
    }

    int size() {
        return window.size() + queue.size();
    }

    /** Sends what the window has room for, in order. */
    void flush(long nowNanos, Consumer<Packet> out) {
        for (Waiting next = queue.peek(); next != null; next = queue.peek()) {
            if (next.message.qos() == Qos.AT_MOST_ONCE) {
                queue.remove();
                out.accept(new Packet.Publish(0, false, next.message));
                next.done.end(null);
            } else if (window.size() < windowMax) {
                queue.remove();
                Message message = next.message;
                request(id -> new Packet.Publish(id, false, message), next.done, nowNanos, out);
            } else {
                return;
            }
        }
    }

    /** Begins an exchange at once, whatever the window: for subscriptions. */
    void request(IntFunction<Packet> packet, Completion done, long nowNanos, Consumer<Packet> out) {
        int id = nextPacketId();
        InFlight exchange = new InFlight(packet.apply(id), nowNanos, done);
        window.put(id, exchange);
        out.accept(exchange.packet);
    }

    /**
     * Takes an acknowledgement.
     *
     * @return whether it ended or advanced an exchange
     */
    boolean acknowledged(Packet ack, long nowNanos, Consumer<Packet> out) {
        if (ack instanceof Packet.PubAck a) {
            return end(a.packetId(), Packet.Publish.class);
        } else if (ack instanceof Packet.PubRec a) {
            // Answered even when unknown: a duplicate's sender may still wait for the release.
            Packet.PubRel release = new Packet.PubRel(a.packetId());
            InFlight exchange = window.get(a.packetId());
            if (exchange != null && exchange.packet instanceof Packet.Publish) {
                exchange.packet = release;
                exchange.sentNanos = nowNanos;
            }
            out.accept(release);
            return true;
        } else if (ack instanceof Packet.PubComp a) {
            return end(a.packetId(), Packet.PubRel.class);
        } else if (ack instanceof Packet.SubAck a) {
            return end(a.packetId(), Packet.Subscribe.class);
        } else if (ack instanceof Packet.UnsubAck a) {
            return end(a.packetId(), Packet.Unsubscribe.class);
        }
        return false;
    }

    private boolean end(int packetId, Class<? extends Packet> stage) {
        InFlight exchange = window.get(packetId);
        if (exchange == null || !stage.isInstance(exchange.packet)) {
            return false;
        }
        window.remove(packetId);
        exchange.done.end(null);
        return true;
    }

    /** Sends again what has waited for an answer since before a time (MQTT 5.0, section 4.4: marked as a duplicate). */
    void resend(long sentBeforeNanos, long nowNanos, Consumer<Packet> out) {
        for (InFlight exchange : window.values()) {
            if (exchange.sentNanos - sentBeforeNanos <= 0) {
                if (exchange.packet instanceof Packet.Publish p && !p.dup()) {
                    exchange.packet = new Packet.Publish(p.packetId(), true, p.message());
                }
                exchange.sentNanos = nowNanos;
                out.accept(exchange.packet);
            }
        }
    }

    /**
     * Adapts to the other side having forgotten the session: publications that it may not have seen wait again, before
     * all others; released ones have arrived; requests are dropped for the owner to make anew.
     */
    void sessionLost() {
        List<Waiting> again = new ArrayList<>();
        for (InFlight exchange : window.values()) {
            if (exchange.packet instanceof Packet.Publish p) {
                again.add(new Waiting(p.message(), exchange.done));
            } else if (exchange.packet instanceof Packet.PubRel) {
                exchange.done.end(null);
            }
        }
        window.clear();
        for (int i = again.size() - 1; i >= 0; i--) {
            queue.addFirst(again.get(i));
        }
    }

    /** Gives everything up. */
    void fail(Throwable cause) {
        Stream.concat(window.values().stream().map(e -> e.done), queue.stream().map(w -> w.done))
                .toList()
                .forEach(done -> done.end(cause));
        window.clear();
        queue.clear();
    }

    /** Ids go round, so that a late acknowledgement meets a new exchange as late as possible. */
    private int nextPacketId() {
        if (window.size() >= MAX_PACKET_ID) {
            throw new IllegalStateException("all " + MAX_PACKET_ID + " packet ids are in use");
        }
        do {
            lastPacketId = lastPacketId % MAX_PACKET_ID + 1;
        } while (window.containsKey(lastPacketId));
        return lastPacketId;
    }
}
