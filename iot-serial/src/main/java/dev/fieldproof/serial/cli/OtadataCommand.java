package dev.fieldproof.serial.cli;

import dev.fieldproof.serial.EspFlasher;
import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.FlashPart;
import dev.fieldproof.serial.flash.FlashPlan;
import dev.fieldproof.serial.flash.Outcome;
import dev.fieldproof.serial.image.ImageFormatException;
import dev.fieldproof.serial.image.Otadata;
import dev.fieldproof.serial.image.Partition;
import dev.fieldproof.serial.image.PartitionTable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads or switches the OTA selection. */
@Command(
        name = "otadata",
        description = "Says which OTA slot is selected, or selects another.",
        mixinStandardHelpOptions = true)
final class OtadataCommand extends DeviceCommand implements Callable<Integer> {
    @Option(names = "--select", description = "select this slot, from 0", paramLabel = "SLOT")
    private @Nullable Integer select;

    @Override
    public Integer call() throws IOException, ImageFormatException {
        EspFlasher flasher = main.flasher();
        Outcome<byte[]> table =
                flasher.read(PartitionTable.DEFAULT_OFFSET, PartitionTable.MAX_BYTES, FlashMonitor.none());
        if (!(table instanceof Outcome.Done<byte[]> readTable)) {
            return unfinished(table);
        }
        PartitionTable layout = PartitionTable.parse(readTable.value());
        Partition place = layout.otadata().orElse(null);
        int slots = layout.otaSlots().size();
        if (place == null || slots == 0) {
            return fail("the device has no OTA slots");
        }
        Outcome<byte[]> sectors = flasher.read(place.offset(), Otadata.BYTES, FlashMonitor.none());
        if (!(sectors instanceof Outcome.Done<byte[]> readSectors)) {
            return unfinished(sectors);
        }
        Otadata now = Otadata.parse(readSectors.value());
        Map<String, Object> fields = new LinkedHashMap<>();
        if (select == null) {
            fields.put("slots", slots);
            fields.put(
                    "selected",
                    now.activeSlot(slots).isPresent() ? now.activeSlot(slots).getAsInt() : "none");
            fields.put("state", now.active().map(entry -> entry.state().name()).orElse("void"));
            print(fields);
            return 0;
        }
        if (select < 0 || select >= slots) {
            throw new SerialMain.UsageException("slot " + select + " of " + slots);
        }
        byte[] bytes = now.switchTo(select, slots, Otadata.State.UNDEFINED).toBytes();
        FlashPart part = FlashPart.data("otadata", place.offset(), bytes);
        return report(flasher.flash(FlashPlan.builder()
                .layout(layout)
                .part(part)
                .flashSize(FlashPart.MAX_BYTES)
                .build()));
    }
}
