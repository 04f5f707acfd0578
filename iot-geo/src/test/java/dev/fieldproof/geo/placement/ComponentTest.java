package dev.fieldproof.geo.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComponentTest {
    private static final CoverProblem TWO_RINGS = twoRings();

    /** Rows and columns 0 to 4 are a ring, 5 to 11 another. */
    private static CoverProblem twoRings() {
        CoverProblem five = LinearBoundTest.ring(5);
        CoverProblem seven = LinearBoundTest.ring(7);
        int[][] columns = new int[12][];
        for (int j = 0; j < 12; j++) {
            columns[j] = j < 5
                    ? five.columns()[j]
                    : IntStream.of(seven.columns()[j - 5]).map(i -> i + 5).toArray();
        }
        int[] ones = new int[12];
        java.util.Arrays.fill(ones, 1);
        long[] weights = new long[12];
        java.util.Arrays.fill(weights, 1);
        return new CoverProblem(ones, weights, columns, IntStream.range(0, 12).toArray(), 12, 0);
    }

    private static String check(CoverProblem problem, int bound, Proof proof) {
        List<Integer> all = IntStream.range(0, problem.columns().length).boxed().toList();
        return ProofVerifier.check(problem, all, bound, proof);
    }

    @Test
    void whatHangsTogetherIsOnePart() {
        List<Component> parts = Component.of(TWO_RINGS, new Prices(TWO_RINGS));
        assertEquals(2, parts.size());
        assertEquals(
                List.of(5, 7), parts.stream().map(part -> part.rows().length).toList());
        assertEquals(11, parts.get(1).columns()[6]);
        Prices cut = new Prices(TWO_RINGS);
        cut.decide(0, Prices.LEFT);
        cut.decide(2, Prices.LEFT);
        assertEquals(3, Component.of(TWO_RINGS, cut).size(), "a ring without two columns falls apart");
    }

    @Test
    void partsAreSolvedByThemselvesAndTheProofIsInTheNumbersOfTheWhole() {
        Parted parted = Parted.solve(TWO_RINGS, 1_000_000, (size, bound) -> {}, () -> false);
        assertTrue(parted != null && TWO_RINGS.isMetBy(parted.chosen()));
        assertEquals(7, parted.fewest());
        assertEquals("", ProofVerifier.check(TWO_RINGS, parted.chosen(), 7, parted.proof()));
        assertNotEquals("", check(TWO_RINGS, 8, parted.proof()));
    }

    @Test
    void aTamperedPartIsRejected() {
        Parted parted = Parted.solve(TWO_RINGS, 1_000_000, (size, bound) -> {}, () -> false);
        assertTrue(parted != null);
        Proof proof = parted.proof();
        Proof.Parts parts = (Proof.Parts) (proof instanceof Proof.Reduced reduced ? reduced.rest() : proof);
        assertEquals("", check(TWO_RINGS, 7, parts));
        Proof.Part five = parts.parts().get(0);
        Proof.Part seven = parts.parts().get(1);
        Proof.Part more = new Proof.Part(five.rows(), 4, five.proof());
        assertNotEquals("", check(TWO_RINGS, 8, new Proof.Parts(List.of(more, seven))), "four for a ring of five");
        assertNotEquals("", check(TWO_RINGS, 7, new Proof.Parts(List.of(five))), "a part is missing");
        assertNotEquals("", check(TWO_RINGS, 10, new Proof.Parts(List.of(five, five, seven))), "the same part twice");
        assertNotEquals(
                "", check(TWO_RINGS, 7, new Proof.Parts(List.of(new Proof.Part(new int[] {99}, 7, seven.proof())))));
        CoverProblem joined =
                new CoverProblem(TWO_RINGS.need(), TWO_RINGS.weight(), joined(), TWO_RINGS.group(), 12, 0);
        assertNotEquals("", check(joined, 7, parts), "a column covers rows of both");
        assertNotEquals("", check(TWO_RINGS.withSlack(1), 7, parts), "with slack a part may be left to another");
    }

    private static int[][] joined() {
        int[][] columns = TWO_RINGS.columns().clone();
        columns[0] = new int[] {0, 1, 5};
        return columns;
    }
}
