package dev.fieldproof.ota.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry of the command line: exit code 0 is done, 1 is refused or failed, 2 is wrong usage. */
@Command(
        name = "iot-ota",
        mixinStandardHelpOptions = true,
        version = "iot-ota 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        description = "Delta updates, trusted metadata and the on-site control node.",
        subcommands = {
            DeltaCommand.class,
            TufCommand.class,
            RepoCommand.class,
            NodeCommand.class,
        })
public final class OtaMain {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private OtaMain() {}

    /**
     * Runs one command and ends the JVM with its exit code.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        PrintWriter out = new PrintWriter(System.out, true, Charset.defaultCharset());
        PrintWriter err = new PrintWriter(System.err, true, Charset.defaultCharset());
        System.exit(run(out, err, args));
    }

    /**
     * Runs one command.
     *
     * @param out results
     * @param err progress and the one line that explains a failure
     * @param args the command and its options
     * @return 0 for done, 1 for refused or failed, 2 for wrong usage
     */
    static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = line().setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println(command.getCommandName() + ": " + oneLine(e));
                    return FAILED;
                });
        if (args.length == 0) {
            line.usage(err);
            return WRONG_USAGE;
        }
        return line.execute(args);
    }

    static CommandLine line() {
        return new CommandLine(new OtaMain());
    }

    private static String oneLine(Exception e) {
        if (e instanceof NoSuchFileException missing) {
            return "no such file: " + missing.getFile();
        }
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}
