package dev.fieldproof.core.transport;

import dev.fieldproof.core.transport.ConnectionState.LossCause;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The book of a {@link Transport}'s subscriptions, for those who implement one: which handlers want which messages, and
 * which requests to the broker follow from that.
 *
 * <p>{@link #add} may be called by any thread; everything else belongs to the executor, which runs one task at a time.
 */
public final class Subscriptions {
    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

    private final Executor executor;
    private final Runnable changed;
    private final Map<TopicFilter, List<Entry>> entries = new LinkedHashMap<>();

    /** What the broker's session was asked for, so that a resumed one is asked only for what changed. */
    private final Map<TopicFilter, Qos> asked = new LinkedHashMap<>();

    private volatile @Nullable TransportException ended;

    /**
     * Makes an empty book.
     *
     * @param executor runs one task at a time
     * @param changed called on the executor when {@link #sync} has something new to ask for
     */
    public Subscriptions(Executor executor, Runnable changed) {
        this.executor = executor;
        this.changed = changed;
    }

    private final class Entry implements Subscription {
        private final TopicFilter filter;
        private final Qos qos;
        private final Consumer<Message> handler;
        private final CompletableFuture<Void> granted = new CompletableFuture<>();
        private volatile boolean closed;

        private Entry(TopicFilter filter, Qos qos, Consumer<Message> handler) {
            this.filter = filter;
            this.qos = qos;
            this.handler = handler;
        }

        @Override
        public CompletableFuture<Void> granted() {
            return granted;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                executor.execute(() -> remove(this));
            }
        }
    }

    /**
     * Adds a handler.
     *
     * @param filter which topics
     * @param qos the strongest promise wanted
     * @param handler receives each message
     * @return removes the handler when closed
     */
    public Subscription add(TopicFilter filter, Qos qos, Consumer<Message> handler) {
        Entry entry = new Entry(filter, qos, handler);
        executor.execute(() -> {
            if (ended == null && !entry.closed) {
                entries.computeIfAbsent(filter, f -> new ArrayList<>()).add(entry);
                // Asked for anew even if the filter is known, since the new handler wants the retained messages.
                asked.remove(filter);
                changed.run();
            }
        });
        // Outside of the task, because an executor that is shut down runs none.
        TransportException over = ended;
        if (over != null) {
            entry.closed = true;
            entry.granted.completeExceptionally(over);
        }
        return entry;
    }

    private void remove(Entry entry) {
        entry.granted.completeExceptionally(
                new TransportException(LossCause.CLOSED, "the subscription was closed before it was granted"));
        List<Entry> others = entries.get(entry.filter);
        if (others != null && others.remove(entry) && others.isEmpty()) {
            entries.remove(entry.filter);
            changed.run();
        }
    }

    /** Forgets what was asked for, because the broker has. */
    public void sessionLost() {
        asked.clear();
    }

    /**
     * Asks for whatever the handlers want and the session was not asked for yet; to be called while connected.
     *
     * @param subscribe sends a request for a filter with the strongest quality of service that its handlers want
     * @param unsubscribe sends a request to end a filter
     */
    public void sync(BiConsumer<TopicFilter, Qos> subscribe, Consumer<TopicFilter> unsubscribe) {
        for (TopicFilter filter : List.copyOf(asked.keySet())) {
            if (!entries.containsKey(filter)) {
                asked.remove(filter);
                unsubscribe.accept(filter);
            }
        }
        entries.forEach((filter, wanting) -> {
            Qos strongest = wanting.stream().map(e -> e.qos).reduce(Qos.AT_MOST_ONCE, Subscriptions::max);
            if (!strongest.equals(asked.put(filter, strongest))) {
                subscribe.accept(filter, strongest);
            }
        });
    }

    private static Qos max(Qos a, Qos b) {
        return a.compareTo(b) >= 0 ? a : b;
    }

    /**
     * Takes the broker's consent to a request.
     *
     * @param filter what was asked for
     */
    public void granted(TopicFilter filter) {
        List.copyOf(entries.getOrDefault(filter, List.of())).forEach(entry -> entry.granted.complete(null));
    }

    /**
     * Takes note that a request got no answer, so that it is made again.
     *
     * @param filter what was asked for
     */
    public void unanswered(TopicFilter filter) {
        asked.remove(filter);
    }

    /**
     * Takes the broker's refusal of a request.
     *
     * @param filter what was asked for
     * @param cause what its ungranted subscriptions are told
     */
    public void refused(TopicFilter filter, TransportException cause) {
        List.copyOf(entries.getOrDefault(filter, List.of()))
                .forEach(entry -> entry.granted.completeExceptionally(cause));
    }

    /**
     * Hands a message to every handler that wants it; a handler that throws is logged.
     *
     * @param message as received
     */
    public void dispatch(Message message) {
        // Handlers may add and remove handlers, but only through the executor, so after this loop.
        entries.forEach((filter, wanting) -> {
            if (filter.matches(message.topic())) {
                for (Entry entry : wanting) {
                    if (!entry.closed) {
                        call(entry.handler, message);
                    }
                }
            }
        });
    }

    private static void call(Consumer<Message> handler, Message message) {
        try {
            handler.accept(message);
        } catch (RuntimeException e) {
            LOG.error("a handler failed on {}", message, e);
        }
    }

    /**
     * Ends all subscriptions, and those to come.
     *
     * @param cause what those still ungranted are told
     */
    public void end(TransportException cause) {
        ended = cause;
        entries.values()
                .forEach(list -> list.forEach(entry -> {
                    entry.closed = true;
                    entry.granted.completeExceptionally(cause);
                }));
        entries.clear();
    }
}
