package dev.fieldproof.ota.delta.bzip2;

import java.util.Arrays;

/**
 * Decodes one stream. Work and memory are bounded: a block is decoded only when its first byte is asked for, and holds
 * at most 900,000 symbols of 4 bytes. Blocks that are "randomised", as no encoder has made them since 2000, are
 * refused. Not thread-safe.
 */
public final class Bzip2Decoder {
    static final int GROUP_SYMBOLS = 50;
    static final int MAX_TABLES = 6;
    static final int MAX_SELECTORS = 18_002;
    static final long BLOCK_MAGIC = 0x3141_5926_5359L;
    static final long END_MAGIC = 0x1772_4538_5090L;
    private static final int FIRST_CAPACITY = 1 << 16;

    private final BitReader in;
    private final HuffmanDecoder[] tables = new HuffmanDecoder[MAX_TABLES];
    private final byte[] selectors = new byte[MAX_SELECTORS];
    private final byte[] order = new byte[256];
    private final byte[] lengths = new byte[258];
    private final int[] counts = new int[256];
    private final Checksum checksum = new Checksum();

    /** Each symbol of the block in its lowest 8 bits, and above them where the next one stands. */
    private int[] links = new int[0];

    private int blockLimit;
    private int blockSum;
    private int streamSum;
    private boolean inBlock;
    private boolean ended;

    /** How many symbols of the block are left, and which comes next. */
    private int left;

    private int link;
    private int last;
    /** How often in a row the last byte came; the fourth time a count follows. */
    private int same;

    private int repeats;

    /**
     * Opens a stream.
     *
     * @param bytes hold it, not copied
     * @param from index of its first byte
     * @param length how many bytes there are; what follows the stream is left alone
     */
    public Bzip2Decoder(byte[] bytes, int from, int length) {
        this.in = new BitReader(bytes, from, length);
        for (int i = 0; i < MAX_TABLES; i++) {
            tables[i] = new HuffmanDecoder();
        }
    }

    /**
     * How much has been read; the size of the stream once {@link #read} has come to its end.
     *
     * @return in bytes
     */
    public int offset() {
        return in.offset();
    }

    /**
     * Decodes bytes.
     *
     * @param out receives them
     * @param from index of the first
     * @param length how many are wanted
     * @return how many there were; less than {@code length} only at the end of the stream
     * @throws Bzip2Exception if the stream breaks a rule; {@code out} may have received bytes of the block at hand
     */
    public int read(byte[] out, int from, int length) throws Bzip2Exception {
        int to = from;
        int summed = from;
        int end = from + length;
        while (to < end) {
            if (repeats > 0) {
                int begun = to;
                to = Math.min(end, to + repeats);
                Arrays.fill(out, begun, to, (byte) last);
                repeats -= to - begun;
            } else if (left > 0) {
                to = expand(out, to, end);
            } else {
                checksum.update(out, summed, to);
                summed = to;
                if (!nextBlock()) {
                    break;
                }
            }
        }
        checksum.update(out, summed, to);
        return to - from;
    }

    /** Follows the links up to the next run of equal bytes. */
    private int expand(byte[] out, int from, int end) {
        int to = from;
        while (to < end && left > 0) {
            int entry = links[link];
            int value = entry & 0xFF;
            link = entry >>> 8;
            left--;
            if (same == 4) {
                same = 0;
                if (value > 0) {
                    repeats = value;
                    break;
                }
            } else {
                same = value == last ? same + 1 : 1;
                last = value;
                out[to++] = (byte) value;
            }
        }
        return to;
    }

    /** Goes on to the next block; false at the end of the stream. */
    private boolean nextBlock() throws Bzip2Exception {
        if (ended) {
            return false;
        }
        if (blockLimit == 0) {
            in.require(in.read(24) == 0x425A68, "a stream must begin with BZh");
            int level = in.read(8) - '0';
            in.require(level >= 1 && level <= 9, "the size of the blocks must be 1 to 9");
            blockLimit = level * 100_000;
        }
        if (inBlock) {
            in.require(checksum.value() == blockSum, "a block must have the CRC before it");
            streamSum = Integer.rotateLeft(streamSum, 1) ^ blockSum;
            inBlock = false;
        }
        long magic = (long) in.read(24) << 24 | in.read(24);
        blockSum = in.read(32);
        if (magic == END_MAGIC) {
            in.require(blockSum == streamSum, "a stream must have the CRC at its end");
            ended = true;
            return false;
        }
        in.require(magic == BLOCK_MAGIC, "a block must begin with its magic number");
        inBlock = true;
        checksum.reset();
        readBlock();
        same = 0;
        last = -1;
        return true;
    }

    private void readBlock() throws Bzip2Exception {
        in.require(in.read(1) == 0, "a block must not be randomised");
        int origin = in.read(24);
        int symbols = readAlphabet() + 2;
        int tableCount = in.read(3);
        in.require(tableCount >= 2 && tableCount <= MAX_TABLES, "there must be 2 to 6 tables");
        int selectorCount = readSelectors(tableCount);
        for (int t = 0; t < tableCount; t++) {
            readTable(tables[t], symbols);
        }
        Arrays.fill(counts, 0);
        left = readSymbols(symbols - 1, selectorCount);
        in.require(origin < left, "the origin must lie within the block");
        link(origin);
    }

    /** Which bytes occur; returns how many. */
    private int readAlphabet() throws Bzip2Exception {
        int ranges = in.read(16);
        int count = 0;
        for (int range = 0; range < 16; range++) {
            int present = (ranges >>> (15 - range) & 1) != 0 ? in.read(16) : 0;
            for (int i = 0; i < 16; i++) {
                if ((present >>> (15 - i) & 1) != 0) {
                    order[count++] = (byte) (range << 4 | i);
                }
            }
        }
        in.require(count > 0, "a block must have bytes");
        return count;
    }

    private int readSelectors(int tableCount) throws Bzip2Exception {
        int count = in.read(15);
        in.require(count > 0, "there must be selectors");
        byte[] recent = {0, 1, 2, 3, 4, 5};
        for (int i = 0; i < count; i++) {
            int rank = 0;
            while (in.read(1) != 0) {
                in.require(++rank < tableCount, "a selector must name a table");
            }
            moveToFront(recent, rank);
            if (i < MAX_SELECTORS) {
                selectors[i] = recent[0];
            }
        }
        return Math.min(count, MAX_SELECTORS);
    }

    private static void moveToFront(byte[] list, int rank) {
        byte value = list[rank];
        System.arraycopy(list, 0, list, 1, rank);
        list[0] = value;
    }

    private void readTable(HuffmanDecoder table, int symbols) throws Bzip2Exception {
        int length = in.read(5);
        for (int symbol = 0; symbol < symbols; symbol++) {
            while (in.read(1) != 0) {
                length += in.read(1) == 0 ? 1 : -1;
                in.require(length > 0 && length <= HuffmanDecoder.MAX_BITS, "a word must have 1 to 20 bits");
            }
            in.require(length > 0 && length <= HuffmanDecoder.MAX_BITS, "a word must have 1 to 20 bits");
            lengths[symbol] = (byte) length;
        }
        table.build(lengths, symbols, in);
    }

    /** Undoes the Huffman code, the runs and the move to front; returns how many symbols the block has. */
    private int readSymbols(int last, int selectorCount) throws Bzip2Exception {
        int size = 0;
        int run = 0;
        int weight = 1;
        for (int group = 0; ; group++) {
            in.require(group < selectorCount, "each group of symbols must have a selector");
            HuffmanDecoder table = tables[selectors[group]];
            for (int i = 0; i < GROUP_SYMBOLS; i++) {
                int symbol = table.next(in);
                if (symbol <= 1) {
                    run += weight << symbol;
                    weight <<= 1;
                    in.require(run <= blockLimit - size, "a block must not be larger than it says");
                    continue;
                }
                if (run > 0) {
                    size = append(order[0], run, size);
                    run = 0;
                    weight = 1;
                }
                if (symbol == last) {
                    in.requireInput();
                    return size;
                }
                in.require(size < blockLimit, "a block must not be larger than it says");
                moveToFront(order, symbol - 1);
                size = append(order[0], 1, size);
            }
            in.requireInput();
        }
    }

    private int append(byte value, int times, int size) {
        if (links.length < size + times) {
            int doubled = Math.max(FIRST_CAPACITY, Math.max(2 * links.length, size + times));
            links = Arrays.copyOf(links, Math.min(blockLimit, doubled));
        }
        Arrays.fill(links, size, size + times, value & 0xFF);
        counts[value & 0xFF] += times;
        return size + times;
    }

    /** Undoes the sorting: from each symbol to the one after it. */
    private void link(int origin) {
        int sum = 0;
        for (int i = 0; i < counts.length; i++) {
            sum += counts[i];
            counts[i] = sum - counts[i];
        }
        for (int i = 0; i < left; i++) {
            links[counts[links[i] & 0xFF]++] |= i << 8;
        }
        link = links[origin] >>> 8;
    }
}
