package dev.fieldproof.ota.cli;

import dev.fieldproof.ota.delta.Delta;
import dev.fieldproof.ota.delta.DeltaEncoder;
import dev.fieldproof.ota.delta.DeltaOptions;
import dev.fieldproof.ota.delta.DeltaProfile;
import dev.fieldproof.ota.delta.DeltaReport;
import dev.fieldproof.ota.delta.PatchFormat;
import java.io.IOException;
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

/** Makes a patch. */
@Command(name = "create", mixinStandardHelpOptions = true, description = "Makes a patch from OLD to NEW.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DeltaCreate implements Callable<Integer> {
    /** What to write. */
    enum Format {
        FIELDPROOF,
        BSDIFF40,
        AUTO
    }

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "OLD", description = "image that the device runs")
    private Path old;

    @Parameters(index = "1", paramLabel = "NEW", description = "image that the device should run")
    private Path target;

    @Parameters(index = "2", paramLabel = "PATCH", description = "file to write")
    private Path patch;

    @Option(names = "--format", defaultValue = "AUTO", description = "fieldproof, bsdiff40 or auto (${DEFAULT-VALUE})")
    private Format format;

    @Option(names = "--profile", defaultValue = "SMALL", description = "decoder: small or full (${DEFAULT-VALUE})")
    private DeltaProfile profile;

    @Option(names = "--json", description = "machine-readable result")
    private boolean json;

    DeltaCreate() {}

    @Override
    public Integer call() throws IOException {
        PatchFormat wanted = format == Format.BSDIFF40 ? PatchFormat.BSDIFF40 : PatchFormat.FIELDPROOF;
        DeltaOptions options = DeltaOptions.DEFAULT.withFormat(wanted).withProfile(profile);
        Delta delta = DeltaEncoder.create(Files.readAllBytes(old), Files.readAllBytes(target), options);
        Files.write(patch, delta.patch());
        print(delta.report(), spec.commandLine().getOut());
        return 0;
    }

    private void print(DeltaReport report, PrintWriter out) {
        if (json) {
            out.printf(
                    Locale.ROOT,
                    "{\"format\":\"%s\",\"profile\":\"%s\",\"isa\":\"%s\",\"sourceBytes\":%d,\"targetBytes\":%d,"
                            + "\"patchBytes\":%d,\"savedPercent\":%.2f}%n",
                    lower(report.format()),
                    lower(report.profile()),
                    report.isa(),
                    report.sourceBytes(),
                    report.targetBytes(),
                    report.patchBytes(),
                    report.savedPercent());
            return;
        }
        out.printf(
                Locale.ROOT,
                "%d bytes for an image of %d bytes: %.2f %% saved; format %s, %s profile, instruction set model: %s%n",
                report.patchBytes(),
                report.targetBytes(),
                report.savedPercent(),
                lower(report.format()),
                lower(report.profile()),
                report.isa());
        for (DeltaReport.Trial trial : report.trials()) {
            out.printf(Locale.ROOT, "  tried %-20s %9d bytes%n", trial.name(), trial.bodyBytes());
        }
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
