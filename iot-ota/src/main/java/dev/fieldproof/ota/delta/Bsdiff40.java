package dev.fieldproof.ota.delta;

import dev.fieldproof.ota.delta.match.ApproximateMatcher;
import dev.fieldproof.ota.delta.match.Copies;
import dev.fieldproof.ota.delta.match.MatchFinder;
import dev.fieldproof.ota.delta.match.RecentMatches;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;

/**
 * The patch format of bsdiff 4.x: a header, then control, difference and extra streams, each compressed by bzip2. The
 * format names neither source nor target, so check both by other means. Stateless and thread-safe.
 */
public final class Bsdiff40 {
    private static final byte[] MAGIC = {'B', 'S', 'D', 'I', 'F', 'F', '4', '0'};
    private static final int HEADER_BYTES = 32;
    private static final int THRESHOLD = 8;
    private static final int BUFFER_BYTES = 8192;

    private Bsdiff40() {}

    static boolean isHeader(byte[] patch) {
        return patch.length >= MAGIC.length && java.util.Arrays.mismatch(patch, 0, 8, MAGIC, 0, 8) < 0;
    }

    /**
     * Makes a patch that bspatch applies.
     *
     * @param old the old image
     * @param target the new image; both together below 2^31 - 16 bytes
     * @return the patch
     */
    public static byte[] create(byte[] old, byte[] target) {
        MatchFinder finder = new RecentMatches(old, target);
        Copies copies = ApproximateMatcher.match(old, target, finder, THRESHOLD);
        ByteArrayOutputStream control = new ByteArrayOutputStream();
        ByteArrayOutputStream difference = new ByteArrayOutputStream();
        ByteArrayOutputStream extra = new ByteArrayOutputStream();
        int at = 0;
        int oldAt = 0;
        for (int i = -1; i < copies.size(); i++) {
            int length = i < 0 ? 0 : copies.length(i);
            int from = i < 0 ? 0 : copies.targetAt(i);
            int oldFrom = i < 0 ? 0 : copies.oldAt(i);
            for (int b = 0; b < length; b++) {
                difference.write(target[from + b] - old[oldFrom + b]);
            }
            at = from + length;
            oldAt = oldFrom + length;
            int next = i + 1 < copies.size() ? copies.targetAt(i + 1) : target.length;
            int nextOld = i + 1 < copies.size() ? copies.oldAt(i + 1) : oldAt;
            extra.write(target, at, next - at);
            if (length > 0 || next > at || nextOld != oldAt) {
                number(control, length);
                number(control, next - at);
                number(control, nextOld - oldAt);
            }
        }
        byte[] controls = compress(control);
        byte[] differences = compress(difference);
        ByteArrayOutputStream patch = new ByteArrayOutputStream();
        patch.writeBytes(MAGIC);
        number(patch, controls.length);
        number(patch, differences.length);
        number(patch, target.length);
        patch.writeBytes(controls);
        patch.writeBytes(differences);
        patch.writeBytes(compress(extra));
        return patch.toByteArray();
    }

    private static byte[] compress(ByteArrayOutputStream content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream bzip2 = new BZip2CompressorOutputStream(out)) {
            content.writeTo(bzip2);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Sign and magnitude, little-endian. */
    private static void number(ByteArrayOutputStream out, long value) {
        long bits = Math.abs(value);
        for (int i = 0; i < 8; i++) {
            out.write((int) (bits >>> (8 * i)) | (i == 7 && value < 0 ? 0x80 : 0));
        }
    }

    private static long number(byte[] bytes, int at) {
        long bits = 0;
        for (int i = 0; i < 8; i++) {
            bits |= (bytes[at + i] & 0xFFL) << (8 * i);
        }
        long magnitude = bits & Long.MAX_VALUE;
        return bits < 0 ? -magnitude : magnitude;
    }

    static PatchInfo info(byte[] patch) throws MalformedPatchException {
        if (patch.length < HEADER_BYTES) {
            throw new MalformedPatchException(patch.length, "the header must be complete");
        }
        long target = number(patch, 24);
        if (number(patch, 8) < 0 || number(patch, 16) < 0 || target < 0) {
            throw new MalformedPatchException(8, "the lengths must not be negative");
        }
        return new PatchInfo(
                PatchFormat.BSDIFF40,
                DeltaProfile.SMALL,
                "none",
                -1,
                target,
                Optional.empty(),
                Optional.empty(),
                -1,
                HEADER_BYTES,
                -1);
    }

    /**
     * Applies a patch.
     *
     * @param source the old image
     * @param patch the whole patch
     * @param sink receives the new image
     * @param limits what is accepted from the patch
     * @throws MalformedPatchException if the patch breaks a rule or a limit; what the sink received must be discarded
     * @throws IOException if source or sink fails
     */
    public static void apply(SourceImage source, byte[] patch, TargetSink sink, DeltaLimits limits)
            throws MalformedPatchException, IOException {
        if (!isHeader(patch)) {
            throw new MalformedPatchException(0, "it must begin with BSDIFF40");
        }
        PatchInfo info = info(patch);
        if (info.targetBytes() > limits.maxTargetBytes()) {
            throw new MalformedPatchException(24, "the target must be at most " + limits.maxTargetBytes() + " bytes");
        }
        long controlBytes = number(patch, 8);
        long differenceBytes = number(patch, 16);
        if (controlBytes > patch.length - HEADER_BYTES
                || differenceBytes > patch.length - HEADER_BYTES - controlBytes) {
            throw new MalformedPatchException(8, "the streams must lie within the patch");
        }
        int differenceAt = HEADER_BYTES + (int) controlBytes;
        int extraAt = differenceAt + (int) differenceBytes;
        Part control = new Part(patch, HEADER_BYTES, (int) controlBytes);
        Part difference = new Part(patch, differenceAt, (int) differenceBytes);
        Part extra = new Part(patch, extraAt, patch.length - extraAt);
        long left = info.targetBytes();
        long oldAt = 0;
        byte[] triple = new byte[24];
        int blocks = 0;
        while (left > 0) {
            control.readFully(triple, triple.length);
            long add = number(triple, 0);
            long insert = number(triple, 8);
            long seek = number(triple, 16);
            control.require(add >= 0 && insert >= 0, "lengths must not be negative");
            control.require(add <= left && insert <= left - add, "a block must end within the new image");
            control.require(++blocks <= limits.maxCopies(), "there must be at most " + limits.maxCopies() + " blocks");
            control.require(
                    add == 0 || (oldAt >= 0 && oldAt <= source.sizeBytes() - add),
                    "a copy must lie within the old image");
            add(source, oldAt, add, difference, sink);
            insert(insert, extra, sink);
            left -= add + insert;
            oldAt += add + seek;
            control.require(Math.abs(oldAt) < 1L << 40 && Math.abs(seek) < 1L << 40, "a seek must stay near the image");
        }
        control.requireEnd();
        difference.requireEnd();
        extra.requireEnd();
    }

    private static void add(SourceImage source, long oldAt, long length, Part difference, TargetSink sink)
            throws MalformedPatchException, IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, length)];
        byte[] old = new byte[buffer.length];
        for (long done = 0; done < length; done += buffer.length) {
            int count = (int) Math.min(buffer.length, length - done);
            difference.readFully(buffer, count);
            source.read(oldAt + done, old, 0, count);
            for (int i = 0; i < count; i++) {
                buffer[i] += old[i];
            }
            sink.write(buffer, 0, count);
        }
    }

    private static void insert(long length, Part extra, TargetSink sink) throws MalformedPatchException, IOException {
        byte[] buffer = new byte[(int) Math.min(BUFFER_BYTES, length)];
        for (long done = 0; done < length; done += buffer.length) {
            int count = (int) Math.min(buffer.length, length - done);
            extra.readFully(buffer, count);
            sink.write(buffer, 0, count);
        }
    }

    /** One compressed stream; whatever its decompressor throws means that it is malformed. */
    private static final class Part {
        private final ByteArrayInputStream raw;
        private final int end;
        private InputStream in = InputStream.nullInputStream();
        private boolean begun;

        Part(byte[] patch, int at, int length) {
            raw = new ByteArrayInputStream(patch, at, length);
            end = at + length;
        }

        void require(boolean holds, String rule) throws MalformedPatchException {
            if (!holds) {
                throw new MalformedPatchException(end - raw.available(), rule);
            }
        }

        void readFully(byte[] buffer, int count) throws MalformedPatchException {
            require(read(buffer, count) == count, "a stream must be complete");
        }

        private int read(byte[] buffer, int count) throws MalformedPatchException {
            try {
                if (!begun) {
                    begun = true;
                    in = new BZip2CompressorInputStream(raw);
                }
                return in.readNBytes(buffer, 0, count);
            } catch (IOException | RuntimeException e) {
                throw new MalformedPatchException(end - raw.available(), "a stream must be valid bzip2");
            }
        }

        void requireEnd() throws MalformedPatchException {
            require(
                    (raw.available() == 0 && !begun) || read(new byte[1], 1) == 0,
                    "a stream must end with its content");
            require(raw.available() == 0, "there must be nothing after a stream");
        }
    }
}
