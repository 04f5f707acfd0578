package dev.fieldproof.sparkplug.edge;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A sample log in memory, which a restart empties. Not thread-safe. */
public final class MemorySampleLog implements SampleLog {
    private final long id;
    private final int capacity;
    private @Nullable Sample[] ring = new Sample[16];
    private long first;
    private long next;
    private long dropped;

    /**
     * Makes an empty log.
     *
     * @param id as {@link #id()}
     * @param capacity most samples, at least 1; memory is taken as they come
     * @throws IllegalArgumentException if the capacity is less than 1
     */
    public MemorySampleLog(long id, int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a capacity of " + capacity);
        }
        this.id = id;
        this.capacity = capacity;
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
    public long append(Sample sample) {
        if (next - first == capacity) {
            ring[(int) (first++ % ring.length)] = null;
            dropped++;
        } else if (next - first == ring.length) {
            grow();
        }
        ring[(int) (next % ring.length)] = sample;
        return next++;
    }

    private void grow() {
        @Nullable Sample[] larger = new Sample[Math.min(capacity, ring.length * 2)];
        for (long position = first; position < next; position++) {
            larger[(int) (position % larger.length)] = ring[(int) (position % ring.length)];
        }
        ring = larger;
    }

    @Override
    public List<Sample> read(long position, int max) {
        if (position < first || position > next) {
            throw new IllegalArgumentException(position + " is not from " + first + " to " + next);
        }
        List<Sample> samples = new ArrayList<>((int) Math.min(max, next - position));
        for (long at = position; at < next && samples.size() < max; at++) {
            Sample sample = ring[(int) (at % ring.length)];
            if (sample != null) {
                samples.add(sample);
            }
        }
        return samples;
    }

    @Override
    public void trim(long position) {
        while (first < Math.min(position, next)) {
            ring[(int) (first++ % ring.length)] = null;
        }
    }

    @Override
    public void sync() {}

    @Override
    public long dropped() {
        return dropped;
    }

    @Override
    public void close() {}
}
