package dev.fieldproof.serial.cli;

import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Reads flash into a file. */
@Command(name = "read", description = "Reads flash into a file.", mixinStandardHelpOptions = true)
final class ReadCommand extends DeviceCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "OFFSET")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private SerialMain.Offset offset;

    @Parameters(index = "1", paramLabel = "LENGTH")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private SerialMain.Offset length;

    @Parameters(index = "2", paramLabel = "FILE")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call() throws IOException {
        Outcome<byte[]> outcome = main.flasher().read(offset.bytes(), length.bytes(), FlashMonitor.none());
        if (!(outcome instanceof Outcome.Done<byte[]> done)) {
            return unfinished(outcome);
        }
        Files.write(file, done.value());
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("result", "read");
        fields.put("bytes", done.value().length);
        print(fields);
        return 0;
    }
}
