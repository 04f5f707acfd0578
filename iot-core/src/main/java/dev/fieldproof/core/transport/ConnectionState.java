package dev.fieldproof.core.transport;

/** Where a transport's connection stands. */
public sealed interface ConnectionState {
    /**
     * The broker has accepted the connection.
     *
     * @param sessionPresent whether the broker still held the session; if not, subscriptions were made anew by the
     *     transport, and messages of the meantime are gone
     */
    record Connected(boolean sessionPresent) implements ConnectionState {}

    /**
     * The connection broke, or an attempt to make one failed; the transport tries again by its own rules.
     *
     * @param cause what kind of loss
     * @param detail for people and logs
     */
    record Lost(LossCause cause, String detail) implements ConnectionState {}

    /**
     * The end: closed by its owner, or refused for good. No further state follows.
     *
     * @param cause {@link LossCause#CLOSED} or the reason of the refusal
     * @param detail for people and logs
     */
    record Closed(LossCause cause, String detail) implements ConnectionState {}

    /** Why a connection ended. */
    enum LossCause {
        /** The owner closed it. */
        CLOSED,
        /** The network failed or was never there. */
        NETWORK,
        /** Nothing was heard for longer than the keep-alive allows. */
        KEEP_ALIVE,
        /** Another client connected under the same id. */
        TAKEN_OVER,
        /** The broker ended it or refused the connection, with a reason of its own. */
        REFUSED,
        /** Certificates or credentials were not accepted, by either side. */
        NOT_TRUSTED
    }
}
