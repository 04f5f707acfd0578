package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.core.health.DeviceProfile;
import dev.fieldproof.core.health.DeviceState;
import dev.fieldproof.core.health.FleetHealth;
import dev.fieldproof.core.health.HealthEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Five hundred devices behind a gateway that goes away again and again: how many alarms, how soon. */
final class GatewayTrials {
    private static final int CHILDREN = 500;
    private static final int OUTAGES = 150;
    private static final int UP_PERIODS = 40;
    private static final int DOWN_PERIODS = 20;
    private static final long PERIOD = 60_000_000_000L;
    private static final long STEP = PERIOD / 60;

    /** Alarms of any kind per outage, the median delay from the outage to the first, and gateway alarms without one. */
    record Score(double alarmsPerOutage, double medianPeriods, double falseAlarms) {}

    private GatewayTrials() {}

    static Score play() {
        FleetHealth fleet = new FleetHealth(Duration.ofMinutes(1));
        SplittableRandom random = new SplittableRandom(42);
        String[] ids = new String[CHILDREN];
        long[] next = new long[CHILDREN];
        int[] sequence = new int[CHILDREN];
        for (int i = 0; i < CHILDREN; i++) {
            ids[i] = "device-" + i;
            next[i] = random.nextLong(PERIOD);
            fleet.register(DeviceProfile.of(ids[i], Duration.ofMinutes(1)).behind("gateway"), 0);
        }
        long[] outageSince = {-1};
        long[] alarms = {0, 0};
        double[] delays = new double[OUTAGES];
        Arrays.fill(delays, Double.NaN);
        int[] outage = {-1};
        fleet.subscribe(event -> {
            boolean down = event instanceof HealthEvent.GatewayDown;
            boolean silent = event instanceof HealthEvent.DeviceChanged changed && changed.to() == DeviceState.SILENT;
            if (down && outageSince[0] < 0) {
                alarms[1]++;
            } else if ((down || silent) && outage[0] >= 0) {
                alarms[0]++;
                if (Double.isNaN(delays[outage[0]])) {
                    delays[outage[0]] = (event.atNanos() - outageSince[0]) / (double) PERIOD;
                }
            }
        });
        for (long now = 0; outage[0] < OUTAGES - 1 || outageSince[0] >= 0; now += STEP) {
            long phase = now / PERIOD % (UP_PERIODS + DOWN_PERIODS);
            boolean dark = phase >= UP_PERIODS;
            if (dark && outageSince[0] < 0) {
                outageSince[0] = now;
                outage[0]++;
            } else if (!dark) {
                outageSince[0] = -1;
            }
            for (int i = 0; i < CHILDREN; i++) {
                if (next[i] <= now) {
                    next[i] += PERIOD;
                    sequence[i]++;
                    if (!dark && random.nextInt(20) > 0) {
                        fleet.feed(ids[i], sequence[i], now);
                    }
                }
            }
            fleet.advance(now);
        }
        Arrays.sort(delays);
        return new Score((double) alarms[0] / OUTAGES, delays[OUTAGES / 2], alarms[1]);
    }
}
