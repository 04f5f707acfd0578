package dev.fieldproof.serial.cli;

import dev.fieldproof.serial.flash.FlashPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Puts files into one. */
@Command(
        name = "merge",
        description = "Puts files into one image of the flash, from 0.",
        mixinStandardHelpOptions = true)
final class MergeCommand extends DeviceCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "OUT", description = "the file that is written")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path target;

    @Parameters(index = "1..*", arity = "2..*", paramLabel = "OFFSET FILE", description = "where, and what")
    private List<String> words = List.of();

    @Override
    public Integer call() throws IOException {
        List<FlashPart> parts = parts(words).stream()
                .sorted(Comparator.comparingInt(FlashPart::offset))
                .toList();
        byte[] merged = new byte[0];
        for (FlashPart part : parts) {
            if (part.offset() < merged.length) {
                return fail(part.name() + " overlaps the one before it");
            }
            int blankFrom = merged.length;
            merged = Arrays.copyOf(merged, part.offset() + part.bytes().length);
            Arrays.fill(merged, blankFrom, part.offset(), (byte) 0xFF);
            System.arraycopy(part.bytes(), 0, merged, part.offset(), part.bytes().length);
        }
        Files.write(target, merged);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("result", "merged");
        fields.put("bytes", merged.length);
        print(fields);
        return 0;
    }
}
