package dev.fieldproof.ota.delta.isa;

/**
 * Finds the references of the old image block by block. What is found in a block depends only on the bytes near it, so
 * that a decoder with little memory can look at any place at any time: decoding starts afresh {@link #WARM_UP_BYTES}
 * before each block. Not thread-safe.
 */
public final class ReferenceScanner {
    /** Size of a block. */
    public static final int BLOCK_BYTES = 512;

    /** How far before a block decoding starts. */
    public static final int WARM_UP_BYTES = 2048;

    private static final int SMALLEST_POINTER = 0x100;

    private final Isa isa;
    private final ImageReader image;
    private final Segments segments;
    private final int typeMask;
    private final References instructions = new References();
    private final References merged = new References();
    private final Frames frames;
    private int block = -1;

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
    }

    /**
     * The references that begin in a block.
     *
     * @param wanted number of the block
     * @return the references; valid until the next call
     */
    public References block(int wanted) {
        if (wanted != block) {
            block = wanted;
            merged.clear();
            int from = wanted * BLOCK_BYTES;
            int to = Math.min(image.size(), from + BLOCK_BYTES);
            for (Segments.Segment s : segments.list()) {
                int end = Math.min(image.size(), s.offset() + s.length());
                int first = Math.max(from, s.offset());
                int last = Math.min(to, end);
                if (first < last) {
                    scan(s, first, last, end);
                }
            }
        }
        return merged;
    }

    private void scan(Segments.Segment s, int first, int last, int end) {
        instructions.clear();
        int start = Math.max(s.offset(), first / BLOCK_BYTES * BLOCK_BYTES - WARM_UP_BYTES);
        int base = s.address() - s.offset();
        isa.sweep(new Sweep(image, segments, instructions, new int[] {start, first, last, end}, base));
        int next = 0;
        int taken = first;
        if (isa.hasPointers()) {
            for (int o = first + (-(first + base) & 3); o + 4 <= end && o < last; o += 4) {
                int type = frames.typeAt(o, base);
                type = type >= 0 ? type : pointerType(o);
                if (type >= 0 && (typeMask >>> type & 1) != 0) {
                    next = mergeUpTo(next, o, taken);
                    taken = o + 4;
                    merged.add(o, type, target(type, o, base), 0);
                }
            }
        }
        mergeUpTo(next, Integer.MAX_VALUE, taken);
    }

    private int mergeUpTo(int next, int limit, int taken) {
        int free = Math.max(taken, merged.size() == 0 ? 0 : endOfLast());
        int i = next;
        for (; i < instructions.size() && instructions.offset(i) < limit; i++) {
            int type = instructions.type(i);
            int o = instructions.offset(i);
            if ((typeMask >>> type & 1) != 0 && o >= free && o + isa.size(type) <= limit) {
                merged.add(o, type, instructions.target(i), instructions.back(i));
                free = o + isa.size(type);
            }
        }
        return i;
    }

    private int endOfLast() {
        int last = merged.size() - 1;
        return merged.offset(last) + isa.size(merged.type(last));
    }

    private int pointerType(int offset) {
        int value = image.bits(offset, 4) & ~isa.pointerTag();
        int type = -1;
        if (isa.inRam(value)) {
            type = Isa.RAM_POINTER;
        } else if (Integer.compareUnsigned(value, SMALLEST_POINTER) >= 0 && segments.offset(value) >= 0) {
            type = Isa.POINTER;
        }
        return type;
    }

    private int target(int type, int offset, int base) {
        int bits = image.bits(offset, 4);
        if (type == Isa.FRAME_LENGTH) {
            return isa.read(Isa.FRAME_START, image.bits(offset - 4, 4), offset - 4 + base) + bits;
        }
        return isa.read(type, bits, offset + base);
    }
}
