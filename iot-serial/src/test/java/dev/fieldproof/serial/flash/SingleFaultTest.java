package dev.fieldproof.serial.flash;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.serial.Bench;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.sim.SimTiming;
import dev.fieldproof.serial.sim.WireFaults;
import dev.fieldproof.serial.sim.WireFaults.Direction;
import dev.fieldproof.serial.sim.WireFaults.Fate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every single fault at every byte of a short session, in both directions, for ROM and stub. */
class SingleFaultTest {
    private static final byte[] DATA = Bench.code(700, 1);
    private static final Stub STUB = new Stub(0, List.of(new Stub.Segment(0, Bench.code(60, 3))));
    private static final int OFFSET = 0x1_0000;
    private static final int FLASH_BYTES = 0x2_0000;
    private static final FlashPlan PLAN = FlashPlan.builder()
            .flashSize(FLASH_BYTES)
            .part(FlashPart.data("data", OFFSET, DATA))
            .build();
    private static final byte[] NEIGHBOUR = Bench.code(0x1000, 2);

    private enum Kind {
        FLIP_LOW,
        FLIP_ALL,
        LOSE,
        DOUBLE,
        STRAY_DELIMITER,
        CUT;

        Fate fate(byte value) {
            return switch (this) {
                case FLIP_LOW -> Fate.of((byte) (value ^ 1));
                case FLIP_ALL -> Fate.of((byte) ~value);
                case LOSE -> Fate.LOST;
                case DOUBLE -> Fate.of(value, value);
                case STRAY_DELIMITER -> Fate.of((byte) 0xC0, value);
                case CUT -> Fate.CUT;
            };
        }
    }

    private static FlashOptions options(boolean stub) {
        FlashOptions options = FlashOptions.defaults().withBaud(921_600).withCompression(FlashOptions.Compression.FAST);
        return stub ? options.withStub(STUB) : options;
    }

    private static Bench bench(WireFaults faults) {
        Bench bench = new Bench(Chip.ESP32C3, FLASH_BYTES, SimTiming.TYPICAL_PAGES, faults, 1);
        bench.sim.flash().set(OFFSET - 0x1000, NEIGHBOUR);
        bench.sim.flash().set(OFFSET + 0x2000, NEIGHBOUR);
        return bench;
    }

    private static void assertHonest(Bench bench, FlashReport report, String what) {
        assertTrue(report.flashed(), what + ": " + report);
        assertArrayEquals(DATA, bench.sim.flash().read(OFFSET, DATA.length), what);
        boolean whole = neighboursWhole(bench);
        boolean suspect = ((FlashResult.Flashed) report.result()).neighboursSuspect();
        assertTrue(whole || suspect, what + ": neighbours damaged in silence");
    }

    private static boolean neighboursWhole(Bench bench) {
        byte[] flash = bench.sim.flash().read(0, bench.sim.flash().sizeBytes());
        byte[] expected = new byte[flash.length];
        Arrays.fill(expected, (byte) 0xFF);
        System.arraycopy(NEIGHBOUR, 0, expected, OFFSET - 0x1000, 0x1000);
        System.arraycopy(NEIGHBOUR, 0, expected, OFFSET + 0x2000, 0x1000);
        System.arraycopy(DATA, 0, expected, OFFSET, DATA.length);
        return Arrays.equals(flash, expected);
    }

    private static WireFaults fault(Kind kind, Direction direction, long at) {
        return (way, index, value) -> way == direction && index == at ? kind.fate(value) : Fate.of(value);
    }

    private static long cleanBytes(boolean stub, Direction direction) {
        Bench clean = bench(WireFaults.NONE);
        assertTrue(clean.flash(PLAN, options(stub)).flashed());
        return direction == Direction.TO_CHIP ? clean.link.toChipBytes() : clean.link.toHostBytes();
    }

    @ParameterizedTest
    @CsvSource({"true,TO_CHIP", "true,TO_HOST", "false,TO_CHIP", "false,TO_HOST"})
    void anyFaultAtAnyByteIsSurvived(boolean stub, Direction direction) {
        long bytes = cleanBytes(stub, direction);
        for (Kind kind : Kind.values()) {
            for (long at = 0; at < bytes; at++) {
                Bench bench = bench(fault(kind, direction, at));
                FlashReport report = bench.flash(PLAN, options(stub));
                assertHonest(bench, report, kind + " at byte " + at + " " + direction);
            }
        }
    }

    /** Never asks what is behind a part. */
    private static final class NoGuard extends FlashSession {
        NoGuard() {
            super(PLAN, options(false));
        }

        @Override
        Move<FlashResult> write(Work work) {
            return writeRuns(work);
        }
    }

    @Test
    void aSessionWithoutTheGuardIsCaught() {
        int silent = 0;
        for (long at = 0; at < cleanBytes(false, Direction.TO_CHIP); at++) {
            Bench bench = bench(fault(Kind.FLIP_ALL, Direction.TO_CHIP, at));
            try (SessionDriver driver = new SessionDriver(bench.link, FlashMonitor.none(), bench.clock::nanoTime)) {
                FlashResult result = driver.run(new NoGuard().start()).orElseThrow();
                boolean unsuspecting = result instanceof FlashResult.Flashed flashed && !flashed.neighboursSuspect();
                silent += unsuspecting && !neighboursWhole(bench) ? 1 : 0;
            }
        }
        assertTrue(silent > 0, "passes without the guard: the enumeration cannot fail");
    }

    /** A reply is two delimiters and what is between them. */
    private static WireFaults lostReply(int reply) {
        AtomicInteger delimiters = new AtomicInteger();
        return (way, index, value) -> {
            if (way == Direction.TO_CHIP) {
                return Fate.of(value);
            }
            int before = value == (byte) 0xC0 ? delimiters.getAndIncrement() : delimiters.get();
            boolean opens = value == (byte) 0xC0 && before % 2 == 0;
            int of = opens ? before / 2 : (before - 1) / 2;
            return of == reply ? Fate.LOST : Fate.of(value);
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anyLostReplyIsSurvived(boolean stub) {
        Bench clean = bench(WireFaults.NONE);
        long requests = clean.flash(PLAN, options(stub)).stats().requests();
        // Eight replies answer the first request.
        int noticed = 0;
        for (int reply = 0; reply < requests + 7; reply++) {
            Bench bench = bench(lostReply(reply));
            FlashReport report = bench.flash(PLAN, options(stub));
            assertHonest(bench, report, "reply " + reply + " lost");
            noticed += report.stats().requests() > requests ? 1 : 0;
        }
        // One of eight is enough for the first request, and the stub's greeting for the one that starts it.
        assertTrue(noticed >= requests - 2, noticed + " of " + requests);
    }
}
