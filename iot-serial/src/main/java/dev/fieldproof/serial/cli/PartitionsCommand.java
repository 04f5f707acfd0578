package dev.fieldproof.serial.cli;

import dev.fieldproof.serial.flash.FlashMonitor;
import dev.fieldproof.serial.flash.Outcome;
import dev.fieldproof.serial.image.ImageFormatException;
import dev.fieldproof.serial.image.Partition;
import dev.fieldproof.serial.image.PartitionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reads a partition table from the device or a file. */
@Command(
        name = "partitions",
        description = "Checks a partition table, of the device or in a file, and lists it.",
        mixinStandardHelpOptions = true)
final class PartitionsCommand extends DeviceCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "instead of the device")
    private @Nullable Path file;

    @Option(names = "--offset", description = "where it is in flash (default: 0x8000)", defaultValue = "0x8000")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private SerialMain.Offset offset;

    @Override
    public Integer call() throws IOException, ImageFormatException {
        byte[] bytes;
        if (file != null) {
            bytes = Files.readAllBytes(file);
        } else {
            Outcome<byte[]> outcome =
                    main.flasher().read(offset.bytes(), PartitionTable.MAX_BYTES, FlashMonitor.none());
            if (!(outcome instanceof Outcome.Done<byte[]> done)) {
                return unfinished(outcome);
            }
            bytes = done.value();
        }
        List<Partition> rows = PartitionTable.parse(bytes).partitions();
        if (main.json()) {
            out().println(Json.of(rows.stream().map(PartitionsCommand::fields).toList()));
        } else {
            rows.forEach(row -> out().printf(
                            "%-16s type %3d subtype 0x%02x offset 0x%06x size 0x%06x%n",
                            row.label(), row.type(), row.subtype(), row.offset(), row.sizeBytes()));
        }
        return 0;
    }

    private static Map<String, Object> fields(Partition row) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("label", row.label());
        fields.put("type", row.type());
        fields.put("subtype", row.subtype());
        fields.put("offset", row.offset());
        fields.put("sizeBytes", row.sizeBytes());
        return fields;
    }
}
