package dev.fieldproof.sparkplug.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/**
 * What of the sample log is sent when: live samples as they come, stored ones beside them at a bounded rate, and again
 * what a lost session may have lost. One call at a time.
 */
final class Outlet {
    /** Most samples in one message. */
    static final int MESSAGE_SAMPLES = 100;

    private final SampleLog log;
    private final long windowNanos;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private long confirmed;
    private long live;
    private long historyEnd;
    private long history;

    /** All samples before the position were sent by the time. */
    private record Mark(long position, long nanos) {}

    Outlet(SampleLog log, Duration window) {
        this.log = log;
        this.windowNanos = window.toNanos();
        this.confirmed = log.first();
        this.live = log.next();
        this.historyEnd = live;
        this.history = log.first();
    }

    SampleLog log() {
        return log;
    }

    void append(List<Sample> samples) {
        try {
            for (Sample sample : samples) {
                log.append(sample);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the sample log failed", e);
        }
    }

    /**
     * A session begins: what is in the log and not confirmed is history, what comes is live. Time without a session
     * confirms nothing, so the marks of the last one go unused.
     */
    void born() {
        marks.clear();
        live = log.next();
        historyEnd = live;
        history = Math.max(confirmed, log.first());
    }

    long firstHistorical() {
        return history;
    }

    long firstLive() {
        return live;
    }

    boolean hasLive() {
        return live < log.next();
    }

    boolean hasHistory() {
        return history < historyEnd;
    }

    List<Sample> peekLive() {
        live = Math.max(live, log.first());
        return run(live, log.next());
    }

    /** Whether the log dropped samples from under the history, so that hosts must be told of a jump. */
    boolean historyJumped() {
        if (history >= log.first()) {
            return false;
        }
        history = Math.min(historyEnd, log.first());
        return true;
    }

    List<Sample> peekHistory() {
        return run(history, historyEnd);
    }

    void sentLive(int count, long nowNanos) {
        live += count;
        mark(nowNanos);
    }

    void sentHistory(int count, long nowNanos) {
        history += count;
        mark(nowNanos);
    }

    /** One mark a second, at most, is precise enough. */
    private void mark(long nowNanos) {
        Mark latest = marks.peekLast();
        if (latest == null || nowNanos - latest.nanos() >= 1_000_000_000L) {
            marks.add(new Mark(hasHistory() ? history : live, nowNanos));
            confirm(nowNanos);
        }
    }

    private void confirm(long nowNanos) {
        Mark oldest = marks.peek();
        while (oldest != null && nowNanos - oldest.nanos() >= windowNanos) {
            acknowledged(oldest.position());
            marks.remove();
            oldest = marks.peek();
        }
    }

    /** A host has everything before a position. */
    void acknowledged(long position) {
        confirmed = Math.max(confirmed, Math.min(position, log.next()));
        try {
            log.trim(confirmed);
        } catch (IOException e) {
            throw new UncheckedIOException("the sample log failed", e);
        }
    }

    /** Samples from a position that belong into one message: one device, bounded number. */
    private List<Sample> run(long from, long to) {
        try {
            List<Sample> samples = log.read(from, (int) Math.min(MESSAGE_SAMPLES, to - from));
            String device = samples.get(0).device();
            int length = 1;
            while (length < samples.size() && samples.get(length).device().equals(device)) {
                length++;
            }
            return samples.subList(0, length);
        } catch (IOException e) {
            throw new UncheckedIOException("the sample log failed", e);
        }
    }
}
