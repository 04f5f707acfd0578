package dev.fieldproof.serial.flash;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the state of a session in a file, so that a new process goes on with it. The file is there only while something
 * is unfinished, and always whole. Not thread-safe.
 */
final class SessionMemory {
    private final @Nullable Path file;

    private SessionMemory(@Nullable Path file) {
        this.file = file;
    }

    static SessionMemory none() {
        return new SessionMemory(null);
    }

    static SessionMemory in(Path file) {
        return new SessionMemory(file);
    }

    /**
     * What an earlier process left.
     *
     * @return empty if there is nothing
     * @throws IOException if the file cannot be read, or is not one of ours, naming the line
     */
    Optional<SessionState> load() throws IOException {
        if (file == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(SessionState.parse(Files.readAllLines(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    void remember(List<String> lines) throws IOException {
        if (file == null) {
            return;
        }
        Path next = file.resolveSibling(file.getFileName() + ".next");
        byte[] bytes = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
        try (FileChannel out = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            out.write(ByteBuffer.wrap(bytes));
            out.force(true);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    void forget() throws IOException {
        if (file != null) {
            Files.deleteIfExists(file);
        }
    }
}
