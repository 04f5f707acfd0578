package dev.fieldproof.serial.cli;

import dev.fieldproof.serial.Chip;
import dev.fieldproof.serial.image.EspImage;
import dev.fieldproof.serial.image.ImageFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks and describes an image. */
@Command(name = "image", description = "Checks an image and says what is in it.", mixinStandardHelpOptions = true)
final class ImageCommand extends DeviceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path file;

    @Override
    public Integer call() throws IOException, ImageFormatException {
        byte[] bytes = Files.readAllBytes(file);
        int id = bytes.length > 13 ? (bytes[12] & 0xFF) | (bytes[13] & 0xFF) << 8 : -1;
        EspImage image = EspImage.parse(bytes, Chip.ofId(id).orElse(main.chipOrDefault()));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("chip", Chip.ofId(image.chipId()).map(Chip::label).orElse("ESP8266"));
        fields.put("entry", "0x" + Integer.toHexString(image.entry()));
        fields.put("segments", image.segments().size());
        fields.put("bytes", image.lengthBytes());
        fields.put("minRevision", image.minRevision());
        fields.put("maxRevision", image.maxRevision());
        fields.put("sha256", image.hashed() ? "valid" : "absent");
        fields.put("flashSizeBytes", image.declaredFlashSizeBytes().orElse(0));
        print(fields);
        return 0;
    }
}
