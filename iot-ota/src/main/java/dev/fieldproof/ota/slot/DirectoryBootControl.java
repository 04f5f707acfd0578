package dev.fieldproof.ota.slot;

import dev.fieldproof.core.store.Directory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Boot control of a Linux gateway, whose slots are files in one directory: {@code slot-0} and {@code slot-1} with a
 * label each, and {@code boot}, the record. A record is written to a file of its own, synced, renamed over the old one,
 * and the directory synced, so that a power cut leaves the old or the new; what starts the image has to call
 * {@link #boot()} first. Not thread-safe.
 */
public final class DirectoryBootControl extends RecordBootControl {
    /**
     * Opens the boot control of a directory that was set up with {@link #format}.
     *
     * @param directory stays the caller's
     */
    public DirectoryBootControl(Directory directory) {
        this(new RecordFile(directory), new DirectorySlots(directory));
    }

    DirectoryBootControl(BootRecords records, DirectorySlots slots) {
        super(records, slots::labelled);
    }

    /**
     * Sets a new gateway up: the image that is in {@code slot-0} is labelled and confirmed.
     *
     * @param directory stays the caller's
     * @param image what the file {@code slot-0} holds
     * @return the boot control
     * @throws IOException if the storage fails, or the file is not of the image's length
     */
    public static DirectoryBootControl format(Directory directory, SlotImage image) throws IOException {
        new DirectorySlots(directory).label(0, image);
        DirectoryBootControl control = new DirectoryBootControl(directory);
        control.records.write(BootRecord.committed(0, (int) image.version(), (int) image.securityVersion()));
        return control;
    }

    /** Replaces a small file in one step that lasts. */
    static void replace(Directory directory, String name, byte[] bytes) throws IOException {
        String fresh = name + ".new";
        directory.delete(fresh); // what a failed sync left is not to be trusted
        try (Directory.File file = directory.open(fresh)) {
            file.write(0, ByteBuffer.wrap(bytes));
            file.sync();
        }
        directory.rename(fresh, name);
        directory.sync();
    }

    static byte @Nullable [] read(Directory directory, String name, int lengthBytes) throws IOException {
        Optional<Directory.File> found = directory.read(name);
        if (found.isEmpty()) {
            return null;
        }
        try (Directory.File file = found.get()) {
            ByteBuffer bytes = ByteBuffer.allocate(lengthBytes);
            while (bytes.hasRemaining()) {
                if (file.read(bytes.position(), bytes) < 0) {
                    return null;
                }
            }
            return bytes.array();
        }
    }

    /** The record in its file. */
    static final class RecordFile implements BootRecords {
        private static final String NAME = "boot";

        private final Directory directory;

        RecordFile(Directory directory) {
            this.directory = directory;
        }

        @Override
        public @Nullable BootRecord ruling() throws IOException {
            byte[] bytes = read(directory, NAME, BootRecord.BYTES);
            return bytes == null ? null : BootRecord.decode(bytes);
        }

        @Override
        public BootRecord write(BootRecord record) throws IOException {
            BootRecord ruling = ruling();
            BootRecord next = record.withSequence(ruling == null ? 1 : ruling.sequence() + 1);
            replace(directory, NAME, next.encode());
            return next;
        }

        @Override
        public void mirror() {
            // one file, replaced as a whole
        }
    }
}
