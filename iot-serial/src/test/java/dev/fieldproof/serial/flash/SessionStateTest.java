package dev.fieldproof.serial.flash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.serial.Bench;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.EspFlasher;
import dev.fieldproof.serial.sim.SimTiming;
import dev.fieldproof.serial.sim.WireFaults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a process that was killed leaves to the next. */
class SessionStateTest {
    private static final int FLASH_BYTES = 1 << 20;
    private static final byte[] FIRST = Bench.code(70_000, 1);
    private static final byte[] SECOND = Bench.code(150_000, 2);
    private static final FlashPlan PLAN = FlashPlan.builder()
            .flashSize(FLASH_BYTES)
            .part(FlashPart.data("first", 0x1_0000, FIRST))
            .part(FlashPart.data("second", 0x4_0000, SECOND))
            .build();
    private static final FlashOptions ROM =
            FlashOptions.defaults().withBaud(921_600).withCompression(FlashOptions.Compression.FAST);
    private static final FlashOptions STUB = ROM.withStub(Bench.STUB);

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("device.state");
    }

    private static Bench bench() {
        Bench bench = new Bench(Chip.ESP32C3, FLASH_BYTES, SimTiming.TYPICAL_PAGES, WireFaults.NONE, 1);
        bench.sim.flash().set(0, Bench.code(FLASH_BYTES, 3));
        return bench;
    }

    /** Stops before the packet of that number, as a killed process does. */
    private static FlashMonitor killedBefore(int packet) {
        return new FlashMonitor() {
            private int asked;

            @Override
            public boolean cancelled() {
                return asked++ == packet;
            }
        };
    }

    private FlashReport flash(Bench bench, FlashOptions options, FlashMonitor monitor) throws IOException {
        return new EspFlasher(bench.link, options, bench.clock::nanoTime).flash(PLAN, monitor, file);
    }

    private static void assertInFlash(Bench bench, FlashReport report, String what) {
        assertTrue(report.flashed(), what + ": " + report);
        assertArrayEquals(FIRST, bench.sim.flash().read(0x1_0000, FIRST.length), what);
        assertArrayEquals(SECOND, bench.sim.flash().read(0x4_0000, SECOND.length), what);
    }

    @Test
    void aProcessKilledBeforeAnyPacketIsGoneOnWith() throws IOException {
        for (int packet = 0; ; packet++) {
            Bench bench = bench();
            FlashReport first = flash(bench, STUB, killedBefore(packet));
            if (first.flashed()) {
                assertTrue(packet > 25, "a session of " + packet + " packets");
                break;
            }
            FlashReport second = flash(bench, STUB, FlashMonitor.none());
            assertInFlash(bench, second, "killed before packet " + packet);
            assertFalse(Files.exists(file), "nothing is unfinished after packet " + packet);
        }
    }

    @Test
    void theRomAloneGoesOnToo() throws IOException {
        for (int packet = 5; ; packet += 9) {
            Bench bench = bench();
            if (flash(bench, ROM, killedBefore(packet)).flashed()) {
                assertTrue(packet > 60, "a session of " + packet + " packets");
                break;
            }
            assertInFlash(bench, flash(bench, ROM, FlashMonitor.none()), "killed before packet " + packet);
        }
    }

    /** In the middle of the second part the first is not begun with again. */
    @Test
    void whatWasDoneIsNotBegunWithAgain() throws IOException {
        Bench bench = bench();
        List<String> stages = new ArrayList<>();
        flash(bench, STUB, new FlashMonitor() {
            private boolean stop;

            @Override
            public void progress(FlashProgress progress) {
                stop |= progress.doneBytes() > FIRST.length + 90_000;
            }

            @Override
            public boolean cancelled() {
                return stop;
            }
        });
        FlashReport second = flash(bench, STUB, new FlashMonitor() {
            @Override
            public void progress(FlashProgress progress) {
                stages.add(progress.what() + " " + progress.stage());
            }
        });
        assertInFlash(bench, second, "resumed");
        assertEquals("second RECOVERING", stages.get(0), stages.toString());
        assertTrue(stages.contains("first COMPARING"), "at the end all parts are looked at again");
        assertFalse(stages.contains("first WRITING"), stages.toString());
    }

    /** A request that hit the neighbours is known to the process it happened to alone, unless it is written down. */
    @Test
    void suspicionOutlivesTheProcess() throws IOException {
        Bench bench = bench();
        flash(bench, STUB, killedBefore(20));
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        assertEquals("suspect false", lines.set(4, "suspect true"));
        Files.write(file, lines);
        FlashReport report = flash(bench, STUB, FlashMonitor.none());
        assertTrue(((FlashResult.Flashed) report.result()).neighboursSuspect(), report.toString());
    }

    @Test
    void whatAnotherPlanLeftIsNotGoneOnWith() throws IOException {
        Bench bench = bench();
        flash(bench, STUB, killedBefore(20));
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(1, "plan " + "0".repeat(64));
        lines.set(4, "suspect true");
        Files.write(file, lines);
        FlashReport report = flash(bench, STUB, FlashMonitor.none());
        assertInFlash(bench, report, "from the beginning");
        assertFalse(((FlashResult.Flashed) report.result()).neighboursSuspect(), "that was another plan's");
    }

    @Test
    void anotherChipOnTheCableBeginsFromTheBeginning() throws IOException {
        flash(bench(), STUB, killedBefore(20));
        Bench other = new Bench(Chip.ESP32C6, FLASH_BYTES, SimTiming.TYPICAL_PAGES, WireFaults.NONE, 1);
        assertInFlash(other, flash(other, STUB, FlashMonitor.none()), "another chip");
    }

    @ParameterizedTest
    @CsvSource({
        "0,something else,line 1",
        "1,plan 12,line 2",
        "2,chip ESP99,line 3",
        "3,part one,line 4",
        "4,suspected true,line 5",
        "5,run 0,line 6",
        "5,run 0 x,line 6",
        "5,,line 6"
    })
    void aDamagedFileIsNamedAndNothingIsSent(int line, String text, String named) throws IOException {
        flash(bench(), STUB, killedBefore(20));
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(line, text == null ? "" : text);
        Files.write(file, lines);
        Bench bench = bench();
        IOException e = assertThrows(IOException.class, () -> flash(bench, STUB, FlashMonitor.none()));
        assertTrue(String.valueOf(e.getMessage()).startsWith(named), e.getMessage());
        assertEquals(0, bench.link.toChipBytes());
    }

    /** The folder of the file is gone. */
    @Test
    void aDiskThatFailsIsToldAndDoesNotStopTheFlashing() throws IOException {
        file = folder.resolve("gone").resolve("device.state");
        List<IOException> told = new ArrayList<>();
        Bench bench = bench();
        FlashReport report = flash(bench, STUB, new FlashMonitor() {
            @Override
            public void stateNotKept(IOException why) {
                told.add(why);
            }
        });
        assertInFlash(bench, report, "without a file");
        assertEquals(2, told.size(), "once for each part: " + told);
    }

    @ParameterizedTest
    @CsvSource({"3,part 2", "3,part -1", "5,run 1 4096", "5,run 0 150001", "5,run -4096 4096", "5,run 0 0"})
    void aPlaceOutsideThePlanIsNotGoneOnWith(int line, String text) throws IOException {
        flash(bench(), STUB, killedBefore(20));
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(line, text);
        Files.write(file, lines);
        Bench bench = bench();
        assertInFlash(bench, flash(bench, STUB, FlashMonitor.none()), text);
    }
}
