package dev.fieldproof.core.transport;

import java.io.IOException;

/** A message or a connection that did not come about, with the kind of loss that caused it. */
public final class TransportException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ConnectionState.LossCause lossCause;

    /**
     * Names a failure.
     *
     * @param lossCause its kind
     * @param message what failed, where, and what to do
     */
    public TransportException(ConnectionState.LossCause lossCause, String message) {
        super(message);
        this.lossCause = lossCause;
    }

    /**
     * Names a failure with what lies behind it.
     *
     * @param lossCause its kind
     * @param message what failed, where, and what to do
     * @param cause the failure underneath
     */
    public TransportException(ConnectionState.LossCause lossCause, String message, Throwable cause) {
        super(message, cause);
        this.lossCause = lossCause;
    }

    /**
     * The kind of failure.
     *
     * @return its kind
     */
    public ConnectionState.LossCause lossCause() {
        return lossCause;
    }
}
