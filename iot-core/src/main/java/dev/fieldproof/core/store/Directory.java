package dev.fieldproof.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One flat directory of files with the durability rules of POSIX spelled out: written bytes are lost by a power cut
 * unless {@link File#sync() synced}; so are creations, renames and deletions unless the directory is
 * {@link #sync() synced}. What stores and journals write through, so that {@link dev.fieldproof.core.sim.SimDirectory}
 * can lose what a power cut may lose.
 *
 * <p>A name is 1 to 128 characters of {@code a-z A-Z 0-9 . _ -} and does not begin with a dot; anything else is refused
 * with {@link IllegalArgumentException}, so that no name leads out of the directory. Symbolic links are not followed.
 * Thread-safe; files are not.
 */
public interface Directory {
    /**
     * Names the files.
     *
     * @return the names, sorted
     * @throws IOException if the storage fails
     */
    List<String> list() throws IOException;

    /**
     * Opens a file for reading and writing, making an empty one if there is none.
     *
     * @param name of the file
     * @return the file, to be closed by the caller
     * @throws IOException if the storage fails
     */
    File open(String name) throws IOException;

    /**
     * Opens a file for reading.
     *
     * @param name of the file
     * @return the file, to be closed by the caller, or empty if there is none
     * @throws IOException if the storage fails
     */
    Optional<File> read(String name) throws IOException;

    /**
     * Opens a file as {@link #open} does and locks it against every other {@code lock} of it, in this process and in
     * others, until the file is closed or the process ends. Keep to this method for a file that is ever locked.
     *
     * @param name of the file
     * @param wait whether to wait until the lock is free
     * @return the locked file, or empty if it is locked and {@code wait} is false
     * @throws IOException if the storage fails, or the wait is interrupted
     */
    Optional<File> lock(String name, boolean wait) throws IOException;

    /**
     * Gives a file another name, in one step, replacing any file of that name.
     *
     * @param from must exist
     * @param to new name
     * @throws IOException if the storage fails
     */
    void rename(String from, String to) throws IOException;

    /**
     * Removes a file; who has it open keeps it.
     *
     * @param name of the file
     * @return whether it was there
     * @throws IOException if the storage fails
     */
    boolean delete(String name) throws IOException;

    /**
     * When a file was last written.
     *
     * @param name of the file
     * @return milliseconds since the epoch, or empty if there is no such file
     * @throws IOException if the storage fails
     */
    Optional<Long> lastModifiedMillis(String name) throws IOException;

    /**
     * Makes every creation, rename and deletion so far durable.
     *
     * @throws IOException if the storage fails
     */
    void sync() throws IOException;

    /**
     * Room on the disk.
     *
     * @return bytes that can still be written
     * @throws IOException if the storage fails
     */
    long usableBytes() throws IOException;

    /**
     * A directory of the machine's file system.
     *
     * @param path made, durably and with its parents, if there is none
     * @return the directory; its files get the process's default permissions
     * @throws IOException if it cannot be made
     */
    static Directory of(Path path) throws IOException {
        return new PathDirectory(path, false);
    }

    /**
     * A directory for secrets: where the file system knows POSIX permissions, files that are made here have mode 0600.
     *
     * @param path made, durably and with its parents, if there is none
     * @return the directory
     * @throws IOException if it cannot be made
     */
    static Directory ownerOnly(Path path) throws IOException {
        return new PathDirectory(path, true);
    }

    /** An open file. Not thread-safe. */
    interface File extends AutoCloseable {
        /** Most bytes that {@link #transferTo} hands on at a time where it has to copy them. */
        int TRANSFER_BYTES = 64 * 1024;

        /**
         * The file's length.
         *
         * @return bytes
         * @throws IOException if the storage fails
         */
        long sizeBytes() throws IOException;

        /**
         * Reads some bytes.
         *
         * @param offsetBytes where
         * @param into filled from its position
         * @return how many were read, or -1 at the end of the file
         * @throws IOException if the storage fails
         */
        int read(long offsetBytes, ByteBuffer into) throws IOException;

        /**
         * Hands bytes to a channel, without bringing them into the process where the operating system can.
         *
         * @param offsetBytes where
         * @param maxBytes most bytes to hand on, at least 1
         * @param to takes as many as it can now, if it does not block
         * @return how many it took, perhaps 0, or -1 at the end of the file
         * @throws IOException if the storage or the channel fails
         */
        default long transferTo(long offsetBytes, long maxBytes, WritableByteChannel to) throws IOException {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(maxBytes, TRANSFER_BYTES));
            int got = read(offsetBytes, buffer);
            return got < 0 ? -1 : to.write(buffer.flip());
        }

        /**
         * Writes all remaining bytes.
         *
         * @param offsetBytes where; at most the file's length
         * @param bytes all taken, unless it throws
         * @throws QuotaExceededException if the disk is full; some of the bytes may be written
         * @throws IOException if the storage fails
         */
        void write(long offsetBytes, ByteBuffer bytes) throws IOException;

        /**
         * Cuts the file off.
         *
         * @param sizeBytes new length, at most the old
         * @throws IOException if the storage fails
         */
        void truncate(long sizeBytes) throws IOException;

        /**
         * Makes everything written so far durable.
         *
         * @throws IOException if the storage fails; what was written since the last success may then be lost
         */
        void sync() throws IOException;

        @Override
        void close() throws IOException;
    }
}
