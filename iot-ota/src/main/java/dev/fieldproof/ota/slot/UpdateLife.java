package dev.fieldproof.ota.slot;

import dev.fieldproof.core.store.NorFlash;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device's life from a power-on to rest: boot, install what is offered, try it, confirm it if it is healthy. What it
 * counts outlives power cuts, as an observer would count it.
 */
final class UpdateLife {
    private static final int MAX_BOOTS = 40;

    /** How a life ended. */
    enum End {
        /** The wanted image rules, is whole, and both copies of the record say so. */
        GOOD,
        /** The device runs, but not the image it should, or runs bytes that are no image. */
        WRONG_VERSION,
        /** A healthy image was given up. */
        REVERTED,
        /** No image boots. */
        UNBOOTABLE,
        /** It never comes to rest: a sick image is tried for ever, for example. */
        ENDLESS
    }

    private final CutEnumeration world;
    int boots;
    int fetched;
    int trials;

    UpdateLife(CutEnumeration world) {
        this.world = world;
    }

    UpdateLife copy() {
        UpdateLife copy = new UpdateLife(world);
        copy.boots = boots;
        copy.fetched = fetched;
        copy.trials = trials;
        return copy;
    }

    /** Lives on from a power-on. */
    End run(NorFlash flash) {
        try {
            while (++boots <= MAX_BOOTS) {
                End end = bootOnce(flash);
                if (end != null) {
                    return end;
                }
            }
            return End.ENDLESS;
        } catch (IOException e) {
            return End.UNBOOTABLE; // the flash itself refuses: no fault that is enumerated may lead there
        }
    }

    private @Nullable End bootOnce(NorFlash flash) throws IOException {
        FlashSteps steps = world.parts.steps(flash, world.pageBytes);
        NorBootControl control = world.parts.control(steps, world.layout);
        if (!(control.boot() instanceof BootOutcome.Running running)) {
            return End.UNBOOTABLE;
        }
        boolean runsNew = holds(flash, running.slot(), world.newImage);
        if (!runsNew && !holds(flash, running.slot(), world.oldImage)) {
            return End.WRONG_VERSION;
        }
        if (runsNew) {
            return runNew(control, running.trial());
        }
        BootStatus status = control.status();
        if (status.failedVersion() == CutEnumeration.NEW.version()) {
            return world.healthy ? End.REVERTED : End.GOOD;
        }
        install(steps, control, 1 - running.slot());
        return null;
    }

    private @Nullable End runNew(NorBootControl control, boolean trial) throws IOException {
        if (!trial) {
            return world.healthy ? End.GOOD : End.WRONG_VERSION;
        }
        trials++;
        if (world.healthy) {
            control.confirm();
            return End.GOOD;
        }
        return null; // a sick image resets itself
    }

    private void install(FlashSteps steps, NorBootControl control, int slot) throws IOException {
        StagedImage staged = world.parts.staged(steps, world.layout, slot, world.plan);
        staged.start();
        Optional<SlotImage> image = Optional.empty();
        for (int round = 0; round < MAX_BOOTS && image.isEmpty(); round++) {
            int chunks = world.plan.hashes().count();
            for (int chunk = staged.nextChunk(); chunk < chunks; chunk = staged.nextChunk()) {
                fetched++;
                staged.write(chunk, world.newImage, chunk * world.plan.chunkBytes());
            }
            image = staged.finish();
        }
        if (image.isPresent()) {
            control.activate(image.get(), world.tries);
        }
    }

    private boolean holds(NorFlash flash, int slot, byte[] image) throws IOException {
        byte[] held = world.imageBuffer;
        flash.read(world.layout.slotAt(slot), held, 0, image.length);
        return Arrays.equals(held, 0, image.length, image, 0, image.length);
    }
}
