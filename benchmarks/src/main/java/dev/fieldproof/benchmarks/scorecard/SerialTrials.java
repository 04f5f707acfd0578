package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Esptool;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.EspFlasher;
import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.FlashOptions;
import dev.fieldproof.serial.flash.FlashPart;
import dev.fieldproof.serial.flash.FlashPlan;
import dev.fieldproof.serial.flash.FlashReport;
import dev.fieldproof.serial.flash.FlashResult;
import dev.fieldproof.serial.image.EspImage;
import dev.fieldproof.serial.image.PartitionTable;
import dev.fieldproof.serial.sim.SimChip;
import dev.fieldproof.serial.sim.SimFlash;
import dev.fieldproof.serial.sim.SimLink;
import dev.fieldproof.serial.sim.SimTiming;
import dev.fieldproof.serial.sim.WireFaults;
import dev.fieldproof.serial.sim.WireFaults.Direction;
import dev.fieldproof.serial.sim.WireFaults.Fate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/** Flashing sessions that something happens to, by seed. */
final class SerialTrials {
    static final int TRIALS = 1000;
    static final int MUTATIONS = 10_000;

    private static final int WINDOW_BYTES = 0x1_0000;
    private static final int OFFSET = SerialWork.OFFSET;
    private static final int FLASH_BYTES = 1 << 20;
    private static final int RIVAL_TRIALS = 5;
    private static final FlashOptions OPTIONS = FlashOptions.defaults()
            .withBaud(921_600)
            .withStub(SerialWork.STUB)
            .withCompression(FlashOptions.Compression.FAST);

    /**
     * What cuts did.
     *
     * @param recovered sessions at whose end all was in flash
     * @param mostSentAgain in windows of 64 KiB as they are on the wire
     */
    record Cuts(int recovered, double mostSentAgain) {}

    private record Setting(SimChip chip, SimLink link, SimClock clock) {
        FlashReport flash(FlashPlan plan, FlashMonitor monitor) {
            return new EspFlasher(link, OPTIONS, clock::nanoTime).flash(plan, monitor);
        }
    }

    private SerialTrials() {}

    private static Setting setting(WireFaults faults, byte[] before) {
        SimClock clock = new SimClock(Instant.EPOCH);
        SimChip chip = new SimChip(SerialWork.CHIP, new SimFlash(FLASH_BYTES), SimTiming.TYPICAL_PAGES);
        chip.flash().set(0, before);
        return new Setting(chip, new SimLink(chip, clock, faults, 1, true), clock);
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(length).nextBytes(bytes);
        return bytes;
    }

    private static FlashPlan plan(byte[] image) {
        return FlashPlan.builder()
                .flashSize(FLASH_BYTES)
                .part(FlashPart.data("firmware", OFFSET, image))
                .build();
    }

    /** The cable is cut at a random byte, either way; in half of the trials the program dies with it. */
    static Cuts cuts() throws IOException {
        byte[] image = SerialWork.image(4 * WINDOW_BYTES);
        byte[] before = noise(FLASH_BYTES);
        FlashPlan plan = plan(image);
        Setting clean = setting(WireFaults.NONE, before);
        clean.flash(plan, FlashMonitor.none());
        long sent = clean.link.toChipBytes();
        long received = clean.link.toHostBytes();
        clean.flash(plan, FlashMonitor.none());
        // A session that has nothing to send: connecting, the stub, a few questions.
        long connecting = clean.link.toChipBytes() - sent;
        double window = (double) (sent - connecting) * WINDOW_BYTES / image.length;
        int recovered = 0;
        double most = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            SplittableRandom random = new SplittableRandom(trial);
            Direction direction = random.nextInt(4) > 0 ? Direction.TO_CHIP : Direction.TO_HOST;
            long at = random.nextLong(direction == Direction.TO_CHIP ? sent : received);
            AtomicBoolean cut = new AtomicBoolean();
            Setting setting = setting(
                    (way, index, value) -> {
                        boolean hit = way == direction && index == at;
                        cut.compareAndSet(false, hit);
                        return hit ? Fate.CUT : Fate.of(value);
                    },
                    before);
            if (random.nextBoolean()) {
                setting.flash(plan, new FlashMonitor() {
                    @Override
                    public boolean cancelled() {
                        return cut.get();
                    }
                });
            }
            FlashReport report = setting.flash(plan, FlashMonitor.none());
            byte[] flash = setting.chip.flash().read(OFFSET, image.length);
            recovered += report.flashed() && Arrays.equals(image, flash) ? 1 : 0;
            most = Math.max(most, (setting.link.toChipBytes() - sent - connecting) / window);
        }
        return new Cuts(recovered, most);
    }

    /** One byte anywhere is lost, doubled, flipped or preceded by a stray delimiter. */
    static double faultsSurvivedPercent() throws IOException {
        byte[] image = SerialWork.image(WINDOW_BYTES + 5000);
        byte[] before = noise(FLASH_BYTES);
        FlashPlan plan = plan(image);
        Setting clean = setting(WireFaults.NONE, before);
        clean.flash(plan, FlashMonitor.none());
        int survived = 0;
        for (int trial = 0; trial < TRIALS; trial++) {
            SplittableRandom random = new SplittableRandom(trial);
            Direction direction = random.nextBoolean() ? Direction.TO_CHIP : Direction.TO_HOST;
            long at = random.nextLong(
                    direction == Direction.TO_CHIP ? clean.link.toChipBytes() : clean.link.toHostBytes());
            int kind = random.nextInt(4);
            int bit = 1 << random.nextInt(8);
            Setting setting = setting(
                    (way, index, value) -> way == direction && index == at ? fate(kind, bit, value) : Fate.of(value),
                    before);
            FlashReport report = setting.flash(plan, FlashMonitor.none());
            survived += report.result() instanceof FlashResult.Flashed flashed
                            && isHonest(setting.chip.flash(), image, before, flashed.neighboursSuspect())
                    ? 1
                    : 0;
        }
        return 100.0 * survived / TRIALS;
    }

    private static Fate fate(int kind, int bit, byte value) {
        return switch (kind) {
            case 0 -> Fate.of((byte) (value ^ bit));
            case 1 -> Fate.LOST;
            case 2 -> Fate.of(value, value);
            default -> Fate.of((byte) 0xC0, value);
        };
    }

    private static boolean isHonest(SimFlash flash, byte[] image, byte[] before, boolean suspect) {
        byte[] expected = before.clone();
        int end = (OFFSET + image.length + 0xFFF) & ~0xFFF;
        Arrays.fill(expected, OFFSET, end, (byte) 0xFF);
        System.arraycopy(image, 0, expected, OFFSET, image.length);
        return Arrays.equals(image, flash.read(OFFSET, image.length))
                && (suspect || Arrays.equals(expected, flash.read(0, FLASH_BYTES)));
    }

    /** One acknowledgement of a block is lost; the vendor's tool. */
    static double rivalFaultsSurvivedPercent() throws IOException, InterruptedException {
        if (!Esptool.isInstalled()) {
            throw new IOException("skipped: " + Esptool.NAME + " is not installed");
        }
        byte[] image = SerialWork.image(4 * WINDOW_BYTES);
        Path file = Files.createTempFile("fieldproof", ".bin");
        try {
            Files.write(file, image);
            int survived = 0;
            for (int trial = 0; trial < RIVAL_TRIALS; trial++) {
                // The answers of connecting are some 350 bytes; those of blocks have 12 each.
                int lost = 500 + 12 * trial;
                SimChip chip = new SimChip(SerialWork.CHIP, new SimFlash(FLASH_BYTES), SimTiming.NONE);
                chip.enterLoader();
                WireFaults faults =
                        (way, index, value) -> index >= lost && index < lost + 12 ? Fate.LOST : Fate.of(value);
                try (SerialWire wire = new SerialWire(chip, 1, false, faults)) {
                    Esptool.Run run = Esptool.write(wire.port(), "esp32c3", 921_600, OFFSET, file);
                    survived += run.exitCode() == 0 ? 1 : 0;
                }
            }
            return 100.0 * survived / RIVAL_TRIALS;
        } finally {
            Files.delete(file);
        }
    }

    /** Bytes sent beyond those of a session with nothing to do, or of that session beyond connecting. */
    static long sentForChange(boolean oneSector) throws IOException {
        byte[] image = SerialWork.image(1 << 20);
        SimClock clock = new SimClock(Instant.EPOCH);
        SimChip chip = new SimChip(SerialWork.CHIP, new SimFlash(4 << 20), SimTiming.TYPICAL_PAGES);
        SimLink link = new SimLink(chip, clock);
        EspFlasher flasher = new EspFlasher(link, OPTIONS, clock::nanoTime);
        chip.flash().set(OFFSET, image);
        flasher.identify();
        long connecting = link.toChipBytes();
        if (oneSector) {
            chip.flash().set(OFFSET + 0x4_2000, noise(4096));
        }
        FlashPlan plan = FlashPlan.builder()
                .part(FlashPart.data("firmware", OFFSET, image))
                .build();
        if (!flasher.flash(plan).flashed()) {
            throw new IOException("not flashed");
        }
        return link.toChipBytes() - 2 * connecting;
    }

    /** Erase commands that the chip gets from plans of which one byte, length or place is wrong. */
    static long erasesOfMutatedPlans() {
        byte[] app = EspImage.wrap(SerialWork.CHIP, noise(3000));
        byte[] boot = EspImage.wrap(SerialWork.CHIP, noise(1000));
        byte[] foreign = EspImage.wrap(Chip.ESP32C6, noise(3000));
        byte[] table = PartitionTable.twoSlots(0x2_0000).toBytes();
        SimClock clock = new SimClock(Instant.EPOCH);
        SimChip chip = new SimChip(SerialWork.CHIP, new SimFlash(FLASH_BYTES), SimTiming.NONE);
        SimLink link = new SimLink(chip, clock);
        EspFlasher flasher = new EspFlasher(link, FlashOptions.defaults(), clock::nanoTime);
        for (int trial = 0; trial < MUTATIONS; trial++) {
            SplittableRandom random = new SplittableRandom(trial);
            int kind = random.nextInt(6);
            FlashPlan.Builder plan = FlashPlan.builder()
                    .part(FlashPart.bootloader(0, kind == 0 ? flipped(boot, random) : boot))
                    .part(FlashPart.partitionTable(0x8000, kind == 1 ? flipped(table, random) : table))
                    .part(FlashPart.app(
                            0x1_0000,
                            switch (kind) {
                                case 2 -> flipped(app, random);
                                case 3 -> Arrays.copyOf(app, 1 + random.nextInt(app.length - 1));
                                case 4 -> foreign;
                                default -> app;
                            }));
            if (kind == 5) {
                plan.part(FlashPart.data("more", 0x1000 * random.nextInt(0x11), new byte[0x1_0000]));
            }
            flasher.flash(plan.build());
        }
        return chip.eraseCommands();
    }

    private static byte[] flipped(byte[] bytes, SplittableRandom random) {
        byte[] result = bytes.clone();
        result[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return result;
    }
}
