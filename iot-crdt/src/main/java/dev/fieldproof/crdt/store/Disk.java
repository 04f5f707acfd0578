package dev.fieldproof.crdt.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The few things that a store does to files, so that a test can stop the machine between any two of them. */
interface Disk {
    List<String> list() throws IOException;

    byte[] read(String name) throws IOException;

    /** Adds bytes at the end of a file, which is made if there is none. */
    void append(String name, byte[] bytes) throws IOException;

    /** Makes a file's content durable. */
    void sync(String name) throws IOException;

    void truncate(String name, long length) throws IOException;

    /** Gives a file another name at once, replacing what had it. */
    void rename(String from, String to) throws IOException;

    void delete(String name) throws IOException;

    /** Makes names durable. */
    void syncNames() throws IOException;

    /** Files of one directory. */
    record Directory(Path path) implements Disk {
        @Override
        public List<String> list() throws IOException {
            try (Stream<Path> files = Files.list(path)) {
                return files.map(file -> file.getFileName().toString()).sorted().toList();
            }
        }

        @Override
        public byte[] read(String name) throws IOException {
            return Files.readAllBytes(path.resolve(name));
        }

        @Override
        public void append(String name, byte[] bytes) throws IOException {
            Files.write(path.resolve(name), bytes, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }

        @Override
        public void sync(String name) throws IOException {
            try (FileChannel channel = FileChannel.open(path.resolve(name), StandardOpenOption.WRITE)) {
                channel.force(true);
            }
        }

        @Override
        public void truncate(String name, long length) throws IOException {
            try (FileChannel channel = FileChannel.open(path.resolve(name), StandardOpenOption.WRITE)) {
                channel.truncate(length);
                channel.force(true);
            }
        }

        @Override
        public void rename(String from, String to) throws IOException {
            Files.move(path.resolve(from), path.resolve(to), StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void delete(String name) throws IOException {
            Files.deleteIfExists(path.resolve(name));
        }

        @Override
        public void syncNames() throws IOException {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /** A frame around a record: length and checksum of both, so that a torn one is told from a whole one. */
    static byte[] frame(byte[] record) {
        ByteBuffer out = ByteBuffer.allocate(FileReplicaStore.HEADER_BYTES + record.length);
        return out.putInt(record.length)
                .putInt(FileReplicaStore.checksum(record))
                .put(record)
                .array();
    }
}
