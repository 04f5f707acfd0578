package dev.fieldproof.sparkplug.cli;

import dev.fieldproof.sparkplug.capture.Captured;
import dev.fieldproof.sparkplug.capture.Explainer;
import dev.fieldproof.sparkplug.capture.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Names the rules that captured traffic breaks. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Names each rule of the specification that a capture breaks. Exit code 1 if a binding one is broken.")
final class ExplainCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "A capture.")
    private Path file = Path.of("");

    @Option(names = "--json", description = "Print JSON, one finding a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Explainer explainer = new Explainer();
        Map<String, Group> groups = new LinkedHashMap<>();
        int findings = 0;
        int binding = 0;
        int messages = 0;
        for (Captured each : Captured.read(file, 10_000_000)) {
            messages++;
            for (Finding finding : explainer.check(each)) {
                findings++;
                binding += finding.binding() ? 1 : 0;
                if (json) {
                    out.println(json(finding));
                } else {
                    groups.computeIfAbsent(finding.topic() + "\0" + finding.assertion(), key -> new Group(finding))
                            .add(finding);
                }
            }
        }
        groups.values().forEach(group -> group.print(out));
        if (!json) {
            out.println(findings + " findings in " + messages + " messages"
                    + (findings == 0 ? "" : ", " + (findings - binding) + " of them recommendations"));
        }
        return binding == 0 ? 0 : 1;
    }

    private static String json(Finding finding) {
        return "{\"assertion\":" + Json.text(finding.assertion()) + ",\"binding\":" + finding.binding() + ",\"at\":"
                + Json.text(finding.at().toString()) + ",\"topic\":" + Json.text(finding.topic()) + ",\"words\":"
                + Json.text(finding.words()) + "}";
    }

    /** What breaks one rule on one topic: told once, with examples. */
    private static final class Group {
        private static final int MAX_EXAMPLES = 3;

        private final Finding first;
        private final Set<String> examples = new LinkedHashSet<>();
        private int count;
        private Instant last;

        Group(Finding first) {
            this.first = first;
            this.last = first.at();
        }

        void add(Finding finding) {
            count++;
            last = finding.at();
            if (examples.size() < MAX_EXAMPLES) {
                examples.add(finding.words());
            }
        }

        void print(PrintWriter out) {
            out.println(first.topic());
            out.println("  " + (first.binding() ? "must: " : "should: ") + first.assertion());
            examples.forEach(each -> out.println("    " + each));
            out.println("    " + (count == 1 ? "at " + first.at() : count + " times, " + first.at() + " to " + last));
        }
    }
}
