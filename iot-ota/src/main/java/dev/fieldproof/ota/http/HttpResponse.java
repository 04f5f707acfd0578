package dev.fieldproof.ota.http;

import java.nio.channels.ReadableByteChannel;
import java.util.List;

/** An answer; the server adds its length, the date, and whether the connection is kept. */
public sealed interface HttpResponse {
    /**
     * Its status.
     *
     * @return 200 to 599
     */
    int status();

    /**
     * Its fields.
     *
     * @return in order
     */
    List<HttpField> fields();

    /**
     * How many bytes the body has.
     *
     * @return at least 0
     */
    long lengthBytes();

    /**
     * An answer in memory.
     *
     * @param status 200 to 599
     * @param fields in order
     * @param body all of it
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over without a copy on purpose
    record Whole(int status, List<HttpField> fields, byte[] body) implements HttpResponse {
        /** Copies the fields. */
        public Whole {
            fields = List.copyOf(fields);
        }

        @Override
        public long lengthBytes() {
            return body.length;
        }
    }

    /**
     * An answer that is sent as it is read; a {@link dev.fieldproof.core.store.TransferChannel} without a copy.
     *
     * @param status 200 to 599
     * @param fields in order
     * @param channel at the body's first byte; the server closes it
     * @param lengthBytes how much of it to send
     * @param ending is told once how it ended
     */
    record Stream(int status, List<HttpField> fields, ReadableByteChannel channel, long lengthBytes, Ending ending)
            implements HttpResponse {
        /** Copies the fields. */
        public Stream {
            fields = List.copyOf(fields);
        }
    }

    /** Is told, on a thread that may block, that an answer is over. */
    @FunctionalInterface
    interface Ending {
        /**
         * The answer is over.
         *
         * @param whole whether the last byte was handed to the connection
         */
        void ended(boolean whole);
    }
}
