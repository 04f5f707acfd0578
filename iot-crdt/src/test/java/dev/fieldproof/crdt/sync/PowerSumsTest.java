package dev.fieldproof.crdt.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PowerSumsTest {
    private static final int[] EIGHT = IntStream.range(0, 8).toArray();

    private static int[] sums(int[] weights, int count) {
        int[] sums = new int[count];
        for (int key = 0; key < weights.length; key++) {
            PowerSums.add(sums, key, weights[key]);
        }
        return sums;
    }

    @Test
    void findsOneChangedKeyAsWorkedOutByHand() {
        int[] b = IntStream.range(0, 8).map(i -> 101 + i).toArray();
        int[] a = b.clone();
        a[5] = 7_000_123;
        assertArrayEquals(new int[] {7_000_853, 8_449_480, 364_113, 2_192_874}, sums(a, 4));
        assertArrayEquals(new int[] {836, 3804, 21_696, 138_372}, sums(b, 4));
        int[] d = PowerSums.difference(sums(a, 4), sums(b, 4));
        assertArrayEquals(new int[] {7_000_017, 8_445_676, 342_417, 2_054_502}, d);
        assertArrayEquals(new int[] {5}, PowerSums.decode(d, 1, EIGHT).orElseThrow());
    }

    @Test
    void findsTwoChangedKeysAsWorkedOutByHand() {
        int[] b = IntStream.range(0, 8).map(i -> 101 + i).toArray();
        int[] a = b.clone();
        a[5] = 7_000_123;
        a[1] = 5;
        int[] d = PowerSums.difference(sums(a, 6), sums(b, 6));
        assertArrayEquals(new int[] {6_999_920, 8_445_482, 342_029, 2_053_726, 12_325_460, 6_850_116}, d);
        assertArrayEquals(new int[] {1, 16_777_205, 12}, PowerSums.berlekampMassey(d));
        assertArrayEquals(new int[] {1, 5}, PowerSums.decode(d, 2, EIGHT).orElseThrow());
    }

    @Test
    void equalMapsDifferInNothing() {
        assertArrayEquals(new int[0], PowerSums.decode(new int[5], 2, EIGHT).orElseThrow());
    }

    @Test
    void findsEveryDifferenceUpToTheCapacityAndRefusesMore() {
        int[] candidates = IntStream.range(0, 500).toArray();
        SeededRuns.check(2000, random -> {
            int differing = random.nextInt(24);
            TreeMap<Integer, Integer> changed = new TreeMap<>();
            while (changed.size() < differing) {
                changed.put(random.nextInt(500), 1 + random.nextInt(Field.P - 1));
            }
            int[] d = new int[PowerSums.countFor(16, 2)];
            changed.forEach((key, weight) -> PowerSums.add(d, key, weight));
            Optional<int[]> found = PowerSums.decode(d, 16, candidates);
            assertEquals(differing <= 16, found.isPresent());
            found.ifPresent(keys ->
                    assertArrayEquals(changed.keySet().stream().mapToInt(i -> i).toArray(), keys));
        });
    }

    @Test
    void withoutAnyCheckWrongKeysAreFoundSometimes() {
        int wrong = 0;
        int[] candidates = IntStream.range(0, 100_000).toArray();
        for (int seed = 0; seed < 300; seed++) {
            int[] without = new int[2];
            int[] with = new int[3];
            java.util.SplittableRandom random = new java.util.SplittableRandom(seed);
            for (int i = 0; i < 2; i++) {
                int key = random.nextInt(100_000);
                int weight = 1 + random.nextInt(Field.P - 1);
                PowerSums.add(without, key, weight);
                PowerSums.add(with, key, weight);
            }
            wrong += PowerSums.decode(without, 1, candidates).isPresent() ? 1 : 0;
            assertTrue(PowerSums.decode(with, 1, candidates).isEmpty());
        }
        assertTrue(wrong > 0, "the check sum would be useless");
    }

    @Test
    void arithmeticHoldsAtTheEdges() {
        assertEquals(1, Field.mul(Field.P - 1, Field.P - 1));
        assertEquals(0, Field.reduce(Field.P));
        assertEquals((int) (Long.MAX_VALUE / 4 % Field.P), Field.reduce(Long.MAX_VALUE / 4));
        for (int a : new int[] {1, 2, 3, 1 << 23, Field.P - 1}) {
            assertEquals(1, Field.mul(a, Field.inverse(a)));
        }
        assertEquals(
                0,
                Arrays.stream(new int[] {Field.add(Field.P - 1, 1), Field.sub(5, 5)})
                        .sum());
    }
}
