package dev.fieldproof.core.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The machine's file system. */
final class PathDirectory implements Directory {
    private static final int MAX_NAME_LENGTH = 128;
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> WRITE = Set.of(
            StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS);

    /**
     * What this process has locked. The operating system's locks belong to the process and vanish when any
     * channel of the file is closed, so threads must agree among themselves before they open it.
     */
    private static final Set<Path> HELD = new HashSet<>();

    private final Path root;
    private final FileAttribute<?>[] attributes;

    PathDirectory(Path path, boolean ownerOnly) throws IOException {
        makeDurably(path.toAbsolutePath().normalize());
        root = path.toRealPath();
        boolean posix = root.getFileSystem().supportedFileAttributeViews().contains("posix");
        attributes = ownerOnly && posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void makeDurably(Path path) throws IOException {
        Path parent = path.getParent();
        if (Files.isDirectory(path) || parent == null) {
            return;
        }
        makeDurably(parent);
        Files.createDirectories(path);
        syncDirectory(parent);
    }

    /** Opening a directory is possible on Linux and macOS; elsewhere the file system makes renames durable itself. */
    private static void syncDirectory(Path path) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
        } catch (IOException notOpenable) {
            return;
        }
        try (channel) {
            channel.force(true);
        }
    }

    private Path path(String name) {
        boolean legal = !name.isEmpty() && name.length() <= MAX_NAME_LENGTH && name.charAt(0) != '.';
        for (int i = 0; legal && i < name.length(); i++) {
            char c = name.charAt(i);
            legal = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '_'
                    || c == '-';
        }
        if (!legal) {
            throw new IllegalArgumentException("not a file name: '" + name + "'");
        }
        return root.resolve(name);
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(root)) {
            for (Path path : stream) {
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    names.add(path.getFileName().toString());
                }
            }
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public File open(String name) throws IOException {
        return new ChannelFile(FileChannel.open(path(name), WRITE, attributes), () -> {});
    }

    @Override
    public Optional<File> read(String name) throws IOException {
        try {
            return Optional.of(new ChannelFile(FileChannel.open(path(name), READ), () -> {}));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<File> lock(String name, boolean wait) throws IOException {
        Path path = path(name);
        if (!acquire(path, wait)) {
            return Optional.empty();
        }
        FileChannel channel = null;
        boolean locked = false;
        try {
            channel = FileChannel.open(path, WRITE, attributes);
            locked = (wait ? channel.lock() : channel.tryLock()) != null;
            return locked ? Optional.of(new ChannelFile(channel, () -> release(path))) : Optional.empty();
        } finally {
            if (!locked) {
                if (channel != null) {
                    channel.close();
                }
                release(path);
            }
        }
    }

    private static boolean acquire(Path path, boolean wait) throws IOException {
        synchronized (HELD) {
            while (!HELD.add(path)) {
                if (!wait) {
                    return false;
                }
                try {
                    HELD.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new InterruptedIOException("interrupted while waiting for the lock on " + path);
                }
            }
            return true;
        }
    }

    private static void release(Path path) {
        synchronized (HELD) {
            HELD.remove(path);
            HELD.notifyAll();
        }
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public boolean delete(String name) throws IOException {
        return Files.deleteIfExists(path(name));
    }

    @Override
    public Optional<Long> lastModifiedMillis(String name) throws IOException {
        try {
            return Optional.of(Files.getLastModifiedTime(path(name), LinkOption.NOFOLLOW_LINKS)
                    .toMillis());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void sync() throws IOException {
        syncDirectory(root);
    }

    @Override
    public long usableBytes() throws IOException {
        return Files.getFileStore(root).getUsableSpace();
    }

    @Override
    public String toString() {
        return root.toString();
    }

    private final class ChannelFile implements File {
        private final FileChannel channel;
        private final Runnable onClose;

        ChannelFile(FileChannel channel, Runnable onClose) {
            this.channel = channel;
            this.onClose = onClose;
        }

        @Override
        public long sizeBytes() throws IOException {
            return channel.size();
        }

        @Override
        public int read(long offsetBytes, ByteBuffer into) throws IOException {
            return channel.read(into, offsetBytes);
        }

        @Override
        public long transferTo(long offsetBytes, long maxBytes, WritableByteChannel to) throws IOException {
            long count = channel.transferTo(offsetBytes, maxBytes, to);
            return count == 0 && offsetBytes >= channel.size() ? -1 : count;
        }

        @Override
        public void write(long offsetBytes, ByteBuffer bytes) throws IOException {
            long at = offsetBytes;
            while (bytes.hasRemaining()) {
                try {
                    at += channel.write(bytes, at);
                } catch (IOException e) {
                    if (channel.isOpen() && usableBytes() < bytes.remaining()) {
                        throw full(e);
                    }
                    throw e;
                }
            }
        }

        private QuotaExceededException full(IOException cause) {
            QuotaExceededException full = new QuotaExceededException(
                    "the disk under " + root + " is full; make room and resume the write (" + cause.getMessage() + ")");
            full.initCause(cause);
            return full;
        }

        @Override
        public void truncate(long sizeBytes) throws IOException {
            channel.truncate(sizeBytes);
        }

        @Override
        public void sync() throws IOException {
            channel.force(true);
        }

        @Override
        public synchronized void close() throws IOException {
            if (channel.isOpen()) {
                channel.close();
                onClose.run();
            }
        }
    }
}
