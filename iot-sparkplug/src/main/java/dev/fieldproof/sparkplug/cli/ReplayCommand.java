package dev.fieldproof.sparkplug.cli;

import dev.fieldproof.sparkplug.capture.Captured;
import dev.fieldproof.sparkplug.capture.Replay;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Replays a capture. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = "Runs a host over a capture and prints where the fleet ended, with a hash of its state.")
final class ReplayCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "A capture.")
    private Path file = Path.of("");

    @Option(names = "--events", description = "Print every event.")
    private boolean events;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Replay.Result result = Replay.run(Captured.read(file, 10_000_000), event -> {
            if (events) {
                out.println(event);
            }
        });
        if (json) {
            out.printf(
                    "{\"stateHash\":\"%s\",\"online\":%d,\"stale\":%d,\"offline\":%d,\"births\":%d,\"deaths\":%d,"
                            + "\"samples\":%d}%n",
                    result.stateHash(),
                    result.counts().online(),
                    result.counts().stale(),
                    result.counts().offline(),
                    result.counts().births(),
                    result.counts().deaths(),
                    result.counts().samples());
        } else {
            result.nodes().forEach(node -> out.println(node.node() + " " + node.status() + " since " + node.since()));
            out.println(result.counts());
            out.println("state " + result.stateHash());
        }
        return 0;
    }
}
