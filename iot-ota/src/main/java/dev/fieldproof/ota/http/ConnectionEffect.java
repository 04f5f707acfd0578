package dev.fieldproof.ota.http;

/** What a connection wants done. */
sealed interface ConnectionEffect {
    /**
     * Answer this, with {@link ConnectionEvent.Answered}.
     *
     * @param request whole
     */
    record Ask(HttpRequest request) implements ConnectionEffect {}

    /**
     * Say in words what is wrong, with {@link ConnectionEvent.Answered}.
     *
     * @param status of HTTP
     * @param rule which was broken
     * @param about method and path, as far as they came
     */
    record Refuse(int status, String rule, String about) implements ConnectionEffect {}

    /** Tell the client to send its body. */
    record Continue() implements ConnectionEffect {}

    /**
     * Send this, then {@link ConnectionEvent.Sent}.
     *
     * @param response the answer
     * @param keepsAlive whether the client may ask again
     * @param withBody whether its body is sent, or only said how long it is
     */
    record Send(HttpResponse response, boolean keepsAlive, boolean withBody) implements ConnectionEffect {}

    /**
     * Nobody is there to send this to.
     *
     * @param response to be closed
     */
    record Discard(HttpResponse response) implements ConnectionEffect {}

    /** Tell the client that no more comes, and go on to read. */
    record EndOutput() implements ConnectionEffect {}

    /** Close the connection; nothing is wanted after it. */
    record Close() implements ConnectionEffect {}
}
