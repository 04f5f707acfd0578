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
    private static final int MAX_FIELD_BYTES = 4;

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
        int room = out.length - MAX_FIELD_BYTES;
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

    private int step(byte[] out, int to) {
        int at = context.at;
        if (at < copyFrom) {
            out[to] = (byte) emit(literal.code(given(at), at + shift));
            return to + 1;
        }
        if (at == copyFrom) {
            scanner.begin(map.old(copy), oldEnd);
            shift = map.old(copy) - copyFrom;
            oldEnd = copyEnd + shift;
            clear = 0;
        }
        int end = to + 1;
        if (plainLeft > 0 || at + shift < clear) {
            plainLeft = Math.max(0, plainLeft - 1);
            out[to] = (byte) emit(plain.code(given(at), at + shift));
        } else {
            end = codeCopied(out, to, at + shift);
        }
        if (context.at >= copyEnd) {
            copy++;
            enter();
        }
        return end;
    }

    private int codeCopied(byte[] out, int to, int oldAt) {
        int at = context.at;
        int type = scanner.typeAt(oldAt);
        if (type < 0) {
            clear = scanner.clearBefore();
        } else if (reference.size(type) <= copyEnd - at) {
            int size = reference.size(type);
            int field = 0;
            for (int b = 0; b < size; b++) {
                field |= given(at + b) << (8 * b);
            }
            if (reference.code(field, type, oldAt, scanner, copy)) {
                for (int b = 0; b < size; b++) {
                    out[to + b] = (byte) emit(reference.coded >>> (8 * b) & 0xFF);
                }
                return to + size;
            }
            plainLeft = size - 1;
        }
        out[to] = (byte) emit(plain.code(given(at), oldAt));
        return to + 1;
    }

    private int given(int at) {
        return at < actual.length ? actual[at] & 0xFF : 0;
    }

    private int emit(int value) {
        literal.saw(value);
        if (header.full()) {
            context.older = context.older << 8 | context.latest >>> 24;
        }
        context.latest = context.latest << 8 | value;
        context.at++;
        return value;
    }
}
