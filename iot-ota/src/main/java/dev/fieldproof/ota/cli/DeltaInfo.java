package dev.fieldproof.ota.cli;

import dev.fieldproof.ota.delta.MalformedPatchException;
import dev.fieldproof.ota.delta.PatchInfo;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.json.JsonWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Explains a patch. */
@Command(name = "info", mixinStandardHelpOptions = true, description = "Tells what PATCH is and what it needs.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DeltaInfo implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "PATCH", description = "the patch")
    private Path patch;

    @Option(names = "--json", description = "machine-readable result")
    private boolean json;

    DeltaInfo() {}

    @Override
    public Integer call() throws IOException, MalformedPatchException {
        PatchInfo info;
        try (InputStream in = Files.newInputStream(patch)) {
            info = PatchInfo.read(in.readNBytes(PatchInfo.MAX_HEADER_BYTES));
        }
        PrintWriter out = spec.commandLine().getOut();
        String source = info.source().map(Object::toString).orElse("unknown");
        String target = info.target().map(Object::toString).orElse("unknown");
        String format = info.format().name().toLowerCase(Locale.ROOT);
        String profile = info.profile().name().toLowerCase(Locale.ROOT);
        if (json) {
            out.println(JsonWriter.compact(JsonObject.builder()
                    .put("format", format)
                    .put("profile", profile)
                    .put("isa", info.isa())
                    .put("sourceBytes", info.sourceBytes())
                    .put("targetBytes", info.targetBytes())
                    .put("patchBytes", Files.size(patch))
                    .put("copies", info.copies())
                    .put("decoderBytes", info.decoderBytes())
                    .put("source", source)
                    .put("target", target)
                    .build()));
        } else {
            out.printf("format        %s, %s profile%n", format, profile);
            out.printf("model         %s%n", info.isa());
            out.printf("patch         %d bytes, %d of them header%n", Files.size(patch), info.headerBytes());
            out.printf("source        %d bytes, SHA-256 %s%n", info.sourceBytes(), source);
            out.printf("target        %d bytes, SHA-256 %s%n", info.targetBytes(), target);
            out.printf("decoder       %d bytes of memory, %d copies%n", info.decoderBytes(), info.copies());
        }
        return 0;
    }
}
