package dev.fieldproof.serial.flash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.serial.Bench;
import dev.fieldproof.serial.Chip;
import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramesTest {
    private static final int MAX = 0x4000;

    private static byte[] zlib(byte[] bytes) {
        FlashPlan plan =
                FlashPlan.builder().part(FlashPart.data("data", 0, bytes)).build();
        return plan.streams().of(0, new Run(0, bytes.length), FlashOptions.Compression.FAST);
    }

    private static byte[] joined(Frames frames) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < frames.count(); i++) {
            byte[] frame = frames.frame(i);
            assertTrue(frame.length >= 1 && frame.length <= MAX, "frame of " + frame.length);
            all.writeBytes(frame);
        }
        return all.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5000, 32_767, 32_768, 32_769, 300_000})
    void framesAreTheStream(int length) {
        for (byte[] bytes : new byte[][] {Bench.code(length, 1), new byte[length]}) {
            byte[] stream = zlib(bytes);
            assertArrayEquals(stream, joined(FramePlanner.plan(stream, MAX, 921_600)));
            assertArrayEquals(stream, joined(Frames.even(stream, MAX)));
        }
    }

    /** In the simulated chip, which is not the planner's own idea of one: the best even cut is worse by far. */
    @Test
    void plannedFramesKeepTheWireBusy() {
        byte[] stream = zlib(Bench.code(1 << 19, 3));
        double best = Double.MAX_VALUE;
        for (int max = 4096; max <= MAX; max += 1024) {
            best = Math.min(best, seconds(Frames.even(stream, max)));
        }
        double planned = seconds(FramePlanner.plan(stream, MAX, 921_600));
        assertTrue(planned <= best, planned + " s against " + best);
        assertTrue(planned <= 0.98 * seconds(Frames.even(stream, MAX)), planned + " s");
    }

    private static double seconds(Frames frames) {
        byte[] data = Bench.code(1 << 19, 3);
        FlashPlan plan =
                FlashPlan.builder().part(FlashPart.data("data", 0, data)).build();
        FlashOptions options = FlashOptions.defaults()
                .withBaud(921_600)
                .withStub(Bench.STUB)
                .withDifferential(false)
                .withCompression(FlashOptions.Compression.FAST);
        Bench bench = Bench.of(Chip.ESP32C3);
        bench.sim.flash().set(0, Bench.code(1 << 19, 4));
        FlashSession session = new FlashSession(plan, options) {
            @Override
            Frames frames(Link link, int part, Run run) {
                return frames;
            }
        };
        try (SessionDriver driver = new SessionDriver(bench.link, FlashMonitor.none(), bench.clock::nanoTime)) {
            assertTrue(driver.run(session.start()).orElseThrow() instanceof FlashResult.Flashed);
        }
        assertArrayEquals(data, bench.sim.flash().read(0, data.length));
        return bench.clock.nanoTime() / 1e9;
    }

    @Test
    void whatIsNoStreamIsTheCallersMistake() {
        assertThrows(IllegalArgumentException.class, () -> FramePlanner.plan(new byte[100], MAX, 921_600));
    }
}
