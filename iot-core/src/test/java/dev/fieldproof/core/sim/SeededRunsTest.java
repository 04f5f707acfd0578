package dev.fieldproof.core.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SeededRunsTest {
    @Test
    void drawsTheSameInputsEveryTime() {
        List<Long> first = new ArrayList<>();
        List<Long> second = new ArrayList<>();
        SeededRuns.check(5, random -> first.add(random.nextLong()));
        SeededRuns.check(5, random -> second.add(random.nextLong()));
        assertEquals(5, first.stream().distinct().count());
        assertEquals(first, second);
    }

    @Test
    void namesTheSeedThatFails() {
        AssertionError error = assertThrows(
                AssertionError.class,
                () -> SeededRuns.check(100, random -> {
                    if (random.nextInt(10) == 3) {
                        throw new IllegalStateException("three");
                    }
                }));
        String hex = error.getMessage().replaceAll(".*-Dfieldproof.seed=([0-9a-f]+).*", "$1");
        assertEquals(3, new SplittableRandom(Long.parseUnsignedLong(hex, 16)).nextInt(10));
    }

    @Test
    void shrinksAListToWhatMakesItFail() {
        AssertionError error = assertThrows(
                AssertionError.class,
                () -> SeededRuns.checkLists(
                        1,
                        random -> random.ints(200, 0, 1000).boxed().toList(),
                        list -> assertTrue(list.stream().filter(i -> i >= 500).count() < 3)));
        assertTrue(error.getMessage().contains("with 3 of 200 elements"), error.getMessage());
    }
}
