package dev.fieldproof.ota.site;

import dev.fieldproof.core.Scheduler;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.record.RecordStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells upstream what came of a site's updates whenever there is a link, after days without one too: in batches, each
 * again until upstream says that it has it. Thread-safe.
 */
public final class OutcomeUplink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutcomeUplink.class);

    private final Transport transport;
    private final Scheduler scheduler;
    private final Outbox outbox;
    private final String site;
    private final Duration every;
    private final Subscription subscription;
    private Scheduler.Cancellable timer = () -> {};
    private boolean ended;
    /** Whether the transport still has the last batch: days without a link shall not pile up copies of it. */
    private boolean underWay;

    /**
     * Begins to send.
     *
     * @param transport connects when it can, stays the caller's
     * @param scheduler when to try again
     * @param records the node's, stay the caller's
     * @param site the site's name, a level of a topic
     * @param every how long to wait for an answer before the same is sent again, at least a second
     * @throws IllegalArgumentException if the name is no level of a topic, or the time is too short
     */
    public OutcomeUplink(Transport transport, Scheduler scheduler, RecordStore records, String site, Duration every) {
        if (!site.matches("[A-Za-z0-9._-]{1,100}") || every.toMillis() < 1000) {
            throw new IllegalArgumentException("a site '" + site + "' that sends every " + every);
        }
        this.transport = transport;
        this.scheduler = scheduler;
        this.outbox = new Outbox(records);
        this.site = site;
        this.every = every;
        subscription = transport.subscribe(
                new TopicFilter(OutcomeCollector.topic(site) + "/accepted"), Qos.AT_LEAST_ONCE, this::answered);
        send();
    }

    /**
     * What upstream has not said to have.
     *
     * @return how many outcomes
     * @throws IOException if the storage fails
     */
    public long waiting() throws IOException {
        return outbox.waiting();
    }

    private synchronized void send() {
        timer.cancel();
        if (ended) {
            return;
        }
        timer = scheduler.schedule(every, this::send);
        try {
            Optional<byte[]> batch = underWay ? Optional.empty() : outbox.next();
            if (batch.isPresent()) {
                underWay = true;
                Message message = new Message(OutcomeCollector.topic(site), batch.get(), Qos.AT_LEAST_ONCE, false);
                CompletableFuture<Void> unused = transport.publish(message).whenComplete((sent, failure) -> {
                    handedOver();
                    if (failure != null) {
                        LOG.debug("no link upstream; tried again in {}", every, failure);
                    }
                });
            }
        } catch (IOException e) {
            LOG.error("outcomes cannot be read", e);
        }
    }

    private synchronized void handedOver() {
        underWay = false;
    }

    private void answered(Message message) {
        try {
            long before = outbox.waiting();
            if (!outbox.acknowledged(message.payload())) {
                LOG.error("upstream has outcomes that these records never had: they are an old copy; nothing is sent");
                close();
            } else if (outbox.waiting() < before) {
                send(); // the next batch at once
            }
        } catch (JsonException e) {
            LOG.warn("upstream answered what is no answer: {}", e.getMessage());
        } catch (IOException e) {
            LOG.error("an answer of upstream could not be kept; it comes again", e);
        }
    }

    /** Sends no more; what waits stays in the records. */
    @Override
    public synchronized void close() {
        ended = true;
        timer.cancel();
        subscription.close();
    }
}
