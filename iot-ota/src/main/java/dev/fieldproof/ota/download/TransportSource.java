package dev.fieldproof.ota.download;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An artifact that a {@link BlockServer} has, asked for piece by piece, one request under way at a time, so that a slow
 * node is never flooded. Lost pieces are asked for again by the downloader's own rules. Thread-safe.
 */
public final class TransportSource implements BlockSource {
    private final Transport transport;
    private final String base;
    private final String clientId;
    private final Digest artifact;
    private final int pieceBytes;
    private final AtomicInteger numbers = new AtomicInteger();

    /**
     * Names the artifact.
     *
     * @param transport stays the caller's to close
     * @param base begins the topics, as the server's does
     * @param clientId names this node, one level of a topic
     * @param artifact its SHA-256
     * @param pieceBytes how much to ask for at a time, 1 to 65,536; what the broker lets pass, less 16
     * @throws IllegalArgumentException if {@code pieceBytes} is out of range, or the client id is no topic level
     */
    public TransportSource(Transport transport, String base, String clientId, Digest artifact, int pieceBytes) {
        if (pieceBytes < 1 || pieceBytes > BlockRequest.MAX_LENGTH_BYTES) {
            throw new IllegalArgumentException("1 to " + BlockRequest.MAX_LENGTH_BYTES + " bytes: " + pieceBytes);
        }
        if (clientId.isEmpty() || clientId.matches(".*[/+#].*")) {
            throw new IllegalArgumentException("not one level of a topic: '" + clientId + "'");
        }
        this.transport = transport;
        this.base = base;
        this.clientId = clientId;
        this.artifact = artifact;
        this.pieceBytes = pieceBytes;
    }

    @Override
    public Exchange open(long fromBytes, long toBytes, Optional<String> tag, Receiver receiver) {
        Pieces pieces = new Pieces(fromBytes, toBytes, receiver);
        pieces.begin();
        return pieces;
    }

    /** One exchange: request after request until its end. */
    private final class Pieces implements Exchange {
        private final Receiver receiver;
        private final long toBytes;
        private final Subscription subscription;
        private long next;
        private int number;
        private boolean answered;
        private boolean over;

        Pieces(long fromBytes, long toBytes, Receiver receiver) {
            this.next = fromBytes;
            this.toBytes = toBytes;
            this.receiver = receiver;
            this.subscription = transport.subscribe(
                    new TopicFilter(base + "/part/" + clientId),
                    Qos.AT_LEAST_ONCE,
                    message -> replied(message.payload()));
        }

        synchronized void begin() {
            ask();
        }

        private void ask() {
            number = numbers.incrementAndGet();
            int length = (int) Math.min(pieceBytes, toBytes - next);
            byte[] request = new BlockRequest(number, length, next, artifact).encode();
            transport
                    .publish(new Message(base + "/get/" + clientId, request, Qos.AT_LEAST_ONCE, false))
                    .exceptionally(failure -> {
                        failed(failure);
                        return null;
                    });
        }

        private synchronized void failed(Throwable failure) {
            if (!over) {
                receiver.failed(new IOException("the request was not sent", failure));
            }
        }

        private synchronized void replied(byte[] payload) {
            ByteBuffer in = ByteBuffer.wrap(payload);
            if (over || payload.length < BlockRequest.REPLY_HEAD_BYTES || in.getInt() != number) {
                return; // a duplicate, or for an earlier exchange
            }
            int length = in.getInt();
            if (!answered) {
                answered = true;
                receiver.answered(
                        length == BlockRequest.NO_ARTIFACT
                                ? new SourceAnswer.Missing()
                                : new SourceAnswer.Part(in.getLong(), OptionalLong.empty(), Optional.empty()));
            }
            long wanted = Math.min(pieceBytes, toBytes - next);
            if (over || length == BlockRequest.NO_ARTIFACT) {
                return;
            }
            number = 0; // this request is answered: duplicates of its reply are not heard
            if (length < 1 || length > wanted || payload.length != BlockRequest.REPLY_HEAD_BYTES + length) {
                receiver.ended();
                return;
            }
            next += length;
            receiver.received(payload, BlockRequest.REPLY_HEAD_BYTES, length);
            if (over) {
                return;
            }
            if (next < toBytes) {
                ask();
            } else {
                receiver.ended();
            }
        }

        @Override
        public void cancel() {
            synchronized (this) {
                over = true;
            }
            subscription.close();
        }
    }
}
