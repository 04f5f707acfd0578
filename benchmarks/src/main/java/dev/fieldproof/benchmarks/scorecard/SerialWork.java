package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Esptool;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.EspFlasher;
import dev.fieldproof.serial.FlashBatch;
import dev.fieldproof.serial.flash.AuditLog;
import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.FlashOptions;
import dev.fieldproof.serial.flash.FlashPart;
import dev.fieldproof.serial.flash.FlashPlan;
import dev.fieldproof.serial.flash.FlashReport;
import dev.fieldproof.serial.flash.Stub;
import dev.fieldproof.serial.port.PortAddress;
import dev.fieldproof.serial.sim.SimChip;
import dev.fieldproof.serial.sim.SimFlash;
import dev.fieldproof.serial.sim.SimTiming;
import dev.fieldproof.serial.sim.WireFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.Deflater;

/** Whole flashing sessions of 1 MiB of real firmware over one model of a wire, ours and the vendor's tool's. */
final class SerialWork {
    static final Chip CHIP = Chip.ESP32C3;
    static final int OFFSET = 0x1_0000;

    /** As large as the one that the vendor's tool loads into this chip, so that both carry the same burden. */
    static final Stub STUB = new Stub(
            0x4038_0000,
            List.of(new Stub.Segment(0x4038_0000, new byte[3984]), new Stub.Segment(0x3FC8_0000, new byte[160])));

    private static final int FLASH_BYTES = 4 << 20;
    private static final int LATENCY_MILLIS = 1;
    private static final int PORTS = 16;

    /** What a session took, in the model's seconds, and sent. */
    record Session(double seconds, long sentBytes) {}

    /** One tool's way of writing a file through a port. */
    @FunctionalInterface
    private interface Tool {
        void write(int port) throws IOException, InterruptedException;
    }

    private SerialWork() {}

    static byte[] image(int lengthBytes) throws IOException {
        return Arrays.copyOf(Files.readAllBytes(FirmwarePair.ALL.get(1).targetPath()), lengthBytes);
    }

    static FlashOptions options(int baud) {
        return FlashOptions.defaults().withBaud(baud).withStub(STUB).withReset(FlashOptions.Reset.NONE);
    }

    private static SimChip usedChip(SimTiming timing) throws IOException {
        SimChip chip = new SimChip(CHIP, new SimFlash(FLASH_BYTES), timing);
        // Something else is in flash, so that all of it has to be erased.
        byte[] other = image(1 << 20);
        for (int i = 0; i < other.length; i++) {
            other[i] ^= 0x55;
        }
        chip.flash().set(OFFSET, other);
        chip.enterLoader();
        return chip;
    }

    private static Session session(SimTiming timing, Tool tool) throws IOException, InterruptedException {
        SimChip chip = usedChip(timing);
        byte[] image = image(1 << 20);
        try (SerialWire wire = new SerialWire(chip, LATENCY_MILLIS, false, WireFaults.NONE)) {
            tool.write(wire.port());
            if (!Arrays.equals(image, chip.flash().read(OFFSET, image.length))) {
                throw new IOException("flash is not as it should be");
            }
            return new Session(wire.seconds(), wire.toChipBytes());
        }
    }

    static Session ours(int baud, SimTiming timing) throws IOException, InterruptedException {
        FlashPlan plan = FlashPlan.builder()
                .part(FlashPart.data("firmware", OFFSET, image(1 << 20)))
                .build();
        return session(timing, port -> {
            FlashReport report =
                    new EspFlasher(PortAddress.opener("socket://127.0.0.1:" + port), options(baud)).flash(plan);
            if (!report.flashed()) {
                throw new IOException(report.toString());
            }
        });
    }

    static Session theirs(int baud, SimTiming timing) throws IOException, InterruptedException {
        if (!Esptool.isInstalled()) {
            throw new IOException("skipped: " + Esptool.NAME + " is not installed");
        }
        Path file = Files.createTempFile("fieldproof", ".bin");
        try {
            Files.write(file, image(1 << 20));
            return session(timing, port -> {
                Esptool.Run run = Esptool.write(port, "esp32c3", baud, OFFSET, file);
                if (run.exitCode() != 0) {
                    throw new IOException(run.output());
                }
            });
        } finally {
            Files.delete(file);
        }
    }

    /** Share of the time that neither wire nor flash can do without, in per cent. */
    static double share(int baud, SimTiming timing, Session session) throws IOException {
        double wire = zlibBytes(image(1 << 20)) * 10.0 / baud;
        double flash = (16 * timing.eraseBlockNanos() + 4096 * timing.pageNanos()) / 1e9;
        double verify = (1 << 20) * timing.md5NanosPerByte() / 1e9;
        // At the low speed the wire alone is the measure.
        double limit = baud <= FlashOptions.ROM_BAUD ? wire : Math.max(wire, flash) + verify;
        return 100 * limit / session.seconds();
    }

    private static int zlibBytes(byte[] bytes) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            return deflater.deflate(new byte[2 * bytes.length]);
        } finally {
            deflater.end();
        }
    }

    /** Wall time of sixteen ports at once in times of one alone, a quarter of a MiB each, at the wire's own pace. */
    static double sixteenPorts() throws IOException, InterruptedException {
        FlashPlan plan = FlashPlan.builder()
                .part(FlashPart.data("firmware", OFFSET, image(1 << 18)))
                .build();
        seconds(1, plan); // classes are loaded and code is compiled outside the clock
        double alone = seconds(1, plan);
        return seconds(PORTS, plan) / alone;
    }

    private static double seconds(int ports, FlashPlan plan) throws IOException {
        Map<String, EspFlasher> devices = new LinkedHashMap<>();
        SerialWire[] wires = new SerialWire[ports];
        for (int i = 0; i < ports; i++) {
            wires[i] = new SerialWire(usedChip(SimTiming.TYPICAL_PAGES), LATENCY_MILLIS, true, WireFaults.NONE);
            devices.put(
                    "port " + i,
                    new EspFlasher(PortAddress.opener("socket://127.0.0.1:" + wires[i].port()), options(921_600)));
        }
        ExecutorService threads = Executors.newFixedThreadPool(ports);
        try {
            FlashBatch batch = new FlashBatch(devices, new AuditLog(List.of()), InstantSource.system());
            long start = System.nanoTime();
            for (FlashReport report :
                    batch.flash(plan, FlashMonitor.none(), threads).values()) {
                if (!report.flashed()) {
                    throw new IOException(report.toString());
                }
            }
            return (System.nanoTime() - start) / 1e9;
        } finally {
            threads.shutdown();
            for (SerialWire wire : wires) {
                wire.close();
            }
        }
    }
}
