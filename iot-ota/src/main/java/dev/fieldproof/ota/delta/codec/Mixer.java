package dev.fieldproof.ota.delta.codec;

import java.util.Arrays;

/**
 * Adaptive probabilities and their mixing in the logistic domain (M. Mahoney, "Adaptive Weighing of Context Models for
 * Lossless Data Compression", 2005), integers only. A cell holds a probability in its upper 16 bits and a count in its
 * lower 16; the more it has seen, the slower it moves.
 */
final class Mixer {
    private static final int MAX_INPUTS = 16;
    private static final int NEW_CELL = 1 << 31;
    private static final int[] RATE = new int[256];

    static {
        for (int n = 0; n < RATE.length; n++) {
            RATE[n] = (65536 * 10) / (10 * n + 16);
        }
    }

    private final BitCoder coder;
    private final int[] cells;
    private final int[] weights;
    private int nextCell;
    private int nextWeight;

    private final int[] used = new int[MAX_INPUTS];
    private final int[] stretched = new int[MAX_INPUTS];
    private int inputs;

    Mixer(BitCoder coder, int cellCount, int weightCount) {
        this.coder = coder;
        this.cells = new int[cellCount];
        this.weights = new int[weightCount];
        Arrays.fill(cells, NEW_CELL);
    }

    /** Sets cells aside and returns the first one's index. */
    int region(int cellCount) {
        nextCell += cellCount;
        if (nextCell > cells.length) {
            throw new IllegalStateException("more than " + cells.length + " cells");
        }
        return nextCell - cellCount;
    }

    /** Sets weights aside for {@code sets} mixes of {@code inputs} each and returns the first one's index. */
    int weights(int sets, int inputs, int initial) {
        int first = nextWeight;
        nextWeight += sets * inputs;
        Arrays.fill(weights, first, nextWeight, initial);
        return first;
    }

    /** Sets one weight of each set. */
    void weigh(int first, int sets, int inputs, int input, int initial) {
        for (int i = 0; i < sets; i++) {
            weights[first + i * inputs + input] = initial;
        }
    }

    BitCoder coder() {
        return coder;
    }

    int cellsUsed() {
        return nextCell;
    }

    int weightsUsed() {
        return nextWeight;
    }

    /** Adds one context's cell to the next mix. */
    void use(int cell) {
        used[inputs] = cell;
        stretched[inputs++] = Logistic.stretch(Math.max(1, cells[cell] >>> 16));
    }

    /** Adds nothing in the place of a context that is not known. */
    void useNothing() {
        used[inputs] = -1;
        stretched[inputs++] = 0;
    }

    /** Sets the probability of a cell, in 1/65536, as if seen once. */
    void set(int cell, int probability) {
        cells[cell] = probability << 16 | 1;
    }

    /**
     * Codes a bit with the mix of the cells added since the last one.
     *
     * @param bit the bit when encoding
     * @param weight first of as many weights as cells were added
     * @param rate how fast the weights learn
     * @param limit count at which the cells stop slowing down, below 256
     */
    int mix(int bit, int weight, int rate, int limit) {
        long dot = 0;
        for (int i = 0; i < inputs; i++) {
            dot += (long) weights[weight + i] * stretched[i];
        }
        int p = Logistic.squash((int) (dot >> 16));
        int coded = coder.code(bit, p);
        int error = ((coded << 16) - p) * rate;
        for (int i = 0; i < inputs; i++) {
            if (used[i] >= 0) {
                weights[weight + i] += (int) (((long) stretched[i] * error + (1 << 17)) >> 18);
                learn(used[i], coded, limit);
            }
        }
        inputs = 0;
        return coded;
    }

    /** Codes a bit with one cell alone. */
    int direct(int bit, int cell, int limit) {
        int p = Math.max(32, Math.min(65536 - 32, cells[cell] >>> 16));
        int coded = coder.code(bit, p);
        learn(cell, coded, limit);
        return coded;
    }

    /** Codes a bit that is as likely 0 as 1. */
    int even(int bit) {
        return coder.code(bit, 1 << 15);
    }

    void learn(int cell, int bit, int limit) {
        int value = cells[cell];
        int p = value >>> 16;
        int count = value & 0xFFFF;
        if (bit != 0) {
            p += ((65535 - p) * RATE[count] + 65535) >>> 16;
        } else {
            p -= (p * RATE[count] + 65535) >>> 16;
        }
        cells[cell] = p << 16 | (count < limit ? count + 1 : count);
    }
}
