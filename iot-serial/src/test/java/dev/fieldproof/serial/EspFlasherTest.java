package dev.fieldproof.serial;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.serial.flash.DeviceInfo;
import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.FlashOptions;
import dev.fieldproof.serial.flash.FlashPart;
import dev.fieldproof.serial.flash.FlashPlan;
import dev.fieldproof.serial.flash.FlashProgress;
import dev.fieldproof.serial.flash.FlashReport;
import dev.fieldproof.serial.flash.FlashResult;
import dev.fieldproof.serial.flash.Outcome;
import dev.fieldproof.serial.port.PortOpener;
import dev.fieldproof.serial.sim.BootOutcome;
import dev.fieldproof.serial.sim.SimChip;
import dev.fieldproof.serial.sim.SimTiming;
import dev.fieldproof.serial.sim.WireFaults;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EspFlasherTest {
    private static final FlashOptions ROM = FlashOptions.defaults().withBaud(921_600);
    private static final FlashOptions STUB = ROM.withStub(Bench.STUB);

    @ParameterizedTest
    @EnumSource(value = Chip.class, mode = EnumSource.Mode.EXCLUDE, names = "ESP8266")
    void flashesABlankChipThroughItsRomAndItBoots(Chip chip) {
        Bench bench = Bench.of(chip);
        FlashPlan plan = Bench.plan(chip, 100_000, 1);
        assertFlashed(bench, plan, bench.flash(plan, ROM));
        assertEquals(new BootOutcome.Running("ota_0", 0), bench.sim.boot());
        assertEquals(SimChip.Mode.APPLICATION, bench.sim.mode());
    }

    @ParameterizedTest
    @EnumSource(value = Chip.class, mode = EnumSource.Mode.EXCLUDE, names = "ESP8266")
    void flashesThroughAStub(Chip chip) {
        Bench bench = Bench.of(chip);
        FlashPlan plan = Bench.plan(chip, 300_000, 1);
        assertFlashed(bench, plan, bench.flash(plan, STUB));
    }

    @Test
    void rescuesABrickedNodeOverANoisyCableThatIsCut() {
        SplittableRandom random = new SplittableRandom(7);
        Bench bench = Bench.of(Chip.ESP32C3, WireFaults.noise(random, 20).cutAfter(70_000));
        bench.sim.flash().set(0x8000, Bench.TABLE.toBytes());
        bench.sim.flash().set(0xD000, Bench.code(0x2000, 3));
        bench.sim.flash().set(0x1_0000, Bench.code(200_000, 4));
        assertInstanceOf(BootOutcome.Bricked.class, bench.sim.boot());
        FlashPlan plan = Bench.plan(Chip.ESP32C3, 200_000, 1);
        FlashReport report = bench.flash(plan, STUB);
        assertFlashed(bench, plan, report);
        assertEquals(new BootOutcome.Running("ota_0", 0), bench.sim.boot());
        assertEquals(1, report.stats().reopened(), report.toString());
    }

    @Test
    void refusesAnImageForAnotherChipWithoutErasing() {
        Bench bench = Bench.of(Chip.ESP32C3);
        FlashReport report = bench.flash(Bench.plan(Chip.ESP32, 50_000, 1), ROM);
        FlashResult.Refused refused = assertInstanceOf(FlashResult.Refused.class, report.result());
        assertTrue(refused.reasons().get(0).contains("for ESP32, not for ESP32-C3"), refused.toString());
        assertEquals(0, bench.sim.eraseCommands());
    }

    @Test
    void sendsNextToNothingWhenNothingChanged() {
        Bench bench = Bench.of(Chip.ESP32C3);
        FlashPlan plan = FlashPlan.builder()
                .part(FlashPart.app(0x1_0000, Bench.image(Chip.ESP32C3, 1 << 20, 1)))
                .build();
        FlashReport first = bench.flash(plan, STUB);
        int erases = bench.sim.eraseCommands();
        FlashReport second = bench.flash(plan, STUB);
        assertFlashed(bench, plan, first);
        assertFlashed(bench, plan, second);
        assertEquals(erases, bench.sim.eraseCommands());
    }

    @Test
    void sendsOnlyTheSectorThatChanged() {
        Bench bench = Bench.of(Chip.ESP32C3);
        byte[] data = Bench.code(1 << 20, 5);
        FlashPlan plan = dataPlan(data);
        bench.flash(plan, STUB);
        long nothing = bench.flash(plan, STUB).stats().sentBytes();
        byte[] changed = data.clone();
        System.arraycopy(Bench.code(4096, 6), 0, changed, 0x5_3000, 4096);
        FlashReport report = bench.flash(dataPlan(changed), STUB);
        assertFlashed(bench, dataPlan(changed), report);
        long extra = report.stats().sentBytes() - nothing;
        assertTrue(extra <= 4096 + 2048, "sent " + extra + " bytes for one sector");
    }

    @Test
    void stopsWhenCancelledAndGoesOnLater() {
        Bench bench = Bench.of(Chip.ESP32C3);
        FlashPlan plan = dataPlan(Bench.code(400_000, 5));
        AtomicBoolean stop = new AtomicBoolean();
        FlashReport first = bench.flash(plan, STUB, new FlashMonitor() {
            @Override
            public void progress(FlashProgress progress) {
                stop.set(stop.get() || progress.doneBytes() > 200_000);
            }

            @Override
            public boolean cancelled() {
                return stop.get();
            }
        });
        assertInstanceOf(FlashResult.Cancelled.class, first.result());
        FlashReport second = bench.flash(plan, STUB);
        assertFlashed(bench, plan, second);
        assertTrue(second.stats().sentBytes() < first.stats().sentBytes(), second.toString());
    }

    @Test
    void reportsProgressThatNeverExceedsTheTotal() {
        Bench bench = Bench.of(Chip.ESP32);
        FlashPlan plan = Bench.plan(Chip.ESP32, 100_000, 1);
        List<FlashProgress> heard = new ArrayList<>();
        bench.flash(plan, ROM, new FlashMonitor() {
            @Override
            public void progress(FlashProgress progress) {
                heard.add(progress);
            }
        });
        assertTrue(heard.stream().anyMatch(p -> p.stage() == FlashProgress.Stage.WRITING));
        assertTrue(heard.stream().allMatch(p -> p.doneBytes() >= 0 && p.doneBytes() <= p.totalBytes()));
    }

    @Test
    void waitsOnceForAPortThatNeverWasThere() {
        List<Integer> waits = new ArrayList<>();
        PortOpener nowhere = timeoutMillis -> {
            waits.add(timeoutMillis);
            throw new IOException("no serial port nowhere");
        };
        Outcome<DeviceInfo> outcome = new EspFlasher(nowhere, FlashOptions.defaults(), () -> 0).identify();
        assertTrue(outcome.toString().contains("no serial port nowhere"), outcome.toString());
        assertEquals(10_000, waits.stream().mapToInt(Integer::intValue).sum(), waits.toString());
    }

    /** What is behind the part is asked for before the ROM writes; here there is nothing. */
    @Test
    void aFlashSmallerThanThePlanBelievesIsNoReasonToStop() {
        Bench bench = new Bench(Chip.ESP32C3, 1 << 18, SimTiming.TYPICAL_PAGES, WireFaults.NONE, 1);
        byte[] data = Bench.code((1 << 18) - 0x2_0000, 5);
        assertFlashed(bench, dataPlan(data), bench.flash(dataPlan(data), ROM));
    }

    @Test
    void saysThatNothingAnswers() {
        Bench bench = Bench.of(Chip.ESP32, (direction, index, value) -> WireFaults.Fate.LOST);
        FlashReport report = bench.flash(Bench.plan(Chip.ESP32, 1000, 1), ROM);
        FlashResult.Failed failed = assertInstanceOf(FlashResult.Failed.class, report.result());
        assertTrue(failed.reason().contains("does not answer"), failed.reason());
    }

    private static FlashPlan dataPlan(byte[] data) {
        return FlashPlan.builder().part(FlashPart.data("data", 0x2_0000, data)).build();
    }

    static void assertFlashed(Bench bench, FlashPlan plan, FlashReport report) {
        assertTrue(report.flashed(), report.toString());
        for (FlashPart part : plan.parts()) {
            assertArrayEquals(part.bytes(), bench.sim.flash().read(part.offset(), part.bytes().length), part.name());
        }
    }
}
