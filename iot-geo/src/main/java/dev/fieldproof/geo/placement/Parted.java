package dev.fieldproof.geo.placement;

import dev.fieldproof.geo.placement.ExactPlacer.Progress;
import dev.fieldproof.geo.placement.ExactPlacer.Solution;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What hangs together solved by itself, the small parts first.
 *
 * @param chosen columns for all parts
 * @param fewest nothing cheaper does
 * @param proof that this is so
 * @param work it took
 */
record Parted(List<Integer> chosen, int fewest, Proof proof, long work) {
    /** Leaves out what is implied and solves the rest; null if greed finds no choice for a part. */
    static @Nullable Parted solve(CoverProblem whole, long maxWork, Progress progress, BooleanSupplier cancelled) {
        Prices state = new Prices(whole);
        Reduction reduction = new Reduction(whole, state, whole.seers());
        reduction.reduce();
        Parted found = solve(whole, Component.of(whole, state), maxWork, progress, cancelled);
        return found == null
                ? null
                : new Parted(found.chosen, found.fewest, reduction.proof(found.proof), found.work + whole.size());
    }

    /** Solves parts; null if greed finds no choice for one. */
    static @Nullable Parted solve(
            CoverProblem whole, List<Component> given, long maxWork, Progress progress, BooleanSupplier cancelled) {
        List<Component> parts = new ArrayList<>(given);
        parts.sort(Comparator.comparingInt(part -> part.columns().length));
        List<List<Integer>> greedy = new ArrayList<>();
        int total = 0;
        for (Component part : parts) {
            List<Integer> start = ExactPlacer.greedy(part.problem());
            if (!part.problem().isMetBy(start)) {
                return null;
            }
            greedy.add(start);
            total += part.problem().cost(start);
        }
        List<Integer> chosen = new ArrayList<>();
        List<Proof.Part> proofs = new ArrayList<>();
        int fewest = 0;
        long work = 0;
        for (int p = 0; p < parts.size(); p++) {
            Component part = parts.get(p);
            int others = total - part.problem().cost(greedy.get(p));
            int shown = fewest + parts.size() - p - 1;
            LinearBranching own = new LinearBranching(
                    part.problem(),
                    greedy.get(p),
                    maxWork - work,
                    (cost, bound) -> progress.found(others + cost, shown + bound),
                    cancelled);
            Solution solution = own.solve();
            work += own.work();
            total += part.problem().cost(solution.chosen()) - part.problem().cost(greedy.get(p));
            fewest += solution.lowerBound();
            solution.chosen().forEach(j -> chosen.add(part.columns()[j]));
            proofs.add(new Proof.Part(part.rows(), solution.lowerBound(), part.whole(solution.proof())));
        }
        Proof proof = proofs.size() == 1 ? proofs.get(0).proof() : new Proof.Parts(proofs);
        return new Parted(chosen, fewest, proof, work);
    }
}
