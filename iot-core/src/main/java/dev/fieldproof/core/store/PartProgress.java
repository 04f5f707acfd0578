package dev.fieldproof.core.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * How far an unfinished artifact durably got, in two records of which the valid one with the higher sequence rules.
 *
 * <p>A record is {@code u64 magic, u64 sequence, u64 declared size, u64 offset, u32 CRC-32 of the 32 bytes before}, big
 * endian. The records lie in different blocks and are written in turn, so that a torn one leaves the other.
 */
final class PartProgress implements AutoCloseable {
    private static final long MAGIC = 0x4650_5041_5254_0001L;
    private static final int RECORD_BYTES = 36;
    private static final int RECORD_DISTANCE_BYTES = 4096;

    private final Directory.File file;
    private Entry latest;

    private record Entry(long sequence, long sizeBytes, long offsetBytes) {}

    PartProgress(Directory.File file) throws IOException {
        this.file = file;
        Entry first = read(0);
        Entry second = read(1);
        latest = second.sequence > first.sequence ? second : first;
    }

    /** The declared size, or -1 if no record is valid. */
    long sizeBytes() {
        return latest.sizeBytes;
    }

    long offsetBytes() {
        return latest.offsetBytes;
    }

    private Entry read(int index) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(RECORD_BYTES);
        long at = (long) index * RECORD_DISTANCE_BYTES;
        while (bytes.hasRemaining() && file.read(at + bytes.position(), bytes) > 0) {
            // A file may return less than was asked for.
        }
        bytes.flip();
        if (bytes.limit() < RECORD_BYTES || bytes.getLong() != MAGIC || bytes.getInt(RECORD_BYTES - 4) != crc(bytes)) {
            return new Entry(0, -1, 0);
        }
        return new Entry(bytes.getLong(), bytes.getLong(), bytes.getLong());
    }

    /** Call only when that many bytes of content are synced. */
    void write(long sizeBytes, long offsetBytes) throws IOException {
        Entry next = new Entry(latest.sequence + 1, sizeBytes, offsetBytes);
        ByteBuffer bytes = ByteBuffer.allocate(RECORD_BYTES)
                .putLong(MAGIC)
                .putLong(next.sequence)
                .putLong(next.sizeBytes)
                .putLong(next.offsetBytes);
        bytes.putInt(crc(bytes)).flip();
        // The first record has the odd sequence numbers, so that a fresh file never has a hole.
        file.write(next.sequence % 2 == 1 ? 0 : RECORD_DISTANCE_BYTES, bytes);
        latest = next;
    }

    private static int crc(ByteBuffer record) {
        CRC32 crc = new CRC32();
        crc.update(record.duplicate().rewind().limit(RECORD_BYTES - 4));
        return (int) crc.getValue();
    }

    void sync() throws IOException {
        file.sync();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
