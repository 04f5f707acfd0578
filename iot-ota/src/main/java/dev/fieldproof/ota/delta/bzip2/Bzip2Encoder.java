package dev.fieldproof.ota.delta.bzip2;

/** Encodes whole streams in blocks of up to 900,000 bytes; linear in time on any input. */
public final class Bzip2Encoder {
    /** What other encoders keep free. */
    private static final int BLOCK_BYTES = 900_000 - 19;

    private static final int MAX_RUN = 255;

    private final byte[] content;
    private final BitWriter out = new BitWriter();
    private final Checksum checksum = new Checksum();
    private byte[] block = new byte[0];
    private int size;
    private int at;
    private int streamSum;

    private Bzip2Encoder(byte[] content) {
        this.content = content;
    }

    /**
     * Compresses.
     *
     * @param content any bytes
     * @return one stream; the same for the same content
     */
    public static byte[] encode(byte[] content) {
        return new Bzip2Encoder(content).run();
    }

    private byte[] run() {
        block = new byte[(int) Math.min(BLOCK_BYTES, content.length + content.length / 4 + 8L)];
        out.write(32, 0x425A6839);
        while (at < content.length) {
            int from = at;
            fill();
            checksum.reset();
            checksum.update(content, from, at);
            int sum = checksum.value();
            streamSum = Integer.rotateLeft(streamSum, 1) ^ sum;
            out.write48(Bzip2Decoder.BLOCK_MAGIC);
            out.write(32, sum);
            writeBlock();
        }
        out.write48(Bzip2Decoder.END_MAGIC);
        out.write(32, streamSum);
        return out.finish();
    }

    /** Takes content for a block; a run of four to 255 equal bytes becomes four and a count. */
    private void fill() {
        size = 0;
        while (at < content.length && size <= block.length - 5) {
            byte value = content[at];
            int end = Math.min(content.length, at + MAX_RUN);
            int begun = at++;
            while (at < end && content[at] == value) {
                at++;
            }
            int run = at - begun;
            for (int i = Math.min(4, run); i > 0; i--) {
                block[size++] = value;
            }
            if (run >= 4) {
                block[size++] = (byte) (run - 4);
            }
        }
    }

    private void writeBlock() {
        SortedBlock sorted = SortedBlock.of(block, size);
        out.write(1, 0);
        out.write(24, sorted.origin());
        byte[] order = new byte[256];
        int alphabet = writeAlphabet(order);
        char[] symbols = new char[size + 1];
        int count = 0;
        int run = 0;
        for (byte value : sorted.lasts()) {
            if (value == order[0]) {
                run++;
            } else {
                count = putRun(symbols, count, run);
                run = 0;
                symbols[count++] = (char) (moveToFront(order, value) + 1);
            }
        }
        count = putRun(symbols, count, run);
        symbols[count++] = (char) (alphabet + 1);
        new HuffmanEncoder(symbols, count, alphabet + 2).write(out);
    }

    /** Tells which bytes occur, and lists them in ascending order; returns how many. */
    private int writeAlphabet(byte[] order) {
        boolean[] occurs = new boolean[256];
        for (int i = 0; i < size; i++) {
            occurs[block[i] & 0xFF] = true;
        }
        int count = 0;
        int ranges = 0;
        int[] present = new int[16];
        for (int value = 0; value < 256; value++) {
            if (occurs[value]) {
                order[count++] = (byte) value;
                ranges |= 0x8000 >>> (value >>> 4);
                present[value >>> 4] |= 0x8000 >>> (value & 15);
            }
        }
        out.write(16, ranges);
        for (int p : present) {
            if (p != 0) {
                out.write(16, p);
            }
        }
        return count;
    }

    /** A run of the byte in front as a number with the digits 1 and 2, the lowest first. */
    private static int putRun(char[] symbols, int from, int run) {
        int to = from;
        for (int rest = run; rest > 0; rest = (rest - 1) / 2) {
            symbols[to++] = (char) (rest - 1 & 1);
        }
        return to;
    }

    private static int moveToFront(byte[] order, byte value) {
        byte moving = order[0];
        int rank = 0;
        while (moving != value) {
            rank++;
            byte next = order[rank];
            order[rank] = moving;
            moving = next;
        }
        order[0] = value;
        return rank;
    }
}
