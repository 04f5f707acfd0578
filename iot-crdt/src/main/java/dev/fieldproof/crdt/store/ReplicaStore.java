package dev.fieldproof.crdt.store;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Keeps a replica over restarts: a checkpoint and the records since. What a method wrote is durable when it returns.
 * Not thread-safe.
 */
public interface ReplicaStore extends AutoCloseable {
    /**
     * What is kept.
     *
     * @param checkpoint the last one; empty before the first
     * @param records all since, oldest first
     */
    record Recovered(Optional<byte[]> checkpoint, List<byte[]> records) {}

    /**
     * Reads what is kept; to be called once, first.
     *
     * @return everything whose writing had returned, and perhaps the record whose writing had not
     * @throws IOException if it cannot be read, or is damaged beyond what an interrupted write explains
     */
    Recovered recover() throws IOException;

    /**
     * Adds a record.
     *
     * @param record 1 byte to 16 MiB
     * @throws IOException if it cannot be written; it may then be there after a restart or not
     */
    void append(byte[] record) throws IOException;

    /**
     * Replaces everything.
     *
     * @param state includes all records so far
     * @throws IOException if it cannot be written; the old content then stands
     */
    void checkpoint(byte[] state) throws IOException;

    @Override
    void close() throws IOException;
}
