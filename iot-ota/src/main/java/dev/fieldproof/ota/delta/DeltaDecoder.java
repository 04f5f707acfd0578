package dev.fieldproof.ota.delta;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.delta.codec.BodyDecoder;
import dev.fieldproof.ota.delta.codec.BodyException;
import dev.fieldproof.ota.delta.codec.CopyMap;
import dev.fieldproof.ota.delta.isa.ImageReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Applies a {@code fieldproof} patch as its bytes arrive: the source is read at random and checked whole before the
 * first write, the target is written strictly forward and checked at the end. Not thread-safe.
 *
 * <p>A {@link #checkpoint()} may be taken after any call; {@link #resume} goes on from it in another process, on the
 * same source and the same patch, and never writes a target byte twice.
 */
public final class DeltaDecoder {
    private static final int BUFFER_BYTES = 8192;
    private static final int HASH_BYTES = 65536;

    private final SourceImage source;
    private final TargetSink sink;
    private final DeltaLimits limits;
    private final Checkpoint from;

    private byte[] head = new byte[128];
    private int headLength;
    private @Nullable FieldproofHeader header;
    private @Nullable BodyDecoder body;
    private @Nullable TailMaker tail;

    private final MessageDigest hash = Digest.newSha256();
    private final byte[] out = new byte[BUFFER_BYTES];
    private long patchBytes;
    private TargetSink file = this::write;
    private long made;
    private boolean done;
    private @Nullable DeltaException failure;

    private DeltaDecoder(SourceImage source, TargetSink sink, DeltaLimits limits, Checkpoint from) {
        this.source = source;
        this.sink = sink;
        this.limits = limits;
        this.from = from;
    }

    /**
     * Begins with a patch.
     *
     * @param source the old image
     * @param sink receives the new image
     * @param limits what is accepted from the patch
     * @return a decoder that wants the patch from its first byte
     */
    public static DeltaDecoder open(SourceImage source, TargetSink sink, DeltaLimits limits) {
        return new DeltaDecoder(source, sink, limits, Checkpoint.START);
    }

    /**
     * Goes on from a checkpoint.
     *
     * @param source the old image, the same as before
     * @param sink receives the rest of the new image, from {@link #targetOffset()} on
     * @param limits what is accepted from the patch
     * @param checkpoint what {@link #checkpoint()} returned
     * @return a decoder that wants the patch from {@link #nextPatchOffset()} on
     * @throws BrokenCheckpointException if {@code checkpoint} is torn, changed, or none at all
     */
    public static DeltaDecoder resume(SourceImage source, TargetSink sink, DeltaLimits limits, byte[] checkpoint)
            throws BrokenCheckpointException {
        return new DeltaDecoder(source, sink, limits, Checkpoint.read(checkpoint));
    }

    /**
     * The state of the work, to be stored once every byte given to the sink is durable. It is small because the patch
     * itself is the state: resuming decodes its beginning again, in much less time than it took to fetch, and writes
     * nothing that was written before. DELTA-FORMAT.md gives its layout.
     *
     * @return {@value Checkpoint#BYTES} bytes, whatever the patch
     */
    public byte[] checkpoint() {
        return new Checkpoint(targetOffset(), header == null ? Checkpoint.NO_PATCH : header.identity()).bytes();
    }

    /**
     * The next byte of the patch that {@link #feed} wants.
     *
     * @return offset in the patch
     */
    public long nextPatchOffset() {
        return patchBytes;
    }

    /**
     * How much of the new image has been written to a sink, in this process or before.
     *
     * @return offset in the new image of the next byte to write
     */
    public long targetOffset() {
        return Math.max(made, from.targetOffset());
    }

    /**
     * What the patch tells, once its header has been read.
     *
     * @return empty before that
     */
    public Optional<PatchInfo> info() {
        return Optional.ofNullable(header).map(PatchInfo::of);
    }

    /** The header and, complete before the first write, the copies; null before the header has been read. */
    @Nullable
    FieldproofHeader header() {
        return header;
    }

    CopyMap copies() {
        return body == null ? new CopyMap(0) : body.copies();
    }

    /**
     * Whether the new image is complete and its digest is the right one.
     *
     * @return true at the end
     */
    public boolean done() {
        return done;
    }

    /**
     * Takes the next bytes of the patch and writes what can be made of them.
     *
     * @param bytes the bytes
     * @throws MalformedPatchException if the patch breaks a rule or a limit; the target must be discarded
     * @throws WrongSourceException if the patch is meant for another source; nothing has been written
     * @throws IOException if source or sink fails; go on from the last checkpoint
     */
    public void feed(byte[] bytes) throws DeltaException, IOException {
        feed(bytes, 0, bytes.length);
    }

    /**
     * Takes the next bytes of the patch and writes what can be made of them.
     *
     * @param bytes holds the bytes
     * @param offset index of the first
     * @param length how many there are
     * @throws MalformedPatchException if the patch breaks a rule or a limit; the target must be discarded
     * @throws WrongSourceException if the patch is meant for another source; nothing has been written
     * @throws IOException if source or sink fails; go on from the last checkpoint
     */
    public void feed(byte[] bytes, int offset, int length) throws DeltaException, IOException {
        if (failure != null) {
            throw failure;
        }
        try {
            int at = header == null ? takeHeader(bytes, offset, length) : offset;
            if (header != null && body != null) {
                takeBody(body, header, bytes, at, offset + length - at);
            }
        } catch (BodyException e) {
            failure = new MalformedPatchException(patchBytes, String.valueOf(e.getMessage()));
            throw failure;
        } catch (TailMaker.MisfitException e) {
            failure = new MalformedPatchException(patchBytes, "the image must have the tail told: " + e.getMessage());
            throw failure;
        } catch (DeltaException e) {
            failure = e;
            throw e;
        } catch (UncheckedIOException e) {
            throw new IOException("cannot read the source", e.getCause());
        }
    }

    /**
     * States that there are no more bytes.
     *
     * @throws MalformedPatchException if the patch is not complete
     */
    public void finish() throws MalformedPatchException {
        if (!done) {
            throw new MalformedPatchException(patchBytes, "the patch must be complete");
        }
    }

    private int takeHeader(byte[] bytes, int offset, int length) throws DeltaException, IOException {
        int taken = Math.min(length, FieldproofHeader.MAX_BYTES - headLength);
        if (headLength + taken > head.length) {
            head = Arrays.copyOf(head, Math.max(2 * head.length, headLength + taken));
        }
        System.arraycopy(bytes, offset, head, headLength, taken);
        int before = headLength;
        headLength += taken;
        Optional<FieldproofHeader> read = FieldproofHeader.read(head, headLength);
        if (read.isEmpty()) {
            patchBytes += taken;
            return offset + taken;
        }
        header = read.get();
        patchBytes = header.sizeBytes();
        begin(header);
        return offset + header.sizeBytes() - before;
    }

    private void begin(FieldproofHeader h) throws DeltaException, IOException {
        if (h.targetBytes() > limits.maxTargetBytes()) {
            throw new MalformedPatchException(
                    patchBytes, "the target must be at most " + limits.maxTargetBytes() + " bytes: " + h.targetBytes());
        }
        if (h.body().copies() > limits.maxCopies()) {
            throw new MalformedPatchException(
                    patchBytes,
                    "there must be at most " + limits.maxCopies() + " copies: "
                            + h.body().copies());
        }
        if (!from.fits(h)) {
            throw new MalformedPatchException(patchBytes, "it must be the patch that the checkpoint was taken from");
        }
        if (h.sourceBytes() == 0) {
            useSource(h, SourceImage.of(new byte[0]));
            return;
        }
        if (source.sizeBytes() != h.sourceBytes()) {
            throw new WrongSourceException(
                    "the patch is for a source of " + h.sourceBytes() + " bytes, this one has " + source.sizeBytes());
        }
        Digest actual = digest(source);
        if (!actual.equals(h.source())) {
            throw new WrongSourceException("the patch is for source " + h.source() + ", this one is " + actual);
        }
        useSource(h, source);
    }

    private void useSource(FieldproofHeader h, SourceImage from) throws IOException, MalformedPatchException {
        SourceImage image = from;
        file = this::write;
        if (h.framing().isPresent()) {
            image = h.framing().get().payload(from);
            file = h.framing().get().wrap(this::write);
        }
        if (image.sizeBytes() != h.body().oldSize()) {
            throw new MalformedPatchException(patchBytes, "the source must have the framing that the header tells of");
        }
        tail = h.tail().map(t -> t.begin(h.body().newSize())).orElse(null);
        body = new BodyDecoder(h.body(), new ImageReader(image), h.bodyBytes());
    }

    private static Digest digest(SourceImage source) throws IOException {
        MessageDigest hash = Digest.newSha256();
        byte[] buffer = new byte[(int) Math.min(HASH_BYTES, source.sizeBytes())];
        for (long at = 0; at < source.sizeBytes(); at += buffer.length) {
            int length = (int) Math.min(buffer.length, source.sizeBytes() - at);
            source.read(at, buffer, 0, length);
            hash.update(buffer, 0, length);
        }
        return Digest.of(hash.digest());
    }

    private void takeBody(BodyDecoder decoder, FieldproofHeader h, byte[] bytes, int offset, int length)
            throws DeltaException, BodyException, TailMaker.MisfitException, IOException {
        int at = offset;
        int end = offset + length;
        while (true) {
            int taken = decoder.push(bytes, at, end - at);
            at += taken;
            patchBytes += taken;
            int count = decoder.decode(out, 0);
            if (count > 0) {
                if (tail != null) {
                    tail.complete(out, count);
                }
                file.write(out, 0, count);
            }
            if (count == 0 && taken == 0) {
                break;
            }
        }
        if (decoder.done() && !done) {
            if (tail != null) {
                tail.end();
            }
            if (!Digest.of(hash.digest()).equals(h.target())) {
                throw new MalformedPatchException(patchBytes, "the new image must have the SHA-256 in the header");
            }
            done = true;
        }
        if (at < end) {
            throw new MalformedPatchException(patchBytes, "there must be nothing after the body");
        }
    }

    private void write(byte[] bytes, int offset, int count) throws IOException {
        hash.update(bytes, offset, count);
        int skip = (int) Math.max(0, Math.min(count, from.targetOffset() - made));
        made += count;
        if (skip < count) {
            sink.write(bytes, offset + skip, count - skip);
        }
    }
}
