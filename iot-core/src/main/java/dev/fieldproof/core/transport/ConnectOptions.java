package dev.fieldproof.core.transport;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How a client presents itself to the broker (MQTT 5.0, section 3.1). Immutable if its will supplier is.
 *
 * @param clientId names the session; a second connection under the same id takes the session over
 * @param keepAlive longest silence of the client, 0 (no limit) to 65,535 s; the broker gives up after 1.5 times this
 * @param cleanStart discard what an earlier session left behind
 * @param sessionExpiry how long the broker keeps subscriptions and queued messages after the connection ends; zero
 *     means not at all
 * @param will asked before every connection attempt, the automatic ones included, because a contract such as
 *     Sparkplug's needs a new will each time; empty for none
 * @param willAtGoodbye whether the broker is to publish the will although the client says goodbye (MQTT 5.0, section
 *     3.14.2.1, "Disconnect with Will Message"); MQTT 3.1.1 has no way to ask for it and takes the will back
 */
public record ConnectOptions(
        String clientId,
        Duration keepAlive,
        boolean cleanStart,
        Duration sessionExpiry,
        Supplier<Optional<LastWill>> will,
        boolean willAtGoodbye) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if the client id is empty or a duration is out of range
     */
    public ConnectOptions {
        if (clientId.isEmpty()) {
            throw new IllegalArgumentException("a client id is not empty");
        }
        if (keepAlive.isNegative() || keepAlive.toSeconds() > 65_535) {
            throw new IllegalArgumentException("keep-alive is 0 to 65,535 s: " + keepAlive);
        }
        if (sessionExpiry.isNegative()) {
            throw new IllegalArgumentException("negative session expiry: " + sessionExpiry);
        }
    }

    /**
     * A clean session without a will, keep-alive 60 s.
     *
     * @param clientId names the session
     * @return the options
     */
    public static ConnectOptions of(String clientId) {
        return new ConnectOptions(clientId, Duration.ofSeconds(60), true, Duration.ZERO, Optional::empty, false);
    }

    /**
     * The same, with another keep-alive.
     *
     * @param keepAlive 0 to 65,535 s
     * @return a copy
     */
    public ConnectOptions withKeepAlive(Duration keepAlive) {
        return new ConnectOptions(clientId, keepAlive, cleanStart, sessionExpiry, will, willAtGoodbye);
    }

    /**
     * The same, resuming an earlier session and keeping it after a loss.
     *
     * @param sessionExpiry how long the broker keeps the session
     * @return a copy with {@code cleanStart} false
     */
    public ConnectOptions withPersistentSession(Duration sessionExpiry) {
        return new ConnectOptions(clientId, keepAlive, false, sessionExpiry, will, willAtGoodbye);
    }

    /**
     * The same, with one will for every connection.
     *
     * @param will the will
     * @return a copy
     */
    public ConnectOptions withWill(LastWill will) {
        return withWill(() -> Optional.of(will));
    }

    /**
     * The same, with a will asked for before every connection attempt.
     *
     * @param will the source of wills
     * @return a copy
     */
    public ConnectOptions withWill(Supplier<Optional<LastWill>> will) {
        return new ConnectOptions(clientId, keepAlive, cleanStart, sessionExpiry, will, willAtGoodbye);
    }

    /**
     * The same, with the will published at a goodbye too.
     *
     * @return a copy
     */
    public ConnectOptions withWillAtGoodbye() {
        return new ConnectOptions(clientId, keepAlive, cleanStart, sessionExpiry, will, true);
    }
}
