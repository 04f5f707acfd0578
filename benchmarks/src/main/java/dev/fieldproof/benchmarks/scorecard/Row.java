package dev.fieldproof.benchmarks.scorecard;

import java.util.concurrent.Callable;

/** One published figure and how to measure it. */
public sealed interface Row {
    /**
     * Identifies the row.
     *
     * @return module and subject, for example {@code ota.patch-size}
     */
    String name();

    /**
     * What is measured, on what work.
     *
     * @return one line for people
     */
    String what();

    /**
     * The unit of both values.
     *
     * @return for example {@code bytes} or {@code ns/op}
     */
    String unit();

    /**
     * Who stands beside.
     *
     * @return the rival with its version, or {@code –}
     */
    String rival();

    /**
     * What has to be reached.
     *
     * @return the goal
     */
    Goal goal();

    /**
     * CPU time of two pieces of work, in turn.
     *
     * @param name see {@link Row#name()}
     * @param what see {@link Row#what()}
     * @param rival see {@link Row#rival()}
     * @param goal see {@link Row#goal()}
     * @param operations how many operations one call of the work does
     * @param ours sets up our side, outside the clock, and returns its work; the work returns something that depends on
     *     all it did, so that none of it can be optimised away
     * @param theirs the same for the rival
     */
    record Timed(
            String name,
            String what,
            String rival,
            Goal goal,
            long operations,
            Callable<Callable<?>> ours,
            Callable<Callable<?>> theirs)
            implements Row {
        @Override
        public String unit() {
            return "ns/op";
        }
    }

    /**
     * Exact figures: sizes, counts, failures.
     *
     * @param name see {@link Row#name()}
     * @param what see {@link Row#what()}
     * @param unit see {@link Row#unit()}
     * @param rival see {@link Row#rival()}
     * @param goal see {@link Row#goal()}
     * @param ours computes our figure
     * @param theirs computes the rival's, NaN if there is no rival
     * @param takesMinutes whether a quick look at the scorecard leaves it out
     */
    record Exact(
            String name,
            String what,
            String unit,
            String rival,
            Goal goal,
            Callable<Double> ours,
            Callable<Double> theirs,
            boolean takesMinutes)
            implements Row {
        /**
         * A row that takes seconds.
         *
         * @param name see {@link Row#name()}
         * @param what see {@link Row#what()}
         * @param unit see {@link Row#unit()}
         * @param rival see {@link Row#rival()}
         * @param goal see {@link Row#goal()}
         * @param ours computes our figure
         * @param theirs computes the rival's, NaN if there is no rival
         */
        public Exact(
                String name,
                String what,
                String unit,
                String rival,
                Goal goal,
                Callable<Double> ours,
                Callable<Double> theirs) {
            this(name, what, unit, rival, goal, ours, theirs, false);
        }
    }
}
