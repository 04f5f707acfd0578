package dev.fieldproof.serial.flash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.serial.Bench;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.sim.SimTiming;
import dev.fieldproof.serial.sim.WireFaults;
import org.junit.jupiter.api.Test;

/** What whole sessions cost in simulated time, which repeats exactly: model figures, not a machine's. */
class SessionNumbersTest {
    private static final byte[] MIB = Bench.code(1 << 20, 42);
    private static final int RESET_MILLIS = 150;

    private record Cost(double seconds, long sentBytes) {}

    private static Cost cost(int baud, SimTiming timing, byte[] before, boolean dirty) {
        Bench bench = new Bench(Chip.ESP32C3, 4 << 20, timing, WireFaults.NONE, 1);
        if (dirty) {
            bench.sim.flash().set(0x1_0000, Bench.code(1 << 20, 43));
        }
        if (before.length > 0) {
            bench.sim.flash().set(0x1_0000, before);
        }
        FlashPlan plan =
                FlashPlan.builder().part(FlashPart.data("data", 0x1_0000, MIB)).build();
        FlashOptions options =
                FlashOptions.defaults().withBaud(baud).withStub(Bench.STUB).withReset(FlashOptions.Reset.AUTO);
        FlashReport report = bench.flash(plan, options);
        assertTrue(report.flashed(), report.toString());
        // Both resets, before and after, are not part of the session's figures.
        double seconds = bench.clock.nanoTime() / 1e9 - (RESET_MILLIS + 100) / 1e3;
        return new Cost(seconds, report.stats().sentBytes());
    }

    private static double wireSeconds(int baud) {
        FlashPlan plan =
                FlashPlan.builder().part(FlashPart.data("data", 0, MIB)).build();
        Run whole = new Run(0, MIB.length);
        return plan.streams().of(0, whole, FlashOptions.Compression.FAST).length * 10.0 / baud;
    }

    private static double flashSeconds(SimTiming timing) {
        return (16 * timing.eraseBlockNanos() + 4096 * timing.pageNanos()) / 1e9;
    }

    private static double verifySeconds(SimTiming timing) {
        return (1 << 20) * timing.md5NanosPerByte() / 1e9;
    }

    private static double shareOfLimit(SimTiming timing) {
        double limit = Math.max(wireSeconds(921_600), flashSeconds(timing)) + verifySeconds(timing);
        return limit / cost(921_600, timing, new byte[0], true).seconds;
    }

    @Test
    void aWholeSessionIsNearTheLimitOfWireOrFlash() {
        double slow = wireSeconds(115_200) / cost(115_200, SimTiming.TYPICAL_PAGES, new byte[0], true).seconds;
        double instant = shareOfLimit(SimTiming.INSTANT_FLASH);
        double fast = shareOfLimit(SimTiming.TYPICAL_PAGES);
        System.out.printf("115200: %.3f, 921600 instant: %.3f, 921600 typical: %.3f%n", slow, instant, fast);
        assertTrue(slow >= 0.97, "115200: " + slow);
        assertTrue(instant >= 0.97, "921600, instant flash: " + instant);
        assertTrue(fast >= 0.87, "921600, 0.7 ms pages: " + fast);
    }

    @Test
    void nothingAndOneSectorChangedCostNextToNothing() {
        long nothing = cost(921_600, SimTiming.TYPICAL_PAGES, MIB, false).sentBytes;
        byte[] old = MIB.clone();
        System.arraycopy(Bench.code(4096, 7), 0, old, 0x4_2000, 4096);
        long sector = cost(921_600, SimTiming.TYPICAL_PAGES, old, false).sentBytes;
        long connecting = 3_500; // resets, chip, speed, the test's stub of 3000 bytes
        System.out.printf("nothing: %d, one sector: %d bytes%n", nothing - connecting, sector - connecting);
        assertTrue(nothing <= connecting + 1024, nothing + " bytes");
        assertTrue(sector <= connecting + 4096 + 2048, sector + " bytes");
    }
}
