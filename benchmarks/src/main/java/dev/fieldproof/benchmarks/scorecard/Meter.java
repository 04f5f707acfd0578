package dev.fieldproof.benchmarks.scorecard;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Measures rows. Timed rows run both sides in turn, A B A B, so that a machine whose speed drifts hurts both alike; the
 * clock is the CPU time of the whole process, garbage collection and compilation included, so that work cannot hide on
 * other threads and waiting costs nothing. The ratio is taken pair by pair.
 *
 * @param warmUpMillis CPU time each side runs uncounted
 * @param roundMillis least CPU time of one counted round of one side
 * @param rounds counted rounds
 * @param cpuNanos CPU time spent so far
 */
public record Meter(long warmUpMillis, long roundMillis, int rounds, LongSupplier cpuNanos) {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** The honest setting: about ten seconds for each row. */
    public static final Meter NORMAL = new Meter(1500, 300, 11, SYSTEM::getProcessCpuTime);

    /** Enough to see that a row works. */
    public static final Meter QUICK = new Meter(50, 30, 3, SYSTEM::getProcessCpuTime);

    /** Keeps results of work alive, so that the work cannot be optimised away. */
    @SuppressWarnings("UnusedVariable")
    private static volatile Object sink = "";

    /**
     * Measures one row; a row that throws gives a failed result, never an exception.
     *
     * @param row what to measure
     * @param progress is told what happens
     * @return the result
     */
    public Result measure(Row row, Consumer<String> progress) {
        progress.accept(row.name());
        try {
            if (row instanceof Row.Timed timed) {
                return time(timed);
            }
            Row.Exact exact = (Row.Exact) row;
            double ours = exact.ours().call();
            double theirs = exact.theirs().call();
            Spread ratio = Double.isNaN(theirs) ? Spread.NONE : Spread.exact(ours / theirs);
            return new Result(
                    row, Spread.exact(ours), Double.isNaN(theirs) ? Spread.NONE : Spread.exact(theirs), ratio, "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Result(row, Spread.NONE, Spread.NONE, Spread.NONE, "interrupted");
        } catch (Exception | OutOfMemoryError | StackOverflowError e) {
            return new Result(row, Spread.NONE, Spread.NONE, Spread.NONE, e.toString());
        }
    }

    private Result time(Row.Timed row) throws Exception {
        Callable<?> ours = row.ours().call();
        Callable<?> theirs = row.theirs().call();
        long ourRuns = warmUp(ours);
        long theirRuns = warmUp(theirs);
        double[] us = new double[rounds];
        double[] them = new double[rounds];
        double[] ratio = new double[rounds];
        for (int i = 0; i < rounds; i++) {
            us[i] = nanosPerOperation(ours, ourRuns, row.operations());
            them[i] = nanosPerOperation(theirs, theirRuns, row.operations());
            ratio[i] = us[i] / them[i];
        }
        return new Result(row, Spread.of(us), Spread.of(them), Spread.of(ratio), "");
    }

    /** Runs uncounted, and finds about how many runs fill a round. */
    private long warmUp(Callable<?> work) throws Exception {
        long runs = 0;
        long start = cpuNanos.getAsLong();
        long spent = 0;
        while (spent < warmUpMillis * 1_000_000) {
            sink = work.call();
            runs++;
            spent = cpuNanos.getAsLong() - start;
        }
        return Math.max(1, Math.round((double) runs * roundMillis * 1_000_000 / spent));
    }

    /**
     * Runs one counted round. Work that was slow while it warmed up may be fast now, and the CPU clock may tick
     * coarsely: what was thought to fill the round is followed by what is missing until it does.
     */
    private double nanosPerOperation(Callable<?> work, long estimate, long operations) throws Exception {
        long round = roundMillis * 1_000_000;
        long batch = estimate;
        long runs = 0;
        long start = cpuNanos.getAsLong();
        long spent = 0;
        while (spent < round) {
            for (long i = 0; i < batch; i++) {
                sink = work.call();
            }
            runs += batch;
            spent = cpuNanos.getAsLong() - start;
            double missing = (double) (round - spent) / Math.max(1, spent);
            batch = Math.max(1, Math.round(runs * Math.min(missing, 1)));
        }
        return (double) spent / runs / operations;
    }
}
