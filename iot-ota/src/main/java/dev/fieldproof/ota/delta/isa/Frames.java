package dev.fieldproof.ota.delta.isa;

/** Recognises the records of an .eh_frame section (Linux Standard Base Core, section 10.6) from the bytes around. */
final class Frames {
    private static final int MAX_COMMON_BYTES = 64;
    private static final int MIN_RECORD_BYTES = 12;
    private static final int MAX_RECORD_BYTES = 4096;

    private final ImageReader image;
    private final Segments segments;
    private final boolean wanted;

    Frames(ImageReader image, Segments segments, boolean wanted) {
        this.image = image;
        this.segments = segments;
        this.wanted = wanted;
    }

    /** The type of the frame field at an aligned offset, or -1. */
    int typeAt(int offset, int base) {
        if (!wanted) {
            return -1;
        }
        if (isRecord(offset - 4, base)) {
            return Isa.FRAME_COMMON;
        }
        if (isRecord(offset - 8, base)) {
            return Isa.FRAME_START;
        }
        return isRecord(offset - 12, base) ? Isa.FRAME_LENGTH : -1;
    }

    private boolean isRecord(int at, int base) {
        int length = image.bits(at, 4);
        if (at < 0 || length < MIN_RECORD_BYTES || length >= MAX_RECORD_BYTES) {
            return false;
        }
        int back = image.bits(at + 4, 4);
        int common = at + 4 - back;
        return back > 0
                && common >= 0
                && common < at
                && Integer.compareUnsigned(image.bits(common, 4), MAX_COMMON_BYTES) < 0
                && image.bits(common + 4, 4) == 0
                && (image.at(common + 8) == 1 || image.at(common + 8) == 3)
                && image.at(common + 9) == 'z'
                && segments.offset(at + 8 + base + image.bits(at + 8, 4)) >= 0;
    }
}
