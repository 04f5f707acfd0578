package dev.fieldproof.serial.flash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.serial.Bench;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.sim.SimTiming;
import dev.fieldproof.serial.sim.WireFaults;
import dev.fieldproof.serial.sim.WireFaults.Direction;
import dev.fieldproof.serial.sim.WireFaults.Fate;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every single-bit flip of a begin request, which carries no checksum: the target must be right in the end, and flash
 * beside it whole or reported. Paired with sessions that leave a safeguard out.
 */
class DamagedBeginTest {
    private static final int FLASH_BYTES = 0x4_0000;
    private static final int OFFSET = 0x1_0000;
    private static final int BEGIN_BYTES = 26;
    private static final byte[] DATA = Bench.code(100_000, 1);
    private static final byte[] OLD = Bench.code(FLASH_BYTES, 2);
    private static final FlashPlan PLAN = FlashPlan.builder()
            .flashSize(FLASH_BYTES)
            .part(FlashPart.data("data", OFFSET, DATA))
            .build();
    private static final FlashOptions OPTIONS =
            FlashOptions.defaults().withBaud(921_600).withStub(Bench.STUB).withDifferential(false);

    private static final class NoVerify extends FlashSession {
        NoVerify() {
            super(PLAN, OPTIONS);
        }

        @Override
        Move<FlashResult> verify(Work work, int asked) {
            return beginPart(work.nextPart());
        }
    }

    private static final class NoEnd extends FlashSession {
        NoEnd() {
            super(PLAN, OPTIONS);
        }

        @Override
        Move<FlashResult> end(Work work) {
            return writeRuns(work.withoutFirstRun());
        }
    }

    private enum Mutant {
        NONE,
        /** Never asks for an MD5 after writing. */
        NO_VERIFY,
        /** Leaves the end command out, which alone notices some damage. */
        NO_END;

        FlashSession session() {
            return switch (this) {
                case NONE -> new FlashSession(PLAN, OPTIONS);
                case NO_VERIFY -> new NoVerify();
                case NO_END -> new NoEnd();
            };
        }
    }

    private static Bench bench(WireFaults faults) {
        Bench bench = new Bench(Chip.ESP32C3, FLASH_BYTES, SimTiming.TYPICAL_PAGES, faults, 1);
        bench.sim.flash().set(0, OLD);
        return bench;
    }

    /** Where the begin request is in what the host sends. */
    private static int beginAt() {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        Bench bench = bench((direction, index, value) -> {
            if (direction == Direction.TO_CHIP) {
                sent.write(value);
            }
            return Fate.of(value);
        });
        assertTrue(bench.flash(PLAN, OPTIONS).flashed());
        byte[] bytes = sent.toByteArray();
        for (int i = 0; ; i++) {
            if (bytes[i] == (byte) 0xC0 && bytes[i + 1] == 0 && bytes[i + 2] == 0x10 && bytes[i + 3] == 16) {
                return i;
            }
        }
    }

    /** Runs a session with one bit of the begin, or one whole reply, damaged; empty if it ended in harmless failure. */
    private static String verdict(Mutant mutant, WireFaults faults) {
        Bench bench = bench(faults);
        SessionDriver driver = new SessionDriver(bench.link, new Limit(), bench.clock::nanoTime);
        FlashResult result = driver.run(mutant.session().start()).orElseGet(FlashResult.Cancelled::new);
        if (!(result instanceof FlashResult.Flashed flashed)) {
            return result.toString();
        }
        byte[] expected = OLD.clone();
        byte[] tail = new byte[-DATA.length & 0xFFF];
        Arrays.fill(tail, (byte) 0xFF);
        System.arraycopy(DATA, 0, expected, OFFSET, DATA.length);
        System.arraycopy(tail, 0, expected, OFFSET + DATA.length, tail.length);
        byte[] flash = bench.sim.flash().read(0, FLASH_BYTES);
        if (!Arrays.equals(DATA, Arrays.copyOfRange(flash, OFFSET, OFFSET + DATA.length))) {
            return "the target is wrong";
        }
        return Arrays.equals(flash, expected) || flashed.neighboursSuspect() ? "" : "neighbours damaged in silence";
    }

    /** Stops a mutant that would go on for ever. */
    private static final class Limit implements FlashMonitor {
        private int asked;

        @Override
        public boolean cancelled() {
            return asked++ > 2000;
        }
    }

    private static int badOutcomes(Mutant mutant) {
        int begin = beginAt();
        int bad = 0;
        for (int bit = 0; bit < 8 * BEGIN_BYTES; bit++) {
            int at = begin + bit / 8;
            int mask = 1 << (bit % 8);
            String verdict = verdict(
                    mutant,
                    (direction, index, value) -> direction == Direction.TO_CHIP && index == at
                            ? Fate.of((byte) (value ^ mask))
                            : Fate.of(value));
            bad += verdict.isEmpty() ? 0 : 1;
            if (mutant == Mutant.NONE) {
                assertEquals("", verdict, "bit " + bit + " of the begin flipped");
            }
        }
        return bad;
    }

    @Test
    void anyFlippedBitIsSurvivedOrReported() {
        assertEquals(0, badOutcomes(Mutant.NONE));
    }

    @ParameterizedTest
    @EnumSource(names = {"NO_VERIFY", "NO_END"})
    void aSessionWithoutASafeguardIsCaught(Mutant mutant) {
        assertTrue(badOutcomes(mutant) > 0, mutant + " passes: the enumeration cannot fail");
    }
}
