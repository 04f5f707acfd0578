package dev.fieldproof.core.transport.mqtt;

import com.hivemq.client.mqtt.exceptions.MqttEncodeException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5MessageException;
import dev.fieldproof.core.transport.ConnectionState.LossCause;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TransportException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The bounded queue of publications, and those handed to an engine and not acknowledged yet. {@link #add} may be called
 * by any thread; everything else runs on the executor.
 */
final class Outgoing {
    /** Most publications that the engine holds; the rest waits here, where the bound and the policy are. */
    static final int WINDOW_MAX = 1_000;

    private final int queueMax;
    private final Overflow overflow;
    private final Executor executor;

    /** In order of publication; guarded by itself, as are the three fields below. */
    private final TreeMap<Long, Publication> queue = new TreeMap<>();

    private long published;
    private boolean flushing;
    private @Nullable TransportException ended;

    private final Map<Long, Publication> underWay = new HashMap<>();
    private @Nullable Engine engine;
    private int windowMax = WINDOW_MAX;

    /** Counts the sessions that were lost, to know a late answer from an answer. */
    private int session;

    Outgoing(int queueMax, Overflow overflow, Executor executor) {
        this.queueMax = queueMax;
        this.overflow = overflow;
        this.executor = executor;
    }

    private record Publication(long number, Message message, CompletableFuture<Void> done) {
        boolean isRepeatable() {
            return message.qos() != Qos.AT_MOST_ONCE;
        }
    }

    CompletableFuture<Void> add(Message message) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Publication victim = null;
        boolean flush = false;
        synchronized (queue) {
            if (ended != null) {
                done.completeExceptionally(ended);
                return done;
            }
            Publication added = new Publication(published++, message, done);
            if (queue.size() >= queueMax && overflow == Overflow.REFUSE_NEWEST) {
                victim = added;
            } else {
                victim = queue.size() >= queueMax ? queue.pollFirstEntry().getValue() : null;
                queue.put(added.number, added);
                flush = !flushing;
                flushing = true;
            }
        }
        if (victim != null) {
            victim.done.completeExceptionally(new TransportException(
                    LossCause.NETWORK,
                    "outbound queue is full with " + queueMax + " messages; dropped " + victim.message + " by policy "
                            + overflow));
        }
        if (flush) {
            executor.execute(this::flush);
        }
        return done;
    }

    /** Goes on over an engine; no more is handed to it than the broker takes, so that a lost session takes all back. */
    void resume(Engine over, int inFlightMax) {
        engine = over;
        windowMax = Math.min(WINDOW_MAX, inFlightMax);
        flush();
    }

    void pause() {
        engine = null;
    }

    /**
     * What was under way is forgotten on both sides: it waits again, in its old order, unless it may not be repeated.
     */
    void sessionLost() {
        session++;
        List<Publication> takenBack = List.copyOf(underWay.values());
        underWay.clear();
        synchronized (queue) {
            takenBack.stream().filter(Publication::isRepeatable).forEach(p -> queue.put(p.number, p));
        }
        takenBack.stream().filter(p -> !p.isRepeatable()).forEach(p -> p.done.completeExceptionally(unknown(p)));
    }

    private static TransportException unknown(Publication publication) {
        return new TransportException(
                LossCause.NETWORK,
                publication.message + " may or may not have been sent when the connection broke, and is not repeated");
    }

    void end(TransportException cause) {
        List<Publication> waiting;
        synchronized (queue) {
            ended = cause;
            waiting = List.copyOf(queue.values());
            queue.clear();
        }
        engine = null;
        List<Publication> unanswered = List.copyOf(underWay.values());
        underWay.clear();
        unanswered.forEach(p -> p.done.completeExceptionally(cause));
        waiting.forEach(p -> p.done.completeExceptionally(cause));
    }

    private void flush() {
        synchronized (queue) {
            flushing = false;
        }
        Engine over = engine;
        while (over != null && underWay.size() < windowMax) {
            Publication next;
            synchronized (queue) {
                Map.Entry<Long, Publication> first = queue.pollFirstEntry();
                if (first == null) {
                    return;
                }
                next = first.getValue();
            }
            send(next, over);
        }
    }

    private void send(Publication publication, Engine over) {
        int sentIn = session;
        underWay.put(publication.number, publication);
        CompletableFuture<?> unused = over.publish(publication.message)
                .whenComplete((result, thrown) -> executor.execute(() -> {
                    if (sentIn == session) {
                        settled(publication, thrown);
                    } else if (thrown == null) {
                        acknowledgedLate(publication);
                    }
                }));
    }

    /** The acknowledgement had come before the session was lost. */
    private void acknowledgedLate(Publication publication) {
        synchronized (queue) {
            queue.remove(publication.number);
        }
        publication.done.complete(null);
    }

    private void settled(Publication publication, @Nullable Throwable thrown) {
        if (!underWay.remove(publication.number, publication)) {
            return;
        }
        if (thrown == null) {
            publication.done.complete(null);
        } else if (isFinal(thrown) || !publication.isRepeatable()) {
            publication.done.completeExceptionally(new TransportException(
                    isFinal(thrown) ? LossCause.REFUSED : LossCause.NETWORK,
                    publication.message + " was not published: " + thrown.getMessage(),
                    thrown));
        } else {
            synchronized (queue) {
                queue.put(publication.number, publication);
            }
        }
        flush();
    }

    /** The broker's or the codec's verdict on this message, as opposed to a loss of connection or session. */
    private static boolean isFinal(Throwable thrown) {
        Throwable t = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return t instanceof MqttEncodeException || t instanceof Mqtt5MessageException;
    }
}
