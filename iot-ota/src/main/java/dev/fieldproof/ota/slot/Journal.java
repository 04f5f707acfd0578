package dev.fieldproof.ota.slot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;
import java.util.zip.CRC32;

/**
 * Checkpoints of the image that is being staged: append-only records of 16 bytes, padded to the write unit. The first
 * record says which image; the sector erases before it are known to be complete because it is there. A torn record is
 * skipped and never programmed over; after a restart one more is skipped, because a torn record may look blank.
 */
class Journal {
    /** Room for torn records, beside one record per chunk. */
    static final int SPARE_RECORDS = 8;

    private static final int BYTES = 16;
    private static final int BEGIN = 0;

    private final FlashSteps steps;
    private final FlashLayout layout;
    private final int recordBytes;
    private final int records;
    private final byte[] record;
    private int next;

    Journal(FlashSteps steps, FlashLayout layout) {
        this.steps = steps;
        this.layout = layout;
        recordBytes = recordBytes(steps.flash.writeUnitBytes());
        records = layout.sectorBytes() / recordBytes * layout.journalSectors();
        record = new byte[recordBytes];
    }

    static int recordBytes(int writeUnitBytes) {
        return Math.max(BYTES, (BYTES + writeUnitBytes - 1) / writeUnitBytes * writeUnitBytes);
    }

    /** Where a record lies; none crosses a sector. */
    private int at(int index) {
        int perSector = layout.sectorBytes() / recordBytes;
        return layout.journalAt() + index / perSector * layout.sectorBytes() + index % perSector * recordBytes;
    }

    /**
     * Reads the checkpoints of an image.
     *
     * @return whether the journal is this image's; if not, {@link #begin} it
     */
    boolean resume(int imageId, BitSet done) throws IOException {
        if (!read(0) || chunkField() != BEGIN || imageField() != imageId) {
            return false;
        }
        int last = 0;
        for (int i = 1; i < records; i++) {
            if (read(i)) {
                if (imageField() == imageId && chunkField() > 0) {
                    done.set(chunkField() - 1);
                }
                last = i;
            } else if (!isBlank()) {
                last = i;
            }
        }
        next = afterRestart(last);
        return true;
    }

    int afterRestart(int lastUsed) {
        return lastUsed + 2;
    }

    /** Erases the journal; {@link #begin} makes it valid. */
    void erase() throws IOException {
        for (int i = 0; i < layout.journalSectors(); i++) {
            steps.eraseSector(layout.journalAt() + i * layout.sectorBytes());
        }
    }

    void begin(int imageId) throws IOException {
        next = 0;
        append(BEGIN, imageId);
    }

    /** Notes that a chunk is in place. Without room the note is left out: the chunk is then checked again later. */
    void checkpoint(int chunk, int imageId) throws IOException {
        append(chunk + 1, imageId);
    }

    private void append(int chunkField, int imageId) throws IOException {
        if (next < records) {
            java.util.Arrays.fill(record, (byte) 0xFF);
            ByteBuffer.wrap(record)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(chunkField)
                    .putInt(imageId)
                    .putInt(0)
                    .putInt(crc());
            int at = at(next++);
            steps.program(at, record, 0, recordBytes);
        }
    }

    private boolean read(int index) throws IOException {
        steps.flash.read(at(index), record, 0, recordBytes);
        return view().getInt(12) == crc();
    }

    private int crc() {
        CRC32 crc = new CRC32();
        crc.update(record, 0, 12);
        return (int) crc.getValue();
    }

    private boolean isBlank() {
        for (byte b : record) {
            if (b != -1) {
                return false;
            }
        }
        return true;
    }

    private int chunkField() {
        return view().getInt(0);
    }

    private int imageField() {
        return view().getInt(4);
    }

    private ByteBuffer view() {
        return ByteBuffer.wrap(record).order(ByteOrder.LITTLE_ENDIAN);
    }
}
