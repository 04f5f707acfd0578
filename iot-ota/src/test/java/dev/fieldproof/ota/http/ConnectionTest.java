package dev.fieldproof.ota.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A connection from its first byte to its end, without a socket. */
class ConnectionTest {
    private static final long SECOND = 1_000_000_000L;
    private static final HttpLimits LIMITS = new HttpLimits(
            64,
            256,
            8,
            100,
            1 << 20,
            10,
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(120),
            Duration.ofSeconds(60));
    private static final Set<Connection.Mutant> NONE = EnumSet.noneOf(Connection.Mutant.class);
    private static final HttpResponse OK = new HttpResponse.Whole(200, List.of(), new byte[] {1});
    /** Three requests in one stretch of bytes; the last one ends the connection. */
    private static final String THREE = String.join(
            "",
            "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n",
            "PUT /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
            "GET /3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

    private static ConnectionEvent received(String text) {
        return new ConnectionEvent.Received(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    /** What was asked, said and done when the bytes come in pieces and every request is answered at once. */
    private static String story(String text, List<Integer> cuts, Set<Connection.Mutant> mutants) {
        Connection connection = new Connection(LIMITS, 0, mutants);
        StringBuilder story = new StringBuilder();
        int from = 0;
        List<Integer> ends = new ArrayList<>(cuts);
        ends.add(text.length());
        for (int to : ends) {
            if (to > from && connection.wantsBytes()) {
                tell(connection, connection.step(received(text.substring(from, to)), 0), story);
            }
            from = to;
        }
        return story.toString();
    }

    private static void tell(Connection connection, List<ConnectionEffect> first, StringBuilder story) {
        List<ConnectionEffect> effects = first;
        while (!effects.isEmpty()) {
            ConnectionEffect effect = effects.get(0);
            if (effect instanceof ConnectionEffect.Ask ask) {
                story.append(ask.request().head().path())
                        .append(new String(ask.request().body(), StandardCharsets.US_ASCII));
                effects = connection.step(new ConnectionEvent.Answered(OK), 0);
            } else if (effect instanceof ConnectionEffect.Refuse refuse) {
                story.append('!').append(refuse.status());
                effects = connection.step(new ConnectionEvent.Answered(OK), 0);
            } else if (effect instanceof ConnectionEffect.Send) {
                effects = connection.step(new ConnectionEvent.Sent(), 0);
            } else {
                story.append(effect instanceof ConnectionEffect.EndOutput ? '|' : '.');
                effects = List.of();
            }
        }
    }

    private static int differences(String text, String wanted, Set<Connection.Mutant> mutants) {
        int different = 0;
        boolean mutant = !mutants.isEmpty(); // one difference is enough to find it
        for (int first = 0; first <= text.length() && !(mutant && different > 0); first++) {
            for (int second = first; second <= text.length(); second++) {
                different += story(text, List.of(first, second), mutants).equals(wanted) ? 0 : 1;
            }
        }
        return different;
    }

    @Test
    void requestsAreAnsweredInTheirOrderHoweverTheyAreCut() {
        assertEquals(0, differences(THREE, "/1/2abc/3|", NONE));
        assertNotEquals(0, differences(THREE, "/1/2abc/3|", EnumSet.of(Connection.Mutant.REST_LOST)));
        assertNotEquals(0, differences(THREE, "/1/2abc/3|", EnumSet.of(Connection.Mutant.NO_LINGER)));
    }

    @Test
    void whatFollowsARefusedRequestIsNeverReadAsOne() {
        String smuggled = String.join(
                "",
                "GET /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
                "0\r\n\r\nGET /secret HTTP/1.1\r\nHost: x\r\n\r\n");
        assertEquals(0, differences(smuggled, "!400|", NONE));
        assertNotEquals(0, differences(smuggled, "!400|", EnumSet.of(Connection.Mutant.KEPT_AFTER_REFUSAL)));
    }

    @Test
    void nothingIsReadWhileARequestIsAnswered() {
        Connection connection = new Connection(LIMITS, 0);
        assertInstanceOf(
                ConnectionEffect.Ask.class, connection.step(received(THREE), 0).get(0));
        assertFalse(connection.wantsBytes());
        assertEquals(List.of(), connection.step(new ConnectionEvent.Tick(), 999 * SECOND), "answers take their time");
        connection.step(new ConnectionEvent.Answered(OK), 0);
        assertFalse(connection.wantsBytes());
        assertInstanceOf(
                ConnectionEffect.Ask.class,
                connection.step(new ConnectionEvent.Sent(), 0).get(0));
    }

    private static String refusal(List<ConnectionEffect> effects) {
        ConnectionEffect.Refuse refuse = assertInstanceOf(ConnectionEffect.Refuse.class, effects.get(0));
        return refuse.status() + " " + refuse.rule() + ": " + refuse.about();
    }

    @Test
    void aHeadThatTricklesIsRefusedByItsFirstByte() {
        Connection connection = new Connection(LIMITS, 0);
        String head = "GET /slow?token=secret HTTP/1.1\r\n";
        for (int second = 0; second < 30; second++) {
            connection.step(received(head.substring(second, second + 1)), second * SECOND);
            assertEquals(List.of(), connection.step(new ConnectionEvent.Tick(), second * SECOND));
        }
        assertEquals(
                "408 the head did not arrive within 30000 ms: GET /slow",
                refusal(connection.step(new ConnectionEvent.Tick(), 30 * SECOND)));
    }

    @Test
    void aBodyHasATimeOfItsOwnThatNoByteRenews() {
        for (Set<Connection.Mutant> mutants : List.of(NONE, EnumSet.of(Connection.Mutant.BODY_TIME_ANEW))) {
            Connection connection = new Connection(LIMITS, 0, mutants);
            connection.step(received("PUT /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\n"), 29 * SECOND);
            for (int second = 30; second < 39; second++) {
                connection.step(received("a"), second * SECOND);
                assertEquals(List.of(), connection.step(new ConnectionEvent.Tick(), second * SECOND));
            }
            List<ConnectionEffect> end = connection.step(new ConnectionEvent.Tick(), 39 * SECOND);
            assertEquals(mutants.isEmpty() ? 1 : 0, end.size(), "the mutant waits for ever");
            if (mutants.isEmpty()) {
                assertEquals("408 the body did not arrive within 10000 ms: PUT /slow", refusal(end));
            }
        }
    }

    @Test
    void whoSaysNothingIsForgottenAndWhoCameBeforeIsKeptLonger() {
        Connection fresh = new Connection(LIMITS, 0);
        assertEquals(List.of(), fresh.step(new ConnectionEvent.Tick(), 30 * SECOND - 1));
        assertEquals(List.of(new ConnectionEffect.Close()), fresh.step(new ConnectionEvent.Tick(), 30 * SECOND));
        Connection known = new Connection(LIMITS, 0);
        tell(known, known.step(received("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 0), new StringBuilder());
        assertEquals(List.of(), known.step(new ConnectionEvent.Tick(), 119 * SECOND));
        assertEquals(List.of(new ConnectionEffect.Close()), known.step(new ConnectionEvent.Tick(), 120 * SECOND));
    }

    @Test
    void aClientThatWaitsToBeToldIsTold() {
        Connection connection = new Connection(LIMITS, 0);
        assertEquals(
                List.of(new ConnectionEffect.Continue()),
                connection.step(
                        received("PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"), 0));
        assertInstanceOf(
                ConnectionEffect.Ask.class, connection.step(received("a"), 0).get(0));
    }

    @Test
    void aHeadIsAnsweredWithoutItsBodyAndHttp10Closes() {
        Connection connection = new Connection(LIMITS, 0);
        connection.step(received("HEAD / HTTP/1.0\r\n\r\n"), 0);
        assertEquals(
                List.of(new ConnectionEffect.Send(OK, false, false)),
                connection.step(new ConnectionEvent.Answered(OK), 0));
    }

    @Test
    void aLateAnswerIsGivenBackToBeClosed() {
        Connection connection = new Connection(LIMITS, 0);
        connection.step(received("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 0);
        assertEquals(List.of(new ConnectionEffect.Close()), connection.step(new ConnectionEvent.Broken(), 0));
        assertEquals(List.of(new ConnectionEffect.Discard(OK)), connection.step(new ConnectionEvent.Answered(OK), 0));
        assertEquals(List.of(), connection.step(new ConnectionEvent.Tick(), 0));
        assertEquals(0, connection.bufferedBytes());
    }

    @Test
    void atTheEndOfTheServerOnlyWhatIsUnderWayGoesOn() {
        Connection idle = new Connection(LIMITS, 0);
        assertEquals(List.of(new ConnectionEffect.Close()), idle.step(new ConnectionEvent.Stop(), 0));
        Connection busy = new Connection(LIMITS, 0);
        busy.step(received("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), 0);
        assertEquals(List.of(), busy.step(new ConnectionEvent.Stop(), 0));
        assertEquals(
                List.of(new ConnectionEffect.Send(OK, false, true)), busy.step(new ConnectionEvent.Answered(OK), 0));
        assertEquals(List.of(new ConnectionEffect.Close()), busy.step(new ConnectionEvent.Sent(), 0));
    }

    @Test
    void whereItIsCrowdedTheIdleGoAndTheGreedyAreTold() {
        Connection greedy = new Connection(LIMITS, 0);
        greedy.step(received("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\nabc"), 0);
        assertTrue(greedy.bufferedBytes() > 0);
        assertEquals(
                "503 too much at once; try again later: PUT /", refusal(greedy.step(new ConnectionEvent.Crowded(), 0)));
        Connection fresh = new Connection(LIMITS, 0);
        assertEquals(List.of(), fresh.step(new ConnectionEvent.Crowded(), 0), "it has come to ask");
    }
}
