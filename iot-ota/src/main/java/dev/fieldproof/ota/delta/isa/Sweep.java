package dev.fieldproof.ota.delta.isa;

/** One stretch of code to look through, within one segment. */
final class Sweep {
    final ImageReader image;
    final Segments segments;
    final References found;
    /** First offset to decode: some way before {@code from}, so that decoding is in step there. */
    final int start;
    /** References from here on are wanted. */
    final int from;
    /** References from here on are not. */
    final int to;
    /** End of the segment. */
    final int limit;
    /** Added to an offset this gives its address. */
    final int base;

    Sweep(ImageReader image, Segments segments, References found, int[] range, int base) {
        this.image = image;
        this.segments = segments;
        this.found = found;
        this.start = range[0];
        this.from = range[1];
        this.to = range[2];
        this.limit = range[3];
        this.base = base;
    }

    int half(int offset) {
        return image.at(offset) | image.at(offset + 1) << 8;
    }

    int word(int offset) {
        return image.bits(offset, 4);
    }

    boolean inImage(int address) {
        return segments.offset(address) >= 0;
    }

    void add(int offset, int type, int target) {
        add(offset, type, target, 0);
    }

    void add(int offset, int type, int target, int back) {
        if (offset >= from && offset < to) {
            found.add(offset, type, target, back);
        }
    }

    /** Adds a field of the given instruction set if what it refers to lies in the image. */
    void addIfInImage(Isa isa, int type, int offset) {
        if (offset >= from && offset < to && offset + isa.size(type) <= limit) {
            int target = isa.read(type, image.bits(offset, isa.size(type)), offset + base);
            if (inImage(target)) {
                found.add(offset, type, target, 0);
            }
        }
    }
}
