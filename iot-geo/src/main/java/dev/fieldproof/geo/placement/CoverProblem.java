package dev.fieldproof.geo.placement;

import dev.fieldproof.geo.coverage.Demand;
import dev.fieldproof.geo.grid.CellSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Placement without geometry: rows need to be covered by so many columns, columns of the same group exclude each other,
 * and some weight of needs may stay open. Cells that the same candidates see are one row. Immutable as long as nobody
 * writes to the arrays.
 *
 * @param need how many columns each row needs; never more than there are groups that could cover it
 * @param weight how many cells each row stands for
 * @param columns the rows of each column, ascending
 * @param cost what each column costs, 1 or more
 * @param group the group of each column, from 0
 * @param groups how many groups there are
 * @param slack how much of the sum of need times weight may stay open
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody, read in inner loops
record CoverProblem(int[] need, long[] weight, int[][] columns, int[] cost, int[] group, int groups, long slack) {
    /** What all columns may cost together, so that prices in parts add up. */
    private static final long MAX_COST = 1 << 26;

    /** All columns cost 1. */
    CoverProblem(int[] need, long[] weight, int[][] columns, int[] group, int groups, long slack) {
        this(need, weight, columns, ones(columns.length), group, groups, slack);
    }

    private static int[] ones(int length) {
        int[] ones = new int[length];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** Reads the problem off candidates: those on one mount exclude each other. */
    static CoverProblem of(List<Candidate> candidates, Demand demand, double enoughShare) {
        Map<Key, int[]> rows = new LinkedHashMap<>();
        int width = demand.grid().columns();
        int[][] seers = seers(candidates, demand);
        int[] group = new int[candidates.size()];
        int groups = groups(candidates, group);
        demand.required().forEach((column, row) -> {
            int[] seer = seers[row * width + column];
            int wanted = 0;
            for (CellSet level : demand.atLeast()) {
                wanted += level.contains(column, row) ? 1 : 0;
            }
            long distinct = Arrays.stream(seer).map(j -> group[j]).distinct().count();
            int need = (int) Math.min(wanted, distinct);
            if (need > 0) {
                rows.computeIfAbsent(new Key(need, seer), key -> new int[1])[0]++;
            }
        });
        int[] need = new int[rows.size()];
        long[] weight = new long[rows.size()];
        List<List<Integer>> columns = new ArrayList<>();
        candidates.forEach(candidate -> columns.add(new ArrayList<>()));
        long total = 0;
        int i = 0;
        for (Map.Entry<Key, int[]> row : rows.entrySet()) {
            need[i] = row.getKey().need();
            weight[i] = row.getValue()[0];
            total += need[i] * weight[i];
            for (int j : row.getKey().seers()) {
                columns.get(j).add(i);
            }
            i++;
        }
        int[][] lists = columns.stream()
                .map(list -> list.stream().mapToInt(Integer::intValue).toArray())
                .toArray(int[][]::new);
        int[] cost = candidates.stream().mapToInt(Candidate::cost).toArray();
        long whole = Arrays.stream(cost).asLongStream().sum();
        if (whole > MAX_COST) {
            throw new IllegalArgumentException("candidates cost " + whole + " in all, more than " + MAX_COST);
        }
        long slack = total - (long) Math.ceil(enoughShare * total);
        return new CoverProblem(need, weight, lists, cost, group, groups, slack);
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by content below
    private record Key(int need, int[] seers) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key that && need == that.need && Arrays.equals(seers, that.seers);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(seers) + need;
        }
    }

    private static int[][] seers(List<Candidate> candidates, Demand demand) {
        int cells = demand.grid().columns() * demand.grid().rows();
        int[] count = new int[cells];
        int width = demand.grid().columns();
        for (Candidate candidate : candidates) {
            candidate.sees().forEach((column, row) -> count[row * width + column]++);
        }
        int[][] seers = new int[cells][];
        for (int i = 0; i < cells; i++) {
            seers[i] = new int[count[i]];
        }
        Arrays.fill(count, 0);
        for (int j = 0; j < candidates.size(); j++) {
            int index = j;
            candidates.get(j).sees().forEach((column, row) -> {
                int at = row * width + column;
                seers[at][count[at]++] = index;
            });
        }
        return seers;
    }

    private static int groups(List<Candidate> candidates, int[] group) {
        Map<String, Integer> numbers = new HashMap<>();
        for (int j = 0; j < group.length; j++) {
            group[j] = numbers.computeIfAbsent(candidates.get(j).mount().id(), id -> numbers.size());
        }
        return numbers.size();
    }

    int rows() {
        return need.length;
    }

    /** The columns of each row, ascending; made anew. */
    int[][] seers() {
        int[] count = new int[need.length];
        for (int[] column : columns) {
            for (int i : column) {
                count[i]++;
            }
        }
        int[][] seers = new int[count.length][];
        Arrays.setAll(seers, i -> new int[count[i]]);
        for (int j = columns.length - 1; j >= 0; j--) {
            for (int i : columns[j]) {
                seers[i][--count[i]] = j;
            }
        }
        return seers;
    }

    /** How many rows all columns hold together: the work of looking at each once. */
    long size() {
        long sum = need.length;
        for (int[] column : columns) {
            sum += column.length;
        }
        return sum;
    }

    /** What a choice costs. */
    int cost(List<Integer> chosen) {
        int sum = 0;
        for (int j : chosen) {
            sum += cost[j];
        }
        return sum;
    }

    /** The same with more allowed to stay open. */
    CoverProblem withSlack(long wider) {
        return new CoverProblem(need, weight, columns, cost, group, groups, wider);
    }

    /** Whether a choice leaves no more open than allowed and takes no group twice. */
    boolean isMetBy(List<Integer> chosen) {
        boolean[] used = new boolean[groups];
        for (int j : chosen) {
            if (used[group[j]]) {
                return false;
            }
            used[group[j]] = true;
        }
        return open(chosen) <= slack;
    }

    /** How much a choice leaves open. */
    long open(List<Integer> chosen) {
        int[] open = need.clone();
        for (int j : chosen) {
            for (int i : columns[j]) {
                open[i]--;
            }
        }
        long unmet = 0;
        for (int i = 0; i < open.length; i++) {
            unmet += Math.max(0, open[i]) * weight[i];
        }
        return unmet;
    }
}
