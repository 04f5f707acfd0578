package dev.fieldproof.ota.http;

import java.nio.ByteBuffer;

/** What happens to a connection. */
sealed interface ConnectionEvent {
    /**
     * Bytes came; all of them are taken.
     *
     * @param bytes at least one
     */
    record Received(ByteBuffer bytes) implements ConnectionEvent {}

    /** The client sends no more. */
    record Ended() implements ConnectionEvent {}

    /**
     * The request has an answer.
     *
     * @param response the answer
     */
    record Answered(HttpResponse response) implements ConnectionEvent {}

    /** The last byte of the answer is on its way. */
    record Sent() implements ConnectionEvent {}

    /** The connection is broken. */
    record Broken() implements ConnectionEvent {}

    /** Time passed. */
    record Tick() implements ConnectionEvent {}

    /** There is no room: who only waits has to go, and so has the request that asks for more of it. */
    record Crowded() implements ConnectionEvent {}

    /** The server is about to end. */
    record Stop() implements ConnectionEvent {}
}
