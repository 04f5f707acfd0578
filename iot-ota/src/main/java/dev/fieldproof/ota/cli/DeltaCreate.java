package dev.fieldproof.ota.cli;

import dev.fieldproof.ota.delta.Delta;
import dev.fieldproof.ota.delta.DeltaEncoder;
import dev.fieldproof.ota.delta.DeltaOptions;
import dev.fieldproof.ota.delta.DeltaPlan;
import dev.fieldproof.ota.delta.DeltaPlanner;
import dev.fieldproof.ota.delta.DeltaProfile;
import dev.fieldproof.ota.delta.DeltaReport;
import dev.fieldproof.ota.delta.DeviceBudget;
import dev.fieldproof.ota.delta.PatchFormat;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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

    /** What a gateway has to spare. */
    private static final long GATEWAY_BYTES = 64 << 20;

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

    @Option(names = "--profile", description = "decoder: small or full; auto chooses by --ram (fieldproof: small)")
    private @Nullable DeltaProfile profile;

    @Option(names = "--ram", paramLabel = "BYTES", description = "auto: decoder memory of the device (1 MiB)")
    private @Nullable Long ramBytes;

    @Option(names = "--link", paramLabel = "BITS/S", defaultValue = "0", description = "auto: speed of its link")
    private long linkBitsPerSecond;

    @Option(names = "--json", description = "machine-readable result")
    private boolean json;

    DeltaCreate() {}

    @Override
    public Integer call() throws IOException {
        if (linkBitsPerSecond < 0 || (ramBytes != null && ramBytes < 0)) {
            throw new ParameterException(spec.commandLine(), "--ram and --link must not be negative");
        }
        byte[] from = Files.readAllBytes(old);
        byte[] to = Files.readAllBytes(target);
        if (format == Format.AUTO) {
            DeltaPlan plan = DeltaPlanner.plan(from, to, new DeviceBudget(ram(), linkBitsPerSecond), progress());
            if (plan.delta().isEmpty()) {
                throw new IOException("no patch is possible, send " + plan.reason());
            }
            write(plan.delta().get(), plan.reason());
            return 0;
        }
        PatchFormat wanted = format == Format.BSDIFF40 ? PatchFormat.BSDIFF40 : PatchFormat.FIELDPROOF;
        DeltaProfile decoder = profile == null ? DeltaProfile.SMALL : profile;
        DeltaOptions options =
                DeltaOptions.DEFAULT.withFormat(wanted).withProfile(decoder).withProgress(progress());
        write(DeltaEncoder.create(from, to, options), "as asked for");
        return 0;
    }

    /** A line on a terminal that is written over. */
    @SuppressWarnings(
            "SystemConsoleNull") // later Javas may have a console without a terminal: a line too many, no harm
    private DeltaOptions.Progress progress() {
        if (System.console() == null || json) {
            return DeltaOptions.DEFAULT.progress();
        }
        PrintWriter err = spec.commandLine().getErr();
        return (stage, done, total) -> {
            show(err, stage, done, total);
            return true;
        };
    }

    /** Shows a step of the work; the last one ends the line. */
    static void show(PrintWriter err, String stage, int done, int total) {
        err.printf("\r%-14s %d/%d", stage, done, total);
        if (stage.equals("done")) {
            err.println();
        }
        err.flush();
    }

    private long ram() {
        if (ramBytes != null) {
            return ramBytes;
        }
        return profile == DeltaProfile.FULL ? GATEWAY_BYTES : DeviceBudget.DEFAULT.ramBytes();
    }

    private void write(Delta delta, String reason) throws IOException {
        Files.write(patch, delta.patch());
        PrintWriter out = spec.commandLine().getOut();
        DeltaReport report = delta.report();
        if (json) {
            out.printf(
                    Locale.ROOT,
                    "{\"format\":\"%s\",\"profile\":\"%s\",\"isa\":\"%s\",\"sourceBytes\":%d,\"targetBytes\":%d,"
                            + "\"patchBytes\":%d,\"savedPercent\":%.2f,\"reason\":\"%s\"}%n",
                    lower(report.format()),
                    lower(report.profile()),
                    report.isa(),
                    report.sourceBytes(),
                    report.targetBytes(),
                    report.patchBytes(),
                    report.savedPercent(),
                    reason);
            return;
        }
        print(report, out);
        out.printf("chosen: %s%n", reason);
    }

    private static void print(DeltaReport report, PrintWriter out) {
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
