package dev.fieldproof.serial.cli;

import dev.fieldproof.serial.flash.FlashPart;
import dev.fieldproof.serial.flash.FlashReport;
import dev.fieldproof.serial.flash.FlashResult;
import dev.fieldproof.serial.flash.Outcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What commands have in common: where they print and how an outcome becomes an exit code. */
abstract class DeviceCommand {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    SerialMain main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    CommandSpec spec;

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    int fail(String why) {
        spec.commandLine().getErr().println(spec.name() + ": " + why);
        return 1;
    }

    /** Prints fields as JSON or as lines. */
    void print(Map<String, Object> fields) {
        if (main.json()) {
            out().println(Json.of(fields));
        } else {
            fields.forEach((name, value) -> out().println(name + ": " + value));
        }
    }

    int unfinished(Outcome<?> outcome) {
        return outcome instanceof Outcome.Failed<?> failed
                ? fail(failed.stage() + ": " + failed.reason())
                : fail("cancelled");
    }

    /** Pairs of offset and file. */
    static List<FlashPart> parts(List<String> words) throws IOException {
        if (words.size() % 2 != 0) {
            throw new SerialMain.UsageException("give pairs of OFFSET and FILE");
        }
        List<FlashPart> parts = new ArrayList<>();
        for (int i = 0; i < words.size(); i += 2) {
            int offset;
            try {
                offset = SerialMain.Offset.parse(words.get(i)).bytes();
            } catch (NumberFormatException e) {
                throw new SerialMain.UsageException("not an offset: " + words.get(i));
            }
            Path file = Path.of(words.get(i + 1));
            parts.add(FlashPart.of(String.valueOf(file.getFileName()), offset, Files.readAllBytes(file)));
        }
        return parts;
    }

    int report(FlashReport report) {
        FlashResult result = report.result();
        if (result instanceof FlashResult.Flashed flashed) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("result", "flashed");
            fields.put("chip", flashed.chip().label());
            fields.put("sentBytes", report.stats().sentBytes());
            fields.put("receivedBytes", report.stats().receivedBytes());
            fields.put("timeouts", report.stats().timeouts());
            fields.put("reopened", report.stats().reopened());
            fields.put("verified", flashed.verified());
            fields.put("neighboursSuspect", flashed.neighboursSuspect());
            print(fields);
            return 0;
        }
        if (result instanceof FlashResult.Refused refused) {
            return fail("refused, nothing was erased: " + String.join("; ", refused.reasons()));
        }
        return result instanceof FlashResult.Failed failed
                ? fail(failed.stage() + ": " + failed.reason())
                : fail("cancelled");
    }
}
