package dev.fieldproof.benchmarks.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the day works on.
 *
 * @param siteName for people
 * @param site a KML or KMZ document
 * @param oldName of the old firmware, for people
 * @param oldFirmware what runs in the field
 * @param newName of the new firmware, for people
 * @param newFirmware what shall run in the field
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never changed
record Inputs(String siteName, byte[] site, String oldName, byte[] oldFirmware, String newName, byte[] newFirmware) {
    /** Larger files are refused: the day holds everything in memory. */
    static final long MAX_INPUT_BYTES = 64L << 20;

    /** Reads the given files, and the embedded default for each one that is not given. */
    static Inputs read(@Nullable Path site, @Nullable Path oldFirmware, @Nullable Path newFirmware) throws IOException {
        return new Inputs(
                site == null ? "the embedded site" : name(site),
                site == null ? resource("site.kml") : file(site),
                oldFirmware == null ? "zstd-jni 1.5.6 for ARM" : name(oldFirmware),
                oldFirmware == null ? Firmware.older() : file(oldFirmware),
                newFirmware == null ? "zstd-jni 1.5.7 for ARM" : name(newFirmware),
                newFirmware == null ? Firmware.newer() : file(newFirmware));
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static byte[] file(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is not a file; give an existing one");
        }
        long size = Files.size(file);
        if (size == 0 || size > MAX_INPUT_BYTES) {
            throw new IOException(file + " has " + size + " bytes; expected 1 to " + MAX_INPUT_BYTES);
        }
        return Files.readAllBytes(file);
    }

    static byte[] resource(String name) throws IOException {
        try (InputStream in = Inputs.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the embedded " + name + " is missing from this build");
            }
            return in.readAllBytes();
        }
    }
}
