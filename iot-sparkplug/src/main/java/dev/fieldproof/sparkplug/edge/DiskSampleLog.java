package dev.fieldproof.sparkplug.edge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A sample log on disk that survives power cuts: segments of checksummed records, appended only and deleted whole.
 *
 * <p>A sample is durable once {@link #sync} has returned; of those after it, a power cut leaves a prefix. The edge node
 * sends nothing that is not durable, so a position is never given to two samples that a host could see. Memory holds
 * the newest segment and one that is being read. Not thread-safe.
 */
public final class DiskSampleLog implements SampleLog {
    private static final int MAGIC = 0x4650_5331;
    private static final int HEADER_BYTES = 4 + 8 + 8 + 4;
    private static final int RECORD_HEADER_BYTES = 4 + 4;
    private static final int MAX_RECORD_BYTES = 1 << 20;

    private final LogFiles files;
    private final int segmentSamples;
    private final int capacity;
    private final SampleCodec codec = new SampleCodec();
    private final Deque<Segment> segments = new ArrayDeque<>();
    private final ByteArrayOutputStream unwritten = new ByteArrayOutputStream();
    private final long id;
    private @Nullable Segment cached;
    private long fileNumber;
    private long first;
    private long next;
    private long dropped;

    /** A file with the samples from a position on. */
    private static final class Segment {
        final String name;
        final long from;
        int count;
        /** The samples, while they are in memory. */
        @Nullable
        List<Sample> samples;

        Segment(String name, long from, List<Sample> samples) {
            this.name = name;
            this.from = from;
            this.samples = samples;
            this.count = samples.size();
        }

        long end() {
            return from + count;
        }
    }

    /** What a file held. */
    private record Found(long id, long from, List<Sample> samples, boolean whole) {}

    /**
     * Opens a log, or begins one.
     *
     * @param directory of this log alone; made if it is not there
     * @param capacity most samples, at least 1; the oldest give way, a segment at a time
     * @param random names a new log
     * @return the log with what survived
     * @throws IOException if the storage fails
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    public static DiskSampleLog open(Path directory, int capacity, RandomGenerator random) throws IOException {
        Files.createDirectories(directory);
        return new DiskSampleLog(LogFiles.in(directory), capacity, Math.max(1, Math.min(1_000, capacity / 4)), random);
    }

    DiskSampleLog(LogFiles files, int capacity, int segmentSamples, RandomGenerator random) throws IOException {
        if (capacity < 1 || segmentSamples < 1) {
            throw new IllegalArgumentException("a capacity of " + capacity + ", segments of " + segmentSamples);
        }
        this.files = files;
        this.capacity = capacity;
        this.segmentSamples = segmentSamples;
        long known = recover();
        this.id = known >= 0 ? known : random.nextLong() >>> 1;
    }

    /** Reads what survived; the identity, or -1 for a new log. */
    private long recover() throws IOException {
        long known = -1;
        List<String> names = files.list().stream()
                .filter(name -> name.endsWith(".log"))
                .sorted()
                .toList();
        for (String name : names) {
            fileNumber = Math.max(fileNumber, Long.parseLong(name.substring(0, name.length() - 4)) + 1);
            Found found = parse(files.read(name));
            if (found == null || (!segments.isEmpty() && found.from() < next)) {
                // Its header was under way when the power went, or it repeats what another holds: nothing is in it.
                files.delete(name);
                continue;
            }
            known = found.id();
            if (found.from() > next) {
                // Deletion goes from the oldest on: what lies before a gap was deleted, and the power cut undid it.
                for (Segment undone : segments) {
                    files.delete(undone.name);
                }
                segments.clear();
            }
            if (segments.isEmpty()) {
                first = found.from();
            }
            Segment segment = new Segment(name, found.from(), found.samples());
            segment.samples = null;
            segments.add(segment);
            next = segment.end();
        }
        return known;
    }

    private static @Nullable Found parse(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.remaining() < HEADER_BYTES || in.getInt(0) != MAGIC || in.getInt(20) != crc(bytes, 0, 20)) {
            return null;
        }
        List<Sample> samples = new ArrayList<>();
        in.position(HEADER_BYTES);
        while (in.remaining() >= RECORD_HEADER_BYTES) {
            int length = in.getInt();
            int crc = in.getInt();
            if (length < 0 || length > in.remaining() || crc != crc(bytes, in.position(), in.position() + length)) {
                return new Found(in.getLong(4), in.getLong(12), samples, false);
            }
            byte[] record = new byte[length];
            in.get(record);
            try {
                samples.add(SampleCodec.parse(record));
            } catch (IOException e) {
                return new Found(in.getLong(4), in.getLong(12), samples, false);
            }
        }
        return new Found(in.getLong(4), in.getLong(12), samples, !in.hasRemaining());
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public long first() {
        return first;
    }

    @Override
    public long next() {
        return next;
    }

    @Override
    public long append(Sample sample) throws IOException {
        byte[] record = codec.toBytes(sample);
        if (record.length > MAX_RECORD_BYTES) {
            throw new IOException("a sample of " + record.length + " bytes; at most " + MAX_RECORD_BYTES);
        }
        Segment last = segments.peekLast();
        // What was found at the start may end in the middle of a record, so it is not added to.
        if (last == null || last.samples == null || last.count >= segmentSamples) {
            sync();
            last = begin();
        }
        ByteBuffer header = ByteBuffer.allocate(RECORD_HEADER_BYTES).putInt(record.length);
        header.putInt(crc(record, 0, record.length));
        unwritten.writeBytes(header.array());
        unwritten.writeBytes(record);
        if (last.samples != null) {
            last.samples.add(sample);
        }
        last.count++;
        next++;
        while (next - first > capacity) {
            Segment oldest = segments.getFirst();
            long cut = oldest == last ? first + 1 : oldest.end();
            dropped += cut - first;
            trim(cut);
        }
        return next - 1;
    }

    private Segment begin() {
        Segment former = segments.peekLast();
        if (former != null) {
            former.samples = null;
        }
        Segment segment = new Segment(String.format("%018d.log", fileNumber++), next, new ArrayList<>());
        ByteBuffer header =
                ByteBuffer.allocate(HEADER_BYTES).putInt(MAGIC).putLong(id).putLong(next);
        header.putInt(crc(header.array(), 0, 20));
        unwritten.writeBytes(header.array());
        segments.add(segment);
        return segment;
    }

    @Override
    public List<Sample> read(long position, int max) throws IOException {
        if (position < first || position > next) {
            throw new IllegalArgumentException(position + " is not from " + first + " to " + next);
        }
        List<Sample> samples = new ArrayList<>();
        for (Segment segment : segments) {
            long at = position + samples.size();
            if (at >= segment.from && at < segment.end() && samples.size() < max) {
                int from = (int) (at - segment.from);
                int to = (int) Math.min(segment.count, from + (long) max - samples.size());
                samples.addAll(samples(segment).subList(from, to));
            }
        }
        return samples;
    }

    private List<Sample> samples(Segment segment) throws IOException {
        if (segment.samples != null) {
            return segment.samples;
        }
        Found found = parse(files.read(segment.name));
        if (found == null || found.samples().size() < segment.count) {
            throw new IOException("segment " + segment.name + " of the sample log was damaged");
        }
        if (cached != null && cached != segments.peekLast()) {
            cached.samples = null;
        }
        cached = segment;
        if (segment != segments.peekLast()) {
            segment.samples = found.samples();
        }
        return found.samples();
    }

    @Override
    public void trim(long position) throws IOException {
        first = Math.max(first, Math.min(position, next));
        // The last segment stays: it holds the position to go on from.
        while (segments.size() > 1 && segments.getFirst().end() <= first) {
            files.delete(segments.removeFirst().name);
        }
    }

    @Override
    public void sync() throws IOException {
        Segment last = segments.peekLast();
        if (last != null && unwritten.size() > 0) {
            files.append(last.name, unwritten.toByteArray());
            unwritten.reset();
            files.sync(last.name);
        }
    }

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public void close() throws IOException {
        sync();
    }

    private static int crc(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }
}
