package dev.fieldproof.benchmarks.scorecard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void takesQuartilesOfUnsortedValues() {
        assertEquals(new Spread(2, 3, 4, 5), Spread.of(new double[] {5, 1, 4, 2, 3}));
    }

    @Test
    void interpolatesBetweenNeighbours() {
        assertEquals(new Spread(1.25, 1.5, 1.75, 2), Spread.of(new double[] {2, 1}));
    }

    @Test
    void leavesTheCallersArrayAlone() {
        double[] values = {3, 1, 2};
        Spread.of(values);
        assertEquals(3, values[0]);
    }

    @Test
    void needsAValue() {
        assertThrows(IllegalArgumentException.class, () -> Spread.of(new double[0]));
    }
}
