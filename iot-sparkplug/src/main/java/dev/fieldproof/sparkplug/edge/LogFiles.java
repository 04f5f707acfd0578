package dev.fieldproof.sparkplug.edge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * The few things that a log needs of a directory; a simulation of a disk that loses power stands in for it in tests.
 */
interface LogFiles {
    /** Names of all files, in no order. */
    List<String> list() throws IOException;

    /** A whole file. */
    byte[] read(String name) throws IOException;

    /** Adds bytes at the end of a file, which is made if it is not there; not durable until {@link #sync}. */
    void append(String name, byte[] bytes) throws IOException;

    /** Makes a file's bytes and its being there durable. */
    void sync(String name) throws IOException;

    void delete(String name) throws IOException;

    /** A directory of a real disk. */
    static LogFiles in(Path directory) {
        return new LogFiles() {
            @Override
            public List<String> list() throws IOException {
                try (Stream<Path> files = Files.list(directory)) {
                    return files.map(file -> String.valueOf(file.getFileName())).toList();
                }
            }

            @Override
            public byte[] read(String name) throws IOException {
                return Files.readAllBytes(directory.resolve(name));
            }

            @Override
            public void append(String name, byte[] bytes) throws IOException {
                try (FileChannel channel = FileChannel.open(
                        directory.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                    ByteBuffer buffer = ByteBuffer.wrap(bytes);
                    while (buffer.hasRemaining()) {
                        channel.write(buffer);
                    }
                }
            }

            @Override
            public void sync(String name) throws IOException {
                try (FileChannel file = FileChannel.open(directory.resolve(name), StandardOpenOption.WRITE)) {
                    file.force(true);
                }
                try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                    entries.force(true);
                } catch (IOException e) {
                    // Some systems cannot open a directory; there, a file's entry is durable with the file.
                }
            }

            @Override
            public void delete(String name) throws IOException {
                Files.deleteIfExists(directory.resolve(name));
            }
        };
    }
}
