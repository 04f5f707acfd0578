package dev.fieldproof.benchmarks.scenario;

import dev.fieldproof.benchmarks.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the whole story once and says what held. */
@Command(
        name = "fieldproof",
        mixinStandardHelpOptions = true,
        description = "The field day: a surveyed site becomes a node plan; its nodes get identities, come alive, lose"
                + " the network, reconcile, take a delta update through power cuts, and a bricked one is rescued"
                + " over serial.")
public final class FieldDay implements Callable<Integer> {
    @Option(names = "--site", paramLabel = "KML", description = "a survey, KML or KMZ (default: an embedded one)")
    private @Nullable Path site;

    @Option(names = "--old", paramLabel = "FILE", description = "the firmware in the field (default: embedded)")
    private @Nullable Path oldFirmware;

    @Option(names = "--new", paramLabel = "FILE", description = "the firmware to come (default: embedded)")
    private @Nullable Path newFirmware;

    @Option(names = "--out", paramLabel = "DIR", description = "where the report goes (default: ${DEFAULT-VALUE})")
    private Path out = Path.of("target", "field-day");

    @Option(names = "--seed", paramLabel = "N", description = "chooses the day's chances (default: ${DEFAULT-VALUE})")
    private long seed = 1;

    @Spec
    private @Nullable CommandSpec spec;

    private final List<Step> steps;

    /** The day with all its chapters. */
    public FieldDay() {
        this(List.of(
                new SurveyStep(),
                new IdentityStep(),
                new LifeStep(),
                new HealthStep(),
                new ReconcileStep(),
                new UpdateStep(),
                new RolloutStep(),
                new RescueStep()));
    }

    FieldDay(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /**
     * Lives through the day with the options that were parsed.
     *
     * @return 0 if every invariant held; 1 if one broke, or an input could not be used
     */
    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("to be run through picocli");
        }
        PrintWriter output = spec.commandLine().getOut();
        PrintWriter errors = spec.commandLine().getErr();
        try {
            if ((oldFirmware == null) != (newFirmware == null)) {
                errors.println("field day: --old and --new belong together; give both or neither");
                return 2;
            }
            Day day = new Day(Inputs.read(site, oldFirmware, newFirmware), seed);
            List<Chapter> chapters = new ArrayList<>();
            for (Step step : steps) {
                chapters.add(step.run(day));
                if (Terminal.isInteractive()) {
                    errors.println("done: " + chapters.get(chapters.size() - 1).title());
                }
            }
            DayReport report = new DayReport(day, seed, chapters);
            report.write(out);
            output.print(report.text());
            output.println("report: " + out.resolve("index.html"));
            return chapters.stream().allMatch(Chapter::holds) ? 0 : 1;
        } catch (IOException e) {
            errors.println("field day: " + e.getMessage());
            return 1;
        } finally {
            output.flush();
            errors.flush();
        }
    }
}
