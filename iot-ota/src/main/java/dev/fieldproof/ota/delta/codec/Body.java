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
    private final BodyHeader header;
    private final byte[] actual;
    private final Context context;
    private final CopyMap map;
    private final CopyListModel copyList;
    private final PlainModel plain;
    private final LiteralModel literal;
    private final ReferenceModel reference;
    private final ReferenceScanner scanner;

    private int copy;
    private int plainLeft;

    private final byte[] out = new byte[8];
    private int outLength;

    Body(BodyHeader header, ImageReader old, BitCoder coder, byte[] actual) {
        this.header = header;
        this.actual = actual;
        Mixer mixer = new Mixer(coder, header.full() ? (1 << 20) + (1 << 22) + (1 << 15) : 1 << 13, 1 << 10);
        this.context = new Context(mixer, old, header.full());
        this.map = new CopyMap(header.copies());
        this.copyList = new CopyListModel(mixer, header, map);
        this.plain = new PlainModel(context);
        this.literal = new LiteralModel(context);
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

    /** Bytes of the new image made by the last step. */
    byte[] out() {
        return out;
    }

    /** How many they are. */
    int outLength() {
        return outLength;
    }

    boolean done() {
        return context.at >= header.newSize() && copyList.done();
    }

    /**
     * Codes the next unit.
     *
     * @throws BodyException if the copies do not fit the images
     */
    void step() throws BodyException {
        outLength = 0;
        if (!copyList.done()) {
            copyList.step();
            if (copyList.done()) {
                map.seal();
                literal.prime(map, header.newSize());
            }
            return;
        }
        int at = context.at;
        boolean copying = copy < map.size() && at >= map.target(copy);
        if (!copying) {
            int beside = copy == 0 ? at : map.old(copy - 1) + at - map.target(copy - 1);
            emit(literal.code(given(at), beside));
            return;
        }
        int oldAt = map.old(copy) + at - map.target(copy);
        int left = map.target(copy) + map.length(copy) - at;
        if (plainLeft > 0) {
            plainLeft--;
            emit(plain.code(given(at), oldAt));
        } else {
            codeCopied(at, oldAt, left);
        }
        if (context.at >= map.target(copy) + map.length(copy)) {
            copy++;
        }
    }

    private void codeCopied(int at, int oldAt, int left) {
        int type = scanner.typeAt(oldAt);
        int size = type < 0 ? Integer.MAX_VALUE : reference.size(type);
        if (size <= left) {
            int field = 0;
            for (int b = 0; b < size; b++) {
                field |= given(at + b) << (8 * b);
            }
            if (reference.code(field, type, oldAt, scanner, copy)) {
                for (int b = 0; b < size; b++) {
                    emit(reference.coded >>> (8 * b) & 0xFF);
                }
                return;
            }
            plainLeft = size - 1;
        }
        emit(plain.code(given(at), oldAt));
    }

    private int given(int at) {
        return at < actual.length ? actual[at] & 0xFF : 0;
    }

    private void emit(int value) {
        out[outLength++] = (byte) value;
        literal.saw(value);
        context.older = context.older << 8 | context.latest >>> 24;
        context.latest = context.latest << 8 | value;
        context.at++;
    }
}
