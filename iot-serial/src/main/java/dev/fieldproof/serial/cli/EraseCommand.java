package dev.fieldproof.serial.cli;

import dev.fieldproof.serial.flash.Outcome;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Erases sectors. */
@Command(name = "erase", description = "Erases whole sectors of 4096 bytes.", mixinStandardHelpOptions = true)
final class EraseCommand extends DeviceCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "OFFSET")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private SerialMain.Offset offset;

    @Parameters(index = "1", paramLabel = "LENGTH")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private SerialMain.Offset length;

    @Override
    public Integer call() throws IOException {
        Outcome<Integer> outcome = main.flasher().erase(offset.bytes(), length.bytes());
        if (!(outcome instanceof Outcome.Done<Integer> done)) {
            return unfinished(outcome);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("result", "erased");
        fields.put("bytes", done.value());
        print(fields);
        return 0;
    }
}
