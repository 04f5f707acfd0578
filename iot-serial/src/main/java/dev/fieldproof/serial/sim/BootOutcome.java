package dev.fieldproof.serial.sim;

import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.image.EspImage;
import dev.fieldproof.serial.image.ImageFormatException;
import dev.fieldproof.serial.image.Otadata;
import dev.fieldproof.serial.image.Partition;
import dev.fieldproof.serial.image.PartitionTable;
import java.util.ArrayList;
import java.util.List;

/** What a simulated chip does when it is switched on. */
public sealed interface BootOutcome {
    /**
     * An application runs.
     *
     * @param partition label of its partition
     * @param otaSlot its slot, or -1 for the factory application
     */
    record Running(String partition, int otaSlot) implements BootOutcome {}

    /**
     * Nothing bootable was found: the device restarts for ever.
     *
     * @param reasons what was tried and why it was not started
     */
    record Bricked(List<String> reasons) implements BootOutcome {
        /** Copies the list. */
        public Bricked {
            reasons = List.copyOf(reasons);
        }
    }

    /**
     * Does what the second-stage boot loader does: partition table, OTA selection, then the selected application or, if
     * its image is damaged, the others.
     *
     * @param chip which chip
     * @param flash its content
     * @return what runs
     */
    static BootOutcome of(Chip chip, SimFlash flash) {
        PartitionTable table;
        try {
            table = PartitionTable.parse(flash.read(PartitionTable.DEFAULT_OFFSET, PartitionTable.MAX_BYTES));
        } catch (ImageFormatException e) {
            return new Bricked(List.of("partition table: " + e.getMessage()));
        }
        List<String> reasons = new ArrayList<>();
        for (Partition candidate : candidates(table, flash, reasons)) {
            try {
                EspImage.parse(flash.read(candidate.offset(), candidate.sizeBytes()), chip);
                return new Running(
                        candidate.label(), candidate.isOtaSlot() ? candidate.subtype() - Partition.OTA_0 : -1);
            } catch (ImageFormatException | IndexOutOfBoundsException e) {
                reasons.add(candidate.label() + ": " + e.getMessage());
            }
        }
        return new Bricked(reasons);
    }

    /** The selected slot first, then the factory application, then the other slots. */
    private static List<Partition> candidates(PartitionTable table, SimFlash flash, List<String> reasons) {
        List<Partition> slots = table.otaSlots();
        List<Partition> order = new ArrayList<>();
        if (table.otadata().isPresent() && !slots.isEmpty()) {
            try {
                Otadata otadata = Otadata.parse(flash.read(table.otadata().get().offset(), Otadata.BYTES));
                otadata.activeSlot(slots.size()).ifPresentOrElse(slot -> order.add(slots.get(slot)), () -> {
                    reasons.add("otadata: both entries are void");
                });
            } catch (ImageFormatException e) {
                reasons.add("otadata: " + e.getMessage());
            }
        }
        table.factory().ifPresent(order::add);
        slots.stream().filter(slot -> !order.contains(slot)).forEach(order::add);
        return order;
    }
}
