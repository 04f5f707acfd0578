package dev.fieldproof.ota.delta.codec;

import java.util.Arrays;

/**
 * Adaptive probabilities and their mixing in the logistic domain (M. Mahoney, "Adaptive Weighing of Context Models for
 * Lossless Data Compression", 2005), integers only. A cell holds a probability in its upper 16 bits and a count in its
 * lower 16; the more it has seen, the slower it moves. In the small profile the probability has 12 bits and the count
 * ends at 15, so that a device keeps a cell in 16 bits.
 */
final class Mixer {
    private static final int MAX_INPUTS = 16;
    private static final int NEW_CELL = 1 << 31;
    private static final int[] RATE = new int[256];
    private static final int SMALL_ONE = (1 << 12) - 1;
    private static final int[] SMALL_RATE = {
        40960, 25206, 18204, 14246, 11702, 9929, 8623, 7620, 6087, 5429, 4841, 4317, 3850, 3433, 3062, 2730
    };

    static {
        for (int n = 0; n < RATE.length; n++) {
            RATE[n] = (65536 * 10) / (10 * n + 16);
        }
    }

    private final BitCoder coder;
    private final boolean small;
    private final int[] cells;
    private final int[] weights;
    private int nextCell;
    private int nextWeight;

    private final int[] used = new int[MAX_INPUTS];
    private final int[] stretched = new int[MAX_INPUTS];
    private int inputs;

    Mixer(BitCoder coder, boolean small, int cellCount, int weightCount) {
        this.coder = coder;
        this.small = small;
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
        int value = cells[cell];
        stretched[inputs++] = small ? Logistic.stretchSmall(value >>> 20) : Logistic.stretch(Math.max(1, value >>> 16));
    }

    /** Whether the probability of a cell of the small profile cannot rise any more. */
    boolean isSure(int cell) {
        return cells[cell] >>> 20 == SMALL_ONE;
    }

    /** Adds nothing in the place of a context that is not known. */
    void useNothing() {
        used[inputs] = -1;
        stretched[inputs++] = 0;
    }

    /** Sets the probability of a cell, in 1/65536 and a multiple of 1/4096, as if seen once. */
    void set(int cell, int probability) {
        cells[cell] = probability << 16 | 1;
    }

    /**
     * Codes a bit with the mix of the cells added since the last one.
     *
     * @param bit the bit when encoding
     * @param weight first of as many weights as cells were added
     * @param rate how fast the weights learn
     * @param limit count at which the cells of the full profile stop slowing down, below 256
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
        if (small) {
            cells[cell] = learned(value >>> 20, value & 0xFFFF, bit);
            return;
        }
        int p = value >>> 16;
        int count = value & 0xFFFF;
        if (bit != 0) {
            p += ((65535 - p) * RATE[count] + 65535) >>> 16;
        } else {
            p -= (p * RATE[count] + 65535) >>> 16;
        }
        cells[cell] = p << 16 | (count < limit ? count + 1 : count);
    }

    private static int learned(int probability, int count, int bit) {
        int far = bit != 0 ? SMALL_ONE - probability : probability;
        int step = (far * SMALL_RATE[count] + 65535) >>> 16;
        return (bit != 0 ? probability + step : probability - step) << 20 | Math.min(count + 1, 15);
    }
}
