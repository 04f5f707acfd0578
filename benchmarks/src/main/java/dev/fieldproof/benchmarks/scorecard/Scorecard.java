package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures every published figure beside its rival. */
@Command(
        name = "scorecard",
        mixinStandardHelpOptions = true,
        description = "Measures every published figure beside its rival and says which goals are met.")
public final class Scorecard implements Callable<Integer> {
    @Option(names = "--only", paramLabel = "NAME", description = "only rows whose name begins with NAME")
    private String only = "";

    @Option(names = "--json", paramLabel = "FILE", description = "also write the results as JSON")
    private @Nullable Path json;

    @Option(names = "--html", paramLabel = "FILE", description = "also write a page with charts")
    private @Nullable Path html;

    @Option(names = "--quick", description = "few short rounds: shows that the rows work, not how fast")
    private boolean quick;

    @Option(names = "--list", description = "print the names of the rows and measure nothing")
    private boolean list;

    @Spec
    private @Nullable CommandSpec spec;

    private final List<Row> rows;

    /**
     * A scorecard of given rows.
     *
     * @param rows in order of appearance
     */
    public Scorecard(List<Row> rows) {
        this.rows = List.copyOf(rows);
    }

    /**
     * Runs with the options that were parsed.
     *
     * @return 0 when everything was measured, met or not; 1 if a row failed to measure or no row has the name
     * @throws IOException if a report cannot be written
     */
    @Override
    public Integer call() throws IOException {
        if (spec == null) {
            throw new IllegalStateException("to be run through picocli");
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        List<Row> chosen =
                rows.stream().filter(row -> row.name().startsWith(only)).toList();
        if (chosen.isEmpty()) {
            err.println("scorecard: no row begins with '" + only + "'; --list shows the names");
            return 1;
        }
        if (list) {
            chosen.forEach(row -> out.println(row.name() + "  " + row.what()));
            return 0;
        }
        if (quick) {
            List<Row> lengthy = chosen.stream().filter(Scorecard::takesMinutes).toList();
            lengthy.forEach(row -> err.println("scorecard: " + row.name() + " takes minutes: left out by --quick"));
            chosen = chosen.stream().filter(row -> !lengthy.contains(row)).toList();
        }
        Consumer<String> progress = Terminal.isInteractive() ? name -> err.println("measuring " + name) : name -> {};
        Report report = new Report(measure(chosen, progress), Report.describeMachine());
        out.print(report.text());
        out.flush();
        if (json != null) {
            Files.writeString(json, report.json());
        }
        if (html != null) {
            Files.writeString(html, report.html());
        }
        return report.results().stream().allMatch(result -> result.failure().isEmpty()) ? 0 : 1;
    }

    private static boolean takesMinutes(Row row) {
        return row instanceof Row.Exact exact && exact.takesMinutes();
    }

    private List<Result> measure(List<Row> chosen, Consumer<String> progress) {
        Meter meter = quick ? Meter.QUICK : Meter.NORMAL;
        List<Result> results = new ArrayList<>();
        for (Row row : chosen) {
            results.add(meter.measure(row, progress));
        }
        return results;
    }
}
