package dev.fieldproof.core.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.ConnectionState;
import dev.fieldproof.core.transport.ConnectionState.Closed;
import dev.fieldproof.core.transport.ConnectionState.Connected;
import dev.fieldproof.core.transport.ConnectionState.LossCause;
import dev.fieldproof.core.transport.ConnectionState.Lost;
import dev.fieldproof.core.transport.LastWill;
import dev.fieldproof.core.transport.Message;
import dev.fieldproof.core.transport.Qos;
import dev.fieldproof.core.transport.Subscription;
import dev.fieldproof.core.transport.TopicFilter;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.core.transport.TransportException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What every {@link Transport} must do. Extend it beside an implementation, tell it how to make clients and how to harm
 * their connections, and run it; all clients of one test must meet at one broker.
 */
public abstract class TransportContract {
    private static final AtomicInteger TESTS = new AtomicInteger();

    /** Long enough for every session in these tests to outlive its losses. */
    private static final Duration EXPIRY = Duration.ofHours(1);

    private final String room = "contract/" + Long.toHexString(System.nanoTime()) + "-" + TESTS.getAndIncrement();
    private final List<Transport> clients = new ArrayList<>();

    /** For subclasses. */
    protected TransportContract() {}

    /**
     * Makes a transport that is not connected; the contract closes it.
     *
     * @param clientId under which the contract will connect it
     * @return a new transport
     * @throws Exception if that is impossible
     */
    protected abstract Transport newClient(String clientId) throws Exception;

    /**
     * Lets time pass until a condition holds.
     *
     * @param condition has no side effects
     * @return false if it did not come to hold in a time in which it should
     */
    protected abstract boolean eventually(BooleanSupplier condition);

    /** Lets time pass until everything sent must have arrived. */
    protected abstract void settle();

    /**
     * Breaks a client's connection so that both sides notice, and keeps it broken.
     *
     * @param clientId whose
     */
    protected abstract void cut(String clientId);

    /**
     * Ends the cut.
     *
     * @param clientId whose
     */
    protected abstract void restore(String clientId);

    /** Closes what the test made. */
    @AfterEach
    void closeClients() {
        clients.forEach(Transport::close);
    }

    private String id(String name) {
        return room.substring("contract/".length()) + name;
    }

    private Transport client(String name) throws Exception {
        Transport client = newClient(id(name));
        clients.add(client);
        return client;
    }

    private ConnectOptions options(String name) {
        return ConnectOptions.of(id(name));
    }

    private Transport connected(String name) throws Exception {
        return connected(options(name), name);
    }

    private Transport connected(ConnectOptions options, String name) throws Exception {
        Transport client = client(name);
        await(client.connect(options));
        return client;
    }

    private <T> T await(CompletableFuture<T> future) throws Exception {
        assertTrue(eventually(future::isDone), "completes");
        return future.get();
    }

    private TransportException failure(CompletableFuture<?> future) {
        assertTrue(eventually(future::isDone), "completes");
        ExecutionException thrown = assertThrows(ExecutionException.class, future::get);
        return assertInstanceOf(TransportException.class, thrown.getCause());
    }

    private Message message(String topic, String text, Qos qos) {
        return new Message(room + "/" + topic, text.getBytes(UTF_8), qos, false);
    }

    private Message retained(String topic, String text) {
        return new Message(room + "/" + topic, text.getBytes(UTF_8), Qos.AT_LEAST_ONCE, true);
    }

    private List<Message> collect(Transport client, String filter, Qos qos) {
        List<Message> got = new CopyOnWriteArrayList<>();
        client.subscribe(new TopicFilter(room + "/" + filter), qos, got::add);
        return got;
    }

    private List<Message> collectGranted(Transport client, String filter, Qos qos) throws Exception {
        List<Message> got = new CopyOnWriteArrayList<>();
        await(client.subscribe(new TopicFilter(room + "/" + filter), qos, got::add)
                .granted());
        return got;
    }

    private static List<String> texts(List<Message> messages) {
        return messages.stream().map(m -> new String(m.payload(), UTF_8)).toList();
    }

    private static List<ConnectionState> watch(Transport client) {
        List<ConnectionState> states = new CopyOnWriteArrayList<>();
        client.watch(states::add);
        return states;
    }

    @ParameterizedTest
    @EnumSource
    void deliversEachQualityOfService(Qos qos) throws Exception {
        Transport sender = connected("s");
        List<Message> got = collectGranted(connected("r"), "t", Qos.EXACTLY_ONCE);
        byte[] payload = new byte[100_000];
        IntStream.range(0, payload.length).forEach(i -> payload[i] = (byte) (i * 31));
        await(sender.publish(new Message(room + "/t", payload, qos, false)));
        await(sender.publish(message("t", "", qos)));
        assertTrue(eventually(() -> got.size() == 2));
        assertArrayEquals(payload, got.get(0).payload());
        assertEquals(0, got.get(1).payload().length);
        assertEquals(room + "/t", got.get(0).topic());
        assertEquals(qos, got.get(0).qos());
        assertFalse(got.get(0).retain());
    }

    @Test
    void promisesNoMoreThanTheSubscriptionAsks() throws Exception {
        Transport sender = connected("s");
        List<Message> zero = collectGranted(connected("r0"), "t", Qos.AT_MOST_ONCE);
        List<Message> one = collectGranted(connected("r1"), "t", Qos.AT_LEAST_ONCE);
        await(sender.publish(message("t", "x", Qos.EXACTLY_ONCE)));
        assertTrue(eventually(() -> zero.size() == 1 && one.size() == 1));
        assertEquals(Qos.AT_MOST_ONCE, zero.get(0).qos());
        assertEquals(Qos.AT_LEAST_ONCE, one.get(0).qos());
    }

    @Test
    void matchesWildcards() throws Exception {
        Transport sender = connected("s");
        List<Message> one = collectGranted(connected("r1"), "+/b", Qos.AT_LEAST_ONCE);
        List<Message> all = collectGranted(connected("r2"), "a/#", Qos.AT_LEAST_ONCE);
        for (String topic : List.of("a", "a/b", "a/b/c", "x/b", "x/y")) {
            await(sender.publish(message(topic, topic, Qos.AT_LEAST_ONCE)));
        }
        assertTrue(eventually(() -> one.size() == 2 && all.size() == 3), () -> one + " " + all);
        settle();
        assertEquals(List.of("a/b", "x/b"), texts(one));
        assertEquals(List.of("a", "a/b", "a/b/c"), texts(all));
    }

    @Test
    void keepsOrderFromOnePublisher() throws Exception {
        Transport sender = connected("s");
        List<Message> got = collectGranted(connected("r"), "t", Qos.AT_LEAST_ONCE);
        List<String> sent = IntStream.range(0, 1_000).mapToObj(i -> "m" + i).toList();
        List<CompletableFuture<Void>> done = new ArrayList<>();
        sent.forEach(text -> done.add(sender.publish(message("t", text, Qos.AT_LEAST_ONCE))));
        assertTrue(eventually(() -> got.size() == sent.size()), () -> got.size() + " of " + sent.size());
        assertEquals(sent, texts(got));
        for (CompletableFuture<Void> each : done) {
            await(each);
        }
    }

    @Test
    void keepsTheLastRetainedMessage() throws Exception {
        Transport sender = connected("s");
        await(sender.publish(retained("kept", "old")));
        await(sender.publish(retained("kept", "new")));
        await(sender.publish(retained("gone", "x")));
        await(sender.publish(retained("gone", "")));
        List<Message> got = collectGranted(connected("r"), "#", Qos.AT_LEAST_ONCE);
        assertTrue(eventually(() -> got.size() == 1), () -> got.toString());
        assertTrue(got.get(0).retain());
        await(sender.publish(retained("kept", "live")));
        assertTrue(eventually(() -> got.size() == 2));
        settle();
        assertEquals(List.of("new", "live"), texts(got));
        assertFalse(got.get(1).retain(), "live messages are not marked");
        await(sender.publish(retained("kept", "")));
    }

    @Test
    void handsAMessageToEveryMatchingHandler() throws Exception {
        Transport sender = connected("s");
        Transport receiver = connected("r");
        List<Message> first = collectGranted(receiver, "a/b", Qos.EXACTLY_ONCE);
        List<Message> second = collectGranted(receiver, "a/b", Qos.EXACTLY_ONCE);
        List<Message> wide = new CopyOnWriteArrayList<>();
        Subscription wideOne = receiver.subscribe(new TopicFilter(room + "/x"), Qos.EXACTLY_ONCE, wide::add);
        await(wideOne.granted());
        await(sender.publish(message("a/b", "x", Qos.EXACTLY_ONCE)));
        assertTrue(eventually(() -> first.size() == 1 && second.size() == 1));
        settle();
        assertEquals(List.of(1, 1, 0), List.of(first.size(), second.size(), wide.size()));
    }

    @Test
    void handsAMessageToTheHandlersOfOverlappingFilters() throws Exception {
        Transport sender = connected("s");
        Transport receiver = connected("r");
        List<Message> narrow = collectGranted(receiver, "a/b", Qos.AT_LEAST_ONCE);
        List<Message> wide = collectGranted(receiver, "a/#", Qos.AT_LEAST_ONCE);
        await(sender.publish(message("a/b", "x", Qos.AT_LEAST_ONCE)));
        await(sender.publish(message("a/c", "y", Qos.AT_LEAST_ONCE)));
        assertTrue(eventually(() -> new HashSet<>(texts(wide)).equals(Set.of("x", "y"))));
        settle();
        assertEquals(Set.of("x"), new HashSet<>(texts(narrow)));
    }

    @Test
    void aClosedSubscriptionHearsNothingAndSparesOthers() throws Exception {
        Transport sender = connected("s");
        Transport receiver = connected("r");
        List<Message> ended = new CopyOnWriteArrayList<>();
        Subscription ending = receiver.subscribe(new TopicFilter(room + "/t"), Qos.AT_LEAST_ONCE, ended::add);
        List<Message> lasting = collectGranted(receiver, "t", Qos.AT_LEAST_ONCE);
        await(ending.granted());
        ending.close();
        ending.close();
        await(sender.publish(message("t", "x", Qos.AT_LEAST_ONCE)));
        assertTrue(eventually(() -> lasting.size() == 1));
        settle();
        assertTrue(ended.isEmpty());
    }

    @Test
    void whatIsAskedBeforeConnectingHappensAfter() throws Exception {
        Transport receiver = client("r");
        List<Message> got = collect(receiver, "t", Qos.AT_LEAST_ONCE);
        List<ConnectionState> states = watch(receiver);
        await(receiver.connect(options("r")));
        Transport sender = client("s");
        CompletableFuture<Void> published = sender.publish(message("t", "early", Qos.AT_LEAST_ONCE));
        settle();
        assertFalse(published.isDone());
        await(sender.connect(options("s")));
        await(published);
        assertTrue(eventually(() -> got.size() == 1));
        assertEquals(List.of(new Connected(false)), states);
        List<ConnectionState> late = watch(receiver);
        assertTrue(eventually(() -> late.equals(List.of(new Connected(false)))), "the current state comes first");
    }

    @Test
    void aHandlerMayCallBackAndMayThrow() throws Exception {
        Transport sender = connected("s");
        Transport echo = connected("e");
        await(echo.subscribe(new TopicFilter(room + "/ask"), Qos.AT_LEAST_ONCE, m -> {
                    var unused = echo.publish(new Message(room + "/answer", m.payload(), Qos.AT_LEAST_ONCE, false));
                    throw new IllegalStateException("thrown on purpose");
                })
                .granted());
        List<Message> answers = collectGranted(sender, "answer", Qos.AT_LEAST_ONCE);
        await(sender.publish(message("ask", "1", Qos.AT_LEAST_ONCE)));
        await(sender.publish(message("ask", "2", Qos.AT_LEAST_ONCE)));
        assertTrue(eventually(() -> answers.size() == 2));
        settle();
        assertEquals(List.of("1", "2"), texts(answers));
    }

    @Test
    void aPersistentSessionKeepsMessagesOfItsAbsence() throws Exception {
        ConnectOptions persistent = options("r").withPersistentSession(EXPIRY);
        Transport before = connected(persistent, "r");
        collectGranted(before, "t", Qos.AT_LEAST_ONCE);
        before.close();
        settle();
        Transport sender = connected("s");
        await(sender.publish(message("t", "while away", Qos.AT_LEAST_ONCE)));

        Transport after = client("r");
        List<Message> got = collect(after, "t", Qos.AT_LEAST_ONCE);
        assertTrue(await(after.connect(persistent)), "session present");
        assertTrue(eventually(() -> got.size() == 1));
        assertEquals(List.of("while away"), texts(got));
        after.close();
        settle();

        Transport clean = client("r");
        List<Message> nothing = collect(clean, "t", Qos.AT_LEAST_ONCE);
        await(sender.publish(message("t", "for nobody", Qos.AT_LEAST_ONCE)));
        assertFalse(await(clean.connect(options("r"))), "clean start");
        settle();
        assertTrue(nothing.isEmpty());
    }

    @Test
    void reconnectsAndKeepsItsPromisesOverALoss() throws Exception {
        Transport sender = client("s");
        List<ConnectionState> states = watch(sender);
        await(sender.connect(options("s").withPersistentSession(EXPIRY)));
        List<Message> got = collectGranted(connected("r"), "t", Qos.EXACTLY_ONCE);
        cut(id("s"));
        assertTrue(eventually(() -> states.size() >= 2));
        assertInstanceOf(Lost.class, states.get(1));
        List<String> sent = IntStream.range(0, 50).mapToObj(i -> "m" + i).toList();
        List<CompletableFuture<Void>> done = sent.stream()
                .map(text -> sender.publish(message("t", text, Qos.EXACTLY_ONCE)))
                .toList();
        settle();
        assertTrue(got.isEmpty());
        restore(id("s"));
        for (CompletableFuture<Void> each : done) {
            await(each);
        }
        assertTrue(eventually(() -> got.size() == sent.size()), () -> texts(got).toString());
        settle();
        assertEquals(sent, texts(got));
        assertEquals(new Connected(true), states.get(states.size() - 1));
    }

    @Test
    void subscriptionsLastAcrossLosses() throws Exception {
        Transport receiver = connected("r");
        List<ConnectionState> states = watch(receiver);
        List<Message> old = collectGranted(receiver, "old", Qos.AT_LEAST_ONCE);
        cut(id("r"));
        assertTrue(eventually(() -> states.stream().anyMatch(Lost.class::isInstance)));
        List<Message> added = collect(receiver, "new", Qos.AT_LEAST_ONCE);
        restore(id("r"));
        assertTrue(eventually(() -> states.get(states.size() - 1) instanceof Connected));
        settle();
        Transport sender = connected("s");
        await(sender.publish(message("old", "1", Qos.AT_LEAST_ONCE)));
        await(sender.publish(message("new", "2", Qos.AT_LEAST_ONCE)));
        assertTrue(eventually(() -> old.size() == 1 && added.size() == 1), () -> old + " " + added);
    }

    @Test
    void theWillTellsOfALossButNotOfAGoodbye() throws Exception {
        List<Message> wills = collectGranted(connected("w"), "will/#", Qos.AT_LEAST_ONCE);
        Transport polite =
                connected(options("p").withWill(new LastWill(message("will/p", "polite", Qos.AT_LEAST_ONCE))), "p");
        connected(options("c").withWill(new LastWill(message("will/c", "cut", Qos.AT_LEAST_ONCE))), "c");
        polite.close();
        settle();
        cut(id("c"));
        assertTrue(eventually(() -> wills.size() == 1));
        settle();
        assertEquals(List.of("cut"), texts(wills));
    }

    @Test
    void theWillIsAskedForAtEachAttempt() throws Exception {
        List<Message> wills = collectGranted(connected("w"), "will", Qos.AT_LEAST_ONCE);
        AtomicInteger asked = new AtomicInteger();
        Transport client = client("c");
        List<ConnectionState> states = watch(client);
        await(client.connect(options("c")
                .withWill(() ->
                        Optional.of(new LastWill(message("will", "" + asked.incrementAndGet(), Qos.AT_LEAST_ONCE))))));
        cut(id("c"));
        assertTrue(eventually(() -> wills.size() == 1 && states.get(states.size() - 1) instanceof Lost));
        restore(id("c"));
        assertTrue(eventually(() -> states.get(states.size() - 1) instanceof Connected));
        cut(id("c"));
        assertTrue(eventually(() -> wills.size() == 2));
        assertEquals("1", texts(wills).get(0));
        assertTrue(Integer.parseInt(texts(wills).get(1)) >= 2, "a new will for the new connection");
        assertEquals(2, new HashSet<>(texts(wills)).size());
    }

    @Test
    void aSecondClientTakesTheSessionOver() throws Exception {
        List<ConnectionState> states = watch(connected("same"));
        connected("same");
        assertTrue(eventually(() -> states.size() >= 2));
        assertInstanceOf(Lost.class, states.get(1));
    }

    @Test
    void closeEndsEverything() throws Exception {
        Transport client = client("c");
        assertEquals(LossCause.CLOSED, closeWhile(client, client.publish(message("t", "x", Qos.AT_LEAST_ONCE))));
        assertEquals(
                LossCause.CLOSED,
                failure(client.publish(message("t", "x", Qos.AT_LEAST_ONCE))).lossCause());
        assertEquals(
                LossCause.CLOSED,
                failure(client.subscribe(new TopicFilter("#"), Qos.AT_MOST_ONCE, m -> {})
                                .granted())
                        .lossCause());
        assertThrows(IllegalStateException.class, () -> client.connect(options("c")));

        Transport connected = client("d");
        List<ConnectionState> states = watch(connected);
        await(connected.connect(options("d")));
        assertThrows(IllegalStateException.class, () -> connected.connect(options("d")));
        connected.close();
        assertDoesNotThrow(connected::close);
        assertTrue(eventually(() -> states.size() == 2));
        assertEquals(
                LossCause.CLOSED, assertInstanceOf(Closed.class, states.get(1)).cause());
    }

    private LossCause closeWhile(Transport client, CompletableFuture<?> waiting) {
        client.close();
        return failure(waiting).lossCause();
    }
}
