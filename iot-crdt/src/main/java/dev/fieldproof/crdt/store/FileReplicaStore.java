package dev.fieldproof.crdt.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A store in files of one directory: {@code checkpoint.N} and {@code log.N} for a growing N, each record framed by its
 * length and a CRC-32C of length and content. A new checkpoint is complete and durable under another name before it
 * gets its own. One process at a time; not thread-safe.
 */
public final class FileReplicaStore implements ReplicaStore {
    static final int HEADER_BYTES = 8;
    private static final int MAX_RECORD_BYTES = 1 << 24;
    private static final String CHECKPOINT = "checkpoint.";
    private static final String LOG = "log.";
    private static final String UNFINISHED = "unfinished";

    private final Disk disk;
    private final Faults faults;
    private long generation;
    private boolean recovered;
    private boolean logExists;

    /** What a test leaves out, to see whether it is missed. */
    enum Faults {
        NONE,
        NO_CHECKSUM,
        NO_SYNC_OF_RECORDS,
        NO_SYNC_BEFORE_RENAME,
        TORN_TAIL_KEPT
    }

    /**
     * Opens a store.
     *
     * @param directory made if there is none
     * @throws IOException if it cannot be made
     */
    public FileReplicaStore(Path directory) throws IOException {
        this(new Disk.Directory(Files.createDirectories(directory)), Faults.NONE);
    }

    FileReplicaStore(Disk disk, Faults faults) {
        this.disk = disk;
        this.faults = faults;
    }

    static int checksum(byte[] record) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(4).putInt(record.length).flip());
        crc.update(record);
        return (int) crc.getValue();
    }

    @Override
    public Recovered recover() throws IOException {
        if (recovered) {
            throw new IllegalStateException("a store is recovered once");
        }
        List<String> names = disk.list();
        for (String name : names) {
            if (name.startsWith(CHECKPOINT)) {
                generation = Math.max(generation, Long.parseLong(name.substring(CHECKPOINT.length())));
            }
        }
        Optional<byte[]> checkpoint = Optional.empty();
        if (generation > 0) {
            List<byte[]> whole = new ArrayList<>();
            byte[] bytes = disk.read(CHECKPOINT + generation);
            if (split(bytes, whole) != bytes.length || whole.size() != 1) {
                throw new IOException(CHECKPOINT + generation + " is damaged; restore a backup or start anew");
            }
            checkpoint = Optional.of(whole.get(0));
        }
        List<byte[]> records = new ArrayList<>();
        String log = LOG + generation;
        logExists = names.contains(log);
        if (logExists) {
            byte[] bytes = disk.read(log);
            int whole = split(bytes, records);
            if (whole < bytes.length && faults != Faults.TORN_TAIL_KEPT) {
                // The last append was interrupted; what follows must not hide behind it.
                disk.truncate(log, whole);
            }
        }
        removeOthers();
        recovered = true;
        return new Recovered(checkpoint, records);
    }

    /** Splits framed records; gives the length of the whole ones. */
    private int split(byte[] bytes, List<byte[]> records) {
        int at = 0;
        while (at + HEADER_BYTES <= bytes.length) {
            ByteBuffer header = ByteBuffer.wrap(bytes, at, HEADER_BYTES);
            int length = header.getInt();
            int sum = header.getInt();
            if (length <= 0 || length > bytes.length - at - HEADER_BYTES) {
                return at;
            }
            byte[] record = Arrays.copyOfRange(bytes, at + HEADER_BYTES, at + HEADER_BYTES + length);
            if (checksum(record) != sum && faults != Faults.NO_CHECKSUM) {
                return at;
            }
            records.add(record);
            at += HEADER_BYTES + length;
        }
        return at;
    }

    private void removeOthers() throws IOException {
        for (String name : disk.list()) {
            boolean ours = name.startsWith(CHECKPOINT) || name.startsWith(LOG) || name.equals(UNFINISHED);
            if (ours && !name.equals(CHECKPOINT + generation) && !name.equals(LOG + generation)) {
                disk.delete(name);
            }
        }
    }

    private void requireReady(byte[] record) {
        if (!recovered) {
            throw new IllegalStateException("a store is recovered before it is written to");
        }
        if (record.length == 0 || record.length > MAX_RECORD_BYTES) {
            throw new IllegalArgumentException("a record has 1 byte to 16 MiB, not " + record.length);
        }
    }

    @Override
    public void append(byte[] record) throws IOException {
        requireReady(record);
        disk.append(LOG + generation, Disk.frame(record));
        if (faults != Faults.NO_SYNC_OF_RECORDS) {
            disk.sync(LOG + generation);
        }
        if (!logExists) {
            disk.syncNames();
            logExists = true;
        }
    }

    @Override
    public void checkpoint(byte[] state) throws IOException {
        requireReady(state);
        disk.delete(UNFINISHED);
        disk.append(UNFINISHED, Disk.frame(state));
        if (faults != Faults.NO_SYNC_BEFORE_RENAME) {
            disk.sync(UNFINISHED);
        }
        disk.rename(UNFINISHED, CHECKPOINT + (generation + 1));
        disk.syncNames();
        generation++;
        logExists = false;
        removeOthers();
    }

    @Override
    public void close() {}
}
