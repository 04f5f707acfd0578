package dev.fieldproof.core.health.trend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.health.Heartbeat;
import dev.fieldproof.core.health.ResetReason;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RestartRatesTest {
    private static final Cohort OLD = new Cohort("1.0", "rev A", "north");
    private static final Cohort NEW = new Cohort("1.1", "rev A", "north");

    private static int poisson(SplittableRandom random, double mean) {
        double limit = Math.exp(-mean);
        int count = -1;
        for (double product = 1; product > limit; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }

    /** Devices that differ: each has a rate of its own, exponentially spread around the cohort's. */
    private static void fill(
            RestartRates rates, Cohort cohort, int devices, double perDevice, SplittableRandom random) {
        for (int i = 0; i < devices; i++) {
            double own = perDevice * -Math.log(1 - random.nextDouble());
            rates.add(cohort + "/" + i, cohort, 24 * 14, poisson(random, own));
        }
    }

    private static double falseClaims(boolean byDevice) {
        SplittableRandom random = new SplittableRandom(11);
        int claims = 0;
        int trials = 1000;
        for (int trial = 0; trial < trials; trial++) {
            RestartRates rates = new RestartRates();
            fill(rates, OLD, 100, 2, random);
            fill(rates, NEW, 100, 2, random);
            Comparison comparison = rates.compare("1.1", "1.0").orElseThrow();
            // The mutant believes that restarts are independent, as a plain Poisson test does.
            double naive = Math.sqrt(1 / comparison.restarts() + 1 / comparison.restartsBefore());
            boolean claimed = byDevice ? comparison.isClear() : Math.abs(Math.log(comparison.ratio())) > 1.96 * naive;
            claims += claimed ? 1 : 0;
        }
        return (double) claims / trials;
    }

    @Test
    void claimsNoDifferenceWhereThereIsNoneAndAPlainPoissonTestWould() {
        double claims = falseClaims(true);
        assertTrue(claims <= 0.065, "false claims " + claims);
        assertTrue(falseClaims(false) > 0.15, "devices differ, so counts are no Poisson counts");
    }

    @Test
    void findsAVersionThatRestartsThreeTimesAsOften() {
        SplittableRandom random = new SplittableRandom(5);
        int found = 0;
        int covered = 0;
        for (int trial = 0; trial < 200; trial++) {
            RestartRates rates = new RestartRates();
            fill(rates, OLD, 100, 1, random);
            fill(rates, NEW, 100, 3, random);
            Comparison comparison = rates.compare("1.1", "1.0").orElseThrow();
            found += comparison.isClear() ? 1 : 0;
            covered += comparison.low() <= 3 && comparison.high() >= 3 ? 1 : 0;
        }
        assertTrue(found >= 198, "found " + found);
        assertTrue(covered >= 180, "the interval holds the true ratio in " + covered + " of 200");
    }

    @Test
    void statesItInASentence() {
        RestartRates rates = new RestartRates();
        for (int i = 0; i < 50; i++) {
            rates.add("old" + i, OLD, 480, i % 2);
            rates.add("new" + i, NEW, 480, 1 + i % 2);
        }
        String statement = rates.compare("1.1", "1.0").orElseThrow().statement();
        assertTrue(
                statement.startsWith("1.1 restarts unexpectedly 3.0 times as often as 1.0 on the same hardware"
                        + " [rev A] (95 % between "),
                statement);
        assertTrue(statement.contains("75 restarts in 1000 device-days against 25 in 1000"), statement);
        assertFalse(statement.contains("chance"), statement);
        assertEquals(0.025, rates.perDay(OLD::equals).orElseThrow(), 1e-9);
        assertEquals(Optional.empty(), rates.perDay(cohort -> cohort.site().equals("moon")));
    }

    /** New hardware restarts ten times as often, and the new version runs mostly there: the version is not to blame. */
    @Test
    void comparesOnTheSameHardwareOnly() {
        SplittableRandom random = new SplittableRandom(8);
        RestartRates rates = new RestartRates();
        fill(rates, OLD, 200, 0.5, random);
        fill(rates, new Cohort("1.0", "rev B", "north"), 40, 5, random);
        fill(rates, NEW, 40, 0.5, random);
        fill(rates, new Cohort("1.1", "rev B", "north"), 200, 5, random);
        fill(rates, new Cohort("1.1", "rev C", "north"), 50, 50, random);
        Comparison comparison = rates.compare("1.1", "1.0").orElseThrow();
        assertEquals(java.util.List.of("rev A", "rev B"), comparison.hardware());
        assertFalse(comparison.isClear(), comparison::statement);
        double pooled = rates.perDay(c -> c.firmware().equals("1.1")).orElseThrow()
                / rates.perDay(c -> c.firmware().equals("1.0")).orElseThrow();
        assertTrue(pooled > 3, "a comparison that ignores hardware blames the version: " + pooled);
    }

    @Test
    void oneWildDeviceMakesNoStatement() {
        SplittableRandom random = new SplittableRandom(9);
        RestartRates rates = new RestartRates();
        fill(rates, OLD, 200, 0.5, random);
        fill(rates, NEW, 200, 0.5, random);
        rates.add("wild", NEW, 24 * 14, 5000);
        Comparison comparison = rates.compare("1.1", "1.0").orElseThrow();
        assertFalse(comparison.isClear(), comparison::statement);
    }

    private static Heartbeat beat(ResetReason reason, int boots, long uptimeSeconds) {
        return new Heartbeat(reason, 0, 0, 0, uptimeSeconds, boots, 0, 0, 0, 0, 0, 0, 0, Heartbeat.NOT_MEASURED, 0);
    }

    @Test
    void countsUnexpectedRestartsFromHeartbeats() {
        RestartRates rates = new RestartRates();
        rates.add("a", OLD, beat(ResetReason.POWER_ON, 65_534, 3600));
        rates.add("a", OLD, beat(ResetReason.POWER_ON, 65_534, 2 * 3600));
        rates.add("a", OLD, beat(ResetReason.PANIC, 65_535, 3600));
        rates.add("a", OLD, beat(ResetReason.PANIC, 0, 3600));
        rates.add("a", OLD, beat(ResetReason.SOFTWARE, 1, 3600));
        rates.add("a", OLD, beat(ResetReason.SOFTWARE, 1, 21 * 3600));
        // One hour, then three starts of one hour of which two were crashes, then twenty hours.
        assertEquals(2.0, rates.perDay(OLD::equals).orElseThrow(), 1e-9);
    }

    @Test
    void anUpdatedDeviceCountsInBothCohorts() {
        RestartRates rates = new RestartRates();
        rates.add("a", OLD, beat(ResetReason.POWER_ON, 1, 0));
        rates.add("a", OLD, beat(ResetReason.POWER_ON, 1, 24 * 3600));
        rates.add("a", NEW, beat(ResetReason.SOFTWARE, 2, 10));
        rates.add("a", NEW, beat(ResetReason.SOFTWARE, 2, 24 * 3600));
        rates.add("a", NEW, beat(ResetReason.TASK_WATCHDOG, 3, 10));
        assertEquals(0.0, rates.perDay(OLD::equals).orElseThrow(), 1e-9);
        assertEquals(1.0, rates.perDay(NEW::equals).orElseThrow(), 0.01);
    }

    @Test
    void saysNothingWhereNothingIsKnown() {
        RestartRates rates = new RestartRates();
        assertEquals(Optional.empty(), rates.compare("1.1", "1.0"));
        rates.add("a", OLD, 100, 1);
        assertEquals(Optional.empty(), rates.compare("1.1", "1.0"));
        rates.add("b", NEW, 100, 0);
        assertFalse(rates.compare("1.1", "1.0").orElseThrow().isClear(), "one restart of one device says little");
        assertThrows(IllegalArgumentException.class, () -> rates.add("a", OLD, -1, 0));
    }
}
