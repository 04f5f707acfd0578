package dev.fieldproof.geo.cli;

import java.io.PrintWriter;
import java.util.spi.ToolProvider;

/** The command line as a tool of the running Java platform. Its class needs no option parser until it runs. */
public final class GeoTool implements ToolProvider {
    /** Made by the service loader. */
    public GeoTool() {}

    @Override
    public String name() {
        return "iot-geo";
    }

    @Override
    public int run(PrintWriter out, PrintWriter err, String... arguments) {
        return GeoCommand.run(out, err, arguments);
    }
}
