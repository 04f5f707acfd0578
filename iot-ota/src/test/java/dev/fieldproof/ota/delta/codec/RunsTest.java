package dev.fieldproof.ota.delta.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Decisions about runs, against a coder that writes down what it is asked for. */
class RunsTest {
    /** Takes down each bit, or gives those taken down. */
    private static final class Tape implements BitCoder {
        final List<Integer> bits = new ArrayList<>();
        double cost;
        int next = -1;

        @Override
        public int code(int bit, int probability) {
            assertTrue(probability >= 1 && probability <= 65535, () -> "probability " + probability);
            int coded = next < 0 ? bit : bits.get(next++);
            if (next < 0) {
                bits.add(bit);
            }
            cost -= Math.log((coded != 0 ? probability : 65536 - probability) / 65536.0) / Math.log(2);
            return coded;
        }

        @Override
        public boolean ready() {
            return true;
        }
    }

    /** Codes a run in which the byte at an index is the first that does not stay, if any is; returns the index. */
    private static int code(Runs runs, int length, int first) {
        if (runs.code(first < 0, length, 4)) {
            return -1;
        }
        int i = 0;
        while (runs.codeOne(i != first, i)) {
            i++;
        }
        assertFalse(runs.isOpen());
        return i;
    }

    @Test
    void theFirstByteThatDoesNotStayIsFoundAgainWhereverItIs() {
        for (int length = 1; length <= Runs.LONGEST; length++) {
            for (int first = -1; first < length; first++) {
                Tape tape = new Tape();
                code(new Runs(tape), length, first);
                tape.next = 0;
                assertEquals(first, code(new Runs(tape), length, -2));
                assertEquals(tape.bits.size(), tape.next);
            }
        }
    }

    @Test
    void theLastByteNeedsNoDecision() {
        Tape tape = new Tape();
        code(new Runs(tape), 1, 0);
        assertEquals(List.of(0), tape.bits);
        tape.bits.clear();
        code(new Runs(tape), 4, 3);
        assertEquals(List.of(0, 1, 1, 1), tape.bits);
    }

    @Test
    void runsThatStayCostNextToNothing() {
        Tape tape = new Tape();
        Runs runs = new Runs(tape);
        for (int i = 0; i < 1000; i++) {
            assertEquals(-1, code(runs, Runs.LONGEST, -1));
        }
        double before = tape.cost;
        for (int i = 0; i < 1000; i++) {
            code(runs, Runs.LONGEST, -1);
        }
        assertTrue(tape.cost - before < 20, () -> "bits: " + (tape.cost - before));
    }

    @Test
    void everyCellExists() {
        Random random = new Random(1);
        Tape tape = new Tape();
        Runs runs = new Runs(tape);
        for (int since = 4; since <= 15; since++) {
            for (int length = 1; length <= Runs.LONGEST; length++) {
                runs.code(false, length, since);
                while (runs.codeOne(random.nextInt(9) > 0, random.nextInt())) {
                    assertTrue(runs.isOpen());
                }
            }
        }
    }
}
