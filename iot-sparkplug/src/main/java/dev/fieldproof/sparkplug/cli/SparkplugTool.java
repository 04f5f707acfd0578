package dev.fieldproof.sparkplug.cli;

import java.io.PrintWriter;
import java.util.spi.ToolProvider;

/**
 * Offers the command line as the tool {@code iot-sparkplug}. The commands themselves are in {@code
 * iot-sparkplug-cli.jar} alone, which is complete; the library's jar leaves them out.
 */
public final class SparkplugTool implements ToolProvider {
    /** Made by {@link java.util.ServiceLoader}. */
    public SparkplugTool() {}

    @Override
    public String name() {
        return "iot-sparkplug";
    }

    @Override
    public int run(PrintWriter out, PrintWriter err, String... args) {
        try {
            return SparkplugMain.run(out, err, args);
        } catch (NoClassDefFoundError e) {
            err.println(name() + ": the commands are in iot-sparkplug-cli.jar, which is not on the path");
            return 1;
        }
    }
}
