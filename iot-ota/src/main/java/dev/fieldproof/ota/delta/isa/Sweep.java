package dev.fieldproof.ota.delta.isa;

/** Instructions of one segment decoded one after the other, and the references met but not yet asked for. */
final class Sweep {
    final ImageReader image;
    final Segments segments;
    /** Offset of the next instruction to decode. */
    int at;
    /** End of the segment. */
    final int limit;
    /** Added to an offset this gives its address. */
    final int base;

    private final Isa isa;
    private final int typeMask;
    private final InstructionDecoder decoder;
    private final Pending pending;
    private final int lookahead;

    Sweep(Isa isa, ImageReader image, Segments segments, int typeMask, int start, int limit, int base) {
        this.isa = isa;
        this.image = image;
        this.segments = segments;
        this.typeMask = typeMask;
        this.at = start;
        this.limit = limit;
        this.base = base;
        this.decoder = isa.decoder();
        this.pending = new Pending();
        this.lookahead = isa.lookaheadBytes();
    }

    /** Leaves out instructions before an offset that have no part in what comes after it. */
    void skipTo(int offset) {
        decoder.skipTo(this, offset);
    }

    /** The references met, all of them to a distance beyond an offset; those before it are dropped. */
    Pending through(int offset, int ahead) {
        int end = Math.min(limit, offset + lookahead + ahead);
        while (at < end) {
            decoder.next(this);
        }
        pending.dropBefore(offset);
        return pending;
    }

    int half(int offset) {
        return image.half(offset);
    }

    int word(int offset) {
        return image.word(offset);
    }

    boolean inImage(int address) {
        return segments.offset(address) >= 0;
    }

    void add(int offset, int type, int target) {
        add(offset, type, target, 0);
    }

    void add(int offset, int type, int target, int back) {
        if ((typeMask >>> type & 1) != 0 && offset + isa.size(type) <= limit) {
            pending.add(offset, type, target, back);
        }
    }

    /** Adds a field of the instruction set if what it refers to lies in the image. */
    void addIfInImage(int type, int offset) {
        if ((typeMask >>> type & 1) != 0) {
            addIfInImage(type, offset, isa.read(type, image.bits(offset, isa.size(type)), offset + base));
        }
    }

    /** Adds a field if what it refers to lies in the image. */
    void addIfInImage(int type, int offset, int target) {
        if (inImage(target)) {
            add(offset, type, target, 0);
        }
    }
}
