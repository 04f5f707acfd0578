package dev.fieldproof.serial.cli;

import dev.fieldproof.serial.flash.DeviceInfo;
import dev.fieldproof.serial.flash.Outcome;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Says what answers. */
@Command(name = "info", description = "Says which chip answers.", mixinStandardHelpOptions = true)
final class InfoCommand extends DeviceCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        Outcome<DeviceInfo> outcome = main.flasher().identify();
        if (!(outcome instanceof Outcome.Done<DeviceInfo> done)) {
            return unfinished(outcome);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("chip", done.value().chip().label());
        fields.put("loader", done.value().stub() ? "stub" : "rom");
        print(fields);
        return 0;
    }
}
