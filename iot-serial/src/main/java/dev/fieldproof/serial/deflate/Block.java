package dev.fieldproof.serial.deflate;

/**
 * A block as it is written (RFC 1951 section 3.2.3), in the cheapest of its three forms. Immutable.
 */
final class Block {
    private static final int MAX_STORED_BYTES = 0xFFFF;
    private static final int TYPE_BITS = 3;

    private enum Form {
        STORED,
        FIXED,
        DYNAMIC
    }

    private final byte[] bytes;
    private final Parse parse;
    private final Form form;
    private final PrefixCode lengthCode;
    private final PrefixCode distanceCode;
    private final CodeHeader header;
    private final long bits;

    private Block(byte[] bytes, Parse parse, Counts counts) {
        this.bytes = bytes;
        this.parse = parse;
        PrefixCode lengths = PrefixCode.of(counts.literalsAndLengths, 15);
        PrefixCode distances = PrefixCode.of(counts.distances, 15);
        PrefixCode fixedLengths = PrefixCode.fixed(288);
        PrefixCode fixedDistances = PrefixCode.fixed(Symbols.DISTANCES);
        header = CodeHeader.of(lengths, distances);
        long extra = TYPE_BITS + counts.extraBits();
        long dynamic =
                extra + header.bits() + lengths.cost(counts.literalsAndLengths) + distances.cost(counts.distances);
        long fixed = extra + fixedLengths.cost(counts.literalsAndLengths) + fixedDistances.cost(counts.distances);
        int size = parse.end() - parse.from();
        long stored = 8L * size + 40L * (1 + size / MAX_STORED_BYTES);
        bits = Math.min(stored, Math.min(dynamic, fixed));
        form = bits == dynamic ? Form.DYNAMIC : bits == fixed ? Form.FIXED : Form.STORED;
        lengthCode = form == Form.FIXED ? fixedLengths : lengths;
        distanceCode = form == Form.FIXED ? fixedDistances : distances;
    }

    static Block of(byte[] bytes, Parse parse) {
        Counts counts = parse.counts(bytes);
        counts.literalsAndLengths[Symbols.END_OF_BLOCK] = 1;
        return new Block(bytes, parse, counts);
    }

    /** Its size; that of stored bytes depends on where in a byte they begin, and is the largest possible. */
    long bits() {
        return bits;
    }

    void write(BitOutput out, boolean last) {
        if (form == Form.STORED) {
            store(out, last);
            return;
        }
        out.put(last ? 1 : 0, 1);
        out.put(form == Form.FIXED ? 1 : 2, 2);
        if (form == Form.DYNAMIC) {
            header.write(out);
        }
        int at = parse.from();
        for (int step : parse.steps()) {
            int length = Parse.length(step);
            if (length == 1) {
                lengthCode.put(out, bytes[at] & 0xFF);
            } else {
                int distance = Parse.distance(step);
                int lengthSymbol = Symbols.ofLength(length);
                int distanceSymbol = Symbols.ofDistance(distance);
                lengthCode.put(out, lengthSymbol);
                out.put(Symbols.lengthExtra(length), Symbols.lengthExtraBits(lengthSymbol));
                distanceCode.put(out, distanceSymbol);
                out.put(Symbols.distanceExtra(distance), Symbols.distanceExtraBits(distanceSymbol));
            }
            at += length;
        }
        lengthCode.put(out, Symbols.END_OF_BLOCK);
    }

    private void store(BitOutput out, boolean last) {
        int end = parse.end();
        int at = parse.from();
        do {
            int size = Math.min(MAX_STORED_BYTES, end - at);
            out.put(last && at + size == end ? 1 : 0, 1);
            out.put(0, 2);
            out.align();
            out.put(size, 16);
            out.put(~size, 16);
            out.put(bytes, at, size);
            at += size;
        } while (at < end);
    }
}
