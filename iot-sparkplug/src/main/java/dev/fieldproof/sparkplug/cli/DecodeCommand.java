package dev.fieldproof.sparkplug.cli;

import dev.fieldproof.sparkplug.capture.Captured;
import dev.fieldproof.sparkplug.payload.Payload;
import dev.fieldproof.sparkplug.payload.PayloadDecoder;
import dev.fieldproof.sparkplug.payload.PayloadException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints payloads. */
@Command(
        name = "decode",
        mixinStandardHelpOptions = true,
        description = "Prints a payload, or every message of a capture.")
final class DecodeCommand implements Callable<Integer> {
    private static final int MAX_MESSAGES = 10_000_000;

    @Parameters(paramLabel = "FILE", description = "A capture, or the bytes of one payload.")
    private Path file = Path.of("");

    @Option(names = "--json", description = "Print JSON, one message a line.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, PayloadException {
        PrintWriter out = spec.commandLine().getOut();
        byte[] start = new byte[16];
        try (var in = Files.newInputStream(file)) {
            int read = in.readNBytes(start, 0, start.length);
            String head = new String(start, 0, read, StandardCharsets.ISO_8859_1);
            if (!head.matches("(?s)\\d{6,12}[.\t].*")) {
                out.println(show(null, Files.readAllBytes(file)));
                return 0;
            }
        }
        int failed = 0;
        for (Captured each : Captured.read(file, MAX_MESSAGES)) {
            String topic = each.message().topic();
            if (topic.startsWith("spBv1.0/STATE/")) {
                out.println(Json.text(topic) + " " + new String(each.message().payload(), StandardCharsets.UTF_8));
                continue;
            }
            try {
                out.println(show(topic, each.message().payload()));
            } catch (PayloadException e) {
                failed++;
                spec.commandLine().getErr().println(topic + ": " + e.getMessage());
            }
        }
        return failed == 0 ? 0 : 1;
    }

    private String show(@org.jspecify.annotations.Nullable String topic, byte[] bytes) throws PayloadException {
        Payload payload = PayloadDecoder.DEFAULT.decode(bytes);
        return json ? Json.payload(topic, payload) : (topic == null ? "" : topic + "\n") + Json.lines(payload);
    }
}
