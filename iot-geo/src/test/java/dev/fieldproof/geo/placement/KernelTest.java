package dev.fieldproof.geo.placement;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class KernelTest {
    private static final int COLUMNS = 7;
    private static final int VARIABLES = 9;

    /** What entering {@code variable} takes from each price. */
    private static double[] fall(Kernel kernel, double[][] matrix, int variable) {
        double[] fall = new double[COLUMNS];
        for (int q = 0; q < kernel.size; q++) {
            for (int p = 0; p < kernel.size; p++) {
                fall[q] += kernel.inverse[q][p] * matrix[kernel.tight[p]][variable];
            }
        }
        return fall;
    }

    /** The row of the inverse that belongs to the slack of a column. */
    private static double[] slackRow(Kernel kernel, double[][] matrix, int column, double pivot) {
        double[] row = new double[COLUMNS];
        for (int p = 0; p < kernel.size; p++) {
            for (int q = 0; q < kernel.size; q++) {
                row[p] -= matrix[column][kernel.prices[q]] * kernel.inverse[q][p] / pivot;
            }
        }
        return row;
    }

    private static double lack(Kernel kernel, double[][] matrix, int column, int variable, double[] fall) {
        double lack = variable < 0 ? 0 : matrix[column][variable];
        for (int q = 0; q < kernel.size; q++) {
            lack -= matrix[column][kernel.prices[q]] * fall[q];
        }
        return lack;
    }

    private static void step(Kernel kernel, double[][] matrix, RandomGenerator random) {
        int variable = random.nextInt(VARIABLES);
        int column = random.nextInt(COLUMNS);
        boolean slackEnters = kernel.size > 0 && random.nextInt(3) == 0;
        if (slackEnters ? kernel.tightPlace[column] < 0 : kernel.pricePlace[variable] >= 0) {
            return;
        }
        double[] fall = new double[COLUMNS];
        if (slackEnters) {
            for (int q = 0; q < kernel.size; q++) {
                fall[q] = kernel.inverse[q][kernel.tightPlace[column]];
            }
        } else {
            fall = fall(kernel, matrix, variable);
        }
        int leaving = random.nextInt(COLUMNS);
        if (random.nextBoolean() && kernel.size > 0) {
            int at = leaving % kernel.size;
            if (Math.abs(fall[at]) < 0.2) {
                return;
            }
            double[] row = new double[COLUMNS];
            for (int p = 0; p < kernel.size; p++) {
                row[p] = kernel.inverse[at][p] / fall[at];
            }
            kernel.subtract(fall, row);
            if (slackEnters) {
                kernel.shrink(at, kernel.tightPlace[column]);
            } else {
                kernel.replacePrice(at, variable, row);
            }
        } else if (kernel.tightPlace[leaving] < 0) {
            double pivot = lack(kernel, matrix, leaving, slackEnters ? -1 : variable, fall);
            if (Math.abs(pivot) < 0.2) {
                return;
            }
            double[] row = slackRow(kernel, matrix, leaving, pivot);
            kernel.subtract(fall, row);
            if (slackEnters) {
                kernel.replaceTight(kernel.tightPlace[column], leaving, fall, pivot);
            } else {
                kernel.grow(variable, leaving, fall, row, pivot);
            }
        }
    }

    private static double[][] square(Kernel kernel, double[][] matrix) {
        double[][] square = new double[kernel.size][kernel.size];
        for (int p = 0; p < kernel.size; p++) {
            for (int q = 0; q < kernel.size; q++) {
                square[p][q] = matrix[kernel.tight[p]][kernel.prices[q]];
            }
        }
        return square;
    }

    private static void assertInverse(Kernel kernel, double[][] matrix) {
        double[][] square = square(kernel, matrix);
        for (int q = 0; q < kernel.size; q++) {
            assertEquals(q, kernel.pricePlace[kernel.prices[q]]);
            assertEquals(q, kernel.tightPlace[kernel.tight[q]]);
            for (int k = 0; k < kernel.size; k++) {
                double sum = 0;
                for (int p = 0; p < kernel.size; p++) {
                    sum += kernel.inverse[q][p] * square[p][k];
                }
                assertEquals(q == k ? 1 : 0, sum, 1e-6);
            }
        }
    }

    @Test
    void howeverItWasReachedItIsTheInverse() {
        int[] sizes = new int[COLUMNS + 1];
        SeededRuns.check(200, random -> {
            double[][] matrix = new double[COLUMNS][VARIABLES];
            for (double[] row : matrix) {
                Arrays.setAll(row, v -> random.nextInt(3) - (v == 0 ? 1 : 0));
            }
            Kernel kernel = new Kernel(VARIABLES, COLUMNS);
            for (int n = 0; n < 40; n++) {
                step(kernel, matrix, random);
                assertInverse(kernel, matrix);
                sizes[kernel.size]++;
            }
            Kernel.Snapshot saved = kernel.save();
            double[][] before = Arrays.stream(kernel.inverse, 0, kernel.size)
                    .map(double[]::clone)
                    .toArray(double[][]::new);
            int size = kernel.size;
            assertTrue(kernel.invert(square(kernel, matrix)));
            for (int q = 0; q < size; q++) {
                assertArrayEquals(Arrays.copyOf(before[q], size), Arrays.copyOf(kernel.inverse[q], size), 1e-6, "anew");
            }
            for (int n = 0; n < 10; n++) {
                step(kernel, matrix, random);
            }
            kernel.restore(saved);
            assertEquals(size, kernel.size);
            assertInverse(kernel, matrix);
        });
        assertTrue(Arrays.stream(sizes).filter(count -> count > 20).count() > 4, () -> Arrays.toString(sizes));
    }

    @Test
    void whatHasNoInverseIsSaid() {
        Kernel kernel = new Kernel(2, 2);
        kernel.grow(0, 0, new double[2], new double[2], 1);
        kernel.grow(1, 1, new double[2], new double[2], 1);
        assertFalse(kernel.invert(new double[][] {{1, 2}, {2, 4}}));
        kernel.clear();
        assertEquals(0, kernel.size);
        assertTrue(kernel.pricePlace[1] < 0 && kernel.tightPlace[0] < 0);
    }
}
