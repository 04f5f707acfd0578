package dev.fieldproof.core.health.trend;

import dev.fieldproof.core.health.Heartbeat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Counts unexpected restarts per device and cohort, and compares cohorts.
 *
 * <p>A device that was updated counts in both cohorts, each with the time it ran there. Rates are robust: one device
 * that restarts a thousand times weighs no more than a few (its count is capped as Huber caps residuals), and the
 * uncertainty comes from the scatter between devices, not from the belief that restarts are independent. Comparisons
 * are made within equal hardware and then pooled (Mantel and Haenszel 1959; variance by device as in Greenland and
 * Robins 1985, with the sandwich of Huber 1967). About 100 bytes per device and cohort. Not thread-safe.
 */
public final class RestartRates {
    private static final double HOURS_PER_DAY = 24;
    private static final double CAP_DEVIATIONS = 4;
    private static final int CAP_ROUNDS = 5;
    private static final int MOST_CLEAR_RESTARTS = 1 << 15;

    /** One device in one cohort. */
    private static final class Tally {
        private double hours;
        private int restarts;
    }

    /** What was last heard of a device. */
    private static final class Last {
        private int boots;
        private long uptimeSeconds;
        private Cohort cohort = new Cohort("", "", "");
    }

    private final Map<Cohort, Map<String, Tally>> tallies = new HashMap<>();
    private final Map<String, Last> last = new HashMap<>();

    /** Makes an empty count. */
    public RestartRates() {}

    /**
     * Takes what a device says.
     *
     * @param deviceId which device
     * @param cohort where it belongs now
     * @param beat its diagnostics; boots and uptime tell what happened since the last one
     */
    public void add(String deviceId, Cohort cohort, Heartbeat beat) {
        Last before = last.get(deviceId);
        if (before == null) {
            before = new Last();
            last.put(deviceId, before);
        } else {
            int boots = (beat.boots() - before.boots) & 0xFFFF;
            boolean clear = boots < MOST_CLEAR_RESTARTS;
            Tally tally = tally(deviceId, boots == 0 ? cohort : before.cohort);
            long ran = boots == 0 ? beat.uptimeSeconds() - before.uptimeSeconds : beat.uptimeSeconds();
            tally.hours += Math.max(0, ran) / 3600.0;
            if (clear && boots > 0) {
                // Only the last start's reason is known; starts between two beats are no sign of health either.
                tally.restarts += boots - (beat.resetReason().isExpected() ? 1 : 0);
            }
        }
        before.boots = beat.boots();
        before.uptimeSeconds = beat.uptimeSeconds();
        before.cohort = cohort;
    }

    /**
     * Takes counts that were made elsewhere.
     *
     * @param deviceId which device
     * @param cohort where it ran
     * @param hours for how long, at least 0
     * @param restarts how often it restarted unexpectedly, at least 0
     */
    public void add(String deviceId, Cohort cohort, double hours, int restarts) {
        if (!(hours >= 0) || restarts < 0) {
            throw new IllegalArgumentException(restarts + " restarts in " + hours + " hours");
        }
        Tally tally = tally(deviceId, cohort);
        tally.hours += hours;
        tally.restarts += restarts;
    }

    private Tally tally(String deviceId, Cohort cohort) {
        return tallies.computeIfAbsent(cohort, c -> new HashMap<>()).computeIfAbsent(deviceId, d -> new Tally());
    }

    /**
     * Unexpected restarts per device-day of the devices that match, robustly.
     *
     * @param cohorts which cohorts
     * @return the rate, or empty if nothing is known of them
     */
    public Optional<Double> perDay(Predicate<Cohort> cohorts) {
        List<Tally> matching = matching(cohorts);
        double hours = matching.stream().mapToDouble(tally -> tally.hours).sum();
        return hours > 0 ? Optional.of(sum(capped(matching)) / hours * HOURS_PER_DAY) : Optional.empty();
    }

    private List<Tally> matching(Predicate<Cohort> cohorts) {
        List<Tally> matching = new ArrayList<>();
        tallies.forEach((cohort, devices) -> {
            if (cohorts.test(cohort)) {
                devices.values().stream().filter(tally -> tally.hours > 0).forEach(matching::add);
            }
        });
        return matching;
    }

    /** Each device's count, at most what its time explains by four deviations of all such devices. */
    private static double[] capped(List<Tally> devices) {
        double[] counts = devices.stream().mapToDouble(tally -> tally.restarts).toArray();
        double hours = devices.stream().mapToDouble(tally -> tally.hours).sum();
        for (int round = 0; round < CAP_ROUNDS; round++) {
            double rate = sum(counts) / hours;
            double scatter = 1;
            for (int i = 0; i < counts.length; i++) {
                double expected = rate * devices.get(i).hours;
                scatter += (counts[i] - expected) * (counts[i] - expected) / Math.max(expected, 1) / counts.length;
            }
            for (int i = 0; i < counts.length; i++) {
                double expected = rate * devices.get(i).hours;
                double most = expected + CAP_DEVIATIONS * Math.sqrt(Math.max(expected, 1) * Math.min(scatter, 4));
                counts[i] = Math.min(counts[i], Math.max(1, most));
            }
        }
        return counts;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    /**
     * Compares two firmware versions on the hardware that both run on.
     *
     * @param firmware the version in question
     * @param before the version to compare it with
     * @return how many times as often it restarts, or empty if no hardware has run both, or neither restarted
     */
    public Optional<Comparison> compare(String firmware, String before) {
        TreeSet<String> hardware = new TreeSet<>();
        tallies.keySet().forEach(cohort -> hardware.add(cohort.hardware()));
        Strata strata = new Strata();
        TreeMap<String, Integer> both = new TreeMap<>();
        for (String revision : hardware) {
            List<Tally> now =
                    matching(c -> c.firmware().equals(firmware) && c.hardware().equals(revision));
            List<Tally> then =
                    matching(c -> c.firmware().equals(before) && c.hardware().equals(revision));
            if (!now.isEmpty() && !then.isEmpty()) {
                strata.add(now, then);
                both.put(revision, now.size() + then.size());
            }
        }
        return strata.compare(firmware, before, List.copyOf(both.keySet()));
    }

    /** Sums over hardware revisions, within which alone versions are compared. */
    private static final class Strata {
        private double restartsNow;
        private double restartsThen;
        private double hoursNow;
        private double hoursThen;
        private int devicesNow;
        private int devicesThen;
        private double weighedNow;
        private double weighedThen;
        private final List<double[]> influences = new ArrayList<>();

        void add(List<Tally> now, List<Tally> then) {
            double[] countsNow = capped(now);
            double[] countsThen = capped(then);
            double eNow = now.stream().mapToDouble(tally -> tally.hours).sum();
            double eThen = then.stream().mapToDouble(tally -> tally.hours).sum();
            restartsNow += sum(countsNow);
            restartsThen += sum(countsThen);
            hoursNow += eNow;
            hoursThen += eThen;
            devicesNow += now.size();
            devicesThen += then.size();
            weighedNow += sum(countsNow) * eThen / (eNow + eThen);
            weighedThen += sum(countsThen) * eNow / (eNow + eThen);
            influences.add(new double[] {
                scatter(now, countsNow, eNow) * square(eThen / (eNow + eThen)),
                scatter(then, countsThen, eThen) * square(eNow / (eNow + eThen))
            });
        }

        /** The variance of a sum of counts: what devices differ by, at least what chance alone does. */
        private static double scatter(List<Tally> devices, double[] counts, double hours) {
            double rate = sum(counts) / hours;
            double squares = 0;
            for (int i = 0; i < counts.length; i++) {
                squares += square(counts[i] - rate * devices.get(i).hours);
            }
            double few = counts.length > 1 ? counts.length / (counts.length - 1.0) : 2;
            return Math.max(squares * few, sum(counts));
        }

        private static double square(double x) {
            return x * x;
        }

        Optional<Comparison> compare(String firmware, String before, List<String> hardware) {
            if (hardware.isEmpty() || restartsNow + restartsThen == 0) {
                return Optional.empty();
            }
            // Half a restart on each side keeps a cohort without any from claiming certainty.
            double now = weighedNow + 0.5 * hoursThen / (hoursNow + hoursThen);
            double then = weighedThen + 0.5 * hoursNow / (hoursNow + hoursThen);
            double varianceNow = 0;
            double varianceThen = 0;
            for (double[] stratum : influences) {
                varianceNow += stratum[0];
                varianceThen += stratum[1];
            }
            double halfNow = 0.5 * square(hoursThen / (hoursNow + hoursThen));
            double halfThen = 0.5 * square(hoursNow / (hoursNow + hoursThen));
            double deviation =
                    Math.sqrt((varianceNow + halfNow) / square(now) + (varianceThen + halfThen) / square(then));
            return Optional.of(new Comparison(
                    firmware,
                    before,
                    hardware,
                    now / then,
                    deviation,
                    Math.max(1, Math.min(devicesNow, devicesThen) - 1),
                    restartsNow,
                    restartsThen,
                    hoursNow / HOURS_PER_DAY,
                    hoursThen / HOURS_PER_DAY));
        }
    }
}
