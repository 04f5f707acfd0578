package dev.fieldproof.serial.flash;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream so that the wire waits least for a stub. A stub takes one frame while it works on another; it writes
 * whenever its inflater has filled 32 KiB, and begins to erase the next 64 KiB whenever it looks and the flash is idle,
 * so that a write just after has to wait. Where the frames end decides what coincides with what. The planner plays the
 * stub with the times of a common flash and searches for the cuts after which the last byte is written soonest, keeping
 * the few best ways to each place. A flash with other times gets a plan that is not the best for it, and never a wrong
 * one.
 */
final class FramePlanner {
    private static final int STEP_BYTES = 1024;
    private static final int MIN_FRAME_BYTES = 2048;
    private static final int WAYS_KEPT = 8;
    private static final int BURST_BYTES = 0x8000;
    private static final int ERASE_BYTES = 0x1_0000;
    private static final long ERASE_NANOS = 150_000_000;
    private static final long BURST_NANOS = 128 * 700_000L;
    private static final long INFLATE_NANOS_PER_BYTE = 100;
    private static final long CHECK_NANOS_PER_BYTE = 30;
    private static final long REPLY_NANOS = 1_250_000;
    private static final int HEADER_BYTES = 26;
    private static final long BITS_PER_BYTE = 10;

    /**
     * Of two ways to one place the better is that whose next frame may be sent sooner, then that whose stub is free.
     */
    private static final Comparator<Way> BEST_FIRST = Comparator.<Way>comparingLong(
                    way -> Math.max(way.readyNanos, way.freeNanos - BURST_NANOS))
            .thenComparingLong(way -> way.freeNanos);

    private final byte[] zlib;
    private final int maxBytes;
    private final int baud;

    /** How many bytes have come out of the inflater at each step. */
    private final long[] produced;

    private FramePlanner(byte[] zlib, int maxBytes, int baud) {
        this.zlib = zlib;
        this.maxBytes = maxBytes;
        this.baud = baud;
        this.produced = produced(zlib);
    }

    /**
     * A way to cut the stream up to some place, and what it has brought the stub to.
     *
     * @param before the way up to the last frame, null at the beginning
     * @param step where it ends
     * @param readyNanos when the next frame may be sent
     * @param freeNanos when the stub has done with this one
     * @param flashNanos when the flash has done erasing
     * @param erased bytes erased or being erased
     * @param written bytes written
     */
    private record Way(
            @Nullable Way before,
            int step,
            long readyNanos,
            long freeNanos,
            long flashNanos,
            long erased,
            long written) {}

    /**
     * Plans.
     *
     * @param zlib a stream
     * @param maxBytes longest frame
     * @param baud speed of the wire, bits per second
     * @throws IllegalArgumentException if it is no zlib stream
     */
    static Frames plan(byte[] zlib, int maxBytes, int baud) {
        return new FramePlanner(zlib, maxBytes, baud).plan();
    }

    private static long[] produced(byte[] zlib) {
        long[] produced = new long[(zlib.length + STEP_BYTES - 1) / STEP_BYTES + 1];
        Inflater inflater = new Inflater();
        byte[] sink = new byte[ERASE_BYTES];
        try {
            for (int step = 0; step < produced.length - 1; step++) {
                inflater.setInput(zlib, step * STEP_BYTES, Math.min(STEP_BYTES, zlib.length - step * STEP_BYTES));
                while (inflater.inflate(sink) > 0) {
                    // Only how much comes out is of interest.
                }
                produced[step + 1] = inflater.getBytesWritten();
            }
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("not a zlib stream", e);
        } finally {
            inflater.end();
        }
        return produced;
    }

    private Frames plan() {
        int last = produced.length - 1;
        List<List<Way>> ways = new ArrayList<>();
        for (int step = 0; step <= last; step++) {
            ways.add(new ArrayList<>());
        }
        // The begin command has set off the first erase.
        ways.get(0).add(new Way(null, 0, 0, 0, ERASE_NANOS, ERASE_BYTES, 0));
        for (int step = 0; step < last; step++) {
            List<Way> here = ways.set(step, List.of());
            here.sort(BEST_FIRST);
            for (Way way : here.subList(0, Math.min(WAYS_KEPT, here.size()))) {
                int longest = Math.min(last, step + maxBytes / STEP_BYTES);
                int shortest = Math.min(longest, step + MIN_FRAME_BYTES / STEP_BYTES);
                for (int next = shortest; next <= longest; next++) {
                    ways.get(next).add(frame(way, next));
                }
            }
        }
        Way best = ways.get(last).stream()
                .min(Comparator.comparingLong(Way::freeNanos).thenComparingLong(Way::readyNanos))
                .orElseThrow();
        ArrayDeque<Integer> ends = new ArrayDeque<>();
        for (Way way = best; way != null && way.step > 0; way = way.before) {
            ends.addFirst(Math.min(zlib.length, way.step * STEP_BYTES));
        }
        return new Frames(zlib, List.copyOf(ends));
    }

    /** Plays the stub for one frame. */
    private Way frame(Way before, int step) {
        int bytes = HEADER_BYTES + Math.min(zlib.length, step * STEP_BYTES) - before.step * STEP_BYTES;
        long arrived = before.readyNanos + bytes * BITS_PER_BYTE * 1_000_000_000L / baud;
        long now = Math.max(arrived, before.freeNanos) + bytes * CHECK_NANOS_PER_BYTE;
        long ready = now + REPLY_NANOS;
        long total = produced[produced.length - 1];
        long out = produced[before.step];
        long flash = before.flashNanos;
        long erased = before.erased;
        long written = before.written;
        do {
            if (erased < total && flash <= now) {
                flash = now + ERASE_NANOS;
                erased += ERASE_BYTES;
            }
            long until = Math.min(produced[step], written + BURST_BYTES);
            now += (until - out) * INFLATE_NANOS_PER_BYTE;
            out = until;
            if (out == written + BURST_BYTES) {
                for (; erased < Math.min(total, out); erased += ERASE_BYTES) {
                    flash = Math.max(now, flash) + ERASE_NANOS;
                }
                now = Math.max(now, flash) + BURST_NANOS;
                written = out;
            }
        } while (out < produced[step]);
        return new Way(before, step, ready, now, flash, erased, written);
    }
}
