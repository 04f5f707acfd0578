package dev.fieldproof.ota.download;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An artifact that a {@link BlockServer} has, asked for piece by piece with a few requests under way at a time, so that
 * a slow node is never flooded and a long way is not idle. Pieces that overtake others wait for them; when a connection
 * is cut, those that wait or are on their way are lost. Lost pieces are asked for again by the downloader's own rules.
 * Thread-safe.
 */
public final class TransportSource implements BlockSource {
    /** Requests under way at a time, unless stated. */
    public static final int DEFAULT_WINDOW = 4;
    /** Most requests under way at a time. */
    public static final int MAX_WINDOW = 64;

    private final Transport transport;
    private final String base;
    private final String clientId;
    private final Digest artifact;
    private final int pieceBytes;
    private final int window;
    private final AtomicInteger numbers = new AtomicInteger();

    /**
     * Names the artifact, to be asked for with {@value #DEFAULT_WINDOW} requests under way.
     *
     * @param transport stays the caller's to close
     * @param base begins the topics, as the server's does
     * @param clientId names this node, one level of a topic
     * @param artifact its SHA-256
     * @param pieceBytes how much to ask for at a time, 1 to 65,536; what the broker lets pass, less 16
     * @throws IllegalArgumentException if {@code pieceBytes} is out of range, or the client id is no topic level
     */
    public TransportSource(Transport transport, String base, String clientId, Digest artifact, int pieceBytes) {
        this(transport, base, clientId, artifact, pieceBytes, DEFAULT_WINDOW);
    }

    /**
     * Names the artifact.
     *
     * @param transport stays the caller's to close
     * @param base begins the topics, as the server's does
     * @param clientId names this node, one level of a topic
     * @param artifact its SHA-256
     * @param pieceBytes how much to ask for at a time, 1 to 65,536; what the broker lets pass, less 16
     * @param window most requests under way, 1 to {@value #MAX_WINDOW}; times {@code pieceBytes} it is what a cut may
     *     cost
     * @throws IllegalArgumentException if a number is out of range, or the client id is no topic level
     */
    public TransportSource(
            Transport transport, String base, String clientId, Digest artifact, int pieceBytes, int window) {
        if (window < 1 || window > MAX_WINDOW) {
            throw new IllegalArgumentException("1 to " + MAX_WINDOW + " requests under way: " + window);
        }
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
        this.window = window;
    }

    @Override
    public Exchange open(long fromBytes, long toBytes, Optional<String> tag, Receiver receiver) {
        Pieces pieces = new Pieces(fromBytes, toBytes, receiver);
        pieces.ask();
        return pieces;
    }

    /** A request and, once it is there, its reply. */
    private static final class Piece {
        private final int number;
        private final int lengthBytes;
        private byte @Nullable [] reply;

        Piece(int number, int lengthBytes) {
            this.number = number;
            this.lengthBytes = lengthBytes;
        }
    }

    /** One exchange: request after request until its end. */
    private final class Pieces implements Exchange {
        private final Receiver receiver;
        private final long toBytes;
        private final Subscription subscription;
        private final Deque<Piece> pieces = new ArrayDeque<>();
        private long askFrom;
        private boolean answered;
        private boolean over;

        Pieces(long fromBytes, long toBytes, Receiver receiver) {
            this.askFrom = fromBytes;
            this.toBytes = toBytes;
            this.receiver = receiver;
            this.subscription = transport.subscribe(
                    new TopicFilter(base + "/part/" + clientId),
                    Qos.AT_LEAST_ONCE,
                    message -> replied(message.payload()));
        }

        synchronized void ask() {
            while (!over && pieces.size() < window && askFrom < toBytes) {
                Piece piece = new Piece(numbers.incrementAndGet(), (int) Math.min(pieceBytes, toBytes - askFrom));
                byte[] request = new BlockRequest(piece.number, piece.lengthBytes, askFrom, artifact).encode();
                askFrom += piece.lengthBytes;
                pieces.add(piece);
                transport
                        .publish(new Message(base + "/get/" + clientId, request, Qos.AT_LEAST_ONCE, false))
                        .exceptionally(failure -> {
                            failed(failure);
                            return null;
                        });
            }
        }

        private synchronized void failed(Throwable failure) {
            if (!over) {
                over = true;
                receiver.failed(new IOException("the request was not sent", failure));
            }
        }

        private void end() {
            over = true;
            receiver.ended();
        }

        private synchronized void replied(byte[] payload) {
            if (payload.length < BlockRequest.REPLY_HEAD_BYTES) {
                return;
            }
            int number = ByteBuffer.wrap(payload).getInt();
            for (Piece piece : pieces) {
                if (piece.number == number) {
                    piece.reply = payload; // the number of no piece is of an earlier exchange, or a duplicate
                }
            }
            for (Piece first = pieces.peek(); !over && first != null && first.reply != null; first = pieces.peek()) {
                byte[] reply = first.reply;
                pieces.remove();
                handOn(first.lengthBytes, reply);
                ask();
            }
        }

        private void handOn(int wanted, byte[] reply) {
            ByteBuffer head = ByteBuffer.wrap(reply, Integer.BYTES, BlockRequest.REPLY_HEAD_BYTES - Integer.BYTES);
            int length = head.getInt();
            if (!answered) {
                answered = true;
                receiver.answered(
                        length == BlockRequest.NO_ARTIFACT
                                ? new SourceAnswer.Missing()
                                : new SourceAnswer.Part(head.getLong(), OptionalLong.empty(), Optional.empty()));
            }
            if (over) {
                return;
            }
            if (length < 1 || length > wanted || reply.length != BlockRequest.REPLY_HEAD_BYTES + length) {
                end();
                return;
            }
            receiver.received(reply, BlockRequest.REPLY_HEAD_BYTES, length);
            if (!over && (length < wanted || (pieces.isEmpty() && askFrom >= toBytes))) {
                end();
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
