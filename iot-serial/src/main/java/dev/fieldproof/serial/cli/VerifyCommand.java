package dev.fieldproof.serial.cli;

import dev.fieldproof.serial.flash.Outcome;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Compares flash with files. */
@Command(
        name = "verify",
        description = "Compares flash with files, by the chip's MD5.",
        mixinStandardHelpOptions = true)
final class VerifyCommand extends DeviceCommand implements Callable<Integer> {
    @Parameters(arity = "2..*", paramLabel = "OFFSET FILE", description = "where, and what should be there")
    private List<String> words = List.of();

    @Override
    public Integer call() throws IOException {
        Outcome<List<String>> outcome = main.flasher().compare(parts(words));
        if (!(outcome instanceof Outcome.Done<List<String>> done)) {
            return unfinished(outcome);
        }
        if (!done.value().isEmpty()) {
            return fail("differs: " + String.join(", ", done.value()));
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("result", "equal");
        print(fields);
        return 0;
    }
}
