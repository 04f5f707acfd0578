package dev.fieldproof.ota.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.PowerCutException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The stock boot loader of the chip and our part of it, with the power cut at every operation on otadata and on our
 * record, and every subset of the eight words of an entry landing.
 */
class EspPowerCutTest {
    private static final int SUBSETS = 256;
    private static final FlashLayout LAYOUT = new FlashLayout(2 * WordFlash.SECTOR, WordFlash.SECTOR, 2, 3);
    private static final byte[] OLD = bytes(1);
    private static final byte[] NEW = bytes(2);
    private static final SlotImage OLD_IMAGE = new SlotImage(1, 1, OLD.length);
    private static final SlotImage NEW_IMAGE = new SlotImage(2, 1, NEW.length);

    /** How the new image behaves. */
    private enum Image {
        /** Confirms itself. */
        HEALTHY,
        /** Starts, and then resets. */
        SICK,
        /** Resets before its application's start has run. */
        DEAD
    }

    private static byte[] bytes(long seed) {
        byte[] bytes = new byte[200];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    /** The old image runs and is confirmed, the new one is staged and labelled. */
    private static WordFlash fresh() throws IOException {
        WordFlash flash = new WordFlash(2 + 2 + 2 + 6);
        flash.program(LAYOUT.slotAt(0), OLD, 0, OLD.length);
        flash.program(LAYOUT.slotAt(1), NEW, 0, NEW.length);
        NorBootControl.format(flash, LAYOUT, ImageCheck.crc32(), OLD_IMAGE);
        new SlotLabel(new FlashSteps(flash, WordFlash.SECTOR), LAYOUT, ImageCheck.crc32()).write(1, NEW_IMAGE);
        new EspBootLoader(flash, 0).point(0, Otadata.State.VALID);
        return flash;
    }

    private static String live(WordFlash flash, Image image) throws IOException {
        for (int boot = 0; boot < 40; boot++) {
            EspBootLoader loader = new EspBootLoader(flash, 0);
            EspBootControl control = new EspBootControl(new NorBootControl(flash, LAYOUT, ImageCheck.crc32()), loader);
            int slot = loader.select();
            byte[] held = new byte[OLD.length];
            flash.read(LAYOUT.slotAt(slot), held, 0, held.length);
            boolean runsNew = Arrays.equals(held, NEW);
            if (runsNew && image == Image.DEAD) {
                continue;
            }
            Optional<BootOutcome> outcome = control.started(slot);
            if (outcome.isEmpty()) {
                continue;
            }
            if (!(outcome.get() instanceof BootOutcome.Running running)) {
                return "unbootable";
            }
            if (runsNew) {
                if (image == Image.HEALTHY) {
                    control.confirm();
                    return "good";
                }
                if (!running.trial()) {
                    return "a sick image stays";
                }
            } else if (control.status().failedVersion() == NEW_IMAGE.version()) {
                return image == Image.HEALTHY ? "a healthy image was given up" : "good";
            } else {
                control.activate(NEW_IMAGE, 4);
            }
        }
        return "endless";
    }

    private static Map<String, Integer> everyTear(Image image) throws IOException {
        WordFlash start = fresh();
        WordFlash whole = start.copy();
        long first = whole.operations();
        assertEquals("good", live(whole, image), image.toString());
        Map<String, Integer> ends = new TreeMap<>();
        for (long operation = first; operation < whole.operations(); operation++) {
            for (int words = 0; words < SUBSETS; words++) {
                WordFlash flash = start.copy();
                flash.cutAt(operation, words);
                String end;
                try {
                    end = live(flash, image);
                } catch (PowerCutException e) {
                    flash.powerOn();
                    end = live(flash, image);
                }
                ends.merge(end, 1, Integer::sum);
            }
        }
        return ends;
    }

    @Test
    void aHealthyImageIsNeverLostAndASickOneNeverStays() throws IOException {
        for (Image image : new Image[] {Image.HEALTHY, Image.SICK}) {
            Map<String, Integer> ends = everyTear(image);
            assertEquals(java.util.Set.of("good"), ends.keySet(), image + " " + ends);
            assertTrue(ends.get("good") >= 16 * SUBSETS, ends.toString());
        }
    }

    /**
     * What the chip's own format cannot survive: the loader's rewriting in place, of which sequence and CRC land and
     * the state does not. An image that dies before its application starts is then started for ever. 32 of 256 subsets
     * in each such window; nothing else ends badly, and nothing is unbootable.
     */
    @Test
    void onlyAnImageThatDiesBeforeItsStartStaysThroughTheLoadersOwnTornWrites() throws IOException {
        Map<String, Integer> ends = everyTear(Image.DEAD);
        assertEquals(java.util.Set.of("endless", "good"), ends.keySet(), ends.toString());
        int trials = 6;
        int windows = 4; // erase and program of pending, erase and program of aborted
        assertEquals(trials * windows * 32, ends.get("endless"), ends.toString());
    }

    @Test
    void ourOwnWritesAreTornWithoutHarm() throws IOException {
        WordFlash start = fresh();
        for (long operation = 0; operation < 3; operation++) {
            for (int words = 0; words < SUBSETS; words++) {
                WordFlash flash = start.copy();
                EspBootLoader loader = new EspBootLoader(flash, 0);
                flash.cutAt(operation, words);
                try {
                    loader.point(1, Otadata.State.NEW);
                    throw new AssertionError("not cut");
                } catch (PowerCutException e) {
                    flash.powerOn();
                }
                Optional<Otadata> entry = loader.read(1).filter(e -> e.slot(2) == 1);
                assertTrue(
                        entry.isEmpty() || entry.get().state() == Otadata.State.NEW,
                        "the new entry counts only with its state: " + entry);
            }
        }
    }

    @Test
    void aCoarseFlashIsRefused() {
        dev.fieldproof.core.sim.SimFlash coarse = new dev.fieldproof.core.sim.SimFlash(20, 128, 16);
        org.junit.jupiter.api.Assertions.assertThrows(
                IllegalArgumentException.class, () -> new EspBootControl(coarse, LAYOUT, 0, ImageCheck.crc32()));
    }
}
