package dev.fieldproof.ota.delta.isa;

import org.jspecify.annotations.Nullable;

/**
 * Finds the references of an image at ascending offsets. Decoding of instructions goes on from offset to offset; where
 * these jump it starts afresh {@link #WARM_UP_BYTES} before, so that what is found needs no memory of the rest. Not
 * thread-safe.
 */
public final class ReferenceScanner {
    /** How far before a place decoding starts when there is nothing to go on from. */
    public static final int WARM_UP_BYTES = 2048;

    private static final int SMALLEST_POINTER = 0x100;

    /** Instructions are decoded this far ahead, to be asked for fewer times. */
    private static final int AHEAD_BYTES = 64;

    private final Isa isa;
    private final ImageReader image;
    private final Segments segments;
    private final int typeMask;
    private final Frames frames;
    private final boolean hasPointers;
    private final int addressBits;

    private int from;
    private int to;
    private int base;
    private boolean inside;
    private @Nullable Sweep sweep;
    private int clear;

    private int target;
    private int back;

    /**
     * Opens a scanner.
     *
     * @param isa the instruction set
     * @param image the image
     * @param segments where its parts are loaded
     * @param typeMask bit n is set if references of type n count
     */
    public ReferenceScanner(Isa isa, ImageReader image, Segments segments, int typeMask) {
        this.isa = isa;
        this.image = image;
        this.segments = segments;
        this.typeMask = typeMask;
        this.frames = new Frames(image, segments, isa.hasFrames());
        this.hasPointers = isa.hasPointers();
        this.addressBits = ~isa.pointerTag();
    }

    /**
     * Begins with a copy: decoding goes on if that lies at or a little beyond the end of the copy before.
     *
     * @param offset where the copy begins
     * @param end where the one before ended
     */
    public void begin(int offset, int end) {
        if (offset < end || offset - end > WARM_UP_BYTES) {
            sweep = null;
        }
    }

    /**
     * Looks for a reference that begins at an offset.
     *
     * @param offset in the image, within the copy begun last beyond those asked for
     * @return its type, 0 to 31, or -1
     */
    public int typeAt(int offset) {
        if (offset < from || offset >= to) {
            enter(offset);
        }
        clear = offset + 1;
        if (!inside) {
            clear = to;
            return -1;
        }
        int type = wordType(offset);
        if (type >= 0) {
            target = wordTarget(type, offset);
            back = 0;
            return type;
        }
        Pending pending = through(offset);
        if (!pending.firstIsAt(offset)) {
            clear = clearWords(offset + 1 + nextWord(offset), Math.min(to, pending.firstOr(offset + AHEAD_BYTES)));
            return -1;
        }
        type = pending.firstType();
        int word = offset + 1 + nextWord(offset);
        if (word < offset + isa.size(type) && wordType(word) >= 0) {
            return -1;
        }
        target = pending.firstTarget();
        back = pending.firstBack();
        return type;
    }

    /**
     * After {@link #typeAt} found nothing at an offset: how far the next one is at least.
     *
     * @return offset in the image before which no reference begins, beyond the one asked for
     */
    public int clearBefore() {
        return clear;
    }

    /**
     * What the reference found last refers to.
     *
     * @return address in the image's own terms
     */
    public int target() {
        return target;
    }

    /**
     * How far before the reference found last the place lies that it is relative to.
     *
     * @return distance in bytes, 0 for the reference itself
     */
    public int back() {
        return back;
    }

    /** The first of the words from an offset on that is a reference, or the end. */
    private int clearWords(int offset, int end) {
        int word = offset;
        while (word < end && wordType(word) < 0) {
            word += 4;
        }
        return Math.min(word, end);
    }

    /** How many bytes lie between an offset and the next aligned word. */
    private int nextWord(int offset) {
        return -(offset + 1 + base) & 3;
    }

    private void enter(int offset) {
        int i = segments.indexOf(offset);
        inside = i >= 0;
        sweep = null;
        from = offset;
        to = inside ? offset : segments.nextOffset(offset);
        if (inside) {
            Segments.Segment s = segments.list().get(i);
            from = s.offset();
            to = Math.min(image.size(), s.end());
            base = s.address() - s.offset();
        }
    }

    private Pending through(int offset) {
        Sweep s = sweep;
        if (s == null) {
            int start = Math.max(from, offset - WARM_UP_BYTES);
            start += -(start + base) & (isa.alignment() - 1);
            s = new Sweep(isa, image, segments, typeMask, start, to, base);
            s.skipTo(offset);
            sweep = s;
        }
        return s.through(offset, AHEAD_BYTES);
    }

    /** The type of the reference that an aligned word is, or -1. */
    private int wordType(int offset) {
        if (((offset + base) & 3) != 0 || offset + 4 > to || !hasPointers) {
            return -1;
        }
        int type = frames.typeAt(offset, base);
        if (type < 0) {
            int value = image.word(offset) & addressBits;
            if (isa.inRam(value)) {
                type = Isa.RAM_POINTER;
            } else if (Integer.compareUnsigned(value, SMALLEST_POINTER) >= 0 && segments.offset(value) >= 0) {
                type = Isa.POINTER;
            }
        }
        return type >= 0 && (typeMask >>> type & 1) != 0 ? type : -1;
    }

    private int wordTarget(int type, int offset) {
        int bits = image.word(offset);
        if (type == Isa.FRAME_LENGTH) {
            return isa.read(Isa.FRAME_START, image.word(offset - 4), offset - 4 + base) + bits;
        }
        return isa.read(type, bits, offset + base);
    }
}
