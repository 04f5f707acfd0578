package dev.fieldproof.geo.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** Starts the command line as a program. */
public final class GeoMain {
    private GeoMain() {}

    /**
     * Runs and exits: 0 for done, 1 for refused or failed, 2 for wrong usage.
     *
     * @param arguments as on the command line
     */
    public static void main(String[] arguments) {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(GeoCommand.run(out, err, arguments));
    }
}
