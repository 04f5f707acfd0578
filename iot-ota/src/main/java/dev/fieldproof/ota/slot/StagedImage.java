package dev.fieldproof.ota.slot;

import dev.fieldproof.core.store.NorFlash;
import java.io.IOException;
import java.util.BitSet;
import java.util.Optional;

/**
 * An image on its way into the slot that does not rule, chunk by chunk, resumable after a power cut anywhere. A chunk
 * counts as done only with a checkpoint and the right hash; one with the right hash alone is written again from its own
 * bytes, not fetched again. Not thread-safe.
 */
public class StagedImage implements StagedSlot {
    private final FlashSteps steps;
    private final FlashLayout layout;
    private final Journal journal;
    private final SlotLabel labels;
    private final int slot;
    private final ImagePlan plan;
    private final BitSet done = new BitSet();
    private final byte[] chunkBuffer;

    /**
     * Opens a slot for an image; resumes if the journal is this image's, otherwise begins.
     *
     * @param flash stays the caller's
     * @param layout where things are on it
     * @param check how images are verified at boot
     * @param slot 0 or 1, not the one that runs
     * @param plan the image
     * @return the image, as far as it got
     * @throws IOException if the flash fails
     * @throws IllegalArgumentException if the image does not fit, or its chunks do not fit the sectors
     */
    public static StagedImage open(NorFlash flash, FlashLayout layout, ImageCheck check, int slot, ImagePlan plan)
            throws IOException {
        layout.requireFits(flash);
        FlashSteps steps = new FlashSteps(flash, flash.sectorSizeBytes());
        StagedImage staged = new StagedImage(
                steps, layout, new Journal(steps, layout), new SlotLabel(steps, layout, check), slot, plan);
        staged.start();
        return staged;
    }

    StagedImage(FlashSteps steps, FlashLayout layout, Journal journal, SlotLabel labels, int slot, ImagePlan plan) {
        if (plan.image().lengthBytes() > layout.imageBytes() || plan.chunkBytes() % layout.sectorBytes() != 0) {
            throw new IllegalArgumentException("an image of " + plan.image().lengthBytes() + " bytes in chunks of "
                    + plan.chunkBytes() + " does not fit slots of " + layout.imageBytes() + " bytes in sectors of "
                    + layout.sectorBytes());
        }
        this.steps = steps;
        this.layout = layout;
        this.journal = journal;
        this.labels = labels;
        this.slot = slot;
        this.plan = plan;
        this.chunkBuffer = new byte[Math.min(plan.chunkBytes(), plan.image().lengthBytes())];
    }

    void start() throws IOException {
        if (journal.resume(plan.imageId(), done)) {
            dropUnmatched();
        } else {
            done.clear();
            journal.erase();
            labels.erase(slot);
            journal.begin(plan.imageId());
        }
    }

    void dropUnmatched() throws IOException {
        for (int chunk = done.nextSetBit(0); chunk >= 0; chunk = done.nextSetBit(chunk + 1)) {
            if (chunk >= plan.hashes().count() || !holds(chunk)) {
                done.clear(chunk);
            }
        }
    }

    boolean holds(int chunk) throws IOException {
        int length = plan.chunkLength(chunk);
        steps.flash.read(at(chunk), chunkBuffer, 0, length);
        return plan.hashes().matches(chunk, chunkBuffer, 0, length);
    }

    final boolean placed(int chunk) {
        return done.get(chunk);
    }

    private int at(int chunk) {
        return layout.slotAt(slot) + chunk * plan.chunkBytes();
    }

    @Override
    public int nextChunk() throws IOException {
        int chunk = done.nextClearBit(0);
        while (chunk < plan.hashes().count() && holds(chunk)) {
            // In place, but nothing says that its erase and program were complete.
            place(chunk, chunkBuffer, 0);
            chunk = done.nextClearBit(chunk);
        }
        return chunk;
    }

    @Override
    public boolean write(int chunk, byte[] data, int from) throws IOException {
        if (!plan.hashes().matches(chunk, data, from, plan.chunkLength(chunk))) {
            return false;
        }
        place(chunk, data, from);
        return true;
    }

    @Override
    public boolean has(int chunk) {
        return placed(chunk);
    }

    void place(int chunk, byte[] data, int from) throws IOException {
        placeData(chunk, data, from);
        placeCheckpoint(chunk);
    }

    final void placeData(int chunk, byte[] data, int from) throws IOException {
        int length = plan.chunkLength(chunk);
        for (int at = 0; at < length; at += layout.sectorBytes()) {
            steps.rewriteSector(at(chunk) + at, data, from + at, Math.min(layout.sectorBytes(), length - at));
        }
    }

    final void placeCheckpoint(int chunk) throws IOException {
        journal.checkpoint(chunk, plan.imageId());
        done.set(chunk);
    }

    @Override
    public Optional<SlotImage> finish() throws IOException {
        for (int chunk = 0; chunk < plan.hashes().count(); chunk++) {
            if (!done.get(chunk) || !holds(chunk)) {
                done.clear(chunk);
                return Optional.empty();
            }
        }
        if (!plan.image().equals(labels.read(slot))) {
            labels.write(slot, plan.image());
        }
        return plan.image().equals(labels.read(slot)) ? Optional.of(plan.image()) : Optional.empty();
    }

    @Override
    public int chunksDone() {
        return done.cardinality();
    }
}
