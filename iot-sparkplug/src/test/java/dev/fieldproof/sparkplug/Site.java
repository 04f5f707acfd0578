package dev.fieldproof.sparkplug;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.ConnectionState;
import dev.fieldproof.core.transport.LastWill;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.sparkplug.capture.Captured;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A simulated broker whose clients' calls are written down in order, and a capture of all that goes over it. */
public final class Site {
    /** Simulated time. */
    public final SimClock clock = new SimClock(Instant.parse("2026-11-22T08:00:00Z"));
    /** The broker. */
    public final LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
    /** What any client published, as a subscriber got it. */
    public final List<Captured> capture = new ArrayList<>();

    /** Starts to capture. */
    public Site() {
        Transport observer = broker.client();
        Subscription unusedGrant = observer.subscribe(
                new TopicFilter("spBv1.0/#"),
                Qos.EXACTLY_ONCE,
                message -> capture.add(new Captured(clock.instant(), message)));
        var unused = observer.connect(ConnectOptions.of("observer"));
        clock.advance(java.time.Duration.ofMillis(10));
    }

    /** One call of a client. */
    public sealed interface Call {
        /** CONNECT. */
        record Connect(ConnectOptions options, LastWill will) implements Call {}

        /** SUBSCRIBE. */
        record Subscribe(TopicFilter filter, Qos qos) implements Call {}

        /** PUBLISH. */
        record Publish(Message message) implements Call {}

        /** DISCONNECT. */
        record Close() implements Call {}
    }

    /** A source of transports that write their calls down. */
    public TransportSource spy(List<Call> calls) {
        return () -> new Spy(broker.client(), calls);
    }

    private record Spy(Transport inner, List<Call> calls) implements Transport {
        @Override
        public CompletableFuture<Boolean> connect(ConnectOptions options) {
            return inner.connect(options.withWill(() -> {
                var will = options.will().get();
                calls.add(new Call.Connect(options, will.orElseThrow()));
                return will;
            }));
        }

        @Override
        public CompletableFuture<Void> publish(Message message) {
            calls.add(new Call.Publish(message));
            return inner.publish(message);
        }

        @Override
        public Subscription subscribe(TopicFilter filter, Qos qos, Consumer<Message> handler) {
            calls.add(new Call.Subscribe(filter, qos));
            return inner.subscribe(filter, qos, handler);
        }

        @Override
        public void watch(Consumer<ConnectionState> listener) {
            inner.watch(listener);
        }

        @Override
        public void close() {
            calls.add(new Call.Close());
            inner.close();
        }
    }
}
