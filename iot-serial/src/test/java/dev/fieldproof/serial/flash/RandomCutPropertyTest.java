package dev.fieldproof.serial.flash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.serial.Bench;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.sim.SimTiming;
import dev.fieldproof.serial.sim.WireFaults;
import dev.fieldproof.serial.sim.WireFaults.Direction;
import dev.fieldproof.serial.sim.WireFaults.Fate;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Cuts at random bytes of a session over four windows, the program killed with the cable or not. */
class RandomCutPropertyTest {
    private static final int BYTES = 4 * FlashSession.WINDOW_BYTES;
    private static final byte[] DATA = Bench.code(BYTES, 11);
    private static final FlashPlan PLAN = FlashPlan.builder()
            .part(FlashPart.data("data", 0x1_0000, DATA))
            .flashSize(1 << 20)
            .build();
    private static final FlashOptions ROM =
            FlashOptions.defaults().withBaud(921_600).withCompression(FlashOptions.Compression.FAST);
    private static final FlashOptions STUB = ROM.withStub(Bench.STUB);

    private static Bench bench(WireFaults faults) {
        return new Bench(Chip.ESP32C3, 1 << 20, SimTiming.TYPICAL_PAGES, faults, 1);
    }

    /** What may be sent beyond a session without faults: two windows, compressed, and connecting again. */
    private static long allowance(long cleanSent) {
        long connecting = 12_000;
        return cleanSent * 2 * FlashSession.WINDOW_BYTES / BYTES + connecting;
    }

    @Test
    void anyCutIsRecoveredFromAtTheCostOfTwoWindows() {
        Bench clean = bench(WireFaults.NONE);
        assertTrue(clean.flash(PLAN, STUB).flashed());
        long sent = clean.link.toChipBytes();
        long received = clean.link.toHostBytes();
        SeededRuns.check(60, random -> {
            boolean toChip = random.nextInt(4) > 0;
            long at = toChip ? random.nextLong(sent) : random.nextLong(received);
            Direction direction = toChip ? Direction.TO_CHIP : Direction.TO_HOST;
            AtomicBoolean cut = new AtomicBoolean();
            Bench bench = bench((way, index, value) -> {
                boolean hit = way == direction && index == at;
                cut.compareAndSet(false, hit);
                return hit ? Fate.CUT : Fate.of(value);
            });
            FlashReport report;
            if (random.nextBoolean()) {
                report = bench.flash(PLAN, STUB);
            } else {
                // Killed: the first session ends at the cut, a second knows nothing of it.
                bench.flash(PLAN, STUB, new FlashMonitor() {
                    @Override
                    public boolean cancelled() {
                        return cut.get();
                    }
                });
                report = bench.flash(PLAN, STUB);
            }
            assertTrue(report.flashed(), report.toString());
            assertArrayEquals(DATA, bench.sim.flash().read(0x1_0000, BYTES));
            long extra = bench.link.toChipBytes() - sent;
            assertTrue(extra <= allowance(sent), extra + " bytes sent again after a cut at " + at);
        });
    }

    @Test
    void theRomAloneRecoversFromCutsAndNoise() {
        SeededRuns.check(20, random -> {
            long at = random.nextLong(150_000);
            Bench bench = bench(WireFaults.noise(new SplittableRandom(random.nextLong()), 10)
                    .cutAfter(at));
            FlashReport report = bench.flash(PLAN, ROM);
            assertTrue(report.flashed(), report.toString());
            assertArrayEquals(DATA, bench.sim.flash().read(0x1_0000, BYTES));
        });
    }

    @Test
    void manyCutsAndNoiseTogether() {
        SeededRuns.check(20, random -> {
            WireFaults noise = WireFaults.noise(new SplittableRandom(random.nextLong()), 15);
            long every = 40_000 + random.nextLong(60_000);
            Bench bench = bench((way, index, value) ->
                    way == Direction.TO_CHIP && index % every == every - 1 ? Fate.CUT : noise.fate(way, index, value));
            FlashReport report = bench.flash(PLAN, STUB);
            assertTrue(report.flashed(), report.toString());
            assertArrayEquals(DATA, bench.sim.flash().read(0x1_0000, BYTES));
        });
    }
}
