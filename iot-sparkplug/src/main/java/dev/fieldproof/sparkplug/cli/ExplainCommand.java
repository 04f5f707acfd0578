package dev.fieldproof.sparkplug.cli;

import dev.fieldproof.sparkplug.capture.Captured;
import dev.fieldproof.sparkplug.capture.Explainer;
import dev.fieldproof.sparkplug.capture.Finding;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
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
        description = "Names each rule of the specification that a capture breaks. Exit code 1 if there is one.")
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
        int findings = 0;
        int messages = 0;
        for (Captured each : Captured.read(file, 10_000_000)) {
            messages++;
            for (Finding finding : explainer.check(each)) {
                findings++;
                out.println(
                        json
                                ? "{\"assertion\":" + Json.text(finding.assertion()) + ",\"at\":"
                                        + Json.text(finding.at().toString()) + ",\"topic\":"
                                        + Json.text(finding.topic()) + ",\"words\":" + Json.text(finding.words()) + "}"
                                : finding.toString());
            }
        }
        if (!json) {
            out.println(findings + " findings in " + messages + " messages");
        }
        return findings == 0 ? 0 : 1;
    }
}
