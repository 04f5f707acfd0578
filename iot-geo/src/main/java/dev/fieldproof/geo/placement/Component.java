package dev.fieldproof.geo.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of what is left to cover that shares no open column with the rest, as a problem of its own.
 *
 * @param problem the part
 * @param rows for each row of the part, its index in the whole
 * @param columns for each column of the part, its index in the whole
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Component(CoverProblem problem, int[] rows, int[] columns) {
    /** The parts in the order of their first rows; one if all hangs together. */
    static List<Component> of(CoverProblem whole, Prices state) {
        int[] need = state.need();
        int[] root = new int[need.length];
        Arrays.setAll(root, i -> i);
        for (int j = 0; j < whole.columns().length; j++) {
            if (state.isOpen(j)) {
                int first = -1;
                for (int i : whole.columns()[j]) {
                    if (need[i] > 0) {
                        first = first < 0 ? find(root, i) : first;
                        root[find(root, i)] = first;
                    }
                }
            }
        }
        Map<Integer, List<Integer>> members = new LinkedHashMap<>();
        for (int i = 0; i < need.length; i++) {
            if (need[i] > 0) {
                members.computeIfAbsent(find(root, i), key -> new ArrayList<>()).add(i);
            }
        }
        return members.values().stream().map(rows -> part(whole, state, rows)).toList();
    }

    private static int find(int[] root, int row) {
        int i = row;
        while (root[i] != i) {
            root[i] = root[root[i]];
            i = root[i];
        }
        return i;
    }

    private static Component part(CoverProblem whole, Prices state, List<Integer> members) {
        int[] rows = members.stream().mapToInt(Integer::intValue).toArray();
        int[] index = new int[whole.rows()];
        Arrays.fill(index, -1);
        int[] need = new int[rows.length];
        long[] weight = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            index[rows[i]] = i;
            need[i] = state.need()[rows[i]];
            weight[i] = whole.weight()[rows[i]];
        }
        List<int[]> lists = new ArrayList<>();
        List<Integer> columns = new ArrayList<>();
        for (int j = 0; j < whole.columns().length; j++) {
            if (state.isOpen(j)) {
                int[] list = Arrays.stream(whole.columns()[j])
                        .map(i -> index[i])
                        .filter(i -> i >= 0)
                        .toArray();
                if (list.length > 0) {
                    lists.add(list);
                    columns.add(j);
                }
            }
        }
        Map<Integer, Integer> groups = new LinkedHashMap<>();
        int[] group = columns.stream()
                .mapToInt(j -> groups.computeIfAbsent(whole.group()[j], g -> groups.size()))
                .toArray();
        int[] cost = columns.stream().mapToInt(j -> whole.cost()[j]).toArray();
        CoverProblem problem =
                new CoverProblem(need, weight, lists.toArray(new int[0][]), cost, group, groups.size(), 0);
        return new Component(
                problem, rows, columns.stream().mapToInt(Integer::intValue).toArray());
    }

    /** A proof about the part, in the whole's numbers. */
    Proof whole(Proof proof) {
        return whole(proof, new IdentityHashMap<>());
    }

    /** Many branches share a leaf: it stays one. */
    private Proof whole(Proof proof, IdentityHashMap<Proof, Proof> leaves) {
        if (proof instanceof Proof.Branch branch) {
            return new Proof.Branch(
                    columns[branch.candidate()], whole(branch.taken(), leaves), whole(branch.left(), leaves));
        }
        if (proof instanceof Proof.Reduced reduced) {
            int[] what = reduced.what().clone();
            int[] by = reduced.by().clone();
            for (int n = 0; n < what.length; n++) {
                by[n] = what[n] >= 0 ? rows[by[n]] : columns[by[n]];
                what[n] = what[n] >= 0 ? rows[what[n]] : -1 - columns[-1 - what[n]];
            }
            return new Proof.Reduced(what, by, whole(reduced.rest(), leaves));
        }
        if (proof instanceof Proof.Parts parts) {
            return new Proof.Parts(parts.parts().stream()
                    .map(part -> new Proof.Part(
                            Arrays.stream(part.rows()).map(i -> rows[i]).toArray(),
                            part.fewest(),
                            whole(part.proof(), leaves)))
                    .toList());
        }
        return leaves.computeIfAbsent(proof, leaf -> whole((Proof.Leaf) leaf));
    }

    private Proof.Leaf whole(Proof.Leaf leaf) {
        int[] named = Arrays.stream(leaf.rows()).map(i -> rows[i]).toArray();
        return new Proof.Leaf(named, leaf.prices(), leaf.openPrice());
    }
}
