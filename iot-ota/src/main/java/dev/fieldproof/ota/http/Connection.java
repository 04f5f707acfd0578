package dev.fieldproof.ota.http;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a client: requests one after the other, each answered before the next is read. Reads no clock and
 * knows no socket. Not thread-safe.
 */
final class Connection {
    private static final long MAX_LINGER_BYTES = 1 << 20;
    private static final Duration LINGER = Duration.ofSeconds(5);
    private static final byte[] NONE = {};

    /** What a wrong connection would do; a test has to find each. */
    enum Mutant {
        /** What came behind a request is lost. */
        REST_LOST,
        /** The time for the body runs from every byte of it. */
        BODY_TIME_ANEW,
        /** The connection is closed before the client can have read the refusal. */
        NO_LINGER,
        /** A refused request leaves the connection open, and its rest is read as the next request. */
        KEPT_AFTER_REFUSAL
    }

    private enum State {
        /** For the first byte of a request. */
        WAITING,
        READING,
        ANSWERING,
        SENDING,
        /** All was said; what the client still sends is thrown away, so that it gets to read the answer. */
        LINGERING,
        CLOSED
    }

    private final HttpLimits limits;
    private final Set<Mutant> mutants;
    private State state = State.WAITING;
    private @Nullable RequestReader reader;
    private byte[] rest = NONE;
    private boolean keepsAlive;
    private boolean withBody = true;
    private boolean served;
    private boolean stopping;
    private long sinceNanos;
    private long lingeredBytes;

    Connection(HttpLimits limits, long nowNanos) {
        this(limits, nowNanos, EnumSet.noneOf(Mutant.class));
    }

    Connection(HttpLimits limits, long nowNanos, Set<Mutant> mutants) {
        this.limits = limits;
        this.mutants = mutants;
        sinceNanos = nowNanos;
    }

    /** Whether bytes are wanted now; while a request is answered none are, and the client has to wait. */
    boolean wantsBytes() {
        return state == State.WAITING || state == State.READING || state == State.LINGERING;
    }

    /** How much of a request is kept. */
    int bufferedBytes() {
        RequestReader known = reader;
        return rest.length + (known == null ? 0 : known.bufferedBytes());
    }

    List<ConnectionEffect> step(ConnectionEvent event, long nowNanos) {
        if (state == State.CLOSED) {
            return event instanceof ConnectionEvent.Answered late
                    ? List.of(new ConnectionEffect.Discard(late.response()))
                    : List.of();
        }
        if (event instanceof ConnectionEvent.Received received) {
            return received(received.bytes(), nowNanos);
        } else if (event instanceof ConnectionEvent.Answered answered) {
            return answered(answered.response());
        } else if (event instanceof ConnectionEvent.Sent) {
            return sent(nowNanos);
        } else if (event instanceof ConnectionEvent.Tick) {
            return tick(nowNanos);
        } else if (event instanceof ConnectionEvent.Crowded) {
            return crowded();
        } else if (event instanceof ConnectionEvent.Stop) {
            stopping = true;
            return state == State.WAITING || state == State.LINGERING ? close() : List.of();
        }
        return close(); // ended or broken: nobody is there who could be told anything
    }

    private List<ConnectionEffect> close() {
        state = State.CLOSED;
        reader = null;
        rest = NONE;
        return List.of(new ConnectionEffect.Close());
    }

    private List<ConnectionEffect> received(ByteBuffer bytes, long nowNanos) {
        if (state == State.LINGERING) {
            lingeredBytes += bytes.remaining();
            bytes.position(bytes.limit());
            return lingeredBytes > MAX_LINGER_BYTES ? close() : List.of();
        }
        if (!wantsBytes()) {
            throw new IllegalStateException("bytes while " + state);
        }
        return read(bytes, nowNanos);
    }

    private List<ConnectionEffect> read(ByteBuffer bytes, long nowNanos) {
        RequestReader now = reader;
        if (now == null) {
            now = new RequestReader(limits);
            reader = now;
            state = State.READING;
            sinceNanos = nowNanos;
        }
        boolean hadHead = now.head().isPresent();
        Optional<HttpRequest> whole;
        try {
            whole = now.take(bytes);
        } catch (RefusedRequestException e) {
            if (!mutants.contains(Mutant.KEPT_AFTER_REFUSAL)) {
                bytes.position(bytes.limit()); // where the next request would begin is not known
            }
            rest = rest(bytes);
            return refuse(e.status(), String.valueOf(e.getMessage()));
        }
        if (whole.isPresent()) {
            rest = rest(bytes);
            state = State.ANSWERING;
            RequestHead head = whole.get().head();
            keepsAlive = head.keepsAlive();
            withBody = !head.method().equals("HEAD");
            return List.of(new ConnectionEffect.Ask(whole.get()));
        }
        if (mutants.contains(Mutant.BODY_TIME_ANEW)) {
            sinceNanos = nowNanos;
        }
        if (!hadHead && now.head().isPresent()) {
            sinceNanos = nowNanos;
            return now.head().get().awaitsContinue() ? List.of(new ConnectionEffect.Continue()) : List.of();
        }
        return List.of();
    }

    private byte[] rest(ByteBuffer bytes) {
        if (!bytes.hasRemaining() || mutants.contains(Mutant.REST_LOST)) {
            bytes.position(bytes.limit());
            return NONE;
        }
        byte[] behind = new byte[bytes.remaining()];
        bytes.get(behind);
        return behind;
    }

    private List<ConnectionEffect> refuse(int status, String rule) {
        RequestReader known = reader;
        state = State.ANSWERING;
        keepsAlive = mutants.contains(Mutant.KEPT_AFTER_REFUSAL);
        withBody = true;
        return List.of(new ConnectionEffect.Refuse(status, rule, known == null ? "" : known.about()));
    }

    private List<ConnectionEffect> answered(HttpResponse response) {
        if (state != State.ANSWERING) {
            throw new IllegalStateException("an answer while " + state);
        }
        state = State.SENDING;
        reader = null;
        keepsAlive &= !stopping;
        return List.of(new ConnectionEffect.Send(response, keepsAlive, withBody));
    }

    private List<ConnectionEffect> sent(long nowNanos) {
        if (state != State.SENDING) {
            throw new IllegalStateException("sent while " + state);
        }
        sinceNanos = nowNanos;
        served = true;
        if (!keepsAlive || stopping) {
            if (stopping || mutants.contains(Mutant.NO_LINGER)) {
                return close();
            }
            state = State.LINGERING;
            rest = NONE;
            return List.of(new ConnectionEffect.EndOutput());
        }
        state = State.WAITING;
        if (rest.length == 0) {
            return List.of();
        }
        ByteBuffer next = ByteBuffer.wrap(rest);
        rest = NONE;
        return read(next, nowNanos);
    }

    private List<ConnectionEffect> tick(long nowNanos) {
        RequestReader known = reader;
        boolean inBody = known != null && known.head().isPresent();
        Duration within = switch (state) {
            case WAITING -> served ? limits.idleWithin() : limits.headWithin();
            case READING -> inBody ? limits.bodyWithin() : limits.headWithin();
            default -> LINGER;
        };
        if (!wantsBytes() || nowNanos - sinceNanos < within.toNanos()) {
            return List.of();
        }
        if (state != State.READING) {
            return close();
        }
        return refuse(408, "the " + (inBody ? "body" : "head") + " did not arrive within " + within.toMillis() + " ms");
    }

    private List<ConnectionEffect> crowded() {
        if (state == State.READING) {
            return refuse(503, "too much at once; try again later");
        }
        return state == State.WAITING && served ? close() : List.of();
    }
}
