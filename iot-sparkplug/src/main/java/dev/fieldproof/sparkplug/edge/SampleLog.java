package dev.fieldproof.sparkplug.edge;

import java.io.IOException;
import java.util.List;

/**
 * A bounded queue of samples, each at a position that is never used again: what store and forward keeps until a host
 * has it. When it is full, the oldest samples give way. One edge node uses it, one call at a time.
 */
public interface SampleLog extends AutoCloseable {
    /**
     * Names this log apart from any other, also from one that was lost and begun anew.
     *
     * @return a random number, kept with the samples
     */
    long id();

    /**
     * The oldest sample's position.
     *
     * @return equal to {@link #next()} if there is none
     */
    long first();

    /**
     * The position that the next sample will get.
     *
     * @return 0 for a new log
     */
    long next();

    /**
     * Adds a sample.
     *
     * @param sample what to keep
     * @return its position
     * @throws IOException if the storage fails
     */
    long append(Sample sample) throws IOException;

    /**
     * Reads samples in order.
     *
     * @param position of the first, from {@link #first()} to {@link #next()}
     * @param max most to read, at least 1
     * @return at most {@code max} samples at consecutive positions; empty only at the end
     * @throws IOException if the storage fails
     */
    List<Sample> read(long position, int max) throws IOException;

    /**
     * Lets samples go.
     *
     * @param position the first to keep; one before {@link #first()} does nothing
     * @throws IOException if the storage fails
     */
    void trim(long position) throws IOException;

    /**
     * Makes what was added durable, where the log is.
     *
     * @throws IOException if the storage fails
     */
    void sync() throws IOException;

    /**
     * How many samples gave way to newer ones.
     *
     * @return since the log was opened
     */
    long dropped();

    @Override
    void close() throws IOException;
}
