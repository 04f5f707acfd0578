package dev.fieldproof.serial.cli;

import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.EspFlasher;
import dev.fieldproof.serial.flash.FlashOptions;
import dev.fieldproof.serial.flash.StubFile;
import dev.fieldproof.serial.port.PortAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Entry of the command line: exit code 0 is done, 1 is refused or failed, 2 is wrong usage. */
@Command(
        name = "iot-serial",
        mixinStandardHelpOptions = true,
        version = "iot-serial 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        description = "Flashes ESP chips over serial lines, TCP and RFC 2217, whatever the cable does.",
        subcommands = {
            FlashCommand.class,
            InfoCommand.class,
            ReadCommand.class,
            VerifyCommand.class,
            EraseCommand.class,
            ImageCommand.class,
            PartitionsCommand.class,
            OtadataCommand.class,
            MergeCommand.class,
            SimulateCommand.class,
        })
public final class SerialMain {
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    @Option(
            names = "--port",
            description = "device path, socket://HOST:PORT or rfc2217://HOST:PORT",
            paramLabel = "PORT")
    private @Nullable String port;

    @Option(names = "--chip", description = "chip that must be found (default: any)", defaultValue = "auto")
    private String chip = "auto";

    @Option(names = "--baud", description = "speed of the long work (default: 460800)", defaultValue = "460800")
    private int baud;

    @Option(
            names = "--before",
            description = "default-reset, or no-reset if the chip is in its loader already",
            defaultValue = "default-reset")
    private String before = "default-reset";

    @Option(names = "--stub", description = "file with a stub to load first (default: ROM only)", paramLabel = "FILE")
    private @Nullable Path stub;

    @Option(names = "--json", description = "results as JSON")
    private boolean json;

    private SerialMain() {}

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
        CommandLine line = new CommandLine(new SerialMain())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println(command.getCommandName() + ": " + oneLine(e));
                    return e instanceof UsageException ? WRONG_USAGE : FAILED;
                });
        line.registerConverter(Offset.class, Offset::parse);
        if (args.length == 0) {
            line.usage(err);
            return WRONG_USAGE;
        }
        return line.execute(args);
    }

    private static String oneLine(Exception e) {
        if (e instanceof NoSuchFileException missing) {
            return "no such file: " + missing.getFile();
        }
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }

    /** What the caller must change. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    /**
     * A number of bytes, decimal or with 0x, with k or M behind it for 1024 or 1048576.
     *
     * @param bytes the number
     */
    record Offset(int bytes) {
        static Offset parse(String text) {
            String digits = text.toLowerCase(Locale.ROOT);
            boolean hex = digits.startsWith("0x");
            int shift = !hex && digits.endsWith("k") ? 10 : !hex && digits.endsWith("m") ? 20 : 0;
            String plain = shift > 0 ? digits.substring(0, digits.length() - 1) : digits;
            long value = (hex ? Long.parseLong(plain.substring(2), 16) : Long.parseLong(plain)) << shift;
            if (value < 0 || value > Integer.MAX_VALUE) {
                throw new NumberFormatException("out of range: " + text);
            }
            return new Offset((int) value);
        }
    }

    EspFlasher flasher() throws IOException {
        String address = port;
        if (address == null) {
            throw new UsageException("which port? give --port");
        }
        FlashOptions options = FlashOptions.defaults();
        try {
            options = options.withBaud(baud);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
        if (stub != null) {
            options = options.withStub(StubFile.parse(Files.readString(stub)));
        }
        if (!chip.equalsIgnoreCase("auto")) {
            options = options.withChip(chip(chip));
        }
        options = switch (before) {
            case "no-reset", "no_reset" -> options.withReset(FlashOptions.Reset.NONE);
            case "default-reset", "default_reset" -> options;
            default -> throw new UsageException("--before is default-reset or no-reset, not " + before);
        };
        return new EspFlasher(PortAddress.opener(address), options);
    }

    boolean json() {
        return json;
    }

    /** The chip named by the option, or the ESP32. */
    Chip chipOrDefault() {
        return chip.equalsIgnoreCase("auto") ? Chip.ESP32 : chip(chip);
    }

    static Chip chip(String name) {
        String plain = name.toUpperCase(Locale.ROOT).replace("-", "");
        try {
            return Chip.valueOf(plain);
        } catch (IllegalArgumentException e) {
            throw new UsageException("unknown chip " + name);
        }
    }
}
