package dev.fieldproof.core.transport.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.ConnectionState.LossCause;
import dev.fieldproof.core.transport.LastWill;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.TransportException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which publication is sent when, and what its future says, over an engine that the test plays. */
class OutgoingTest {
    private static final int ALL = 10;

    private final Outgoing outgoing = new Outgoing(100, Overflow.REFUSE_NEWEST, Runnable::run);
    private final Played engine = new Played();

    /** Remembers what it was given and answers when told to. */
    private static final class Played implements Engine {
        private final List<String> sent = new ArrayList<>();
        private final List<CompletableFuture<Void>> answers = new ArrayList<>();

        @Override
        public CompletableFuture<?> publish(Message message) {
            sent.add(new String(message.payload(), UTF_8));
            CompletableFuture<Void> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        }

        void acknowledge(int index) {
            answers.get(index).complete(null);
        }

        void fail(int index) {
            answers.get(index).completeExceptionally(new IOException("session expired"));
        }

        @Override
        public CompletableFuture<Accepted> connect(
                ConnectOptions options, boolean cleanStart, Optional<LastWill> will) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void receive(BiConsumer<Message, Runnable> receiver, Executor executor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<?> subscribe(TopicFilter filter, Qos qos) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void unsubscribe(TopicFilter filter) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletableFuture<Void> disconnect(boolean publishWill) {
            throw new UnsupportedOperationException();
        }
    }

    private List<CompletableFuture<Void>> add(int from, int to, Qos qos) {
        return IntStream.range(from, to)
                .mapToObj(i -> outgoing.add(new Message("t", ("" + i).getBytes(UTF_8), qos, false)))
                .toList();
    }

    private static List<String> numbers(int... numbers) {
        return IntStream.of(numbers).mapToObj(Integer::toString).toList();
    }

    @Test
    void handsOutNoMoreThanTheBrokerTakes() {
        List<CompletableFuture<Void>> published = add(0, 4, Qos.AT_LEAST_ONCE);
        outgoing.resume(engine, 2);
        assertEquals(numbers(0, 1), engine.sent);
        engine.acknowledge(1);
        assertEquals(numbers(0, 1, 2), engine.sent);
        assertTrue(published.get(1).isDone());
        assertFalse(published.get(0).isDone());
    }

    @Test
    void aLostSessionsPublicationsAreSentAgainInOrderWhateverTheOrderOfTheirFailures() {
        List<CompletableFuture<Void>> published = add(0, 4, Qos.EXACTLY_ONCE);
        outgoing.resume(engine, ALL);
        outgoing.pause();
        engine.fail(2);
        engine.fail(0);
        outgoing.sessionLost();
        engine.fail(3);
        add(4, 5, Qos.EXACTLY_ONCE);
        outgoing.resume(engine, ALL);
        engine.fail(1);
        assertEquals(numbers(0, 1, 2, 3, 0, 1, 2, 3, 4), engine.sent, "once each, in order");
        assertFalse(published.stream().anyMatch(CompletableFuture::isDone), "no answer of the lost session counts");
        IntStream.range(4, 9).forEach(engine::acknowledge);
        assertTrue(published.stream().allMatch(f -> f.isDone() && !f.isCompletedExceptionally()));
    }

    @Test
    void anAcknowledgementHeardAfterTheSessionsLossCounts() {
        List<CompletableFuture<Void>> published = add(0, 2, Qos.EXACTLY_ONCE);
        outgoing.resume(engine, ALL);
        outgoing.pause();
        outgoing.sessionLost();
        engine.acknowledge(0);
        assertTrue(published.get(0).isDone());
        outgoing.resume(engine, ALL);
        assertEquals(numbers(0, 1, 1), engine.sent, "not sent again");
    }

    @Test
    void whatMayBeSentOnlyOnceIsNotRepeated() {
        List<CompletableFuture<Void>> published = add(0, 1, Qos.AT_MOST_ONCE);
        outgoing.resume(engine, ALL);
        outgoing.pause();
        outgoing.sessionLost();
        ExecutionException thrown = assertThrows(ExecutionException.class, published.get(0)::get);
        TransportException cause = assertInstanceOf(TransportException.class, thrown.getCause());
        assertEquals(LossCause.NETWORK, cause.lossCause());
        outgoing.resume(engine, ALL);
        assertEquals(numbers(0), engine.sent);
    }
}
