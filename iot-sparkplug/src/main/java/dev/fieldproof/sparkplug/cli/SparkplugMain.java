package dev.fieldproof.sparkplug.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line {@code iot-sparkplug}. */
@Command(
        name = "iot-sparkplug",
        mixinStandardHelpOptions = true,
        version = "iot-sparkplug 0.1.0-SNAPSHOT",
        description = "Runs Sparkplug B edge nodes and hosts, and reads captured traffic.",
        subcommands = {
            EdgeCommand.class,
            HostCommand.class,
            WatchCommand.class,
            RecordCommand.class,
            DecodeCommand.class,
            ReplayCommand.class,
            ExplainCommand.class
        })
public final class SparkplugMain implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Made by the command line. */
    public SparkplugMain() {}

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "a command is missing");
    }

    /**
     * Runs a command and ends the process with its exit code: 0 done, 1 refused or failed, 2 wrong usage.
     *
     * @param args as {@code --help} says
     */
    public static void main(String[] args) {
        // The MQTT client logs; without a log to write to, a warning about that is all a user would see.
        System.setProperty("slf4j.internal.verbosity", "ERROR");
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    private static String message(Exception failure) {
        if (failure instanceof NoSuchFileException missing) {
            return "no such file: " + missing.getFile();
        }
        if (failure instanceof FileAlreadyExistsException taken) {
            return "there is a file of that name: " + taken.getFile();
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        return new CommandLine(new SparkplugMain())
                .setOut(out)
                .setErr(err)
                .setExecutionExceptionHandler((failure, line, parsed) -> {
                    line.getErr().println("iot-sparkplug " + line.getCommandName() + ": " + message(failure));
                    line.getErr().flush();
                    return 1;
                })
                .execute(args);
    }
}
