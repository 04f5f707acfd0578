package dev.fieldproof.ota.delta;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.store.NorFlash;
import dev.fieldproof.ota.delta.codec.CopyMap;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Applies a {@code fieldproof} patch in the one place that holds the old image, on flash that has no second one; a
 * journal, usually an eighth of the image, makes it survive a power cut at any operation.
 *
 * <p>While the patch is fed the image is only read: what remains to be done is written to the journal. {@link #commit}
 * checks the source once more block by block, makes the journal valid with one record, and only then replaces block by
 * block, in an order in which no block destroys what another still needs; each is written to a spare sector first. Call
 * {@link #recover} at every start of the device: before the record the image is the old one, and the patch is fed
 * again; after it, whatever is missing is done. Not thread-safe.
 */
public final class InPlacePatcher {
    /** What tests take away. */
    enum Fault {
        NO_SPARE_COPY,
        ASCENDING_ORDER,
        NO_BLOCK_CHECK,
        EARLY_END,
        NOTHING_IS_DONE
    }

    private final InPlaceFlash flash;
    private final Set<Fault> faults;
    private final int oldBytes;
    private final long[] oldHashes;
    private final DeltaDecoder decoder;

    private @Nullable InPlaceOrder order;
    private int copyBytes;
    private final byte[] block;
    private int blockFill;
    private int blocksMade;
    private final byte[] sector;
    private int sectorFill;
    private long programBytes;
    private final MessageDigest programDigest = Digest.newSha256();
    private boolean committed;

    /**
     * Begins, and forgets any patch that was fed before without a commit.
     *
     * @param flash the device
     * @param layout where image and journal lie
     * @param oldBytes size of the old image
     * @param limits what is accepted from the patch; the room for the image is a limit too
     * @throws IllegalArgumentException if the layout does not fit the device, or the old image the layout
     * @throws IllegalStateException if a committed patch waits for {@link #recover}
     * @throws IOException if the device fails
     */
    public InPlacePatcher(NorFlash flash, InPlaceLayout layout, int oldBytes, DeltaLimits limits) throws IOException {
        this(flash, layout, oldBytes, limits, Set.of());
    }

    InPlacePatcher(NorFlash flash, InPlaceLayout layout, int oldBytes, DeltaLimits limits, Set<Fault> faults)
            throws IOException {
        this.flash = new InPlaceFlash(flash, layout);
        this.faults = faults;
        this.oldBytes = oldBytes;
        if (oldBytes < 0 || oldBytes > this.flash.imageBytes()) {
            throw new IllegalArgumentException("an old image of " + oldBytes + " bytes in " + layout);
        }
        if (InPlaceProgram.Entry.read(this.flash).isPresent()) {
            throw new IllegalStateException("a committed patch has to be recovered first");
        }
        block = new byte[this.flash.blockBytes];
        sector = new byte[this.flash.blockBytes];
        oldHashes = new long[(oldBytes + block.length - 1) / block.length];
        for (int i = 0; i < oldHashes.length; i++) {
            oldHashes[i] = oldHash(i);
        }
        DeltaLimits within =
                new DeltaLimits(Math.min(limits.maxTargetBytes(), this.flash.imageBytes()), limits.maxCopies());
        decoder = DeltaDecoder.open(this.flash.image(oldBytes), this::take, within);
        flash.erase(layout.journalAt());
    }

    private long oldHash(int i) throws IOException {
        return flash.hash(flash.imageBlockAt(i), flash.blockLength(i, oldBytes));
    }

    /**
     * Takes the next bytes of the patch. The image is only read.
     *
     * @param bytes holds the bytes
     * @param offset index of the first
     * @param length how many there are
     * @throws MalformedPatchException if the patch breaks a rule or a limit, or is about files in a frame such as UF2
     * or Intel HEX
     * @throws WrongSourceException if the patch is meant for another source
     * @throws IOException if the device fails
     */
    public void feed(byte[] bytes, int offset, int length) throws DeltaException, IOException {
        boolean before = decoder.header() == null;
        decoder.feed(bytes, offset, length);
        FieldproofHeader header = decoder.header();
        if (before && header != null && header.framing().isPresent()) {
            throw new MalformedPatchException(decoder.nextPatchOffset(), "a patch in place must be about plain images");
        }
    }

    private void take(byte[] bytes, int offset, int length) throws IOException {
        int at = offset;
        while (at < offset + length) {
            int count = Math.min(offset + length - at, block.length - blockFill);
            System.arraycopy(bytes, at, block, blockFill, count);
            at += count;
            blockFill += count;
            if (blockFill == block.length) {
                endBlock();
            }
        }
    }

    private InPlaceOrder order() throws IOException {
        if (order == null) {
            CopyMap copies = decoder.copies();
            FieldproofHeader header = decoder.header();
            int newBytes = header == null ? 0 : (int) header.targetBytes();
            order = new InPlaceOrder(copies, newBytes, block.length);
            byte[] list = InPlaceProgram.list(copies);
            copyBytes = list.length;
            append(list, list.length);
        }
        return order;
    }

    private void endBlock() throws IOException {
        InPlaceOrder known = order();
        if (blockFill > 0) {
            byte[] part = InPlaceProgram.part(flash, known, blocksMade++, Arrays.copyOf(block, blockFill));
            append(part, part.length);
            blockFill = 0;
        }
    }

    /** Appends to the program; beyond the end of the journal it only counts. */
    private void append(byte[] bytes, int length) throws IOException {
        programDigest.update(bytes, 0, length);
        for (int i = 0; i < length; i++) {
            sector[sectorFill++] = bytes[i];
            if (sectorFill == sector.length) {
                endSector();
            }
        }
    }

    private void endSector() throws IOException {
        if (programBytes < flash.layout.programBytes(flash.flash)) {
            flash.rewrite(flash.layout.programAt(flash.flash) + (int) programBytes, sector, sectorFill);
        }
        programBytes += sectorFill;
        sectorFill = 0;
    }

    /**
     * Ends the patch, checks the source once more, and replaces the image.
     *
     * @return the new image, or that the journal is too small for this patch
     * @throws MalformedPatchException if the patch is not complete
     * @throws WrongSourceException if the image has changed since the patch began; it was not written to
     * @throws IllegalStateException if this was called before
     * @throws IOException if the device fails; call {@link #recover}
     */
    public InPlaceOutcome commit() throws DeltaException, IOException {
        decoder.finish();
        if (committed) {
            throw new IllegalStateException("committed before");
        }
        committed = true;
        endBlock();
        endSector();
        if (programBytes > flash.layout.programBytes(flash.flash)) {
            int sectors = (int) ((programBytes + sector.length - 1) / sector.length);
            return new InPlaceOutcome.JournalTooSmall(InPlaceLayout.FIXED_SECTORS + sectors);
        }
        for (int i = 0; i < oldHashes.length && !faults.contains(Fault.NO_BLOCK_CHECK); i++) {
            if (oldHash(i) != oldHashes[i]) {
                throw new WrongSourceException("block " + i + " of the source has changed since the patch began");
            }
        }
        FieldproofHeader header = java.util.Objects.requireNonNull(decoder.header());
        InPlaceProgram.Entry record = new InPlaceProgram.Entry(
                (int) programBytes,
                copyBytes,
                decoder.copies().size(),
                (int) header.targetBytes(),
                Digest.of(programDigest.digest()),
                header.target());
        InPlaceProgram program = new InPlaceProgram(flash, record);
        byte[] bytes = record.bytes();
        flash.rewrite(flash.layout.journalAt(), bytes, bytes.length);
        return carryOut(flash, program, faults);
    }

    /**
     * Finishes a committed patch after a restart; does nothing if there is none.
     *
     * @param flash the device
     * @param layout where image and journal lie, as before
     * @return the new image, or that the image is as it was
     * @throws IllegalArgumentException if the layout does not fit the device
     * @throws IOException if the device fails, or image or journal have been changed by others
     */
    public static InPlaceOutcome recover(NorFlash flash, InPlaceLayout layout) throws IOException {
        return recover(flash, layout, Set.of());
    }

    static InPlaceOutcome recover(NorFlash flash, InPlaceLayout layout, Set<Fault> faults) throws IOException {
        InPlaceFlash device = new InPlaceFlash(flash, layout);
        Optional<InPlaceProgram.Entry> record = InPlaceProgram.Entry.read(device);
        return record.isEmpty()
                ? new InPlaceOutcome.Untouched()
                : carryOut(device, new InPlaceProgram(device, record.get()), faults);
    }

    private static InPlaceOutcome carryOut(InPlaceFlash flash, InPlaceProgram program, Set<Fault> faults)
            throws IOException {
        if (faults.contains(Fault.EARLY_END)) {
            flash.flash.erase(flash.layout.journalAt());
        }
        int scratch = flash.layout.scratchAt(flash.flash);
        int[] order = program.order.order();
        if (faults.contains(Fault.ASCENDING_ORDER)) {
            Arrays.sort(order);
        }
        for (int block : order) {
            int at = flash.imageBlockAt(block);
            if (program.holds(at, block) && !faults.contains(Fault.NOTHING_IS_DONE)) {
                continue;
            }
            byte[] content;
            if (program.holds(scratch, block)) {
                content = flash.read(
                        scratch, flash.blockLength(block, program.record().newBytes()));
            } else {
                content = program.make(block);
                if (program.readsItself(block) && !faults.contains(Fault.NO_SPARE_COPY)) {
                    flash.rewrite(scratch, content, content.length);
                }
            }
            flash.rewrite(at, content, content.length);
        }
        InPlaceProgram.Entry record = program.record();
        if (!InPlaceProgram.digest(flash, flash.layout.imageAt(), record.newBytes())
                .equals(record.target())) {
            throw new IOException("the new image does not have its digest");
        }
        flash.flash.erase(flash.layout.journalAt());
        return new InPlaceOutcome.Patched(record.newBytes(), record.target());
    }
}
