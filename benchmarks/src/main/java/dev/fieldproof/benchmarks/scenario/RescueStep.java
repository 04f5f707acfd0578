package dev.fieldproof.benchmarks.scenario;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.EspFlasher;
import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.FlashOptions;
import dev.fieldproof.serial.flash.FlashPlan;
import dev.fieldproof.serial.flash.FlashReport;
import dev.fieldproof.serial.image.EspImage;
import dev.fieldproof.serial.image.Otadata;
import dev.fieldproof.serial.image.PartitionTable;
import dev.fieldproof.serial.sim.BootOutcome;
import dev.fieldproof.serial.sim.SimChip;
import dev.fieldproof.serial.sim.SimFlash;
import dev.fieldproof.serial.sim.SimLink;
import dev.fieldproof.serial.sim.SimTiming;
import dev.fieldproof.serial.sim.WireFaults;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A node that does not boot any more is flashed over a noisy cable that falls out half-way. */
final class RescueStep implements Step {
    private static final String MODULE = "iot-serial";
    private static final String SLOT = "ota_0";
    private static final int FLASH_BYTES = 4 << 20;
    private static final int SLOT_BYTES = 0x18_0000;
    private static final int BYTES_HIT_PER_MILLION = 20;
    private static final int CUT_AFTER_BYTES = 70_000;

    @Override
    public Chapter run(Day day) throws IOException {
        RandomGenerator random = day.random(MODULE);
        String node = day.nodeIds().get(day.nodeIds().size() - 1);
        byte[] firmware = day.inputs.newFirmware();
        byte[] fitting = Arrays.copyOf(firmware, Math.min(firmware.length, SLOT_BYTES - 4096));
        PartitionTable table = PartitionTable.twoSlots(SLOT_BYTES);
        SimChip chip = new SimChip(Chip.ESP32C3, new SimFlash(FLASH_BYTES), SimTiming.TYPICAL_PAGES);
        brick(chip, table, random);
        BootOutcome before = chip.boot();
        day.tell(MODULE, node + " does not boot: its application and its otadata are garbage");

        FlashPlan plan = FlashPlan.builder()
                .table(table)
                .app(SLOT, EspImage.wrap(Chip.ESP32C3, fitting))
                .bootSlot(0)
                .build();
        SimClock bench = new SimClock(day.clock.instant());
        WireFaults faults = WireFaults.noise(random, BYTES_HIT_PER_MILLION).cutAfter(CUT_AFTER_BYTES);
        SimLink cable = new SimLink(chip, bench, faults, 1, true);
        FlashReport report = new EspFlasher(cable, FlashOptions.defaults().withBaud(921_600), bench::nanoTime)
                .flash(plan, FlashMonitor.none());
        Duration took = Duration.ofNanos(bench.nanoTime());
        day.clock.advance(took);
        BootOutcome after = chip.boot();
        day.tell(MODULE, node + " after " + took.toSeconds() + " s on the cable: " + after);

        return Chapter.of("A bricked node is rescued over serial", MODULE)
                .figure("node", node)
                .figure("image", Text.bytes(fitting.length))
                .figure("on the cable", Text.bytes(report.stats().sentBytes()))
                .figure(
                        "timeouts survived, cable put back",
                        report.stats().timeouts() + ", " + report.stats().reopened())
                .figure("time at 921,600 baud", took.toSeconds() + " s")
                .invariant("it was bricked", before instanceof BootOutcome.Bricked, before.toString())
                .invariant(
                        "the flasher verified what it wrote",
                        report.flashed(),
                        report.result().toString())
                .invariant(
                        "it boots the new image",
                        after instanceof BootOutcome.Running running
                                && running.partition().equals(SLOT),
                        after.toString())
                .build();
    }

    private static void brick(SimChip chip, PartitionTable table, RandomGenerator random) {
        chip.flash().set(PartitionTable.DEFAULT_OFFSET, table.toBytes());
        byte[] garbage = new byte[Otadata.BYTES];
        random.nextBytes(garbage);
        chip.flash().set(table.otadata().orElseThrow().offset(), garbage);
        byte[] half = new byte[200_000];
        random.nextBytes(half);
        chip.flash().set(table.find(SLOT).orElseThrow().offset(), half);
    }
}
