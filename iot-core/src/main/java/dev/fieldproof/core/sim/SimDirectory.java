package dev.fieldproof.core.sim;

import dev.fieldproof.core.store.Directory;
import dev.fieldproof.core.store.QuotaExceededException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A simulated directory that loses in a power cut what POSIX allows to be lost: every write, creation, rename and
 * deletion that was not synced survives or not, each on its own, and a write may also survive in part.
 *
 * <p>Changes and syncs are counted from 0. A test runs once to learn {@link #operations()}, then once for each
 * operation with {@link #cutAt}; after the {@link PowerCutException} it lets the code under test recover from each of
 * {@link #crashStates}. Not thread-safe.
 */
public final class SimDirectory implements Directory {
    private static final int WRITE_OUTCOMES = 4;

    private final TreeMap<String, Inode> names = new TreeMap<>();
    private final TreeMap<String, Inode> durableNames = new TreeMap<>();
    private final List<Change> pending = new ArrayList<>();
    private final Set<Inode> locked = new HashSet<>();
    private long operations;
    private long cutAt = -1;
    private boolean off;
    private boolean fileSyncsLie;
    private boolean directorySyncsLie;
    private long capacityBytes = Long.MAX_VALUE;

    /** Makes an empty directory on an endless disk. */
    public SimDirectory() {}

    /** The content of a file, which has any number of names. */
    private static final class Inode {
        private byte[] bytes = new byte[0];
        private byte[] durable = new byte[0];

        void write(int offset, byte[] data, int from, int length) {
            if (offset + length > bytes.length) {
                bytes = Arrays.copyOf(bytes, offset + length);
            }
            System.arraycopy(data, from, bytes, offset, length);
        }

        void truncate(int size) {
            bytes = Arrays.copyOf(bytes, Math.min(size, bytes.length));
        }
    }

    /** Something that a power cut may undo. */
    private sealed interface Change {}

    private record Link(String name, Inode inode) implements Change {}

    private record Unlink(String name) implements Change {}

    private record Rename(String from, String to, Inode inode) implements Change {}

    private static final class Write implements Change {
        private final Inode inode;
        private final int offset;
        private final byte[] bytes;

        Write(Inode inode, int offset, byte[] bytes) {
            this.inode = inode;
            this.offset = offset;
            this.bytes = bytes;
        }
    }

    private record Truncate(Inode inode, int size) implements Change {}

    private void change(Change change) {
        requireOn();
        pending.add(change);
        apply(change, names, null, WRITE_OUTCOMES - 1);
        countOperation();
    }

    private void countOperation() {
        if (operations++ == cutAt) {
            off = true;
            throw new PowerCutException("power cut at operation " + cutAt);
        }
    }

    private void requireOn() {
        if (off) {
            throw new PowerCutException("the power is off since operation " + cutAt);
        }
    }

    /** Outcome 0 is nothing, the last is all; between them a write is cut off in the middle, or full of zeros there. */
    private static void apply(Change change, Map<String, Inode> names, @Nullable Copies copies, int outcome) {
        if (outcome == 0) {
            return;
        }
        if (change instanceof Link link) {
            names.put(link.name, copyOf(link.inode, copies));
        } else if (change instanceof Unlink unlink) {
            names.remove(unlink.name);
        } else if (change instanceof Rename rename) {
            names.remove(rename.from);
            names.put(rename.to, copyOf(rename.inode, copies));
        } else if (change instanceof Truncate truncate) {
            copyOf(truncate.inode, copies).truncate(truncate.size);
        } else if (change instanceof Write write) {
            Inode inode = copyOf(write.inode, copies);
            int half = write.bytes.length / 2;
            int kept = outcome == WRITE_OUTCOMES - 1 ? write.bytes.length : half;
            int reserved = write.offset + write.bytes.length;
            if (outcome == 2 && inode.bytes.length < reserved) {
                inode.bytes = Arrays.copyOf(inode.bytes, reserved);
            }
            int gap = write.offset - inode.bytes.length;
            if (gap > 0) {
                inode.bytes = Arrays.copyOf(inode.bytes, write.offset);
            }
            inode.write(write.offset, write.bytes, 0, kept);
        }
    }

    private static Inode copyOf(Inode inode, @Nullable Copies copies) {
        return copies == null ? inode : copies.of(inode);
    }

    /** Files of a crash state, each made once from the durable content of its original. */
    private static final class Copies {
        private final IdentityHashMap<Inode, Inode> made = new IdentityHashMap<>();

        Inode of(Inode original) {
            return made.computeIfAbsent(original, o -> {
                Inode copy = new Inode();
                copy.bytes = o.durable.clone();
                return copy;
            });
        }
    }

    /**
     * Cuts the power at a later operation: a change is then done or not, a sync is not done.
     *
     * @param operation counted as {@link #operations()} does
     */
    public void cutAt(long operation) {
        cutAt = operation;
    }

    /**
     * Lets syncs report success and do nothing, as some disks do.
     *
     * @param files whether syncs of files lie
     * @param directory whether syncs of the directory lie
     */
    public void lieAboutSyncs(boolean files, boolean directory) {
        fileSyncsLie = files;
        directorySyncsLie = directory;
    }

    /**
     * Limits the disk.
     *
     * @param bytes room for the content of all files
     */
    public void setCapacityBytes(long bytes) {
        capacityBytes = bytes;
    }

    /**
     * Changes and syncs so far.
     *
     * @return how many
     */
    public long operations() {
        return operations;
    }

    /**
     * What the disk may hold after the power failed now: every combination of un-synced changes, or, where there are
     * more than the limit, nothing of them, all of them, and a seeded choice of others.
     *
     * @param limit most states to return, at least 2
     * @param seed of the choice
     * @return powered, independent directories with nothing pending and no locks
     */
    public List<SimDirectory> crashStates(int limit, long seed) {
        long product = 1;
        for (Change change : pending) {
            product = Math.min(Integer.MAX_VALUE, product * outcomes(change));
        }
        List<SimDirectory> states = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(seed);
        for (long n = 0; n < Math.min(product, limit); n++) {
            long choice = product <= limit ? n : n == 0 ? 0 : n == 1 ? -1 : random.nextLong();
            states.add(crashState(choice, product <= limit ? null : random));
        }
        return states;
    }

    private static int outcomes(Change change) {
        return change instanceof Write ? WRITE_OUTCOMES : 2;
    }

    private SimDirectory crashState(long choice, @Nullable SplittableRandom random) {
        SimDirectory state = new SimDirectory();
        Copies copies = new Copies();
        durableNames.forEach((name, inode) -> state.names.put(name, copies.of(inode)));
        long rest = choice;
        for (Change change : pending) {
            int outcomes = outcomes(change);
            int outcome;
            if (choice == -1) {
                outcome = outcomes - 1;
            } else if (random == null || choice == 0) {
                outcome = (int) (rest % outcomes);
                rest /= outcomes;
            } else {
                outcome = random.nextInt(outcomes);
            }
            apply(change, state.names, copies, outcome == 1 && outcomes == 2 ? WRITE_OUTCOMES - 1 : outcome);
        }
        state.names.values().forEach(inode -> inode.durable = inode.bytes.clone());
        state.durableNames.putAll(state.names);
        state.capacityBytes = capacityBytes;
        return state;
    }

    @Override
    public List<String> list() {
        requireOn();
        return List.copyOf(names.keySet());
    }

    @Override
    public File open(String name) {
        requireOn();
        requireName(name);
        Inode inode = names.get(name);
        if (inode == null) {
            inode = new Inode();
            change(new Link(name, inode));
        }
        return new OpenFile(inode, false);
    }

    private static void requireName(String name) {
        if (!name.matches("[a-zA-Z0-9_-][a-zA-Z0-9._-]{0,127}")) {
            throw new IllegalArgumentException("not a file name: '" + name + "'");
        }
    }

    @Override
    public Optional<File> read(String name) {
        requireOn();
        requireName(name);
        return Optional.ofNullable(names.get(name)).map(inode -> new OpenFile(inode, false));
    }

    /** {@inheritDoc} Throws {@link IllegalStateException} where a real directory would wait for ever. */
    @Override
    public Optional<File> lock(String name, boolean wait) {
        open(name);
        Inode inode = names.get(name);
        if (inode != null && locked.add(inode)) {
            return Optional.of(new OpenFile(inode, true));
        }
        if (wait) {
            throw new IllegalStateException("'" + name + "' is locked, in a simulation of one thread");
        }
        return Optional.empty();
    }

    @Override
    public void rename(String from, String to) {
        requireName(to);
        Inode inode = names.get(from);
        if (inode == null) {
            throw new IllegalStateException("there is no '" + from + "' to rename");
        }
        change(new Rename(from, to, inode));
    }

    @Override
    public boolean delete(String name) {
        requireOn();
        requireName(name);
        if (!names.containsKey(name)) {
            return false;
        }
        change(new Unlink(name));
        return true;
    }

    /** {@inheritDoc} Here every file is of the epoch's first millisecond. */
    @Override
    public Optional<Long> lastModifiedMillis(String name) {
        requireOn();
        return names.containsKey(name) ? Optional.of(0L) : Optional.empty();
    }

    @Override
    public void sync() {
        requireOn();
        countOperation();
        if (!directorySyncsLie) {
            pending.removeIf(change -> change instanceof Link || change instanceof Unlink || change instanceof Rename);
            durableNames.clear();
            durableNames.putAll(names);
        }
    }

    @Override
    public long usableBytes() {
        requireOn();
        long used = 0;
        for (Inode inode : new HashSet<>(names.values())) {
            used += inode.bytes.length;
        }
        return Math.max(0, capacityBytes - used);
    }

    @Override
    public String toString() {
        return "a simulated directory of " + names.size() + " files";
    }

    private final class OpenFile implements File {
        private final Inode inode;
        private final boolean holdsLock;

        OpenFile(Inode inode, boolean holdsLock) {
            this.inode = inode;
            this.holdsLock = holdsLock;
        }

        @Override
        public long sizeBytes() {
            requireOn();
            return inode.bytes.length;
        }

        @Override
        public int read(long offsetBytes, ByteBuffer into) {
            requireOn();
            int available = (int) Math.max(0, inode.bytes.length - offsetBytes);
            int count = Math.min(available, into.remaining());
            into.put(inode.bytes, (int) Math.min(offsetBytes, inode.bytes.length), count);
            return count == 0 && into.hasRemaining() ? -1 : count;
        }

        @Override
        public void write(long offsetBytes, ByteBuffer bytes) throws QuotaExceededException {
            requireOn();
            long growth = offsetBytes + bytes.remaining() - inode.bytes.length;
            if (growth > 0 && growth > usableBytes()) {
                throw new QuotaExceededException("the simulated disk is full");
            }
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            change(new Write(inode, Math.toIntExact(offsetBytes), copy));
        }

        @Override
        public void truncate(long sizeBytes) {
            change(new Truncate(inode, Math.toIntExact(sizeBytes)));
        }

        @Override
        public void sync() {
            requireOn();
            countOperation();
            if (!fileSyncsLie) {
                pending.removeIf(change -> (change instanceof Write write && write.inode == inode)
                        || (change instanceof Truncate truncate && truncate.inode == inode));
                inode.durable = inode.bytes.clone();
            }
        }

        @Override
        public void close() {
            if (holdsLock) {
                locked.remove(inode);
            }
        }
    }
}
