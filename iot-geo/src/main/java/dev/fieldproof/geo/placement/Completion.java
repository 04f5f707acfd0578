package dev.fieldproof.geo.placement;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Makes a choice of what prices like. Stateless and thread-safe. */
final class Completion {
    private Completion() {}

    /** Takes columns by falling share as long as they add something, then drops what is needless; or the other. */
    static List<Integer> of(CoverProblem problem, IntToDoubleFunction share, List<Integer> otherwise) {
        int[] open = problem.need().clone();
        boolean[] used = new boolean[problem.groups()];
        List<Integer> chosen = new ArrayList<>();
        List<Integer> order = new ArrayList<>();
        for (int j = 0; j < problem.columns().length; j++) {
            order.add(j);
        }
        order.sort(Comparator.comparingDouble((Integer j) -> -share.applyAsDouble(j)));
        long unmet = 0;
        for (int i = 0; i < open.length; i++) {
            unmet += open[i] * problem.weight()[i];
        }
        for (int j : order) {
            long gain = 0;
            for (int i : problem.columns()[j]) {
                gain += open[i] > 0 ? problem.weight()[i] : 0;
            }
            if (unmet > problem.slack() && gain > 0 && !used[problem.group()[j]]) {
                used[problem.group()[j]] = true;
                chosen.add(j);
                unmet -= gain;
                for (int i : problem.columns()[j]) {
                    open[i]--;
                }
            }
        }
        if (unmet > problem.slack()) {
            return otherwise;
        }
        for (int k = chosen.size() - 1; k >= 0; k--) {
            Integer dropped = chosen.remove(k);
            if (problem.open(chosen) > problem.slack()) {
                chosen.add(k, dropped);
            }
        }
        return chosen;
    }
}
