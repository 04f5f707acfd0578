package dev.fieldproof.geo.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class GainsTest {
    @Test
    void whatRaisedTheBoundBothWaysIsPromisedAgain() {
        Gains gains = new Gains(3);
        assertEquals(gains.promise(0, 0.5), gains.promise(2, 0.5), "nothing is known");
        assertTrue(gains.promise(0, 0.5) > gains.promise(0, 0.1), "half is least sure");
        gains.learn(0, 0.5, 0.4, 0.4);
        gains.learn(1, 0.5, 0.8, 0);
        assertTrue(gains.promise(0, 0.5) > gains.promise(1, 0.5), "one way is not enough");
        assertTrue(gains.promise(2, 0.5) > gains.promise(1, 0.5), "what is not known is as the others");
    }

    @Test
    void threeTrialsAreEnough() {
        Gains gains = new Gains(2);
        for (int n = 0; n < 3; n++) {
            assertFalse(gains.isKnown(1));
            gains.learn(1, 0.5, 0.1, 0.1);
        }
        assertTrue(gains.isKnown(1));
        assertFalse(gains.isKnown(0));
    }

    /** A trial that runs out of steps may end below where it started: it has raised nothing. */
    @Test
    void noGainIsBelowNothing() {
        Gains gains = new Gains(1);
        gains.learn(0, 1, -5, -5);
        gains.learn(0, 0, -5, -5);
        assertTrue(gains.promise(0, 0.5) > 0);
    }
}
