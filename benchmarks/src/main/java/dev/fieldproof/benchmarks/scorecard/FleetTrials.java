package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.core.health.DeviceProfile;
import dev.fieldproof.core.health.DeviceState;
import dev.fieldproof.core.health.FleetHealth;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntSupplier;

/** The view of a million devices at a thousand sites: what a beat, a question and a device cost. */
final class FleetTrials {
    private static final int DEVICES = 1_000_000;
    private static final int PER_GATEWAY = 500;
    private static final int PER_SITE = 1_000;
    private static final long PERIOD = 900_000_000_000L;
    private static final int SLICES = 900;
    private static final int PERIODS = 6;
    private static final int QUESTIONS = 21;

    /** What it cost: processor time of this thread, heap after collection. */
    record Score(double beatNanos, double heapBytes, double queryMillis, double snapshotMillis) {}

    private FleetTrials() {}

    static Score play() {
        long before = heap();
        FleetHealth fleet = new FleetHealth(Duration.ofNanos(PERIOD));
        for (int device = 0; device < DEVICES; device++) {
            fleet.register(
                    DeviceProfile.of("device-" + device, Duration.ofNanos(PERIOD))
                            .behind("gateway-" + device / PER_GATEWAY)
                            .at("site-" + device / PER_SITE)
                            .in("1." + device % 3),
                    0);
        }
        double[] nanos = new double[PERIODS];
        for (int period = 0; period < PERIODS; period++) {
            long start = System.nanoTime();
            for (int slice = 0; slice < SLICES; slice++) {
                long now = period * PERIOD + slice * (PERIOD / SLICES);
                int to = (int) ((slice + 1L) * DEVICES / SLICES);
                for (int device = (int) ((long) slice * DEVICES / SLICES); device < to; device++) {
                    if ((device * 31L + period * 17L) % 20 != 0) {
                        fleet.feed(device, period, now);
                    }
                }
                fleet.advance(now);
            }
            nanos[period] = (System.nanoTime() - start) / (0.95 * DEVICES);
        }
        Arrays.sort(nanos);
        double heap = (double) (heap() - before) / DEVICES;
        double query =
                median(() -> fleet.query(Optional.of(DeviceState.ALIVE), Optional.of("site-500"), Optional.empty())
                        .size());
        double snapshot = median(() -> fleet.snapshot().devices());
        return new Score(nanos[PERIODS / 2], heap, query, snapshot);
    }

    private static double median(IntSupplier question) {
        double[] millis = new double[QUESTIONS];
        for (int i = 0; i < QUESTIONS; i++) {
            long start = System.nanoTime();
            if (question.getAsInt() == 0) {
                throw new IllegalStateException("found nothing");
            }
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(millis);
        return millis[QUESTIONS / 2];
    }

    private static long heap() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
