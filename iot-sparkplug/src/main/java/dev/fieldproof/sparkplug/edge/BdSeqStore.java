package dev.fieldproof.sparkplug.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Remembers the birth and death sequence number over restarts, so that the first connection of a new process does not
 * repeat the last one's number, which would make a late will look like the death of the living node. One edge node uses
 * it, one call at a time.
 */
public interface BdSeqStore {
    /**
     * Reads the number of the latest connection.
     *
     * @return the number, or -1 if there was no connection yet
     * @throws IOException if the storage fails
     */
    long load() throws IOException;

    /**
     * Keeps the number of a connection that is about to be made, durably.
     *
     * @param bdSeq not negative
     * @throws IOException if the storage fails
     */
    void save(long bdSeq) throws IOException;

    /**
     * Forgets at the end of the process; for tests and nodes without storage.
     *
     * @return a store that begins at -1
     */
    static BdSeqStore inMemory() {
        return new BdSeqStore() {
            private long latest = -1;

            @Override
            public long load() {
                return latest;
            }

            @Override
            public void save(long bdSeq) {
                latest = bdSeq;
            }
        };
    }

    /**
     * Keeps the number in a file of its own, replaced atomically.
     *
     * @param file in an existing directory; made at the first save
     * @return a store; an unreadable number counts as none, since any number but the last is good
     */
    static BdSeqStore file(Path file) {
        return new BdSeqStore() {
            @Override
            public long load() throws IOException {
                if (!Files.exists(file)) {
                    return -1;
                }
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
                return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
            }

            @Override
            public void save(long bdSeq) throws IOException {
                Path next = file.resolveSibling(file.getFileName() + ".new");
                try (FileChannel channel = FileChannel.open(
                        next,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
                    channel.write(StandardCharsets.ISO_8859_1.encode(bdSeq + "\n"));
                    channel.force(true);
                }
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        };
    }

    /** The number for the next connection: one more, from 255 back to 0. */
    static int next(BdSeqStore store) {
        try {
            int next = (int) ((store.load() + 1) & 0xFF);
            store.save(next);
            return next;
        } catch (IOException e) {
            throw new UncheckedIOException("the bdSeq store failed; without it a late will can end a living node", e);
        }
    }
}
