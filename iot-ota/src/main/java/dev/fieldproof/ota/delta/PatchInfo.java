package dev.fieldproof.ota.delta;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.delta.codec.BodyHeader;
import dev.fieldproof.ota.delta.isa.Isa;
import java.util.Optional;

/**
 * What the header of a patch tells. Immutable.
 *
 * @param format the patch format
 * @param profile the decoder profile; small for BSDIFF40, which has none
 * @param isa name of the instruction set model, {@code none} without one
 * @param sourceBytes size of the old image, -1 if the format does not tell
 * @param targetBytes size of the new image
 * @param source SHA-256 of the old image, if the format tells
 * @param target SHA-256 of the new image, if the format tells
 * @param copies number of copies, -1 if the format does not tell
 * @param headerBytes size of the header
 * @param patchBytes size of the whole patch, -1 if the format does not tell
 */
public record PatchInfo(
        PatchFormat format,
        DeltaProfile profile,
        String isa,
        long sourceBytes,
        long targetBytes,
        Optional<Digest> source,
        Optional<Digest> target,
        int copies,
        int headerBytes,
        long patchBytes) {

    /** Bytes that are enough to read any header. */
    public static final int MAX_HEADER_BYTES = FieldproofHeader.MAX_BYTES;

    /**
     * Reads the header of a patch.
     *
     * @param patch the patch or at least its first {@link #MAX_HEADER_BYTES} bytes
     * @return what it tells
     * @throws MalformedPatchException if it is no patch or its header breaks a rule
     */
    public static PatchInfo read(byte[] patch) throws MalformedPatchException {
        if (Bsdiff40.isHeader(patch)) {
            return Bsdiff40.info(patch);
        }
        Optional<FieldproofHeader> header = FieldproofHeader.read(patch, patch.length);
        if (header.isEmpty()) {
            throw new MalformedPatchException(patch.length, "the header must be complete");
        }
        return of(header.get());
    }

    static PatchInfo of(FieldproofHeader header) {
        BodyHeader body = header.body();
        return new PatchInfo(
                PatchFormat.FIELDPROOF,
                body.full() ? DeltaProfile.FULL : DeltaProfile.SMALL,
                Isa.all().get(body.isa()).name(),
                header.sourceBytes(),
                header.targetBytes(),
                Optional.of(header.source()),
                Optional.of(header.target()),
                body.copies(),
                header.sizeBytes(),
                header.sizeBytes() + header.bodyBytes());
    }

    /**
     * Memory that decoding takes: for the small profile that of the decoder in C, for the full one that of this
     * library.
     *
     * @return bytes of state and of the copy list
     */
    public long decoderBytes() {
        return decoderBytes(profile, copies);
    }

    static long decoderBytes(DeltaProfile profile, int copies) {
        return stateBytes(profile) + (profile == DeltaProfile.FULL ? 16L : 8L) * Math.max(0, copies);
    }

    /** Without the copies. */
    static long stateBytes(DeltaProfile profile) {
        return profile == DeltaProfile.FULL ? 24L << 20 : 22L << 10;
    }
}
