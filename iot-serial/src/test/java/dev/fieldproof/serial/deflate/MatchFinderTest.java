package dev.fieldproof.serial.deflate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import org.junit.jupiter.api.Test;

class MatchFinderTest {
    private static int common(byte[] bytes, int a, int b) {
        int length = 0;
        while (length < Symbols.MAX_LENGTH && b + length < bytes.length && bytes[a + length] == bytes[b + length]) {
            length++;
        }
        return length;
    }

    /** Compares with a search through everything before. */
    @Test
    void findsTheLongestMatchFromFourBytesAndEachAtItsNearest() {
        SeededRuns.check(100, random -> {
            byte[] bytes = new byte[20 + random.nextInt(600)];
            int values = 1 + random.nextInt(5);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) random.nextInt(values);
            }
            MatchFinder finder = new MatchFinder(bytes, 0, bytes.length);
            int[] found = new int[2 * Symbols.MAX_LENGTH];
            for (int at = 0; at < bytes.length - 4; at++) {
                int count = finder.find(at, found);
                int longest = 0;
                for (int before = at - 1; before >= 0; before--) {
                    longest = Math.max(longest, common(bytes, before, at));
                }
                int told = count == 0 ? 0 : found[count - 2];
                // Of three bytes only the last place under their hash is remembered: it may be another's.
                assertTrue(told == longest || (longest <= 3 && told == 0), told + " of " + longest + " at " + at);
                assertNearest(bytes, at, found, count);
            }
        });
    }

    private static void assertNearest(byte[] bytes, int at, int[] found, int count) {
        for (int i = 0; i < count; i += 2) {
            int length = found[i];
            assertTrue(i == 0 || (length > found[i - 2] && found[i + 1] >= found[i - 1]), "both grow");
            int nearest = 1;
            while (common(bytes, at - nearest, at) < length) {
                nearest++;
            }
            assertEquals(nearest, found[i + 1], "length " + length + " at " + at);
        }
    }
}
