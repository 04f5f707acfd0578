package dev.fieldproof.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fieldproof.serial.flash.DeviceInfo;
import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.FlashOptions;
import dev.fieldproof.serial.flash.FlashPart;
import dev.fieldproof.serial.flash.Outcome;
import dev.fieldproof.serial.sim.WireFaults;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrandTest {
    private static EspFlasher flasher(Bench bench, boolean stub) {
        FlashOptions options = FlashOptions.defaults().withBaud(921_600);
        return new EspFlasher(bench.link, stub ? options.withStub(Bench.STUB) : options, bench.clock::nanoTime);
    }

    @ParameterizedTest
    @EnumSource
    void identifiesEveryChip(Chip chip) {
        if (chip.magic() == 0 && !chip.reportsId()) {
            return;
        }
        assertEquals(
                new Outcome.Done<>(new DeviceInfo(chip, false)),
                flasher(Bench.of(chip), false).identify());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsThroughNoiseAndCuts(boolean stub) {
        WireFaults noise = WireFaults.noise(new SplittableRandom(3), 100).cutAfter(2000);
        Bench bench = Bench.of(Chip.ESP32S3, noise);
        byte[] content = Bench.code(20_000, 9);
        bench.sim.flash().set(0x1_2345, content);
        Outcome<byte[]> read = flasher(bench, stub).read(0x1_2345, content.length, FlashMonitor.none());
        Outcome.Done<?> done = assertInstanceOf(Outcome.Done.class, read, read.toString());
        assertArrayEquals(content, (byte[]) done.value());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void erasesWholeSectorsAndNothingElse(boolean stub) {
        Bench bench = Bench.of(Chip.ESP32);
        bench.sim.flash().set(0x1_0000, new byte[0x4000]);
        assertEquals(new Outcome.Done<>(0x2000), flasher(bench, stub).erase(0x1_1000, 0x2000));
        byte[] blank = new byte[0x2000];
        Arrays.fill(blank, (byte) 0xFF);
        assertArrayEquals(new byte[0x1000], bench.sim.flash().read(0x1_0000, 0x1000));
        assertArrayEquals(blank, bench.sim.flash().read(0x1_1000, 0x2000));
        assertArrayEquals(new byte[0x1000], bench.sim.flash().read(0x1_3000, 0x1000));
        assertThrows(IllegalArgumentException.class, () -> flasher(bench, stub).erase(0x1_0001, 0x1000));
    }

    @Test
    void namesThePartsThatDiffer() {
        Bench bench = Bench.of(Chip.ESP32C6);
        byte[] content = Bench.code(5000, 1);
        bench.sim.flash().set(0x2_0000, content);
        List<FlashPart> parts =
                List.of(FlashPart.data("same", 0x2_0000, content), FlashPart.data("other", 0x3_0000, content));
        assertEquals(new Outcome.Done<>(List.of("other")), flasher(bench, false).compare(parts));
        assertEquals(0, bench.sim.eraseCommands());
    }

    @Test
    void givesUpOnADeadLine() {
        Bench bench = Bench.of(Chip.ESP32, (direction, index, value) -> WireFaults.Fate.LOST);
        assertInstanceOf(Outcome.Failed.class, flasher(bench, false).read(0, 100, FlashMonitor.none()));
    }
}
