package dev.fieldproof.benchmarks.rival;

import com.google.ortools.Loader;
import com.google.ortools.sat.BoolVar;
import com.google.ortools.sat.CpModel;
import com.google.ortools.sat.CpSolver;
import com.google.ortools.sat.CpSolverStatus;
import com.google.ortools.sat.LinearExpr;
import com.google.ortools.sat.Literal;
import java.util.Arrays;
import java.util.List;

/**
 * OR-Tools' CP-SAT solver with one worker and the setting that suits covering best: by default it relaxes much less and
 * is tens of times slower at it.
 */
public final class CpSat {
    /** Name and version. */
    public static final String NAME = "OR-Tools CP-SAT 9.12, 1 worker, linearization_level=2";

    private static final boolean LOADED = load();

    private CpSat() {}

    @SuppressWarnings("CatchingUnchecked") // whatever goes wrong, there is no solver then
    private static boolean load() {
        try {
            Loader.loadNativeLibraries();
            return true;
        } catch (RuntimeException | LinkageError e) {
            return false;
        }
    }

    /**
     * Whether the solver's machine code is there for this platform.
     *
     * @return true if it can be asked
     */
    public static boolean isThere() {
        return LOADED;
    }

    /**
     * What came out.
     *
     * @param size of the best choice
     * @param bound no choice is smaller
     */
    public record Outcome(int size, int bound) {
        /**
         * Whether the choice is the smallest for certain.
         *
         * @return true if the bound is reached
         */
        public boolean isProven() {
            return size == bound;
        }
    }

    /** A model ready to be solved, so that building it can stay off the clock. */
    public static final class Model {
        private final CpModel model = new CpModel();

        /**
         * Builds the model.
         *
         * @param columns how many candidates there are
         * @param rows for each thing to cover, the candidates that cover it
         */
        public Model(int columns, List<int[]> rows) {
            BoolVar[] taken = new BoolVar[columns];
            Arrays.setAll(taken, j -> model.newBoolVar("x" + j));
            for (int[] row : rows) {
                model.addBoolOr(Arrays.stream(row).mapToObj(j -> taken[j]).toArray(Literal[]::new));
            }
            model.minimize(LinearExpr.sum(taken));
        }

        /**
         * Solves it.
         *
         * @param maxSeconds wall clock, at most
         * @return what came out
         */
        public Outcome solve(double maxSeconds) {
            CpSolver solver = new CpSolver();
            solver.getParameters()
                    .setNumWorkers(1)
                    .setLinearizationLevel(2)
                    .setMaxTimeInSeconds(maxSeconds)
                    .setRandomSeed(1);
            CpSolverStatus status = solver.solve(model);
            if (status != CpSolverStatus.OPTIMAL && status != CpSolverStatus.FEASIBLE) {
                return new Outcome(Integer.MAX_VALUE, 0);
            }
            return new Outcome(
                    (int) Math.round(solver.objectiveValue()), (int) Math.ceil(solver.bestObjectiveBound() - 1e-6));
        }
    }
}
