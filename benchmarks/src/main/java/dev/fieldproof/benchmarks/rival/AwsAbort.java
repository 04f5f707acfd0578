package dev.fieldproof.benchmarks.rival;

import java.util.Arrays;

/**
 * The abort criteria of AWS IoT Jobs, written from its documentation: a job stops once more than a share of the devices
 * that have executed it failed, after a least number have; a device that says nothing for the job's timeout may count
 * as failed. The documentation leaves open whether a device counts as executing from its notification on or when it has
 * ended; both are tried.
 */
public final class AwsAbort {
    /** For the scorecard. */
    public static final String NAME = "AWS IoT Jobs' abort criteria, best setting";

    private final double[] failureMinutes;
    private final int[] executedAt;
    private final double[] endMinutes;

    /**
     * Prepares one campaign, of one device each minute.
     *
     * @param heardMinutes when each device was heard of, infinity for never
     * @param failed whether it said that it failed
     * @param timeoutMinutes when silence counts as failure, infinity for never
     * @param notified whether devices count as executing from their notification on; otherwise when they have ended
     */
    public AwsAbort(double[] heardMinutes, boolean[] failed, double timeoutMinutes, boolean notified) {
        int devices = heardMinutes.length;
        endMinutes = new double[devices];
        double[] failures = new double[devices];
        int count = 0;
        for (int i = 0; i < devices; i++) {
            boolean late = heardMinutes[i] > i + timeoutMinutes;
            double end = late ? i + timeoutMinutes : heardMinutes[i];
            endMinutes[i] = notified ? i : end;
            if (end < Double.POSITIVE_INFINITY && (late || failed[i])) {
                failures[count++] = end;
            }
        }
        Arrays.sort(endMinutes);
        failureMinutes = Arrays.copyOf(failures, count);
        Arrays.sort(failureMinutes);
        executedAt = new int[count];
        int executed = 0;
        for (int i = 0; i < count; i++) {
            while (executed < devices && endMinutes[executed] <= failureMinutes[i]) {
                executed++;
            }
            executedAt[i] = executed;
        }
    }

    /**
     * When a setting stops the job.
     *
     * @param share of the executed devices that must have failed, over 0 to 1
     * @param least how many devices must have executed, at least 1
     * @return minutes, infinity if it does not stop
     */
    public double stopMinutes(double share, int least) {
        int before = 0;
        while (before < failureMinutes.length && executedAt[before] < least) {
            before++;
        }
        if (least <= endMinutes.length && before > share * least) {
            return endMinutes[least - 1];
        }
        for (int i = before; i < failureMinutes.length; i++) {
            if (i + 1 > share * executedAt[i]) {
                return failureMinutes[i];
            }
        }
        return Double.POSITIVE_INFINITY;
    }
}
