package dev.fieldproof.ota.slot;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The two copies of the boot record. Package-private methods are the seams at which tests take a check away. */
class MetadataCopies implements BootRecords {
    private final FlashSteps steps;
    private final FlashLayout layout;
    private final byte[] bytes = new byte[BootRecord.BYTES];
    private final @Nullable BootRecord[] copies = new BootRecord[2];

    MetadataCopies(FlashSteps steps, FlashLayout layout) {
        this.steps = steps;
        this.layout = layout;
    }

    /** Reads both copies; null if neither is valid. */
    @Override
    public @Nullable BootRecord ruling() throws IOException {
        copies[0] = read(0);
        copies[1] = read(1);
        int newer = newer(copies[0], copies[1]);
        return newer < 0 ? null : copies[newer];
    }

    private @Nullable BootRecord read(int copy) throws IOException {
        steps.flash.read(layout.metadataAt(copy), bytes, 0, BootRecord.BYTES);
        return decode(bytes);
    }

    @Nullable
    BootRecord decode(byte[] copy) {
        return BootRecord.decode(copy);
    }

    /** Which copy rules, or -1. */
    int newer(@Nullable BootRecord first, @Nullable BootRecord second) {
        if (first == null || second == null) {
            return first != null ? 0 : second != null ? 1 : -1;
        }
        return second.sequence() - first.sequence() > 0 ? 1 : 0;
    }

    /** Which copy to write next. */
    int stale() {
        return 1 - Math.max(0, newer(copies[0], copies[1]));
    }

    /** Writes the record into the copy that does not rule, so that one valid copy is there at every moment. */
    @Override
    public BootRecord write(BootRecord record) throws IOException {
        BootRecord ruling = ruling();
        BootRecord next = record.withSequence(ruling == null ? 1 : ruling.sequence() + 1);
        int stale = stale();
        steps.rewriteSector(layout.metadataAt(stale), next.encode(), 0, BootRecord.BYTES);
        copies[stale] = next;
        return next;
    }

    /** Makes both copies say the same, with the same sequence, so that either may rot. */
    @Override
    public void mirror() throws IOException {
        BootRecord ruling = ruling();
        if (ruling == null) {
            throw new IllegalStateException("no valid copy to mirror");
        }
        int stale = stale();
        if (!ruling.equals(copies[stale])) {
            steps.rewriteSector(layout.metadataAt(stale), ruling.encode(), 0, BootRecord.BYTES);
            copies[stale] = ruling;
        }
    }
}
