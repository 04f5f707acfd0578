package dev.fieldproof.ota.download;

import java.io.IOException;
import java.util.Optional;

/** Somewhere to get a file from: a site node, a server, a peer. Implementations are thread-safe. */
public interface BlockSource {
    /**
     * Asks for a part of the file. Returns at once; the receiver is never called before it returns.
     *
     * @param fromBytes where the part begins
     * @param toBytes where it ends, exclusive
     * @param tag what the source called the content in an earlier answer; if the content has changed since, the source
     *     should answer with the whole of it
     * @param receiver hears what happens, one call at a time
     * @return ends the exchange early
     */
    Exchange open(long fromBytes, long toBytes, Optional<String> tag, Receiver receiver);

    /** An exchange under way. */
    @FunctionalInterface
    interface Exchange {
        /** Ends the exchange; calls under way may still reach the receiver. Idempotent. */
        void cancel();
    }

    /** Hears of an exchange: one answer, then bytes, then the end; or a failure at any time. */
    interface Receiver {
        /**
         * The source answers.
         *
         * @param answer what it says
         */
        void answered(SourceAnswer answer);

        /**
         * Bytes arrived. Until this returns the source holds further ones back.
         *
         * @param bytes hold them; valid during the call only
         * @param offset index of the first
         * @param length how many, at least 1
         */
        void received(byte[] bytes, int offset, int length);

        /** Nothing more comes. */
        void ended();

        /**
         * The exchange broke.
         *
         * @param cause why
         */
        void failed(IOException cause);
    }
}
