package dev.fieldproof.geo.placement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EssenceTest {
    /** Row 0 is seen by columns 0 and 1, row 1 by 0, 1 and 2, row 2 by 2 alone, row 3 as row 0. */
    private static CoverProblem problem(int needOfTheSecond, long slack) {
        int[][] columns = {{0, 1, 3}, {0, 1, 3}, {1, 2}};
        return new CoverProblem(
                new int[] {1, needOfTheSecond, 1, 1}, new long[] {5, 6, 7, 8}, columns, new int[] {0, 1, 2}, 3, slack);
    }

    @Test
    void whatAnotherRowImpliesIsLeftOut() {
        Essence essence = Essence.of(problem(1, 0));
        assertArrayEquals(new int[] {0, 2}, essence.rows());
        assertArrayEquals(new int[] {0}, essence.problem().columns()[1]);
        assertArrayEquals(new int[] {1}, essence.problem().columns()[2]);
        assertArrayEquals(new long[] {5, 7}, essence.problem().weight());
    }

    @Test
    void aRowThatNeedsMoreIsNotImplied() {
        assertArrayEquals(new int[] {0, 1, 2}, Essence.of(problem(2, 0)).rows());
    }

    @Test
    void withSlackEveryRowCounts() {
        assertArrayEquals(new int[] {0, 1, 2, 3}, Essence.of(problem(1, 3)).rows());
    }

    @Test
    void proofsOfTheEssenceHoldForTheWholeAndPriceWhatIsLeftOutAtNothing() {
        Essence essence = Essence.of(problem(1, 0));
        Proof.Leaf leaf = (Proof.Leaf) essence.whole(new Proof.Leaf(new int[] {3, 4}, 9));
        assertArrayEquals(new int[] {3, 0, 4, 0}, leaf.prices());
        assertEquals(9, leaf.openPrice());
        Proof.Leaf plain = new Proof.Leaf(new int[4], 1);
        assertSame(plain, Essence.of(problem(1, 3)).whole(plain));
    }

    /** A choice meets the essence exactly if it meets the whole: no row is dropped that another does not imply. */
    @Test
    void theSameChoicesMeetBoth() {
        int[] dropped = {0};
        SeededRuns.check(300, random -> {
            int columns = random.nextInt(2, 9);
            int rows = random.nextInt(2, 14);
            int[][] lists = new int[columns][];
            int[] group = new int[columns];
            for (int j = 0; j < columns; j++) {
                group[j] = j;
                lists[j] = random.ints(0, rows).limit(rows).distinct().sorted().toArray();
            }
            int[] need = random.ints(rows, 1, 3).toArray();
            CoverProblem whole = new CoverProblem(need, random.longs(rows, 1, 5).toArray(), lists, group, columns, 0);
            Essence essence = Essence.of(whole);
            dropped[0] += rows - essence.rows().length;
            for (int mask = 0; mask < 1 << columns; mask++) {
                List<Integer> chosen = new ArrayList<>();
                for (int j = 0; j < columns; j++) {
                    if ((mask >> j & 1) != 0) {
                        chosen.add(j);
                    }
                }
                assertEquals(whole.isMetBy(chosen), essence.problem().isMetBy(chosen));
            }
        });
        assertTrue(dropped[0] > 300, () -> "dropped " + dropped[0]);
    }
}
