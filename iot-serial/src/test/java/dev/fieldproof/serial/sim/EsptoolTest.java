package dev.fieldproof.serial.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fieldproof.serial.Bench;
import dev.fieldproof.serial.Chip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The vendor's own tool, run as a program, must accept the simulated chip: that is why the simulator is believed. The
 * environment variable ESPTOOL may hold the command.
 */
class EsptoolTest {
    private static List<String> tool = List.of();

    @TempDir
    Path folder;

    @BeforeAll
    static void findTheTool() {
        String named = System.getenv("ESPTOOL");
        List<List<String>> candidates = named != null
                ? List.of(Arrays.asList(named.split(" ")))
                : List.of(List.of("esptool"), List.of("esptool.py"));
        tool = candidates.stream()
                .filter(candidate -> answers(candidate))
                .findFirst()
                .orElse(List.of());
        assumeTrue(!tool.isEmpty(), "skipped: no esptool on the path and none named by ESPTOOL");
    }

    private static boolean answers(List<String> command) {
        try {
            return run(command, "version").exit == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private record Ran(int exit, String output) {}

    private static Ran run(List<String> command, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(command);
        line.addAll(Arrays.asList(arguments));
        Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), output);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Ran(process.exitValue(), output);
    }

    private Ran esptool(SimServer server, Chip chip, boolean stub, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of("--chip", chip.name().toLowerCase(Locale.ROOT)));
        line.addAll(List.of("--port", "socket://127.0.0.1:" + server.port()));
        line.addAll(List.of("--before", "no_reset", "--after", "no_reset"));
        if (!stub) {
            line.add("--no-stub");
        }
        line.addAll(Arrays.asList(arguments));
        return run(tool, line.toArray(String[]::new));
    }

    private static SimChip inLoader(Chip chip) {
        SimChip sim = new SimChip(chip, new SimFlash(4 << 20), SimTiming.NONE);
        sim.enterLoader();
        return sim;
    }

    @ParameterizedTest
    @CsvSource({"ESP32,false", "ESP32C3,true", "ESP32C3,false", "ESP32C6,true", "ESP32S3,false", "ESP32H2,true"})
    void writesVerifiesAndReads(Chip chip, boolean stub) throws IOException {
        SimChip sim = inLoader(chip);
        byte[] image = Bench.image(chip, 70_000, 3);
        Path file = Files.write(folder.resolve("app.bin"), image);
        Path copy = folder.resolve("copy.bin");
        try (SimServer server = SimServer.start(sim)) {
            Ran wrote = esptool(server, chip, stub, "write_flash", "0x10000", file.toString());
            assertEquals(0, wrote.exit, wrote.output);
            assertTrue(wrote.output.contains("Hash of data verified"), wrote.output);
            Ran verified = esptool(server, chip, stub, "verify_flash", "0x10000", file.toString());
            assertEquals(0, verified.exit, verified.output);
            int length = stub ? image.length : 4096;
            Ran read = esptool(server, chip, stub, "read_flash", "0x10000", "" + length, copy.toString());
            assertEquals(0, read.exit, read.output);
            assertArrayEquals(Arrays.copyOf(image, length), Files.readAllBytes(copy));
        }
        assertArrayEquals(image, sim.flash().read(0x1_0000, image.length));
    }

    @ParameterizedTest
    @EnumSource(names = {"ESP32", "ESP32S2", "ESP32S3", "ESP32C2", "ESP32C3", "ESP32C6", "ESP32H2"})
    void tellsTheChipsApart(Chip chip) throws IOException {
        try (SimServer server = SimServer.start(inLoader(chip))) {
            String port = "socket://127.0.0.1:" + server.port();
            String[] line = {"--port", port, "--before", "no_reset", "--after", "no_reset", "--no-stub", "read_mac"};
            Ran ran = run(tool, line);
            assertEquals(0, ran.exit, ran.output);
            assertTrue(ran.output.contains("Detecting chip type... " + chip.label() + "\n"), ran.output);
        }
    }

    /** What it reads out of the chip's one-time memory is what was put there: both know the same bits. */
    @ParameterizedTest
    @CsvSource({
        "ESP32,301",
        "ESP32S2,100",
        "ESP32S3,2",
        "ESP32C2,104",
        "ESP32C3,4",
        "ESP32C3,101",
        "ESP32C6,2",
        "ESP32H2,102"
    })
    void readsTheRevision(Chip chip, int revision) throws IOException {
        SimChip sim = inLoader(chip);
        sim.revision(revision);
        try (SimServer server = SimServer.start(sim)) {
            Ran ran = esptool(server, chip, false, "read_mac");
            assertEquals(0, ran.exit, ran.output);
            String expected = "(revision v" + revision / 100 + "." + revision % 100 + ")";
            assertTrue(ran.output.contains(expected), ran.output);
        }
    }

    /** It cannot ask that chip's ROM what is in flash; here the flash itself is looked at. */
    @Test
    void writesTheOldestChipThroughItsRom() throws IOException {
        SimChip sim = inLoader(Chip.ESP8266);
        byte[] image = Bench.image(Chip.ESP8266, 70_000, 3);
        sim.flash().set(0, Bench.code(0x4_0000, 4));
        byte[] before = sim.flash().read(0, 0x4_0000);
        Path file = Files.write(folder.resolve("app.bin"), image);
        try (SimServer server = SimServer.start(sim)) {
            Ran wrote = esptool(server, Chip.ESP8266, false, "write_flash", "0x10000", file.toString());
            assertEquals(0, wrote.exit, wrote.output);
        }
        byte[] after = sim.flash().read(0, 0x4_0000);
        assertArrayEquals(image, Arrays.copyOfRange(after, 0x1_0000, 0x1_0000 + image.length));
        assertArrayEquals(Arrays.copyOf(before, 0x1_0000), Arrays.copyOf(after, 0x1_0000));
        int end = 0x1_0000 + ((image.length + 0xFFF) & ~0xFFF);
        assertArrayEquals(
                Arrays.copyOfRange(before, end + 0x1000, 0x4_0000), Arrays.copyOfRange(after, end + 0x1000, 0x4_0000));
    }

    @Test
    void readsTheFlashIdAndErases() throws IOException {
        SimChip sim = inLoader(Chip.ESP32C3);
        sim.flash().set(0x2_0000, new byte[8192]);
        try (SimServer server = SimServer.start(sim)) {
            Ran id = esptool(server, Chip.ESP32C3, true, "flash_id");
            assertEquals(0, id.exit, id.output);
            assertTrue(id.output.contains("Detected flash size: 4MB"), id.output);
            Ran erased = esptool(server, Chip.ESP32C3, true, "erase_region", "0x20000", "0x1000");
            assertEquals(0, erased.exit, erased.output);
        }
        assertTrue(sim.flash().blank(0x2_0000, 0x1000));
        assertArrayEquals(new byte[4096], sim.flash().read(0x2_1000, 4096));
    }
}
