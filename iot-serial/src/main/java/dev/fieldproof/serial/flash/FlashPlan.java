package dev.fieldproof.serial.flash;

import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.image.EspImage;
import dev.fieldproof.serial.image.ImageFormatException;
import dev.fieldproof.serial.image.Otadata;
import dev.fieldproof.serial.image.Partition;
import dev.fieldproof.serial.image.PartitionTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything one session writes, in that order. It is checked as a whole against the chip found before anything is
 * erased. Immutable; build one with {@link #builder()}. One plan may be written to many devices at once: what it is
 * compressed to is kept with it.
 */
public final class FlashPlan {
    private static final int DEFAULT_FLASH_BYTES = 4 << 20;

    /** A check by the caller, such as a signature over an artifact. */
    @FunctionalInterface
    public interface PartVerifier {
        /**
         * Judges a part before anything is erased.
         *
         * @param part what would be written
         * @return empty to accept, or why not
         */
        Optional<String> refuse(FlashPart part);
    }

    private final List<FlashPart> parts;
    private final int flashSizeBytes;
    private final Optional<PartitionTable> table;
    private final PartVerifier verifier;
    private final Streams streams;

    private FlashPlan(Builder builder) {
        parts = List.copyOf(builder.parts);
        flashSizeBytes = builder.flashSizeBytes;
        table = builder.table;
        verifier = builder.verifier;
        streams = new Streams(parts);
        if (parts.isEmpty() || flashSizeBytes < 0 || flashSizeBytes > FlashPart.MAX_BYTES) {
            throw new IllegalArgumentException(parts.size() + " parts, flash of " + flashSizeBytes + " bytes");
        }
    }

    /**
     * What is written.
     *
     * @return at least one part
     */
    public List<FlashPart> parts() {
        return parts;
    }

    /**
     * The size of the device's flash.
     *
     * @return bytes, or 0 to take what the first image declares (4 MiB without one)
     */
    public int flashSizeBytes() {
        return flashSizeBytes;
    }

    Streams streams() {
        return streams;
    }

    @Override
    public String toString() {
        return "plan of " + parts;
    }

    /**
     * Starts a plan.
     *
     * @return an empty builder
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Checks everything that can be known without erasing: images against the chip, their checksums and hashes, the
     * partition table, that parts overlap neither each other nor a partition's end, and the caller's own check.
     *
     * @param chip the chip found
     * @param revision its revision, major x 100 + minor, or -1 if it is unknown
     * @return every reason to refuse; empty if there is none
     */
    public List<String> refusals(Chip chip, int revision) {
        List<String> reasons = new ArrayList<>();
        Optional<PartitionTable> layout = table;
        int flashBytes = flashSizeBytes;
        for (FlashPart part : parts) {
            try {
                if (part.kind() == FlashPart.Kind.PARTITION_TABLE) {
                    layout = Optional.of(PartitionTable.parse(part.bytes()));
                } else if (part.kind() != FlashPart.Kind.DATA) {
                    EspImage image = checkImage(part, chip, revision);
                    flashBytes = flashBytes > 0
                            ? flashBytes
                            : image.declaredFlashSizeBytes().orElse(0);
                }
            } catch (ImageFormatException e) {
                reasons.add(part.name() + ": " + e.getMessage());
            }
            verifier.refuse(part).ifPresent(why -> reasons.add(part.name() + ": " + why));
        }
        checkPlaces(flashBytes > 0 ? flashBytes : DEFAULT_FLASH_BYTES, layout.orElse(null), reasons);
        return reasons;
    }

    /** Whether what is written holds an image that only some revisions of the chip may run. */
    boolean needsRevision(Chip chip) {
        for (FlashPart part : parts) {
            boolean image = part.kind() == FlashPart.Kind.APP || part.kind() == FlashPart.Kind.BOOTLOADER;
            try {
                if (image && EspImage.parse(part.bytes(), chip).limitsRevision()) {
                    return true;
                }
            } catch (ImageFormatException e) {
                // It will be refused for that.
            }
        }
        return false;
    }

    private static EspImage checkImage(FlashPart part, Chip chip, int revision) throws ImageFormatException {
        EspImage image = EspImage.parse(part.bytes(), chip);
        if (part.kind() == FlashPart.Kind.BOOTLOADER && part.offset() != chip.bootloaderOffset()) {
            throw new ImageFormatException(
                    0, chip + " looks for its boot loader at 0x" + Integer.toHexString(chip.bootloaderOffset()));
        }
        if (revision >= 0 && (revision < image.minRevision() || revision > image.maxRevision())) {
            throw new ImageFormatException(
                    15,
                    "the image is for chip revisions " + image.minRevision() + " to " + image.maxRevision()
                            + ", not for " + revision);
        }
        return image;
    }

    private void checkPlaces(int flashBytes, @Nullable PartitionTable layout, List<String> reasons) {
        List<FlashPart> sorted = new ArrayList<>(parts);
        sorted.sort(Comparator.comparingInt(FlashPart::offset));
        for (int i = 0; i < sorted.size(); i++) {
            FlashPart part = sorted.get(i);
            if (part.endOffset() > flashBytes) {
                reasons.add(part.name() + ": ends at 0x" + Integer.toHexString(part.endOffset())
                        + ", beyond the flash of 0x" + Integer.toHexString(flashBytes) + " bytes");
            }
            if (i > 0 && part.offset() < sorted.get(i - 1).endOffset()) {
                reasons.add(part.name() + ": overlaps " + sorted.get(i - 1).name());
            }
            if (layout != null) {
                checkPartition(part, layout, reasons);
            }
        }
        if (layout != null) {
            for (Partition partition : layout.partitions()) {
                if (partition.endOffset() > flashBytes) {
                    reasons.add("partition '" + partition.label() + "' ends beyond the flash");
                }
            }
        }
    }

    private static void checkPartition(FlashPart part, PartitionTable layout, List<String> reasons) {
        for (Partition partition : layout.partitions()) {
            boolean touches = part.offset() < partition.endOffset() && part.endOffset() > partition.offset();
            if (touches && (part.offset() < partition.offset() || part.endOffset() > partition.endOffset())) {
                reasons.add(part.name() + ": does not fit into partition '" + partition.label() + "'");
            }
            boolean app = part.kind() == FlashPart.Kind.APP;
            if (touches && app && (partition.type() != Partition.APP || part.offset() != partition.offset())) {
                reasons.add(part.name() + ": partition '" + partition.label() + "' does not take an app there");
            }
            if (touches && part.kind() == FlashPart.Kind.DATA && partition.type() == Partition.APP) {
                reasons.add(part.name() + ": partition '" + partition.label() + "' takes only a bootable image");
            }
        }
    }

    /**
     * How many bytes are to be in flash at the end.
     *
     * @return the sum over all parts
     */
    public long totalBytes() {
        return parts.stream().mapToLong(part -> part.bytes().length).sum();
    }

    /** Assembles a plan; parts are written in the order they are added. Not thread-safe. */
    public static final class Builder {
        private final List<FlashPart> parts = new ArrayList<>();
        private Optional<PartitionTable> table = Optional.empty();
        private int flashSizeBytes;
        private PartVerifier verifier = part -> Optional.empty();

        private Builder() {}

        /**
         * Adds a part.
         *
         * @param part what to write
         * @return this
         */
        public Builder part(FlashPart part) {
            parts.add(part);
            return this;
        }

        /**
         * Says what table the device has or will have, without writing it.
         *
         * @param known the table
         * @return this
         */
        public Builder layout(PartitionTable known) {
            table = Optional.of(known);
            return this;
        }

        /**
         * Writes a partition table at its default offset.
         *
         * @param written the table
         * @return this
         */
        public Builder table(PartitionTable written) {
            table = Optional.of(written);
            return part(FlashPart.partitionTable(PartitionTable.DEFAULT_OFFSET, written.toBytes()));
        }

        /**
         * Writes an application into a partition of the table.
         *
         * @param label the partition's name
         * @param image the bytes, kept
         * @return this
         * @throws IllegalArgumentException if no table is known or it lacks the partition
         */
        public Builder app(String label, byte[] image) {
            Partition target = knownTable()
                    .find(label)
                    .orElseThrow(() -> new IllegalArgumentException("no partition '" + label + "'"));
            return part(new FlashPart(FlashPart.Kind.APP, "app '" + label + "'", target.offset(), image));
        }

        /**
         * Rewrites the OTA selection so that a slot boots; call it last, so that it is written after the application.
         *
         * @param slot from 0
         * @return this
         * @throws IllegalArgumentException if no table is known, or it has no OTA selection or no such slot
         */
        public Builder bootSlot(int slot) {
            PartitionTable known = knownTable();
            Partition target = known.otadata()
                    .orElseThrow(() -> new IllegalArgumentException("the table has no partition for otadata"));
            if (slot < 0 || slot >= known.otaSlots().size()) {
                throw new IllegalArgumentException(
                        "slot " + slot + " of " + known.otaSlots().size());
            }
            return part(FlashPart.data(
                    "otadata", target.offset(), Otadata.select(slot).toBytes()));
        }

        /**
         * Sets the size of the device's flash.
         *
         * @param sizeBytes positive; without it the first image's declaration counts
         * @return this
         */
        public Builder flashSize(int sizeBytes) {
            flashSizeBytes = sizeBytes;
            return this;
        }

        /**
         * Adds the caller's own check.
         *
         * @param check called for each part before anything is erased
         * @return this
         */
        public Builder verifier(PartVerifier check) {
            verifier = check;
            return this;
        }

        private PartitionTable knownTable() {
            return table.orElseThrow(() -> new IllegalArgumentException("the plan knows no partition table yet"));
        }

        /**
         * Finishes the plan.
         *
         * @return the plan
         * @throws IllegalArgumentException if there are no parts, or the flash size is negative or above
         *     {@link FlashPart#MAX_BYTES}
         */
        public FlashPlan build() {
            return new FlashPlan(this);
        }
    }
}
