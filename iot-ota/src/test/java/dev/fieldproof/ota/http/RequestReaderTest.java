package dev.fieldproof.ota.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Requests in every pair of pieces, and everything that is no request. */
class RequestReaderTest {
    private static final HttpLimits LIMITS = new HttpLimits(
            64,
            256,
            4,
            40,
            1 << 20,
            10,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    private static final String NEXT = "GET /next";
    private static final String CHUNKED = "POST / HTTP/1.1\r\nHost: [::1]\r\nTransfer-Encoding: chunked\r\n\r\n";

    /** Each ends where it ends; what follows belongs to the next request. */
    private static final List<String> GOOD = List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "\r\nGET /a?b=c HTTP/1.1\r\nhOST:x\r\nA: \t b c \t\r\n\r\n",
            "GET http://x/a HTTP/1.0\r\n\r\n",
            "PUT /a HTTP/1.1\r\nHost: x:80\r\nContent-Length: 5\r\n\r\nhello",
            CHUNKED.concat("3\r\nabc\r\n0A;x=y\r\n0123456789\r\n0\r\nA: b\r\n\r\n"));

    /** The status that each gets. */
    private static final List<String> BAD = List.of(
            "400 GET / HTTP/1.1\nHost: x\n\n", // bare LF
            "400 GET / HTTP/1.1\r\nHost: x\rA: b\r\n\r\n", // bare CR
            "400 \026\003\001\002 TLS to the wrong port",
            "400 GET  / HTTP/1.1\r\nHost: x\r\n\r\n", // two spaces
            "400 GET /\r\nHost: x\r\n\r\n", // HTTP/0.9
            "400 GET / HTTP/1.1 \r\nHost: x\r\n\r\n",
            "400 G(T / HTTP/1.1\r\nHost: x\r\n\r\n",
            "400 GET / http/1.1\r\nHost: x\r\n\r\n",
            "505 GET / HTTP/2.0\r\nHost: x\r\n\r\n",
            "400 GET a HTTP/1.1\r\nHost: x\r\n\r\n",
            "400 OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
            "400 GET / HTTP/1.1\r\n\r\n", // no Host
            "400 GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
            "400 GET / HTTP/1.1\r\nHost: x/y\r\n\r\n",
            "400 GET / HTTP/1.1\r\nHost: x\r\nA : b\r\n\r\n", // space before the colon
            "400 GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n", // folded
            "400 GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n",
            "400 GET / HTTP/1.1\r\nHost: x\r\nContent-Length: +1\r\n\r\n",
            "400 GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n",
            "400 GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n",
            "400 GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "400 GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
            "501 GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            "417 GET / HTTP/1.1\r\nHost: x\r\nExpect: more\r\n\r\n",
            "413 GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 41\r\n\r\n",
            "413 GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999999999999\r\n\r\n",
            "414 GET /" + "a".repeat(64) + " HTTP/1.1\r\nHost: x\r\n\r\n",
            "414 GET /" + "a".repeat(400),
            "431 GET / HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(400),
            "431 GET / HTTP/1.1\r\nHost: x\r\nA1:\r\nA2:\r\nA3:\r\nA4:\r\n\r\n",
            "400 POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
            "400 POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
            "400 POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n",
            "413 POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n29\r\n",
            "413 POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFF\r\n",
            "431 POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + "A: b\r\n".repeat(2000),
            "400 \r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What a reader makes of pieces: the request and what is left, or the refusal, or that more is wanted. */
    private static String outcome(byte[] all, List<Integer> cuts, Set<RequestReader.Mutant> mutants) {
        RequestReader reader = new RequestReader(LIMITS, mutants);
        int from = 0;
        List<Integer> ends = new ArrayList<>(cuts);
        ends.add(all.length);
        try {
            for (int to : ends) {
                ByteBuffer piece = ByteBuffer.wrap(all, from, to - from);
                from = to;
                Optional<HttpRequest> whole = reader.take(piece);
                if (whole.isPresent()) {
                    int used = piece.position();
                    return whole.get().head() + " " + new String(whole.get().body(), StandardCharsets.ISO_8859_1)
                            + " ends at " + used;
                }
            }
            return "more is wanted";
        } catch (RefusedRequestException e) {
            return e.status() + " " + e.offsetBytes() + " " + e.getMessage();
        }
    }

    /** How many ways to cut all texts into up to three pieces end otherwise than uncut. */
    private static int differences(Set<RequestReader.Mutant> mutants, int enough) {
        int different = 0;
        List<String> texts = new ArrayList<>();
        GOOD.forEach(text -> texts.add(text + NEXT));
        BAD.forEach(text -> texts.add(text.substring(4, Math.min(text.length(), 120))));
        for (String text : texts) {
            byte[] all = bytes(text);
            String uncut = outcome(all, List.of(), EnumSet.noneOf(RequestReader.Mutant.class));
            for (int first = 0; first <= all.length && different < enough; first++) {
                // What is no request breaks its rule at one byte: one cut before or behind it is all there is to try.
                int last = GOOD.contains(text.replace(NEXT, "")) ? all.length : first;
                for (int second = first; second <= last; second++) {
                    different += outcome(all, List.of(first, second), mutants).equals(uncut) ? 0 : 1;
                }
            }
        }
        return different;
    }

    @Test
    void aRequestIsWhatItsBytesSay() throws Exception {
        RequestReader reader = new RequestReader(LIMITS);
        HttpRequest request = reader.take(ByteBuffer.wrap(bytes(GOOD.get(1)))).orElseThrow();
        assertEquals("GET", request.head().method());
        assertEquals("/a", request.head().path());
        assertEquals("b=c", request.head().query());
        assertEquals("x", request.field("Host").orElseThrow());
        assertEquals("b c", request.field("a").orElseThrow());
        assertTrue(request.head().keepsAlive());
        assertEquals(
                "/a",
                new RequestReader(LIMITS)
                        .take(ByteBuffer.wrap(bytes(GOOD.get(2))))
                        .orElseThrow()
                        .head()
                        .path());
        byte[] chunked = new RequestReader(LIMITS)
                .take(ByteBuffer.wrap(bytes(GOOD.get(4))))
                .orElseThrow()
                .body();
        assertArrayEquals(bytes("abc0123456789"), chunked);
    }

    @Test
    void everythingElseIsRefusedByItsRule() {
        for (String text : BAD) {
            String outcome = outcome(bytes(text.substring(4)), List.of(), EnumSet.noneOf(RequestReader.Mutant.class));
            assertEquals(text.substring(0, 4), outcome.substring(0, 4), text + " -> " + outcome);
        }
    }

    @Test
    void nothingDependsOnWhereTheBytesAreCut() {
        assertEquals(0, differences(EnumSet.noneOf(RequestReader.Mutant.class), Integer.MAX_VALUE));
        for (RequestReader.Mutant mutant : RequestReader.Mutant.values()) {
            if (mutant != RequestReader.Mutant.BARE_LF) {
                assertNotEquals(0, differences(EnumSet.of(mutant), 1), mutant + " is not found");
            }
        }
        String smuggled = outcome(bytes(BAD.get(0).substring(4)), List.of(), EnumSet.of(RequestReader.Mutant.BARE_LF));
        assertTrue(smuggled.startsWith("RequestHead"), "the list of what is refused finds it: " + smuggled);
    }

    @Test
    void anyBytesEndInARequestOrARefusalAndKeepLittle() {
        SeededRuns.check(300, random -> {
            StringBuilder text = new StringBuilder(GOOD.get(random.nextInt(GOOD.size())));
            for (int i = random.nextInt(4); i > 0; i--) {
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
            }
            RequestReader reader = new RequestReader(LIMITS);
            ByteBuffer all = ByteBuffer.wrap(bytes(text.toString()));
            try {
                Optional<HttpRequest> request = reader.take(all);
                assertTrue(request.isPresent() || !all.hasRemaining());
            } catch (RefusedRequestException e) {
                assertTrue(e.status() >= 400 && e.status() <= 505);
                assertTrue(e.offsetBytes() >= 0 && e.offsetBytes() <= all.capacity());
            }
            assertTrue(reader.bufferedBytes() <= 1024, "kept " + reader.bufferedBytes());
        });
    }
}
