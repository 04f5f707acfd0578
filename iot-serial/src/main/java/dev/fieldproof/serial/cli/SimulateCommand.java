package dev.fieldproof.serial.cli;

import dev.fieldproof.serial.sim.SimChip;
import dev.fieldproof.serial.sim.SimFlash;
import dev.fieldproof.serial.sim.SimServer;
import dev.fieldproof.serial.sim.SimTiming;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Serves a simulated chip, to practise on. */
@Command(
        name = "simulate",
        description = "Serves a simulated chip on a TCP port of this machine, until it is stopped.",
        mixinStandardHelpOptions = true)
final class SimulateCommand extends DeviceCommand implements Callable<Integer> {
    @Option(names = "--flash-size", description = "size of its flash (default: 4M)", defaultValue = "4M")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private SerialMain.Offset flashSize;

    @Override
    public Integer call() throws IOException, InterruptedException {
        SimChip chip = new SimChip(main.chipOrDefault(), new SimFlash(flashSize.bytes()), SimTiming.NONE);
        chip.enterLoader();
        try (SimServer server = SimServer.start(chip)) {
            out().println("socket://127.0.0.1:" + server.port());
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
