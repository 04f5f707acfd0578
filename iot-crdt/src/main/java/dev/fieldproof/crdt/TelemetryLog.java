package dev.fieldproof.crdt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Samples of many writers, each numbered by its writer's life from 1, none replacing another: a series arrives whole or
 * is known to be incomplete. Numbers up to a life's watermark were acknowledged as durable and may be trimmed. Not
 * thread-safe.
 */
public final class TelemetryLog {
    /** How many samples are kept beside those whose number they bear. */
    public static final int MAX_CLASHED = 256;

    private final Boot self;
    private final int limit;
    private final Map<Boot, Series> series = new TreeMap<>();
    private final ArrayDeque<Sample> clashed = new ArrayDeque<>();
    private int size;

    /**
     * One sample.
     *
     * @param dot who took it and which it is
     * @param timeMillis the writer's clock, right or wrong, milliseconds since 1970
     * @param channel what was measured, a key of the schema
     * @param value the measurement
     */
    public record Sample(Dot dot, long timeMillis, int channel, double value) implements Comparable<Sample> {
        /** By dot, and of two devices under one identity by everything else, so that every log keeps the same one. */
        @Override
        public int compareTo(Sample other) {
            int order = dot.compareTo(other.dot);
            order = order != 0 ? order : Long.compare(timeMillis, other.timeMillis);
            order = order != 0 ? order : Integer.compare(channel, other.channel);
            return order != 0 ? order : Double.compare(value, other.value);
        }
    }

    /** One life's samples: those known, all above the watermark; contiguous ones first. */
    private static final class Series {
        private long trimmed;
        private long contiguous;
        private final TreeMap<Long, Sample> samples = new TreeMap<>();
    }

    /**
     * An empty log.
     *
     * @param self the life in which this replica writes
     * @param limit most samples held; when full, new ones are refused rather than old ones lost
     */
    public TelemetryLog(Boot self, int limit) {
        this.self = self;
        this.limit = limit;
    }

    /**
     * Takes a sample.
     *
     * @param timeMillis the present by this machine's clock
     * @param channel what was measured
     * @param value the measurement
     * @return the sample
     * @throws IllegalStateException if the log is full: send and trim first
     */
    public Sample append(long timeMillis, int channel, double value) {
        if (size >= limit) {
            throw new IllegalStateException("the log holds " + limit + " samples that nobody has acknowledged");
        }
        Series own = series.computeIfAbsent(self, boot -> new Series());
        Sample sample = new Sample(new Dot(self, own.contiguous + 1), timeMillis, channel, value);
        insert(own, sample);
        return sample;
    }

    /**
     * Takes over samples from elsewhere, in any order and as often as they come.
     *
     * @param samples of any writers
     * @return accepted are new, stale were known or trimmed, dropped did not fit; a clash is a number that two devices
     *     under one identity used, of which the later sample stays, see {@link #clashed}
     */
    public MergeReport merge(List<Sample> samples) {
        long accepted = 0;
        long dropped = 0;
        long clashes = 0;
        for (Sample sample : samples) {
            Series of = series.computeIfAbsent(sample.dot().boot(), boot -> new Series());
            long number = sample.dot().counter();
            Sample held = of.samples.get(number);
            boolean known = number <= of.trimmed || held != null;
            if (held != null && !held.equals(sample)) {
                clashes++;
                clash(of, held, sample);
            } else if (!known && size >= limit) {
                dropped++;
            } else if (!known) {
                insert(of, sample);
                accepted++;
            }
        }
        long stale = samples.size() - accepted - dropped;
        return new MergeReport(samples.size(), accepted, stale, dropped, 0, clashes);
    }

    private void clash(Series of, Sample held, Sample arrived) {
        boolean later = arrived.compareTo(held) > 0;
        if (later) {
            of.samples.put(arrived.dot().counter(), arrived);
        }
        Sample beside = later ? held : arrived;
        if (!clashed.contains(beside)) {
            clashed.add(beside);
            if (clashed.size() > MAX_CLASHED) {
                clashed.remove();
            }
        }
    }

    /**
     * Samples that bear the number of another one: two devices write under one identity.
     *
     * @return a copy of the last {@value #MAX_CLASHED}, in order of arrival
     */
    public List<Sample> clashed() {
        return List.copyOf(clashed);
    }

    private void insert(Series of, Sample sample) {
        of.samples.put(sample.dot().counter(), sample);
        size++;
        while (of.samples.containsKey(of.contiguous + 1)) {
            of.contiguous++;
        }
    }

    /**
     * How far every life's samples are known without a gap: what a receiver acknowledges once they are durable.
     *
     * @return the last number by life
     */
    public Map<Boot, Long> watermarks() {
        Map<Boot, Long> marks = new TreeMap<>();
        series.forEach((boot, of) -> marks.put(boot, of.contiguous));
        return marks;
    }

    /**
     * What a receiver lacks.
     *
     * @param watermarks the receiver's
     * @param max most samples
     * @return samples above its watermarks, by life and number
     */
    public List<Sample> since(Map<Boot, Long> watermarks, int max) {
        List<Sample> missing = new ArrayList<>();
        for (Map.Entry<Boot, Series> of : series.entrySet()) {
            long from = watermarks.getOrDefault(of.getKey(), 0L);
            for (Sample sample : of.getValue().samples.tailMap(from, false).values()) {
                if (missing.size() == max) {
                    return missing;
                }
                missing.add(sample);
            }
        }
        return missing;
    }

    /**
     * Forgets samples that a durable receiver has acknowledged.
     *
     * @param acknowledged the receiver's watermarks
     * @return how many samples were forgotten
     */
    public int trim(Map<Boot, Long> acknowledged) {
        int before = size;
        acknowledged.forEach((boot, mark) -> {
            Series of = series.get(boot);
            if (of != null) {
                Map<Long, Sample> done = of.samples.headMap(Math.min(mark, of.contiguous), true);
                size -= done.size();
                done.clear();
                of.trimmed = Math.max(of.trimmed, Math.min(mark, of.contiguous));
            }
        });
        return before - size;
    }

    /**
     * All samples held.
     *
     * @return a copy, by life and number
     */
    public List<Sample> samples() {
        List<Sample> all = new ArrayList<>(size);
        series.values().forEach(of -> all.addAll(of.samples.values()));
        return all;
    }

    /**
     * How many samples are held.
     *
     * @return at most the limit
     */
    public int size() {
        return size;
    }

    /**
     * Whether every sample of a life up to a number is or was here.
     *
     * @param boot the life
     * @param numbers the numbers asked about
     * @return true if none is missing
     */
    public boolean complete(Boot boot, long... numbers) {
        Series of = series.get(boot);
        return Arrays.stream(numbers).allMatch(n -> of != null && (n <= of.contiguous || of.samples.containsKey(n)));
    }
}
