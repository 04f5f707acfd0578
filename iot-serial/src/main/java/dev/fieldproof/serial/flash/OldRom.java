package dev.fieldproof.serial.flash;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is particular about the ROM of the ESP8266: it takes bytes as they are, and it erases too much, as it counts the
 * sectors up to the end of the first 64 KiB block twice. Asking for less makes it right, but for some odd numbers of
 * sectors, with which it takes the next one. Stateless.
 */
final class OldRom {
    private static final int SECTORS_PER_BLOCK = 16;

    private OldRom() {}

    private static int sectors(int lengthBytes) {
        return (lengthBytes + FlashPart.SECTOR_BYTES - 1) / FlashPart.SECTOR_BYTES;
    }

    private static int toBlockEnd(int offset) {
        return SECTORS_PER_BLOCK - offset / FlashPart.SECTOR_BYTES % SECTORS_PER_BLOCK;
    }

    /** What to ask for so that a piece is erased. */
    static int eraseSize(int offset, int lengthBytes) {
        int sectors = sectors(lengthBytes);
        int head = Math.min(sectors, toBlockEnd(offset));
        return (sectors < 2 * head ? (sectors + 1) / 2 : sectors - head) * FlashPart.SECTOR_BYTES;
    }

    /** Whether nothing beyond the piece is erased with it. */
    static boolean erasesNoMore(int offset, int lengthBytes) {
        int sectors = sectors(lengthBytes);
        return sectors % 2 == 0 || sectors >= 2 * Math.min(sectors, toBlockEnd(offset));
    }

    /** The bytes of a piece, filled up to whole blocks with what blank flash reads as. */
    static byte[] padded(FlashPart part, Run run, int blockBytes) {
        int blocks = (run.length() + blockBytes - 1) / blockBytes;
        byte[] padded = Arrays.copyOfRange(part.bytes(), run.from(), run.from() + blocks * blockBytes);
        Arrays.fill(padded, run.length(), padded.length, (byte) 0xFF);
        return padded;
    }

    /** A part must not be harmed by one that is written after it. */
    static List<String> refusals(FlashPlan plan) {
        List<String> reasons = new ArrayList<>();
        for (int i = 0; i < plan.parts().size(); i++) {
            FlashPart later = plan.parts().get(i);
            for (FlashPart earlier : plan.parts().subList(0, i)) {
                boolean next = earlier.offset() == later.endOffset();
                if (next && !erasesNoMore(later.offset(), later.bytes().length)) {
                    reasons.add(later.name() + ": the ROM erases the first sector of " + earlier.name()
                            + " with it: write that one later, or give a stub");
                }
            }
        }
        return reasons;
    }
}
