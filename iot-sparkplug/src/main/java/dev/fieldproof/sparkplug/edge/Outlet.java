package dev.fieldproof.sparkplug.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;

/**
 * What of the sample log is sent when: live samples as they come, stored ones beside them at a bounded rate, and again
 * what a lost session may have lost. Nothing is sent that is not durable. One call at a time.
 */
final class Outlet {
    /** Most samples in one message. */
    static final int MESSAGE_SAMPLES = 100;

    private static final long NOTHING = Long.MAX_VALUE;

    private final SampleLog log;
    private final long windowNanos;
    private final ArrayDeque<Mark> marks = new ArrayDeque<>();
    private long confirmed;
    private long live;
    private long historyEnd;
    private long history;
    private long skipped = NOTHING;
    private boolean jumped;
    private boolean receipts;

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
            log.sync();
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
        skipped = NOTHING;
        jumped = false;
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
        if (history < log.first()) {
            history = Math.min(historyEnd, log.first());
            jumped = true;
        }
        return history < historyEnd;
    }

    /**
     * Whether the log dropped samples that were live and not sent; then only a new birth tells hosts where to count.
     */
    boolean liveOverrun() {
        return live < log.first();
    }

    List<Sample> peekLive() {
        return run(live, log.next(), MESSAGE_SAMPLES);
    }

    /** Whether what comes next does not follow what was sent, so that hosts must be told of a jump. */
    boolean historyJumped() {
        boolean told = jumped;
        jumped = false;
        return told;
    }

    /** At most so many of the samples that come next, all of one device. */
    List<Sample> peekHistory(int most) {
        return run(history, historyEnd, Math.min(most, MESSAGE_SAMPLES));
    }

    void sentLive(int count, long nowNanos) {
        live += count;
        mark(nowNanos);
    }

    void sentHistory(int count, long nowNanos) {
        history += count;
        mark(nowNanos);
    }

    /** The device of these samples is offline; they stay until it is back. */
    void skipHistory(int count) {
        skipped = Math.min(skipped, history);
        history += count;
        jumped = true;
    }

    /** No metric takes these samples any more. */
    void dropHistory(int count) {
        history += count;
        jumped = true;
    }

    /** A device is back: what was skipped, and what came after it, is history once more; hosts drop what they have. */
    void returnToSkipped() {
        if (skipped != NOTHING) {
            history = Math.max(skipped, log.first());
            historyEnd = live;
            skipped = NOTHING;
            jumped = true;
        }
    }

    /** One mark a second, at most, is precise enough. */
    private void mark(long nowNanos) {
        Mark latest = marks.peekLast();
        if (latest == null || nowNanos - latest.nanos() >= 1_000_000_000L) {
            marks.add(new Mark(hasHistory() ? history : live, nowNanos));
            Mark oldest = marks.peek();
            while (oldest != null && !receipts && nowNanos - oldest.nanos() >= windowNanos) {
                confirm(oldest.position());
                marks.remove();
                oldest = marks.peek();
            }
        }
    }

    /** A host has everything before a position; from now on time alone confirms nothing. */
    void acknowledged(long position) {
        receipts = true;
        confirm(position);
    }

    /** Whether a host gives receipts. */
    boolean hasReceipts() {
        return receipts;
    }

    /** Everything before this is at a host, or was given up. */
    long confirmedUpTo() {
        return confirmed;
    }

    /** What was sent and is not confirmed becomes history once more; hosts drop what they have. */
    void offerAgain() {
        history = Math.max(confirmed, log.first());
        historyEnd = live;
        jumped = true;
    }

    private void confirm(long position) {
        confirmed = Math.max(confirmed, Math.min(position, Math.min(skipped, log.next())));
        try {
            log.trim(confirmed);
        } catch (IOException e) {
            throw new UncheckedIOException("the sample log failed", e);
        }
    }

    /** Samples from a position that belong into one message: one device, bounded number. */
    private List<Sample> run(long from, long to, int most) {
        try {
            List<Sample> samples = log.read(from, (int) Math.min(most, to - from));
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
