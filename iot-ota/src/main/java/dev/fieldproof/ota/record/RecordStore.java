package dev.fieldproof.ota.record;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Tables of records, each a JSON object under a key, changed in transactions that happen wholly or not at all and never
 * see each other half done. Thread-safe. Every implementation passes {@code RecordStoreContract} of this module's
 * tests.
 */
public interface RecordStore extends AutoCloseable {
    /** Longest key, in characters. */
    int MAX_KEY_CHARS = 200;

    /** Most records that one {@link Transaction#list} returns. */
    int MAX_LIST = 10_000;

    /** What there are records of. */
    enum Table {
        /** Claims that devices are provisioned under, with what was used of them. */
        CLAIM,
        /** Certificates, by the SHA-256 of their public key. */
        CERTIFICATE,
        /** Where a certificate's key is found, by ownership token and by certificate id. */
        CERTIFICATE_INDEX,
        /** Registered things, by serial number. */
        THING,
        /** Devices that the control node serves. */
        DEVICE,
        /** Waves and who decided about them. */
        WAVE,
        /** What devices were told to do. */
        ACTION,
        /** Which action of a device is open. */
        OPEN_ACTION,
        /** What came of it. */
        OUTCOME,
        /** Who did what. */
        AUDIT,
        /** People and programs that operate the node. */
        OPERATOR,
        /** Rollouts of the control node, as they were ordered. */
        ROLLOUT,
        /** What happened to them since their checkpoint, in order. */
        ROLLOUT_EVENT,
        /** How they stood at their last checkpoint. */
        ROLLOUT_CHECKPOINT,
        /** What upstream lets the site decide. */
        POLICY,
        /** What came of it and upstream has not said to have yet, in order. */
        OUTBOX,
        /** How far each site's outcomes have come upstream. */
        SITE_PROGRESS,
        /** Outcomes of all sites, upstream. */
        SITE_OUTCOME
    }

    /**
     * One record.
     *
     * @param key within its table
     * @param json the value
     */
    record Entry(String key, String json) {}

    /** The view of one transaction. Valid inside {@link Work#run} only. */
    interface Transaction {
        /**
         * Reads a record.
         *
         * @param table which table
         * @param key which record
         * @return its value, if there is one
         * @throws IOException if the storage fails
         */
        Optional<String> get(Table table, String key) throws IOException;

        /**
         * Writes a record, replacing any under the same key.
         *
         * @param table which table
         * @param key 1 to {@value RecordStore#MAX_KEY_CHARS} characters
         * @param json the value
         * @throws IOException if the storage fails
         * @throws IllegalArgumentException if the key is empty or too long
         */
        void put(Table table, String key, String json) throws IOException;

        /**
         * Removes a record.
         *
         * @param table which table
         * @param key which record
         * @return whether it was there
         * @throws IOException if the storage fails
         */
        boolean delete(Table table, String key) throws IOException;

        /**
         * Lists records in order of their keys' characters.
         *
         * @param table which table
         * @param afterKey only records with greater keys; empty for all
         * @param limit at most this many, 1 to {@value RecordStore#MAX_LIST}
         * @return the records
         * @throws IOException if the storage fails
         */
        List<Entry> list(Table table, String afterKey, int limit) throws IOException;

        /**
         * The record with the greatest key.
         *
         * @param table which table
         * @return empty if the table is
         * @throws IOException if the storage fails
         */
        Optional<Entry> last(Table table) throws IOException;
    }

    /**
     * What is done in a transaction. It may be run again after a conflict, so it changes nothing else.
     *
     * @param <T> its result
     */
    @FunctionalInterface
    interface Work<T> {
        /**
         * Does it.
         *
         * @param transaction the store as of now
         * @return the result
         * @throws IOException undoes everything
         */
        T run(Transaction transaction) throws IOException;
    }

    /**
     * Runs a transaction; when this returns, it is durable.
     *
     * @param <T> the result's type
     * @param work what to do; whatever it throws undoes everything
     * @return what the work returned
     * @throws IOException if the storage fails, or the work throws it; then nothing was changed, or, if the connection
     *     to a database was lost while it committed, everything was: ask again by key
     */
    <T> T transact(Work<T> work) throws IOException;

    /** Releases what the store holds. Idempotent. */
    @Override
    void close() throws IOException;

    /**
     * Checks a key.
     *
     * @param key any text
     * @return the key
     * @throws IllegalArgumentException if it is empty or too long
     */
    static String requireKey(String key) {
        if (key.isEmpty() || key.length() > MAX_KEY_CHARS) {
            throw new IllegalArgumentException("a key of " + key.length() + " characters");
        }
        return key;
    }
}
