package dev.fieldproof.ota.slot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The label at the end of a slot: which image it holds and what it digests to. Erased before an image is staged and
 * written when all of it is verified, so a slot in the making holds no image. 64 bytes, little endian: magic, length,
 * version, security version, digest length, digest of 32, CRC-32 of the rest, padding.
 */
final class SlotLabel {
    static final int BYTES = 64;
    private static final int MAGIC = 0x4C42_414C; // "LABL"
    private static final int DIGEST_AT = 20;
    private static final int CRC_AT = DIGEST_AT + ImageCheck.MAX_BYTES;

    private final FlashSteps steps;
    private final FlashLayout layout;
    private final ImageCheck check;
    private final byte[] bytes = new byte[BYTES];

    SlotLabel(FlashSteps steps, FlashLayout layout, ImageCheck check) {
        this.steps = steps;
        this.layout = layout;
        this.check = check;
    }

    /** What the slot holds, from the label and a fresh digest of the image; null if it is nothing whole. */
    @Nullable
    SlotImage read(int slot) throws IOException {
        steps.flash.read(layout.labelAt(slot), bytes, 0, BYTES);
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int length = in.getInt(4);
        int digestLength = in.getInt(16);
        if (in.getInt(0) != MAGIC
                || in.getInt(CRC_AT) != crc(bytes)
                || length < 1
                || length > layout.imageBytes()
                || digestLength < 1
                || digestLength > ImageCheck.MAX_BYTES) {
            return null;
        }
        byte[] digest = check.digest(steps.flash, layout.slotAt(slot), length);
        if (!Arrays.equals(bytes, DIGEST_AT, DIGEST_AT + digestLength, digest, 0, digest.length)) {
            return null;
        }
        return new SlotImage(in.getInt(8) & 0xFFFF_FFFFL, in.getInt(12) & 0xFFFF_FFFFL, length);
    }

    void erase(int slot) throws IOException {
        steps.eraseSector(layout.labelAt(slot));
    }

    /** Digests what is in the slot and labels it. */
    void write(int slot, SlotImage image) throws IOException {
        byte[] label = new byte[BYTES];
        byte[] digest = check.digest(steps.flash, layout.slotAt(slot), image.lengthBytes());
        ByteBuffer out = ByteBuffer.wrap(label).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putInt(image.lengthBytes());
        out.putInt((int) image.version()).putInt((int) image.securityVersion());
        out.putInt(digest.length).put(digest);
        out.putInt(CRC_AT, crc(label));
        steps.rewriteSector(layout.labelAt(slot), label, 0, BYTES);
    }

    private static int crc(byte[] label) {
        CRC32 crc = new CRC32();
        crc.update(label, 0, CRC_AT);
        return (int) crc.getValue();
    }
}
