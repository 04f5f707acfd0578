package dev.fieldproof.serial.deflate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class PrefixCodeTest {
    /** What Huffman's own procedure needs: the sum of all merged weights. */
    private static long huffmanCost(int[] counts) {
        PriorityQueue<Long> queue = new PriorityQueue<>();
        for (int count : counts) {
            if (count > 0) {
                queue.add((long) count);
            }
        }
        long cost = 0;
        while (queue.size() > 1) {
            long merged = queue.remove() + queue.remove();
            cost += merged;
            queue.add(merged);
        }
        return cost;
    }

    private static void assertComplete(PrefixCode code, int symbols, int maxBits) {
        long taken = 0;
        for (int i = 0; i < symbols; i++) {
            assertTrue(code.bits(i) <= maxBits, code.bits(i) + " bits");
            taken += code.bits(i) == 0 ? 0 : 1L << (maxBits - code.bits(i));
        }
        assertEquals(1L << maxBits, taken, "Kraft's sum is one");
    }

    @Test
    void isAsShortAsHuffmansWhereTheLimitDoesNotBind() {
        SeededRuns.check(300, random -> {
            int[] counts = new int[2 + random.nextInt(286)];
            for (int i = 0; i < counts.length; i++) {
                counts[i] = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(20);
            }
            counts[0] = 5;
            counts[1] = 7;
            PrefixCode code = PrefixCode.of(counts, 15);
            assertComplete(code, counts.length, 15);
            assertEquals(huffmanCost(counts), code.cost(counts));
        });
    }

    /** Fibonacci counts want the longest codewords of all. */
    @Test
    void keepsTheLimitAndIsBestUnderIt() {
        int[] counts = new int[12];
        counts[0] = 1;
        counts[1] = 1;
        for (int i = 2; i < counts.length; i++) {
            counts[i] = counts[i - 1] + counts[i - 2];
        }
        PrefixCode free = PrefixCode.of(counts, 15);
        assertEquals(11, free.bits(0));
        assertEquals(huffmanCost(counts), free.cost(counts));
        long before = free.cost(counts);
        for (int limit = 10; limit >= 4; limit--) {
            PrefixCode code = PrefixCode.of(counts, limit);
            assertComplete(code, counts.length, limit);
            assertTrue(code.cost(counts) >= before, "a tighter limit never costs less");
            assertEquals(bestCost(counts, limit), code.cost(counts), "limit " + limit);
            before = code.cost(counts);
        }
    }

    /** By trying every way to spend Kraft's sum, rarest symbols first, lengths never growing. */
    private static long bestCost(int[] ascending, int limit) {
        return bestCost(ascending, 0, limit, limit, 1L << limit);
    }

    private static long bestCost(int[] counts, int at, int longest, int limit, long left) {
        if (at == counts.length) {
            return left == 0 ? 0 : Long.MAX_VALUE / 2;
        }
        long best = Long.MAX_VALUE / 2;
        for (int bits = longest; bits >= 1; bits--) {
            long share = 1L << (limit - bits);
            boolean roomForTheRest = left - share >= (counts.length - at - 1) * share;
            if (share <= left && roomForTheRest) {
                best = Math.min(best, (long) bits * counts[at] + bestCost(counts, at + 1, bits, limit, left - share));
            }
        }
        return best;
    }

    @Test
    void aLoneSymbolGetsACompanion() {
        int[] counts = new int[30];
        counts[7] = 3;
        assertComplete(PrefixCode.of(counts, 15), 30, 15);
        assertComplete(PrefixCode.of(new int[30], 15), 30, 15);
    }
}
