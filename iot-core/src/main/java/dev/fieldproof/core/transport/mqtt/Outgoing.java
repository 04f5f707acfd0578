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

    Outgoing(int queueMax, Overflow overflow, Executor executor) {
        this.queueMax = queueMax;
        this.overflow = overflow;
        this.executor = executor;
    }

    private record Publication(long number, Message message, CompletableFuture<Void> done) {}

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

    void resume(Engine over) {
        engine = over;
        flush();
    }

    void pause() {
        engine = null;
    }

    /** The engine that held what is under way is gone. */
    void sessionLost() {
        synchronized (queue) {
            queue.putAll(underWay);
        }
        underWay.clear();
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
        while (over != null && underWay.size() < WINDOW_MAX) {
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
        underWay.put(publication.number, publication);
        CompletableFuture<?> unused = over.publish(publication.message)
                .whenComplete((result, thrown) -> executor.execute(() -> settled(publication, thrown)));
    }

    private void settled(Publication publication, @Nullable Throwable thrown) {
        if (!underWay.remove(publication.number, publication)) {
            return;
        }
        if (thrown == null) {
            publication.done.complete(null);
        } else if (isFinal(thrown) || publication.message.qos() == Qos.AT_MOST_ONCE) {
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
