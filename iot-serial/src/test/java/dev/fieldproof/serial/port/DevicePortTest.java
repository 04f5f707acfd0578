package dev.fieldproof.serial.port;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fieldproof.serial.Bench;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.EspFlasher;
import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.FlashOptions;
import dev.fieldproof.serial.flash.FlashPart;
import dev.fieldproof.serial.flash.FlashPlan;
import dev.fieldproof.serial.flash.FlashProgress;
import dev.fieldproof.serial.flash.FlashReport;
import dev.fieldproof.serial.sim.SimChip;
import dev.fieldproof.serial.sim.SimFlash;
import dev.fieldproof.serial.sim.SimServer;
import dev.fieldproof.serial.sim.SimTiming;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real terminals of the operating system: socat joins one to the simulated chip. */
class DevicePortTest {
    private static final byte[] DATA = Bench.code(60_000, 1);
    private static final FlashPlan PLAN =
            FlashPlan.builder().part(FlashPart.data("data", 0x1_0000, DATA)).build();
    private static final FlashOptions OPTIONS = FlashOptions.defaults().withReset(FlashOptions.Reset.NONE);

    @TempDir
    Path folder;

    private final SimChip sim = new SimChip(Chip.ESP32C3, new SimFlash(1 << 20), SimTiming.NONE);
    private SimServer server;
    private Path device;
    private Process cable;

    @BeforeAll
    static void findSocat() {
        boolean there = Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(path -> Files.isExecutable(Path.of(path, "socat")));
        assumeTrue(there, "skipped: no socat on the path");
    }

    @BeforeEach
    void plugIn() throws IOException {
        sim.enterLoader();
        server = SimServer.start(sim);
        device = folder.resolve("ttyUSB0");
        cable = cable();
    }

    @AfterEach
    void unplug() throws InterruptedException {
        server.close();
        cable.destroy();
        cable.waitFor();
    }

    /** Makes the device and returns when it is there. */
    private Process cable() throws IOException {
        String pty = "pty,rawer,link=" + device;
        Process process = new ProcessBuilder("socat", "-d", "-d", pty, "tcp:127.0.0.1:" + server.port()).start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
        for (String line = said.readLine(); !line.contains("starting data transfer"); line = said.readLine()) {
            assertTrue(process.isAlive(), line);
        }
        return process;
    }

    private static void assertInFlash(SimChip sim, FlashReport report) {
        assertTrue(report.flashed(), report.toString());
        assertArrayEquals(DATA, sim.flash().read(0x1_0000, DATA.length));
    }

    @Test
    void aDeviceFileIsEnough() {
        PortOpener opener = timeoutMillis -> DevicePort.open(device.toString());
        assertInFlash(sim, new EspFlasher(opener, OPTIONS).flash(PLAN));
    }

    @Test
    void jSerialCommWorksToo() throws IOException {
        String path = device.toRealPath().toString();
        PortOpener opener = timeoutMillis -> JSerialCommPort.open(path);
        assertInFlash(sim, new EspFlasher(opener, OPTIONS).flash(PLAN));
    }

    /** The adapter is pulled out and comes back as another terminal under the same name. */
    @Test
    void aDeviceThatComesBackIsGoneOnWith() {
        PortOpener opener = timeoutMillis -> Waiting.open(timeoutMillis, left -> DevicePort.open(device.toString()));
        FlashReport report = new EspFlasher(opener, OPTIONS).flash(PLAN, new FlashMonitor() {
            private boolean pulled;

            @Override
            public void progress(FlashProgress progress) {
                if (!pulled && progress.doneBytes() > DATA.length / 2) {
                    pulled = true;
                    try {
                        cable.destroy();
                        cable.waitFor();
                        cable = cable();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
        });
        assertInFlash(sim, report);
        assertEquals(1, report.stats().reopened(), report.toString());
    }

    @Test
    void whatIsNoDeviceIsNamed() throws IOException {
        IOException missing = assertThrows(IOException.class, () -> DevicePort.open(folder + "/ttyUSB9"));
        assertEquals("no device " + folder + "/ttyUSB9", missing.getMessage());
        Path file = Files.createFile(folder.resolve("file"));
        IOException noTerminal = assertThrows(IOException.class, () -> DevicePort.open(file.toString()));
        assertTrue(String.valueOf(noTerminal.getMessage()).startsWith("cannot set up " + file), noTerminal.toString());
    }

    @Test
    void aPortWithoutAHostOrNumberIsTheCallersMistake() {
        for (String address : new String[] {"socket://", "socket://host", "rfc2217://host:", "socket://:4000"}) {
            assertThrows(IllegalArgumentException.class, () -> PortAddress.opener(address), address);
        }
    }
}
