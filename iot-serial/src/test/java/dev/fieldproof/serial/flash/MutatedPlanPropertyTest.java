package dev.fieldproof.serial.flash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.serial.Bench;
import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.image.EspImage;
import dev.fieldproof.serial.image.Partition;
import dev.fieldproof.serial.image.PartitionTable;
import dev.fieldproof.serial.sim.SimTiming;
import dev.fieldproof.serial.sim.WireFaults;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Plans with anything wrong in them never reach an erase. */
class MutatedPlanPropertyTest {
    private static final Chip CHIP = Chip.ESP32C3;
    private static final int SLOT = 0x2_0000;
    private static final PartitionTable TABLE = PartitionTable.twoSlots(SLOT);
    private static final byte[] APP = Bench.image(CHIP, 3_000, 1);
    private static final byte[] BOOTLOADER = Bench.image(CHIP, 1_000, 2);
    private static final FlashOptions OPTIONS = FlashOptions.defaults();

    private static byte[] flipped(byte[] bytes, int limit, RandomGenerator random) {
        byte[] result = bytes.clone();
        result[random.nextInt(limit)] ^= (byte) (1 << random.nextInt(8));
        return result;
    }

    private static FlashPlan.Builder whole(byte[] bootloader, byte[] table, byte[] app) {
        return FlashPlan.builder()
                .part(FlashPart.bootloader(0, bootloader))
                .part(FlashPart.partitionTable(0x8000, table))
                .part(FlashPart.app(0x1_0000, app));
    }

    private static FlashPlan mutated(RandomGenerator random) {
        byte[] table = TABLE.toBytes();
        return switch (random.nextInt(9)) {
            case 0 -> whole(BOOTLOADER, table, flipped(APP, APP.length, random)).build();
            case 1 ->
                whole(flipped(BOOTLOADER, BOOTLOADER.length, random), table, APP)
                        .build();
            case 2 ->
                whole(BOOTLOADER, flipped(table, table.length, random), APP).build();
            case 3 ->
                whole(BOOTLOADER, table, Arrays.copyOf(APP, random.nextInt(1, APP.length)))
                        .build();
            case 4 -> {
                List<Chip> others = List.of(Chip.ESP32, Chip.ESP32S2, Chip.ESP32S3, Chip.ESP32C2, Chip.ESP32C6);
                byte[] foreign = Bench.image(others.get(random.nextInt(others.size())), 2000, 3);
                yield whole(BOOTLOADER, table, foreign).build();
            }
            case 5 -> whole(BOOTLOADER, table, Bench.image(CHIP, SLOT, 3)).build();
            case 6 ->
                whole(BOOTLOADER, table, APP)
                        .flashSize(0x1_0000 + 0x1000 * random.nextInt(0x10))
                        .build();
            case 7 ->
                whole(BOOTLOADER, table, APP)
                        .part(FlashPart.data("more", 0x1000 * random.nextInt(1 + 0x10), new byte[0x1_0000]))
                        .build();
            default ->
                whole(BOOTLOADER, table, APP)
                        .verifier(part ->
                                part.kind() == FlashPart.Kind.APP ? Optional.of("not signed") : Optional.empty())
                        .build();
        };
    }

    @Test
    void aSoundPlanIsAccepted() {
        assertEquals(List.of(), whole(BOOTLOADER, TABLE.toBytes(), APP).build().refusals(CHIP, 3));
    }

    @Test
    void nothingWrongIsAccepted() {
        SeededRuns.check(10_000, random -> {
            FlashPlan plan = mutated(random);
            assertTrue(!plan.refusals(CHIP, -1).isEmpty(), plan.toString());
        });
    }

    @Test
    void aRefusedPlanErasesNothing() {
        SeededRuns.check(200, random -> {
            Bench bench = new Bench(CHIP, 1 << 18, SimTiming.NONE, WireFaults.NONE, 1);
            FlashReport report = bench.flash(mutated(random), OPTIONS);
            assertInstanceOf(FlashResult.Refused.class, report.result());
            assertEquals(0, bench.sim.eraseCommands());
        });
    }

    @Test
    void revisionsAreChecked() {
        byte[] image = EspImage.builder(CHIP)
                .segment(0x4200_0000, new byte[8])
                .revisions(3, 99)
                .build();
        FlashPlan plan =
                FlashPlan.builder().part(FlashPart.app(0x1_0000, image)).build();
        assertEquals(1, plan.refusals(CHIP, 2).size());
        assertEquals(0, plan.refusals(CHIP, 3).size());
        assertEquals(0, plan.refusals(CHIP, 99).size());
        assertEquals(1, plan.refusals(CHIP, 100).size());
    }

    @Test
    void anAppMustFillItsOwnPartition() {
        PartitionTable table = new PartitionTable(List.of(
                new Partition("nvs", Partition.DATA, 2, 0x9000, 0x6000),
                new Partition("factory", Partition.APP, Partition.FACTORY, 0x1_0000, 0x1_0000)));
        FlashPlan inNvs = FlashPlan.builder()
                .layout(table)
                .part(FlashPart.app(0x9000, APP))
                .build();
        assertTrue(inNvs.refusals(CHIP, -1).toString().contains("does not take an app"));
        FlashPlan dataInApp = FlashPlan.builder()
                .layout(table)
                .part(FlashPart.data("junk", 0x1_0000, new byte[10]))
                .build();
        assertTrue(dataInApp.refusals(CHIP, -1).toString().contains("only a bootable image"));
    }
}
