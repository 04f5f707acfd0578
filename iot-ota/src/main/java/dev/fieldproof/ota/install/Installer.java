package dev.fieldproof.ota.install;

import dev.fieldproof.core.store.Directory;
import dev.fieldproof.core.store.NorFlash;
import dev.fieldproof.ota.delta.DeltaDecoder;
import dev.fieldproof.ota.delta.DeltaException;
import dev.fieldproof.ota.delta.DeltaLimits;
import dev.fieldproof.ota.delta.SourceImage;
import dev.fieldproof.ota.download.BlockSink;
import dev.fieldproof.ota.slot.BootControl;
import dev.fieldproof.ota.slot.BootOutcome;
import dev.fieldproof.ota.slot.FlashLayout;
import dev.fieldproof.ota.slot.ImageCheck;
import dev.fieldproof.ota.slot.ImagePlan;
import dev.fieldproof.ota.slot.ImageSlots;
import dev.fieldproof.ota.slot.SlotImage;
import dev.fieldproof.ota.slot.StagedSlot;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Installs images into the slot that does not run, from whole images or patches, chunk by chunk in constant memory.
 *
 * <p>Power may be cut at any moment: call the same method again after the restart and it goes on behind the last
 * checkpoint, fetching at most one chunk again. Nothing is written that is not what verified metadata says. Not
 * thread-safe.
 */
public final class Installer {
    /** Boots that a trial gets by default: up to three power cuts in it do not cost the update. */
    public static final int DEFAULT_TRIES = 4;

    private static final int READ_BYTES = 4096;

    private final ImageSlots slots;
    private final BootControl control;
    private final Preconditions preconditions;
    private final Consumer<InstallEvent> progress;

    /**
     * Makes an installer for slots on NOR flash.
     *
     * @param flash holds the slots
     * @param layout where they are
     * @param check how images are verified at boot
     * @param control of the same flash
     * @param preconditions asked before every chunk
     * @param progress told of every step, on the caller's thread
     */
    public Installer(
            NorFlash flash,
            FlashLayout layout,
            ImageCheck check,
            BootControl control,
            Preconditions preconditions,
            Consumer<InstallEvent> progress) {
        this(ImageSlots.of(flash, layout, check), control, preconditions, progress);
    }

    /**
     * Makes an installer.
     *
     * @param slots what images are staged into
     * @param control of the same slots
     * @param preconditions asked before every chunk
     * @param progress told of every step, on the caller's thread
     */
    public Installer(
            ImageSlots slots, BootControl control, Preconditions preconditions, Consumer<InstallEvent> progress) {
        this.slots = slots;
        this.control = control;
        this.preconditions = preconditions;
        this.progress = progress;
    }

    Optional<Directory> scratch() {
        return slots.scratch();
    }

    /** Brings the image's bytes from an offset on. */
    @FunctionalInterface
    public interface ImageSource {
        /**
         * Opens the image.
         *
         * @param offsetBytes where to begin, at the start of a chunk
         * @return its bytes from there on, closed by the installer
         * @throws IOException if it cannot be opened
         */
        ReadableByteChannel open(long offsetBytes) throws IOException;
    }

    /**
     * Installs a whole image; only what is missing is asked for.
     *
     * @param plan the image, from verified metadata
     * @param source brings it
     * @return how it ended
     * @throws IOException if flash or source fail; call again to go on
     * @throws IllegalArgumentException if the image does not fit
     */
    public InstallOutcome installImage(ImagePlan plan, ImageSource source) throws IOException {
        return install(plan, (staged, writer) -> {
            long from = writer.neededFromBytes();
            writer.startAt(from);
            try (ReadableByteChannel in = source.open(from)) {
                byte[] buffer = new byte[READ_BYTES];
                int got = read(in, buffer);
                while (got >= 0 && !writer.complete()) {
                    writer.write(buffer, 0, got);
                    got = read(in, buffer);
                }
            }
            return Optional.empty();
        });
    }

    /**
     * Installs an image by a patch to the running one. The patch has to be at hand whole, as after a restart it is
     * decoded again; nothing is written twice.
     *
     * @param plan the new image, from verified metadata
     * @param running what runs now, the patch's old end
     * @param patch its bytes, closed by the caller
     * @return how it ended
     * @throws IOException if flash or patch fail; call again to go on
     * @throws IllegalArgumentException if the image does not fit
     */
    public InstallOutcome installDelta(ImagePlan plan, SlotImage running, ReadableByteChannel patch)
            throws IOException {
        int slot = control.status().slot();
        SourceImage source = slots.image(slot, running.lengthBytes());
        return install(plan, (staged, writer) -> {
            DeltaDecoder decoder = DeltaDecoder.open(source, writer, DeltaLimits.DEFAULT);
            byte[] buffer = new byte[READ_BYTES];
            try {
                int got = read(patch, buffer);
                while (got >= 0) {
                    decoder.feed(buffer, 0, got);
                    got = read(patch, buffer);
                }
                decoder.finish();
                return Optional.empty();
            } catch (DeltaException e) {
                return Optional.of(new InstallOutcome.UnusablePatch(String.valueOf(e.getMessage())));
            }
        });
    }

    /** Fetches the blocks that a sink does not have. */
    @FunctionalInterface
    public interface BlockFetch {
        /**
         * Fetches until the sink has all blocks, or until it ends otherwise.
         *
         * @param sink of the chunks of the image, or of the blocks of a patch; throws to end the installation, which
         * the fetch passes on
         * @return true if all blocks are there
         * @throws IOException what the sink threw
         */
        boolean fetch(BlockSink sink) throws IOException;
    }

    /**
     * Installs a whole image from blocks that arrive in any order, as a {@code Downloader} brings them.
     *
     * @param plan the image, from verified metadata
     * @param fetch brings its blocks
     * @return how it ended
     * @throws IOException if the medium fails; call again to go on
     * @throws IllegalArgumentException if the image does not fit
     */
    public InstallOutcome installBlocks(ImagePlan plan, BlockFetch fetch) throws IOException {
        return install(plan, (staged, writer) -> {
            boolean complete = fetch.fetch(writer);
            return complete ? Optional.empty() : Optional.of(new InstallOutcome.Incomplete(staged.chunksDone()));
        });
    }

    /**
     * Installs an image by a patch to the running one, decoded as its blocks arrive: nothing of the patch is kept, so
     * that it may be of any size. Blocks have to arrive from the first on, as a {@code Downloader} brings them to a
     * sink that has none.
     *
     * <p>After a power cut the patch is fetched from its beginning, as only its beginning says how to read the rest,
     * but what it made before is not written again; once no more is missing than the patch is long, the patch is given
     * up for the missing chunks themselves.
     *
     * @param plan the new image, from verified metadata
     * @param running what runs now, the patch's old end
     * @param patchBytes length of the patch
     * @param fetch brings its blocks
     * @return how it ended; {@link InstallOutcome.UnusablePatch} also if fetching what is missing costs no more
     * @throws IOException if the medium fails; call again to go on
     * @throws IllegalArgumentException if the image does not fit
     */
    public InstallOutcome installDelta(ImagePlan plan, SlotImage running, long patchBytes, BlockFetch fetch)
            throws IOException {
        SourceImage source = slots.image(control.status().slot(), running.lengthBytes());
        return install(plan, (staged, writer) -> {
            long missing = writer.missingBytes();
            if (missing <= patchBytes) {
                return Optional.of(new InstallOutcome.UnusablePatch(
                        "it has " + patchBytes + " bytes, and " + missing + " of the image are missing"));
            }
            PatchStream patch = new PatchStream(DeltaDecoder.open(source, writer, DeltaLimits.DEFAULT));
            if (!fetch.fetch(patch)) {
                return Optional.of(new InstallOutcome.Incomplete(staged.chunksDone()));
            }
            patch.finish();
            return Optional.empty();
        });
    }

    private interface Feed {
        Optional<InstallOutcome> run(StagedSlot staged, ChunkWriter writer) throws IOException;
    }

    private InstallOutcome install(ImagePlan plan, Feed feed) throws IOException {
        Optional<String> wait = preconditions.reasonToWait();
        if (wait.isPresent()) {
            return new InstallOutcome.Deferred(wait.get());
        }
        BootControl.Activation may = control.mayActivate(plan.image());
        if (may != BootControl.Activation.DONE) {
            return new InstallOutcome.NotActivated(may);
        }
        int slot = 1 - control.status().slot();
        StagedSlot staged = slots.open(slot, plan);
        ChunkWriter writer = new ChunkWriter(staged, plan, preconditions, progress);
        if (!writer.complete()) {
            try {
                Optional<InstallOutcome> ended = feed.run(staged, writer);
                if (ended.isPresent()) {
                    return ended.get();
                }
            } catch (ChunkWriter.Ended e) {
                return e.outcome();
            } catch (EOFException e) {
                return new InstallOutcome.Incomplete(staged.chunksDone());
            }
        }
        progress.accept(new InstallEvent.Verifying());
        Optional<SlotImage> image = staged.finish();
        if (image.isEmpty()) {
            return new InstallOutcome.Incomplete(staged.chunksDone());
        }
        BootControl.Activation activation = control.activate(image.get(), DEFAULT_TRIES);
        return activation == BootControl.Activation.DONE
                ? new InstallOutcome.Activated(image.get())
                : new InstallOutcome.NotActivated(activation);
    }

    /**
     * Judges the image that was booted. To be called after every boot, again while the verdict is undecided.
     *
     * @param booted what {@link BootControl#boot()} said
     * @param health looks at the running system
     * @return what became of it
     * @throws IOException if the flash fails
     */
    public TrialOutcome judge(BootOutcome booted, HealthCheck health) throws IOException {
        if (!(booted instanceof BootOutcome.Running running) || !running.trial()) {
            return TrialOutcome.NO_TRIAL;
        }
        return switch (health.check()) {
            case HEALTHY -> {
                control.confirm();
                yield TrialOutcome.CONFIRMED;
            }
            case SICK -> {
                control.giveUp();
                yield TrialOutcome.GIVEN_UP;
            }
            case UNDECIDED -> TrialOutcome.UNDECIDED;
        };
    }

    private static int read(ReadableByteChannel in, byte[] buffer) throws IOException {
        return in.read(ByteBuffer.wrap(buffer));
    }
}
