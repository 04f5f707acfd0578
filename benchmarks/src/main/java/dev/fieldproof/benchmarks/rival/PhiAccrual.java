package dev.fieldproof.benchmarks.rival;

import java.time.Duration;
import org.apache.pekko.remote.FailureDetector;
import org.apache.pekko.remote.PhiAccrualFailureDetector;
import scala.concurrent.duration.FiniteDuration;

/** Pekko's phi accrual failure detector for one device, on a clock that is set by hand. */
public final class PhiAccrual {
    /** Name and version. */
    public static final String NAME = "Pekko phi accrual 1.7.0";

    private final SetClock clock = new SetClock();
    private final PhiAccrualFailureDetector detector;

    private static final class SetClock extends FailureDetector.Clock {
        private long millis;

        @Override
        public Object apply() {
            return millis;
        }

        @Override
        public long apply$mcJ$sp() {
            return millis;
        }
    }

    /**
     * Makes a detector.
     *
     * @param threshold phi above which the device is unavailable
     * @param window intervals remembered
     * @param minStdDeviationMillis least deviation assumed
     * @param acceptablePauseMillis added to the mean
     * @param firstEstimateMillis interval assumed before any is known
     */
    public PhiAccrual(
            double threshold,
            int window,
            long minStdDeviationMillis,
            long acceptablePauseMillis,
            long firstEstimateMillis) {
        detector = new PhiAccrualFailureDetector(
                threshold,
                window,
                duration(minStdDeviationMillis),
                duration(acceptablePauseMillis),
                duration(firstEstimateMillis),
                clock);
    }

    private static FiniteDuration duration(long millis) {
        return FiniteDuration.fromNanos(Duration.ofMillis(millis).toNanos());
    }

    /**
     * Takes a beat.
     *
     * @param nowMillis when it arrived
     */
    public void beat(long nowMillis) {
        clock.millis = nowMillis;
        detector.heartbeat();
    }

    /**
     * The verdict.
     *
     * @param nowMillis at this time
     * @return whether phi is below the threshold
     */
    public boolean isAvailable(long nowMillis) {
        clock.millis = nowMillis;
        return detector.isAvailable();
    }
}
