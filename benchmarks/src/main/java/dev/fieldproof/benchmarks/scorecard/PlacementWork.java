package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.CpSat;
import dev.fieldproof.geo.Mount;
import dev.fieldproof.geo.PlaneBox;
import dev.fieldproof.geo.PlanePoint;
import dev.fieldproof.geo.Sensor;
import dev.fieldproof.geo.SensorModel;
import dev.fieldproof.geo.coverage.Demand;
import dev.fieldproof.geo.coverage.Occlusion;
import dev.fieldproof.geo.grid.CellSet;
import dev.fieldproof.geo.grid.ZoneGrid;
import dev.fieldproof.geo.placement.Candidate;
import dev.fieldproof.geo.placement.ExactPlacer;
import dev.fieldproof.geo.placement.Placement;
import dev.fieldproof.geo.placement.ProofVerifier;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Placement beside a solver, on random instances. */
final class PlacementWork {
    private static final int AREA = 100_000;
    private static final double GAP_SECONDS = 20;

    /** What the rival may take for an instance, in seconds; we may take a multiple. */
    private static final double RIVAL_SECONDS = 30;

    /** An instance is solved again and again until so much is on the clock. */
    private static final double LEAST_SECONDS = 0.2;

    /** Candidates, cells a side, metres of sight. */
    private static final int[][] SIZES = {{100, 30, 25}, {200, 40, 25}, {400, 50, 15}, {400, 50, 25}};

    private static final Map<Integer, Duel> DUELS = new HashMap<>();

    private PlacementWork() {}

    private static double cpuSeconds() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
    }

    /**
     * Random sensors of 90 degrees on an open square of 100 m, cut into so many cells a side, which must see every cell
     * that any of them sees.
     */
    private record Instance(List<Candidate> candidates, Demand demand) {
        static Instance of(int[] size, int seed) {
            SplittableRandom random = new SplittableRandom(seed);
            int cells = size[1];
            int cell = 2 * Math.round(AREA / 2f / cells);
            ZoneGrid grid = ZoneGrid.square(new PlaneBox(0, 0, cells * cell - 1, cells * cell - 1), cell);
            Occlusion open = new Occlusion(grid, List.of(), 1_000);
            SensorModel model = new SensorModel("m", 90, 180, 0, size[2] * 1_000, 0);
            List<Candidate> candidates = new ArrayList<>();
            CellSet all = new CellSet(grid);
            for (int i = 0; i < size[0]; i++) {
                PlanePoint at = new PlanePoint(random.nextInt(AREA), random.nextInt(AREA));
                Sensor sensor = new Sensor("s" + i, at, 1_000, random.nextDouble(360), 0, model);
                CellSet sees = open.visible(sensor);
                all.addAll(sees);
                candidates.add(new Candidate(new Mount("m" + i, at, 1_000, true), sensor, sees));
            }
            return new Instance(candidates, new Demand(grid, List.of(all)));
        }

        Placement place(double maxSeconds) {
            double stop = cpuSeconds() + maxSeconds;
            return new ExactPlacer(1, Long.MAX_VALUE / 2, (size, bound) -> {}, () -> cpuSeconds() > stop)
                    .place(candidates, demand);
        }

        /** Who sees each cell, each set of them once. */
        CpSat.Model model() {
            Map<Long, List<Integer>> seers = new HashMap<>();
            for (int j = 0; j < candidates.size(); j++) {
                int index = j;
                candidates
                        .get(j)
                        .sees()
                        .forEach((column, row) -> seers.computeIfAbsent(
                                        (long) row << 32 | column, cell -> new ArrayList<>())
                                .add(index));
            }
            Set<List<Integer>> rows = new LinkedHashSet<>(seers.values());
            return new CpSat.Model(
                    candidates.size(),
                    rows.stream()
                            .map(row -> row.stream().mapToInt(Integer::intValue).toArray())
                            .toList());
        }
    }

    /** CPU seconds of both; where the rival gives up, its time is less than it would take. */
    private record Pair(double ours, boolean isProven, double theirs, boolean isTheirsProven) {
        double ratio() {
            return ours / theirs;
        }
    }

    private static double secondsEach(Runnable work) {
        double start = cpuSeconds();
        for (int runs = 1; ; runs++) {
            work.run();
            double taken = cpuSeconds() - start;
            if (taken > LEAST_SECONDS) {
                return taken / runs;
            }
        }
    }

    private static Pair fight(int[] size, int seed, double times) {
        Instance instance = Instance.of(size, seed);
        CpSat.Model model = instance.model();
        CpSat.Outcome[] outcome = new CpSat.Outcome[1];
        double theirs = secondsEach(() -> outcome[0] = model.solve(RIVAL_SECONDS));
        Placement[] placement = new Placement[1];
        double limit = Math.max(LEAST_SECONDS, times * theirs);
        double ours = secondsEach(() -> placement[0] = instance.place(limit));
        String wrong = ProofVerifier.check(instance.candidates(), instance.demand(), 1, placement[0]);
        boolean agree = placement[0].lowerBound() <= outcome[0].size()
                && outcome[0].bound() <= placement[0].chosen().size();
        if (!wrong.isEmpty() || !agree) {
            throw new IllegalStateException(size[0] + " candidates, seed " + seed + ": "
                    + (wrong.isEmpty() ? "the bounds contradict each other" : wrong));
        }
        boolean inTime = placement[0].isOptimal() && ours <= times * theirs;
        return new Pair(ours, inTime, theirs, outcome[0].isProven());
    }

    /** All instances of some seeds; measured once. */
    private record Duel(List<Pair> pairs) {
        static synchronized Duel of(int firstSeed, int lastSeed, double times) {
            if (!CpSat.isThere()) {
                throw new IllegalStateException("no OR-Tools for this platform");
            }
            return DUELS.computeIfAbsent(firstSeed, first -> {
                fight(SIZES[1], 0, 100); // warms both up
                return new Duel(Arrays.stream(SIZES)
                        .flatMap(size ->
                                IntStream.rangeClosed(first, lastSeed).mapToObj(seed -> fight(size, seed, times)))
                        .toList());
            });
        }

        /** The pair that compares worst of those that both proved. */
        Pair worst() {
            return pairs.stream()
                    .filter(pair -> pair.isProven() && pair.isTheirsProven())
                    .max(Comparator.comparingDouble(Pair::ratio))
                    .orElseThrow();
        }
    }

    /** How many we prove within a multiple of the rival's CPU time. */
    static double proven(int firstSeed, int lastSeed, double times) {
        return Duel.of(firstSeed, lastSeed, times).pairs().stream()
                .filter(Pair::isProven)
                .count();
    }

    static double rivalProven(int firstSeed, int lastSeed, double times) {
        return Duel.of(firstSeed, lastSeed, times).pairs().stream()
                .filter(Pair::isTheirsProven)
                .count();
    }

    static double worstSeconds(int firstSeed, int lastSeed, double times) {
        return Duel.of(firstSeed, lastSeed, times).worst().ours();
    }

    static double rivalWorstSeconds(int firstSeed, int lastSeed, double times) {
        return Duel.of(firstSeed, lastSeed, times).worst().theirs();
    }

    /** The widest gap of three instances of 800 candidates, in percent of the choice. */
    static double gapPercent() {
        double widest = 0;
        for (int seed = 1; seed <= 3; seed++) {
            Placement placement = Instance.of(new int[] {800, 60, 25}, seed).place(GAP_SECONDS);
            int size = placement.chosen().size();
            widest = Math.max(widest, 100.0 * (size - placement.lowerBound()) / size);
        }
        return widest;
    }
}
