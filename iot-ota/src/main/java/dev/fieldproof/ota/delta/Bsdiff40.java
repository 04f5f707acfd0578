package dev.fieldproof.ota.delta;

import dev.fieldproof.ota.delta.bzip2.Bzip2Decoder;
import dev.fieldproof.ota.delta.bzip2.Bzip2Encoder;
import dev.fieldproof.ota.delta.bzip2.Bzip2Exception;
import dev.fieldproof.ota.delta.match.ApproximateMatcher;
import dev.fieldproof.ota.delta.match.Copies;
import dev.fieldproof.ota.delta.match.MatchFinder;
import dev.fieldproof.ota.delta.match.RecentMatches;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

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
        return patch.length >= MAGIC.length && Arrays.mismatch(patch, 0, 8, MAGIC, 0, 8) < 0;
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
        byte[] difference = new byte[target.length];
        byte[] extra = new byte[target.length];
        int differences = 0;
        int extras = 0;
        for (int i = -1; i < copies.size(); i++) {
            int length = i < 0 ? 0 : copies.length(i);
            int from = i < 0 ? 0 : copies.targetAt(i);
            int oldFrom = i < 0 ? 0 : copies.oldAt(i);
            for (int b = 0; b < length; b++) {
                difference[differences++] = (byte) (target[from + b] - old[oldFrom + b]);
            }
            int at = from + length;
            int oldAt = oldFrom + length;
            int next = i + 1 < copies.size() ? copies.targetAt(i + 1) : target.length;
            int nextOld = i + 1 < copies.size() ? copies.oldAt(i + 1) : oldAt;
            System.arraycopy(target, at, extra, extras, next - at);
            extras += next - at;
            if (length > 0 || next > at || nextOld != oldAt) {
                number(control, length);
                number(control, next - at);
                number(control, nextOld - oldAt);
            }
        }
        byte[] controls = Bzip2Encoder.encode(control.toByteArray());
        byte[] compressed = Bzip2Encoder.encode(Arrays.copyOf(difference, differences));
        ByteArrayOutputStream patch = new ByteArrayOutputStream();
        patch.writeBytes(MAGIC);
        number(patch, controls.length);
        number(patch, compressed.length);
        number(patch, target.length);
        patch.writeBytes(controls);
        patch.writeBytes(compressed);
        patch.writeBytes(Bzip2Encoder.encode(Arrays.copyOf(extra, extras)));
        return patch.toByteArray();
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

    /** One compressed stream. */
    private static final class Part {
        private final Bzip2Decoder in;
        private final int from;
        private final int length;
        private boolean begun;

        Part(byte[] patch, int from, int length) {
            this.in = new Bzip2Decoder(patch, from, length);
            this.from = from;
            this.length = length;
        }

        void require(boolean holds, String rule) throws MalformedPatchException {
            if (!holds) {
                throw new MalformedPatchException(from + in.offset(), rule);
            }
        }

        void readFully(byte[] buffer, int count) throws MalformedPatchException {
            require(read(buffer, count) == count, "a stream must be complete");
        }

        private int read(byte[] buffer, int count) throws MalformedPatchException {
            begun = true;
            try {
                return in.read(buffer, 0, count);
            } catch (Bzip2Exception e) {
                throw new MalformedPatchException(from + e.offsetBytes(), "in bzip2, " + e.getMessage());
            }
        }

        /** One that nothing was wanted of may be missing altogether. */
        void requireEnd() throws MalformedPatchException {
            require((length == 0 && !begun) || read(new byte[1], 1) == 0, "a stream must end with its content");
            require(in.offset() == length, "there must be nothing after a stream");
        }
    }
}
