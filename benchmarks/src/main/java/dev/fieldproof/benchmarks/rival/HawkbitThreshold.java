package dev.fieldproof.benchmarks.rival;

/**
 * The error condition of an Eclipse hawkBit rollout group, written from its documentation: the rollout stops once more
 * than a share of a whole group said that they failed. Silence never counts.
 */
public final class HawkbitThreshold {
    /** For the scorecard. */
    public static final String NAME = "Eclipse hawkBit's group threshold, best setting";

    private HawkbitThreshold() {}

    /**
     * When a setting stops the rollout; groups follow each other without a pause, which favours it.
     *
     * @param heardMinutes when each device was heard of, infinity for never
     * @param failed whether it said that it failed
     * @param group devices in each group, at least 1
     * @param share of a group that must be exceeded, 0 to 1
     * @return minutes, infinity if it does not stop
     */
    public static double stopMinutes(double[] heardMinutes, boolean[] failed, int group, double share) {
        int errors = (int) Math.floor(share * group) + 1;
        double[] first = new double[errors];
        double stop = Double.POSITIVE_INFINITY;
        for (int begin = 0; begin < heardMinutes.length; begin += group) {
            int count = 0;
            for (int i = begin; i < Math.min(heardMinutes.length, begin + group); i++) {
                if (failed[i] && heardMinutes[i] < stop) {
                    int at = Math.min(count, errors - 1);
                    if (count < errors || heardMinutes[i] < first[at]) {
                        // The earliest reports of the group, in order; the last of them is the one that stops.
                        while (at > 0 && first[at - 1] > heardMinutes[i]) {
                            first[at] = first[at - 1];
                            at--;
                        }
                        first[at] = heardMinutes[i];
                        count++;
                    }
                }
            }
            if (count >= errors) {
                stop = Math.min(stop, first[errors - 1]);
            }
        }
        return stop;
    }
}
