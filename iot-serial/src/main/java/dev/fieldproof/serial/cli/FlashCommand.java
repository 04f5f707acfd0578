package dev.fieldproof.serial.cli;

import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.FlashPart;
import dev.fieldproof.serial.flash.FlashPlan;
import dev.fieldproof.serial.flash.FlashProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings files into flash. */
@Command(
        name = "flash",
        description = "Checks everything, then brings files into flash, sending only what differs.",
        mixinStandardHelpOptions = true)
final class FlashCommand extends DeviceCommand implements Callable<Integer> {
    @Parameters(arity = "2..*", paramLabel = "OFFSET FILE", description = "where, and what")
    private List<String> words = List.of();

    @Option(names = "--flash-size", description = "size of the flash, such as 4M (default: what the image says)")
    private SerialMain.@Nullable Offset flashSize;

    @Option(
            names = "--state",
            paramLabel = "FILE",
            description = "keep here what a new process needs to go on; removed when all is done")
    private @Nullable Path state;

    @Override
    @SuppressWarnings(
            "SystemConsoleNull") // from Java 22 on it may be there without a terminal: a line too many, no harm
    public Integer call() throws IOException {
        FlashPlan.Builder plan = FlashPlan.builder();
        for (FlashPart part : parts(words)) {
            plan.part(part);
        }
        if (flashSize != null) {
            plan.flashSize(flashSize.bytes());
        }
        boolean terminal = System.console() != null && !main.json();
        FlashMonitor monitor = new Line(spec.commandLine().getErr(), terminal);
        return report(
                state == null
                        ? main.flasher().flash(plan.build(), monitor)
                        : main.flasher().flash(plan.build(), monitor, state));
    }

    /** One line that is written over, for a person. */
    private static final class Line implements FlashMonitor {
        private final PrintWriter err;
        private final boolean terminal;
        private String last = "";

        Line(PrintWriter err, boolean terminal) {
            this.err = err;
            this.terminal = terminal;
        }

        @Override
        public void stateNotKept(IOException why) {
            err.println("flash: the state is not kept: " + why);
        }

        @Override
        public void progress(FlashProgress progress) {
            if (!terminal) {
                return;
            }
            long percent = 100 * progress.doneBytes() / Math.max(1, progress.totalBytes());
            String line = String.format("%3d %% %-10s %-30s", percent, progress.stage(), progress.what());
            if (!line.equals(last)) {
                err.print("\r" + line);
                err.flush();
                last = line;
            }
        }
    }
}
