package dev.fieldproof.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.serial.flash.FlashOptions;
import dev.fieldproof.serial.flash.FlashPart;
import dev.fieldproof.serial.flash.FlashPlan;
import dev.fieldproof.serial.flash.FlashReport;
import dev.fieldproof.serial.flash.FlashResult;
import dev.fieldproof.serial.image.EspImage;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChipRevisionTest {
    private static byte[] image(Chip chip, int min, int max) {
        return EspImage.builder(chip)
                .segment(0x4200_0020, Bench.code(3000, 1))
                .revisions(min, max)
                .build();
    }

    private static FlashReport flash(Bench bench, byte[] image) {
        FlashPlan plan =
                FlashPlan.builder().part(FlashPart.app(0x1_0000, image)).build();
        return bench.flash(plan, FlashOptions.defaults());
    }

    @ParameterizedTest
    @CsvSource({
        "ESP32,0",
        "ESP32,100",
        "ESP32,200",
        "ESP32,301",
        "ESP32S2,100",
        "ESP32S2,9",
        "ESP32S3,2",
        "ESP32C2,104",
        "ESP32C3,4",
        "ESP32C3,101",
        "ESP32C5,100",
        "ESP32C6,2",
        "ESP32H2,102",
        "ESP32P4,103",
        "ESP32P4,301"
    })
    void anImageRunsFromItsLowestRevisionToItsHighest(Chip chip, int revision) {
        for (int[] limits : new int[][] {{revision, revision}, {0, revision}, {revision, 0xFFFF}}) {
            Bench bench = Bench.of(chip);
            bench.sim.revision(revision);
            byte[] image = image(chip, limits[0], Math.max(1, limits[1]));
            FlashReport report = flash(bench, image);
            assertTrue(report.flashed(), report.toString());
            assertArrayEquals(image, bench.sim.flash().read(0x1_0000, image.length));
        }
        Bench bench = Bench.of(chip);
        bench.sim.revision(revision);
        FlashReport report = flash(bench, image(chip, revision + 1, 0xFFFF));
        FlashResult.Refused refused = assertInstanceOf(FlashResult.Refused.class, report.result());
        assertTrue(refused.reasons().get(0).contains("not for " + revision), refused.toString());
        assertEquals(0, bench.sim.eraseCommands());
    }

    @Test
    void aNewerChipThanTheImageKnowsIsRefused() {
        Bench bench = Bench.of(Chip.ESP32C3);
        bench.sim.revision(101);
        FlashReport report = flash(bench, image(Chip.ESP32C3, 3, 99));
        assertInstanceOf(FlashResult.Refused.class, report.result());
        assertEquals(0, bench.sim.eraseCommands());
    }

    /** Images older than the two fields have zeros there, and a byte of another meaning. */
    @Test
    void oldImagesCountOtherwise() throws Exception {
        byte[] esp32 = image(Chip.ESP32, 0, 0);
        esp32[14] = 3;
        assertEquals(300, EspImage.parse(rehashed(esp32), Chip.ESP32).minRevision());
        assertEquals(0xFFFF, EspImage.parse(rehashed(esp32), Chip.ESP32).maxRevision());
        byte[] c3 = image(Chip.ESP32C3, 0, 0xFFFF);
        c3[14] = 3;
        assertEquals(3, EspImage.parse(rehashed(c3), Chip.ESP32C3).minRevision());
    }

    private static byte[] rehashed(byte[] image) {
        int end = image.length - 32;
        byte[] hash = Digest.sha256(Arrays.copyOf(image, end)).bytes();
        System.arraycopy(hash, 0, image, end, 32);
        return image;
    }

    /** In the first ones the bits of the major number meant something else. */
    @Test
    void theFirstEsp32S3IsToldByItsMemorysVersion() {
        Map<Integer, Integer> words = Map.of(0x6000_7058, 3 << 24, 0x6000_706C, 1, 0x6000_7050, 1 << 24);
        assertEquals(0, ChipRevision.of(Chip.ESP32S3, words));
        assertEquals(300, ChipRevision.of(Chip.ESP32S3, Map.of(0x6000_7058, 3 << 24)));
    }

    @Test
    void theOldestChipHasNone() {
        assertEquals(ChipRevision.UNKNOWN, ChipRevision.of(Chip.ESP8266, Map.of()));
        assertTrue(ChipRevision.registers(Chip.ESP8266).isEmpty());
    }

    @Test
    void aRevisionThatTheBitsCannotSayIsTheCallersMistake() {
        assertThrows(IllegalArgumentException.class, () -> ChipRevision.words(Chip.ESP32, 400));
        assertThrows(IllegalArgumentException.class, () -> ChipRevision.words(Chip.ESP32C3, 16));
        assertThrows(IllegalArgumentException.class, () -> ChipRevision.words(Chip.ESP32C3, -1));
    }
}
