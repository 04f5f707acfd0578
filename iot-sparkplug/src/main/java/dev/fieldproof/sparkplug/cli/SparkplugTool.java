package dev.fieldproof.sparkplug.cli;

import java.io.PrintWriter;
import java.util.spi.ToolProvider;

/** Offers the command line as the tool {@code sparkplug}. Needs picocli only when it is run. */
public final class SparkplugTool implements ToolProvider {
    /** Made by {@link java.util.ServiceLoader}. */
    public SparkplugTool() {}

    @Override
    public String name() {
        return "iot-sparkplug";
    }

    @Override
    public int run(PrintWriter out, PrintWriter err, String... args) {
        return SparkplugMain.run(out, err, args);
    }
}
