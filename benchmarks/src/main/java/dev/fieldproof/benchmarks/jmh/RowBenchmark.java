package dev.fieldproof.benchmarks.jmh;

import dev.fieldproof.benchmarks.scorecard.Row;
import dev.fieldproof.benchmarks.scorecard.Rows;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Any timed row of the scorecard under JMH: the same work, its forks and its statistics, and with {@code -prof gc} its
 * allocation. {@code java -jar benchmarks.jar jmh RowBenchmark -p row=sparkplug.encode-ndata,crdt.put -prof gc} runs
 * two of them; {@code scorecard --list} names them all. Times are those of one call of the row's work.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RowBenchmark {
    /** The row's name. */
    @Param("sparkplug.encode-nbirth")
    public String row = "";

    /** Whose work. */
    @Param({"ours", "rival"})
    public String side = "";

    private Callable<?> work = () -> 0;

    /**
     * Sets the row's work up.
     *
     * @throws Exception if the row's own setup fails
     * @throws IllegalArgumentException if no timed row has that name
     */
    @Setup
    public void setUp() throws Exception {
        Row.Timed timed = Rows.all().stream()
                .filter(each -> each.name().equals(row) && each instanceof Row.Timed)
                .map(Row.Timed.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no timed row '" + row + "'"));
        work = side.equals("ours") ? timed.ours().call() : timed.theirs().call();
    }

    /**
     * The work.
     *
     * @return what it computed
     * @throws Exception if it fails
     */
    @Benchmark
    public Object call() throws Exception {
        return work.call();
    }
}
