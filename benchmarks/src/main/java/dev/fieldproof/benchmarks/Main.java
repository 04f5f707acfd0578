package dev.fieldproof.benchmarks;

import dev.fieldproof.benchmarks.scenario.FieldDay;
import dev.fieldproof.benchmarks.scorecard.Rows;
import dev.fieldproof.benchmarks.scorecard.Scorecard;
import dev.fieldproof.benchmarks.scorecard.WeakLinkTable;
import java.io.IOException;
import java.util.Arrays;
import picocli.CommandLine;

/** The entry of {@code benchmarks.jar} and of {@code exec:java}: without a command it runs the field day. */
public final class Main {
    private Main() {}

    /**
     * Runs a command and ends the process with its exit code, if that is not 0.
     *
     * @param args {@code scorecard …}, {@code weak-link …}, {@code jmh …}, or options of the field day
     * @throws IOException if JMH cannot be run
     */
    public static void main(String[] args) throws IOException {
        int exitCode = run(args);
        if (exitCode != 0) {
            System.exit(exitCode);
        }
    }

    private static int run(String[] args) throws IOException {
        if (args.length > 0 && args[0].equals("jmh")) {
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(args, 1, args.length));
            return 0;
        }
        return new CommandLine(new FieldDay())
                .addSubcommand(new Scorecard(Rows.all()))
                .addSubcommand(new WeakLinkTable())
                .execute(args);
    }
}
