package dev.fieldproof.ota.cli;

import java.io.PrintWriter;
import java.util.spi.ToolProvider;

/** The command line as a {@link ToolProvider} named {@code iot-ota}; links to picocli only when it runs. */
public final class OtaTool implements ToolProvider {
    /** Called by {@link java.util.ServiceLoader}. */
    public OtaTool() {}

    @Override
    public String name() {
        return "iot-ota";
    }

    @Override
    public int run(PrintWriter out, PrintWriter err, String... args) {
        return OtaMain.run(out, err, args);
    }
}
