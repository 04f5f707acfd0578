package dev.fieldproof.serial;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.FlashOptions;
import dev.fieldproof.serial.flash.FlashPlan;
import dev.fieldproof.serial.flash.FlashReport;
import dev.fieldproof.serial.flash.Stub;
import dev.fieldproof.serial.image.EspImage;
import dev.fieldproof.serial.image.PartitionTable;
import dev.fieldproof.serial.sim.SimChip;
import dev.fieldproof.serial.sim.SimFlash;
import dev.fieldproof.serial.sim.SimLink;
import dev.fieldproof.serial.sim.SimTiming;
import dev.fieldproof.serial.sim.WireFaults;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** A simulated chip on a bench, with a cable. */
public final class Bench {
    public static final PartitionTable TABLE = PartitionTable.twoSlots(0x10_0000);
    public static final Stub STUB = new Stub(0x4038_0000, List.of(new Stub.Segment(0x4038_0000, code(3000, 1))));

    public final Chip chip;
    public final SimChip sim;
    public final SimClock clock = new SimClock(Instant.EPOCH);
    public final SimLink link;

    public Bench(Chip chip, SimTiming timing, WireFaults faults, int latencyMillis) {
        this(chip, 4 << 20, timing, faults, latencyMillis);
    }

    public Bench(Chip chip, int flashBytes, SimTiming timing, WireFaults faults, int latencyMillis) {
        this.chip = chip;
        this.sim = new SimChip(chip, new SimFlash(flashBytes), timing);
        this.link = new SimLink(sim, clock, faults, latencyMillis, true);
    }

    public static Bench of(Chip chip) {
        return new Bench(chip, SimTiming.TYPICAL_PAGES, WireFaults.NONE, 1);
    }

    public static Bench of(Chip chip, WireFaults faults) {
        return new Bench(chip, SimTiming.TYPICAL_PAGES, faults, 1);
    }

    public FlashReport flash(FlashPlan plan, FlashOptions options, FlashMonitor monitor) {
        return new EspFlasher(link, options, clock::nanoTime).flash(plan, monitor);
    }

    public FlashReport flash(FlashPlan plan, FlashOptions options) {
        return flash(plan, options, FlashMonitor.none());
    }

    /** Bytes that compress about as well as code does. */
    public static byte[] code(int length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; ) {
            if (i > 64 && random.nextInt(5) < 2) {
                int from = random.nextInt(i - 16);
                for (int n = 4 + random.nextInt(12); n > 0 && i < length; n--) {
                    bytes[i++] = bytes[from++];
                }
            } else {
                for (int n = random.nextInt(8); n > 0 && i < length; n--) {
                    bytes[i++] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(24));
                }
            }
        }
        return bytes;
    }

    public static byte[] image(Chip chip, int length, long seed) {
        return EspImage.wrap(chip, code(length, seed));
    }

    /** Table, application in slot 0, selection of slot 0. */
    public static FlashPlan plan(Chip chip, int appBytes, long seed) {
        return FlashPlan.builder()
                .table(TABLE)
                .app("ota_0", image(chip, appBytes, seed))
                .bootSlot(0)
                .build();
    }
}
