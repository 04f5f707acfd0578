package dev.fieldproof.ota.identity;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/**
 * Every order of a claim's messages, with every fault at every place, in a small scope: evidence that claiming is done
 * exactly once, for a test or a scorecard. The claim's state machine and the ledger are the real ones; keys are
 * numbers.
 */
public final class ClaimEnumeration {
    private ClaimEnumeration() {}

    /**
     * How much may happen in one schedule. The number of schedules grows steeply with each: a sum of 4 faults gives
     * tens to hundreds of thousands.
     *
     * @param devices how many claim at the same time, 1 or more
     * @param losses how many messages are lost
     * @param doubles how many messages come twice
     * @param deviceCuts how often a device's power is cut, before or after any write
     * @param serviceCuts how often the service's power is cut, within or after any transaction
     * @param expiries how often an hour passes, after which ownership tokens are over
     * @param retries how often a device asks again too early
     */
    public record Scope(
            int devices, int losses, int doubles, int deviceCuts, int serviceCuts, int expiries, int retries) {
        /**
         * Checks the numbers.
         *
         * @throws IllegalArgumentException if there is no device, or a number is negative
         */
        public Scope {
            if (devices < 1
                    || losses < 0
                    || doubles < 0
                    || deviceCuts < 0
                    || serviceCuts < 0
                    || expiries < 0
                    || retries < 0) {
                throw new IllegalArgumentException(devices + " devices, or a negative number of faults");
            }
        }
    }

    /**
     * What an enumeration came to.
     *
     * @param schedules how many were played
     * @param bad how many left an orphan certificate, a name twice, or a device without its identity; the enumeration
     *     ends at the first
     * @param first what was wrong, and the choices that led to it; empty if nothing was
     */
    public record Tally(long schedules, int bad, String first) {}

    /**
     * Plays every schedule of a scope.
     *
     * @param scope what may happen
     * @param limit most schedules to play
     * @return what it came to
     * @throws IOException if the records in memory fail
     */
    public static Tally run(Scope scope, long limit) throws IOException {
        return run(
                scope, EnumSet.noneOf(ClaimLedger.Mutant.class), EnumSet.noneOf(ClaimWorld.DeviceMutant.class), limit);
    }

    static Tally run(Scope scope, Set<ClaimLedger.Mutant> wrong, Set<ClaimWorld.DeviceMutant> wrongDevice, long limit)
            throws IOException {
        Choices choices = new Choices();
        long schedules = 0;
        do {
            String verdict = new ClaimWorld(scope, choices::next, wrong, wrongDevice).play();
            schedules++;
            if (!verdict.isEmpty()) {
                return new Tally(schedules, 1, verdict + " after " + choices);
            }
        } while (choices.advance() && schedules < limit);
        return new Tally(schedules, 0, "");
    }
}
