package dev.fieldproof.ota.tuf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Trusted metadata as files in a directory. A file is written beside its old version, forced to the medium, renamed
 * over it, and the directory forced: after a power cut there is the old file or the new one.
 */
public final class DirectoryTrustedStore implements TrustedStore {
    private static final String TEMPORARY = ".new";

    private final Path directory;

    /**
     * Opens a directory, making it if there is none.
     *
     * @param directory where the files are
     * @throws IOException if it cannot be made
     */
    public DirectoryTrustedStore(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    private Path path(String file) {
        if (!file.matches("[A-Za-z0-9._~%-]{1,250}") || file.equals(".") || file.equals("..")) {
            throw new IllegalArgumentException("not a name of a trusted file: '" + file + "'");
        }
        return directory.resolve(file);
    }

    @Override
    public Optional<byte[]> read(String file) throws IOException {
        try {
            return Optional.of(Files.readAllBytes(path(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void write(String file, byte[] bytes) throws IOException {
        Path target = path(file);
        Path fresh = directory.resolve(file + TEMPORARY);
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                out.write(left);
            }
            out.force(true);
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceDirectory();
    }

    @Override
    public void delete(String file) throws IOException {
        if (Files.deleteIfExists(path(file))) {
            forceDirectory();
        }
    }

    private void forceDirectory() throws IOException {
        try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
            entries.force(true);
        }
    }
}
