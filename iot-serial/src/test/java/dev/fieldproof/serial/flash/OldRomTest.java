package dev.fieldproof.serial.flash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.serial.Bench;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.EspFlasher;
import dev.fieldproof.serial.sim.SimChip;
import dev.fieldproof.serial.sim.SimTiming;
import dev.fieldproof.serial.sim.WireFaults;
import dev.fieldproof.serial.sim.WireFaults.Fate;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The ESP8266 through its ROM alone: no inflater, no MD5, and an erase that takes too much. */
class OldRomTest {
    private static final int FLASH_BYTES = 1 << 20;
    private static final int SECTOR = FlashPart.SECTOR_BYTES;

    private static Bench bench(WireFaults faults) {
        Bench bench = new Bench(Chip.ESP8266, FLASH_BYTES, SimTiming.TYPICAL_PAGES, faults, 1);
        bench.sim.flash().set(0, Bench.code(FLASH_BYTES, 99));
        return bench;
    }

    private static FlashPlan plan(FlashPart... parts) {
        FlashPlan.Builder plan = FlashPlan.builder().flashSize(FLASH_BYTES);
        Arrays.stream(parts).forEach(plan::part);
        return plan.build();
    }

    private static FlashResult.Flashed flashed(FlashReport report) {
        return assertInstanceOf(FlashResult.Flashed.class, report.result(), report.toString());
    }

    @Test
    void anImageIsWrittenAndBoots() {
        Bench bench = bench(WireFaults.NONE);
        byte[] image = Bench.image(Chip.ESP8266, 150_000, 1);
        FlashResult.Flashed result =
                flashed(bench.flash(plan(FlashPart.bootloader(0, image)), FlashOptions.defaults()));
        assertFalse(result.verified(), "its ROM cannot tell");
        assertArrayEquals(image, bench.sim.flash().read(0, image.length));
        assertEquals(SimChip.Mode.APPLICATION, bench.sim.mode());
    }

    /** Every place and size around a block, against the simulated ROM's own way of counting. */
    @Test
    void nothingElseIsTouchedWithoutSayingSo() {
        byte[] before = bench(WireFaults.NONE).sim.flash().read(0, FLASH_BYTES);
        for (int first = 0; first < 16; first++) {
            for (int sectors = 1; sectors <= 34; sectors += first % 5 == 0 ? 1 : 7) {
                Bench bench = bench(WireFaults.NONE);
                byte[] data = Bench.code(sectors * SECTOR - 100, first + sectors);
                FlashResult.Flashed result = flashed(
                        bench.flash(plan(FlashPart.data("data", first * SECTOR, data)), FlashOptions.defaults()));
                byte[] expected = before.clone();
                Arrays.fill(expected, first * SECTOR, (first + sectors) * SECTOR, (byte) 0xFF);
                System.arraycopy(data, 0, expected, first * SECTOR, data.length);
                byte[] after = bench.sim.flash().read(0, FLASH_BYTES);
                String what = first + " + " + sectors;
                if (result.neighboursSuspect()) {
                    int next = (first + sectors) * SECTOR;
                    Arrays.fill(expected, next, next + SECTOR, (byte) 0xFF);
                }
                assertArrayEquals(expected, after, what);
            }
        }
    }

    @Test
    void aPartThatALaterOneWouldHarmIsRefused() {
        FlashPart one = FlashPart.data("one", 0x1000, new byte[SECTOR]);
        FlashPart two = FlashPart.data("two", 0x2000, new byte[SECTOR]);
        Bench bench = bench(WireFaults.NONE);
        FlashReport report = bench.flash(plan(two, one), FlashOptions.defaults());
        FlashResult.Refused refused = assertInstanceOf(FlashResult.Refused.class, report.result());
        assertTrue(refused.reasons().get(0).startsWith("one: the ROM erases the first sector of two"), "" + refused);
        assertEquals(0, bench.sim.eraseCommands());
        flashed(bench.flash(plan(one, two), FlashOptions.defaults()));
        assertArrayEquals(new byte[2 * SECTOR], bench.sim.flash().read(0x1000, 2 * SECTOR));
    }

    @Test
    void cutsAndNoiseAreSurvived() {
        byte[] data = Bench.code(200_000, 3);
        SeededRuns.check(20, random -> {
            WireFaults noise = WireFaults.noise(new SplittableRandom(random.nextLong()), 3);
            long at = random.nextLong(200_000);
            Bench bench = bench((way, index, value) ->
                    way == WireFaults.Direction.TO_CHIP && index == at ? Fate.CUT : noise.fate(way, index, value));
            flashed(bench.flash(plan(FlashPart.data("data", 0x1_0000, data)), FlashOptions.defaults()));
            assertArrayEquals(data, bench.sim.flash().read(0x1_0000, data.length));
        });
    }

    @Test
    void whatItCannotDoItSays() {
        Bench bench = bench(WireFaults.NONE);
        EspFlasher flasher = new EspFlasher(bench.link, FlashOptions.defaults(), bench.clock::nanoTime);
        String read = flasher.read(0, 100, FlashMonitor.none()).toString();
        assertTrue(read.contains("the ROM of ESP8266 cannot: give a stub"), read);
        String compared = flasher.compare(
                        plan(FlashPart.data("x", 0, new byte[9])).parts())
                .toString();
        assertTrue(compared.contains("the ROM of ESP8266 cannot: give a stub"), compared);
        String odd = flasher.erase(0x1000, SECTOR).toString();
        assertTrue(odd.contains("would erase the next sector too"), odd);
        assertInstanceOf(Outcome.Done.class, flasher.erase(0x1000, 2 * SECTOR));
        assertEquals(Bench.code(FLASH_BYTES, 99)[0x3000], bench.sim.flash().read(0x3000, 1)[0]);
    }
}
