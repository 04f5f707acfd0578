package dev.fieldproof.ota.delta.codec;

import dev.fieldproof.ota.delta.isa.ImageReader;
import dev.fieldproof.ota.delta.isa.Isa;
import dev.fieldproof.ota.delta.isa.ReferenceScanner;

/**
 * The body of a patch, one unit at a time: first the copies, then the new image strictly forward. Encoding and decoding
 * are the same walk; only the {@link BitCoder} knows the direction, and when encoding {@code actual} holds the new
 * image.
 */
final class Body {
    /** The most bytes that one unit makes. */
    private static final int MAX_UNIT_BYTES = Runs.LONGEST;

    private final BodyHeader header;
    private final BitCoder coder;
    private final byte[] actual;
    private final Context context;
    private final CopyMap map;
    private final CopyListModel copyList;
    private final PlainModel plain;
    private final Literals literal;
    private final ReferenceModel reference;
    private final ReferenceScanner scanner;

    /** The copy at hand, or the next one. */
    private int copy;

    private int copyFrom;
    private int copyEnd;
    /** Added to an offset in the new image it gives the one that the copy at hand, or the last one, takes it from. */
    private int shift;

    /** Where it ends there. */
    private int oldEnd;

    private boolean listed;
    private int plainLeft;
    /** Offset in the old image before which no reference begins. */
    private int clear;

    Body(BodyHeader header, ImageReader old, BitCoder coder, byte[] actual, Repeats repeats) {
        this.header = header;
        this.coder = coder;
        this.actual = actual;
        Mixer mixer =
                new Mixer(coder, !header.full(), header.full() ? (1 << 20) + (1 << 22) + (1 << 15) : 1 << 13, 1 << 10);
        this.context = new Context(mixer, old, header.full());
        this.map = new CopyMap(header.copies());
        this.copyList = new CopyListModel(mixer, header, map);
        this.plain = new PlainModel(context);
        this.literal = header.full() ? new LiteralModel(context) : new RepeatModel(context, repeats);
        this.reference = new ReferenceModel(context, header, map);
        this.scanner = new ReferenceScanner(Isa.all().get(header.isa()), old, header.oldSegments(), header.typeMask());
    }

    /** The copy list, to be given before the first step when encoding. */
    CopyListModel copyList() {
        return copyList;
    }

    /** The copies, complete before the first byte of the new image is made. */
    CopyMap copies() {
        return map;
    }

    boolean done() {
        return listed && context.at >= header.newSize();
    }

    /**
     * Codes units for as long as there is room, and input when decoding.
     *
     * @return how many bytes of the new image were made
     * @throws BodyException if the copies do not fit the images
     */
    int run(byte[] out, int from) throws BodyException {
        while (!listed && coder.ready()) {
            list();
        }
        int to = from;
        int room = out.length - MAX_UNIT_BYTES;
        while (listed && to <= room && context.at < header.newSize() && coder.ready()) {
            to = step(out, to);
        }
        return to - from;
    }

    private void list() throws BodyException {
        if (!copyList.done()) {
            copyList.step();
        }
        if (copyList.done()) {
            map.seal();
            literal.prime(map, header.newSize());
            listed = true;
            enter();
        }
    }

    /** Makes ready for the next copy. */
    private void enter() {
        boolean any = copy < map.size();
        copyFrom = any ? map.target(copy) : Integer.MAX_VALUE;
        copyEnd = any ? copyFrom + map.length(copy) : Integer.MAX_VALUE;
    }

    /** Codes one unit and returns the index after it. */
    private int step(byte[] out, int to) {
        int at = context.at;
        if (at < copyFrom) {
            out[to] = (byte) literal.code(given(at), at + shift);
            return emit(out, to, 1);
        }
        if (at == copyFrom) {
            scanner.begin(map.old(copy), oldEnd);
            shift = map.old(copy) - copyFrom;
            oldEnd = copyEnd + shift;
            clear = 0;
        }
        int end = emit(out, to, plainLeft > 0 ? codePlain(out, to) : codeCopied(out, to, at + shift));
        if (context.at >= copyEnd) {
            copy++;
            enter();
        }
        return end;
    }

    private int codeCopied(byte[] out, int to, int oldAt) {
        int type = typeAt(oldAt);
        if (type < 0) {
            int length = plain.codeRun(actual, oldAt, reach(oldAt));
            context.old.copy(oldAt, out, to, length);
            return length > 0 ? length : codePlain(out, to);
        }
        int size = reference.size(type);
        if (size <= copyEnd - context.at) {
            int field = 0;
            for (int b = 0; b < size; b++) {
                field |= given(context.at + b) << (8 * b);
            }
            if (reference.code(field, type, oldAt, scanner, copy)) {
                for (int b = 0; b < size; b++) {
                    out[to + b] = (byte) (reference.coded >>> (8 * b));
                }
                return size;
            }
            plainLeft = size;
        }
        return codePlain(out, to);
    }

    /** How many bytes a run may have: to the next reference, the end of the copy or a multiple of its length. */
    private int reach(int oldAt) {
        int end = Math.min(oldAt + Runs.LONGEST - (context.at & Runs.LONGEST - 1), copyEnd + shift);
        int at = clear;
        while (at < end && typeAt(at) < 0) {
            at = clear;
        }
        return Math.min(at, end) - oldAt;
    }

    private int typeAt(int oldAt) {
        if (oldAt < clear) {
            return -1;
        }
        int type = scanner.typeAt(oldAt);
        if (type < 0) {
            clear = scanner.clearBefore();
        }
        return type;
    }

    private int codePlain(byte[] out, int to) {
        plainLeft = Math.max(0, plainLeft - 1);
        out[to] = (byte) plain.code(given(context.at), context.at + shift);
        return 1;
    }

    private int given(int at) {
        return at < actual.length ? actual[at] & 0xFF : 0;
    }

    private int emit(byte[] out, int from, int length) {
        literal.saw(out, from, length);
        for (int i = Math.max(0, length - 8); i < length; i++) {
            context.older = context.older << 8 | context.latest >>> 24;
            context.latest = context.latest << 8 | (out[from + i] & 0xFF);
        }
        context.at += length;
        return from + length;
    }
}
