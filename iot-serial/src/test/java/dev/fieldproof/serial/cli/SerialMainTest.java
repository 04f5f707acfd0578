package dev.fieldproof.serial.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.serial.Bench;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.image.Otadata;
import dev.fieldproof.serial.sim.BootOutcome;
import dev.fieldproof.serial.sim.SimChip;
import dev.fieldproof.serial.sim.SimFlash;
import dev.fieldproof.serial.sim.SimServer;
import dev.fieldproof.serial.sim.SimTiming;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SerialMainTest {
    private static final Chip CHIP = Chip.ESP32C3;

    @TempDir
    private Path folder;

    private final SimChip sim = new SimChip(CHIP, new SimFlash(4 << 20), SimTiming.NONE);
    private SimServer server;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        sim.enterLoader();
        server = SimServer.start(sim);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int run(String... args) {
        List<String> line = new ArrayList<>(List.of("--port", "socket://127.0.0.1:" + server.port()));
        line.addAll(List.of("--before", "no-reset"));
        line.addAll(Arrays.asList(args));
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        return tool(line.toArray(String[]::new));
    }

    private int tool(String... args) {
        ToolProvider tool = ToolProvider.findFirst("iot-serial").orElseThrow();
        return tool.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    }

    private String file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes).toString();
    }

    @Test
    void flashesVerifiesReadsAndSwitches() throws IOException {
        byte[] app = Bench.image(CHIP, 30_000, 1);
        String appFile = file("app.bin", app);
        String table = file("table.bin", Bench.TABLE.toBytes());
        String otadata = file("otadata.bin", Otadata.select(0).toBytes());
        String[] parts = {"0x8000", table, "0xd000", otadata, "0x10000", appFile, "0x110000", appFile};
        List<String> flash = new ArrayList<>(List.of("--json", "flash"));
        flash.addAll(Arrays.asList(parts));
        assertEquals(0, run(flash.toArray(String[]::new)), err.toString());
        assertTrue(out.toString().contains("\"result\":\"flashed\""), out.toString());
        assertEquals(new BootOutcome.Running("ota_0", 0), sim.boot());

        assertEquals(0, run("verify", "0x10000", appFile), err.toString());
        assertEquals(
                0,
                run("read", "0x10000", "" + app.length, folder.resolve("copy").toString()),
                err.toString());
        assertArrayEquals(app, Files.readAllBytes(folder.resolve("copy")));
        assertEquals(0, run("otadata", "--select", "1"), err.toString());
        assertEquals(new BootOutcome.Running("ota_1", 1), sim.boot());
        assertEquals(0, run("partitions"), err.toString());
        assertTrue(out.toString().contains("ota_1"), out.toString());
        assertEquals(0, run("erase", "0x10000", "64k"), err.toString());
        assertEquals(1, run("verify", "0x10000", appFile));
        assertTrue(err.toString().contains("differs: app.bin"), err.toString());
    }

    @Test
    void saysWhichChipAnswers() {
        assertEquals(0, run("info"));
        assertTrue(out.toString().contains("chip: ESP32-C3"), out.toString());
    }

    @Test
    void refusesWithOneLineAndWithoutErasing() throws IOException {
        String wrong = file("wrong.bin", Bench.image(Chip.ESP32S3, 5000, 1));
        assertEquals(1, run("flash", "0x10000", wrong));
        assertTrue(err.toString().startsWith("flash: refused, nothing was erased: wrong.bin: "), err.toString());
        assertEquals(1, err.toString().lines().count());
        assertEquals(0, sim.eraseCommands());
    }

    @Test
    void wrongUsageIsTwo() {
        assertEquals(2, run("flash", "0x10000"));
        assertEquals(2, run("flash", "zero", "file"));
        assertEquals(2, tool("info"));
        assertEquals(2, tool());
        assertEquals(2, run("--baud", "7", "info"));
        assertEquals(2, run("no-such-command"));
        assertEquals(0, tool("--help"));
    }

    @Test
    void missingFilesAreNamed() {
        assertEquals(1, run("flash", "0x10000", "no-such-file"));
        assertEquals("flash: no such file: no-such-file\n", err.toString());
    }

    @Test
    void describesImagesAndMerges() throws IOException {
        String image = file("app.bin", Bench.image(CHIP, 5000, 1));
        assertEquals(0, run("--json", "image", image));
        assertTrue(out.toString().contains("\"chip\":\"ESP32-C3\""), out.toString());
        String merged = folder.resolve("merged.bin").toString();
        assertEquals(0, run("merge", merged, "0x1000", image, "0", file("first", new byte[10])));
        byte[] bytes = Files.readAllBytes(Path.of(merged));
        assertEquals(0x1000 + Files.size(Path.of(image)), bytes.length);
        assertEquals((byte) 0xFF, bytes[10]);
        assertEquals((byte) 0xE9, bytes[0x1000]);
    }
}
