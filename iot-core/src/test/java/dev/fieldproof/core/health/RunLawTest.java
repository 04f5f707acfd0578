package dev.fieldproof.core.health;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimBeats;
import dev.fieldproof.core.sim.SimBeats.Channel;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a fleet may say of one of its devices. */
class RunLawTest {
    private static final int PERIOD = 60_000;
    private static final int BEATS = 2_000;
    private static final double BUDGET = 0.5;

    /** How many misses each device is given after its warm-up. */
    private static int[] misses(RunLaw law, int devices, IntFunction<Channel> channels) {
        int[] counts = new int[RunLaw.INTS * devices];
        SimBeats[] beats = new SimBeats[devices];
        for (int device = 0; device < devices; device++) {
            beats[device] = new SimBeats(7 + 7919L * device, channels.apply(device), PERIOD, 0);
        }
        int[] missing = new int[devices];
        for (int beat = 0; beat < BEATS; beat++) {
            for (int device = 0; device < devices; device++) {
                beats[device].next();
                if (Double.isNaN(beats[device].arrivalMillis())) {
                    missing[device]++;
                } else {
                    law.count(counts, RunLaw.INTS * device, missing[device]);
                    missing[device] = 0;
                }
            }
        }
        return IntStream.range(0, devices)
                .map(device -> law.misses(counts, RunLaw.INTS * device, PERIOD))
                .toArray();
    }

    private static Channel oneInTenBursts(int device) {
        return device % 10 == 0 ? Channel.LONG_BURSTS : Channel.INDEPENDENT;
    }

    @Test
    void devicesThatAreAlikeNeedNoMoreMissesThanTheTrueLaw() {
        // 525,960 beats a year, each the first of a run of k misses with probability 0.95 0.05^k: k = 5 keeps 0.5.
        int[] misses = misses(new RunLaw(BUDGET), 1000, device -> Channel.INDEPENDENT);
        assertEquals(5, Arrays.stream(misses).max().orElseThrow());
        assertEquals(5, Arrays.stream(misses).min().orElseThrow());
    }

    @Test
    void aDeviceKnownByItselfNeedsMore() {
        int[] misses = misses(new RunLaw(BUDGET, 1), 1000, device -> Channel.INDEPENDENT);
        assertTrue(Arrays.stream(misses).average().orElseThrow() > 5.5, "what the fleet's weight spares");
    }

    /** The mean of the devices on bad links, or of the others. */
    private static double mean(int[] misses, boolean bad) {
        return IntStream.range(0, misses.length)
                .filter(device -> bad == (device % 10 == 0))
                .map(device -> misses[device])
                .average()
                .orElseThrow();
    }

    /** A link in bursts of ten alone needs 27 (the law known exactly), a good link alone 5. */
    @Test
    void devicesOnBadLinksAreKnownByThemselves() {
        int[] misses = misses(new RunLaw(BUDGET), 300, RunLawTest::oneInTenBursts);
        assertTrue(mean(misses, true) >= 25, "bursts explain more than " + mean(misses, true));
        assertTrue(mean(misses, false) <= 14, "a good link needs no " + mean(misses, false));
    }

    /** The mutant: a law that takes every device for the fleet's average. */
    @Test
    void theFleetBlindlyTrustedWouldBlameTheDevicesOnBadLinks() {
        int[] misses = misses(new RunLaw(BUDGET, 1e6), 300, RunLawTest::oneInTenBursts);
        assertTrue(mean(misses, true) < 20, () -> "the mutant waits for " + mean(misses, true));
    }
}
