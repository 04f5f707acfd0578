package dev.fieldproof.ota.slot;

import dev.fieldproof.core.store.Directory;
import dev.fieldproof.core.store.NorFlash;
import dev.fieldproof.ota.delta.SourceImage;
import java.io.IOException;
import java.util.Optional;

/** Two slots that images are staged into, whatever they are made of. Not thread-safe. */
public interface ImageSlots {
    /**
     * Opens a slot for an image; resumes if the image was on its way already.
     *
     * @param slot 0 or 1, not the one that runs
     * @param plan the image
     * @return the image, as far as it got
     * @throws IOException if the medium fails
     * @throws IllegalArgumentException if the image does not fit
     */
    StagedSlot open(int slot, ImagePlan plan) throws IOException;

    /**
     * The image in a slot, to make another one from it by a patch.
     *
     * @param slot 0 or 1
     * @param lengthBytes of the image
     * @return its bytes
     * @throws IOException if the medium fails
     */
    SourceImage image(int slot, int lengthBytes) throws IOException;

    /**
     * Where an update may keep what it has to find again after a restart, such as a patch.
     *
     * @return empty, as by default, if there is no such place
     */
    default Optional<Directory> scratch() {
        return Optional.empty();
    }

    /**
     * Slots on NOR flash.
     *
     * @param flash stays the caller's
     * @param layout where the slots are
     * @param check how images are verified at boot
     * @return the slots
     */
    static ImageSlots of(NorFlash flash, FlashLayout layout, ImageCheck check) {
        return new ImageSlots() {
            @Override
            public StagedSlot open(int slot, ImagePlan plan) throws IOException {
                return StagedImage.open(flash, layout, check, slot, plan);
            }

            @Override
            public SourceImage image(int slot, int lengthBytes) {
                int offsetBytes = layout.slotAt(slot);
                return new SourceImage() {
                    @Override
                    public long sizeBytes() {
                        return lengthBytes;
                    }

                    @Override
                    public void read(long at, byte[] target, int targetOffset, int length) throws IOException {
                        flash.read(Math.toIntExact(offsetBytes + at), target, targetOffset, length);
                    }
                };
            }
        };
    }
}
