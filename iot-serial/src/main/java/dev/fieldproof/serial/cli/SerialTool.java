package dev.fieldproof.serial.cli;

import java.io.PrintWriter;
import java.util.spi.ToolProvider;

/** The command line as a {@link ToolProvider} named {@code iot-serial}; links to picocli only when it runs. */
public final class SerialTool implements ToolProvider {
    /** Called by {@link java.util.ServiceLoader}. */
    public SerialTool() {}

    @Override
    public String name() {
        return "iot-serial";
    }

    @Override
    public int run(PrintWriter out, PrintWriter err, String... args) {
        return SerialMain.run(out, err, args);
    }
}
