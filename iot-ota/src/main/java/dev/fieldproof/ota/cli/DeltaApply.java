package dev.fieldproof.ota.cli;

import dev.fieldproof.ota.delta.Bsdiff40;
import dev.fieldproof.ota.delta.DeltaDecoder;
import dev.fieldproof.ota.delta.DeltaException;
import dev.fieldproof.ota.delta.DeltaLimits;
import dev.fieldproof.ota.delta.PatchFormat;
import dev.fieldproof.ota.delta.PatchInfo;
import dev.fieldproof.ota.delta.SourceImage;
import dev.fieldproof.ota.delta.TargetSink;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Applies a patch; the new image gets its name only once it is whole and checked. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = "Checks OLD, makes NEW from it and PATCH, and checks NEW.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DeltaApply implements Callable<Integer> {
    private static final int CHUNK_BYTES = 65536;

    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "OLD", description = "image that the patch is meant for")
    private Path old;

    @Parameters(index = "1", paramLabel = "PATCH", description = "the patch")
    private Path patch;

    @Parameters(index = "2", paramLabel = "NEW", description = "file to write")
    private Path target;

    DeltaApply() {}

    @Override
    public Integer call() throws IOException, DeltaException {
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try (FileChannel source = FileChannel.open(old, StandardOpenOption.READ);
                InputStream in = Files.newInputStream(patch)) {
            PatchInfo info = PatchInfo.read(in.readNBytes(PatchInfo.MAX_HEADER_BYTES));
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), CHUNK_BYTES)) {
                apply(info, SourceImage.of(source), out::write);
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            spec.commandLine().getOut().printf("%s: %d bytes, %s%n", target, info.targetBytes(), checked(info));
        } finally {
            Files.deleteIfExists(part);
        }
        return 0;
    }

    private static String checked(PatchInfo info) {
        return info.target().map(d -> "SHA-256 " + d).orElse("not checked, as the format carries no digest");
    }

    private void apply(PatchInfo info, SourceImage source, TargetSink sink) throws IOException, DeltaException {
        if (info.format() == PatchFormat.BSDIFF40) {
            Bsdiff40.apply(source, Files.readAllBytes(patch), sink, DeltaLimits.DEFAULT);
            return;
        }
        DeltaDecoder decoder = DeltaDecoder.open(source, sink, DeltaLimits.DEFAULT);
        try (InputStream in = Files.newInputStream(patch)) {
            feedAll(decoder, in);
        }
        decoder.finish();
    }

    private static void feedAll(DeltaDecoder decoder, InputStream in) throws IOException, DeltaException {
        byte[] chunk = new byte[CHUNK_BYTES];
        int length = in.read(chunk);
        while (length >= 0) {
            decoder.feed(chunk, 0, length);
            length = in.read(chunk);
        }
    }
}
