package dev.fieldproof.ota.delta;

import dev.fieldproof.core.Digest;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What a decoder must know to go on: of which patch, and how much of the new image is there. */
record Checkpoint(long targetOffset, Digest patch) {
    static final int BYTES = 4 + 8 + Digest.LENGTH_BYTES + 8;

    /** In the place of a patch whose header was not complete. */
    static final Digest NO_PATCH = Digest.of(new byte[Digest.LENGTH_BYTES]);

    static final Checkpoint START = new Checkpoint(0, NO_PATCH);

    private static final int MAGIC = 0x46504332;
    private static final int CHECKED_BYTES = BYTES - 8;

    /** Whether a patch is the one that the checkpoint is about. */
    boolean fits(FieldproofHeader header) {
        return patch.equals(NO_PATCH) || (patch.equals(header.identity()) && targetOffset <= header.targetBytes());
    }

    byte[] bytes() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putInt(MAGIC).putLong(targetOffset).put(patch.bytes());
        return out.put(check(out.array())).array();
    }

    private static byte[] check(byte[] bytes) {
        return Arrays.copyOf(Digest.sha256(Arrays.copyOf(bytes, CHECKED_BYTES)).bytes(), 8);
    }

    static Checkpoint read(byte[] bytes) throws BrokenCheckpointException {
        if (bytes.length != BYTES) {
            throw new BrokenCheckpointException("it must be " + BYTES + " bytes: " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt() != MAGIC) {
            throw new BrokenCheckpointException("it must begin with FPC2");
        }
        if (!Arrays.equals(check(bytes), Arrays.copyOfRange(bytes, CHECKED_BYTES, BYTES))) {
            throw new BrokenCheckpointException("its check value must be right");
        }
        long targetOffset = in.getLong();
        byte[] patch = new byte[Digest.LENGTH_BYTES];
        in.get(patch);
        Checkpoint read = new Checkpoint(targetOffset, Digest.of(patch));
        if (targetOffset < 0 || (targetOffset > 0 && read.patch.equals(NO_PATCH))) {
            throw new BrokenCheckpointException("its offset must be that of a patch: " + targetOffset);
        }
        return read;
    }
}
