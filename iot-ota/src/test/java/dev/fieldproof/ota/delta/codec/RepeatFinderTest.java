package dev.fieldproof.ota.delta.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.ota.delta.isa.ImageReader;
import dev.fieldproof.ota.delta.isa.Segments;
import dev.fieldproof.ota.delta.match.Copies;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Every repeat that the encoder finds gives the bytes of the new image, by the rule of the format document. */
class RepeatFinderTest {
    /** Bytes of few values in runs, so that there is much to repeat. */
    private static byte[] image(RandomGenerator random, int length) {
        byte[] image = new byte[length];
        for (int at = 0; at < length; ) {
            int from = random.nextInt(at + 1);
            for (int n = random.nextInt(1, 40); n > 0 && at < length; n--) {
                image[at] = random.nextInt(4) == 0 || from == at ? (byte) random.nextInt(32) : image[from++];
                at++;
            }
        }
        return image;
    }

    private static int byteAt(byte[] old, byte[] target, int at, int distance) {
        if (distance >= 1 && distance <= Math.min(Repeats.WINDOW, at)) {
            return target[at - distance];
        }
        int place = old.length + at - distance;
        return place >= 0 && place < old.length ? old[place] : 0;
    }

    /** Checks each run and returns how many bytes they cover. */
    private static int check(byte[] old, byte[] target, Copies copies) {
        Repeats repeats = RepeatFinder.between(old, target, copies);
        int covered = 0;
        int at = 0;
        for (int i = 0; i <= copies.size(); i++) {
            int end = i < copies.size() ? copies.targetAt(i) : target.length;
            while (at < end) {
                int length = repeats.lengthAt(at);
                assertTrue(length >= 0 && at + length <= end, "within the gap");
                for (int k = at; k < at + length; k++) {
                    assertEquals(target[k], byteAt(old, target, k, repeats.distance()), "byte " + k);
                }
                covered += length;
                at += Math.max(1, length);
            }
            at = i < copies.size() ? end + copies.length(i) : at;
        }
        return covered;
    }

    private static Copies copies(RandomGenerator random, byte[] old, byte[] target) {
        Copies copies = new Copies();
        int at = random.nextInt(300);
        while (at < target.length) {
            int length = Math.min(random.nextInt(1, 50), Math.min(old.length, target.length - at));
            if (length > 0) {
                copies.add(at, random.nextInt(old.length - length + 1), length);
            }
            at += length + random.nextInt(1, 3000);
        }
        return copies;
    }

    @Test
    void everyRunRepeatsWhatItSays() {
        SeededRuns.check(40, random -> {
            byte[] old = image(random, random.nextInt(6000));
            byte[] target = image(random, random.nextInt(9000));
            check(old, target, copies(random, old, target));
        });
    }

    @Test
    void findsWhatIsInTheOldImageOrInTheWindow() {
        byte[] old = new byte[5000];
        byte[] target = new byte[3000];
        new SplittableRandom(1).nextBytes(old);
        new SplittableRandom(2).nextBytes(target);
        int byChance = check(old, target, new Copies());
        assertTrue(byChance < 100, () -> byChance + " bytes of noise");
        System.arraycopy(old, 3000, target, 500, 200);
        System.arraycopy(target, 1000, target, 1900, 100);
        int covered = check(old, target, new Copies());
        assertTrue(covered >= 300 && covered < 400, () -> covered + " bytes");
    }

    @Test
    void looksNoFurtherBackThanTheWindow() {
        byte[] target = new byte[4000];
        new SplittableRandom(2).nextBytes(target);
        System.arraycopy(target, 0, target, Repeats.WINDOW, 50);
        System.arraycopy(target, 2000, target, 2001 + Repeats.WINDOW, 50);
        Repeats repeats = RepeatFinder.between(new byte[0], target, new Copies());
        assertEquals(50, repeats.lengthAt(Repeats.WINDOW));
        assertEquals(Repeats.WINDOW, repeats.distance());
        assertEquals(0, repeats.lengthAt(2001 + Repeats.WINDOW));
    }

    @Test
    void zerosAreOneRunForEachSpan() {
        byte[] target = new byte[1 << 20];
        assertTrue(check(new byte[0], target, new Copies()) > target.length - 300);
        BodyHeader header = new BodyHeader(false, 0, 0, Segments.NONE, Segments.NONE, 0, target.length, 0);
        assertTrue(BodyEncoder.encode(header, new byte[0], target, new Copies()).length < 400);
    }

    @Test
    void theListOfDistancesKeepsTheLatestFirst() {
        int[] recent = Repeats.none();
        Repeats.remember(recent, 0, 3);
        assertTrue(Arrays.equals(new int[] {3, 1, 2, 4}, recent));
        Repeats.remember(recent, 0, 9);
        assertTrue(Arrays.equals(new int[] {9, 3, 1, 2}, recent));
    }

    @Test
    void aRunThatIsNotWhatItSaysGivesAnotherImage() throws Exception {
        byte[] target = new byte[600];
        new SplittableRandom(3).nextBytes(target);
        System.arraycopy(target, 0, target, 300, 100);
        BodyHeader header = new BodyHeader(false, 0, 0, Segments.NONE, Segments.NONE, 0, target.length, 0);
        for (int distance : new int[] {300, 301}) {
            Repeats given = new Repeats();
            given.add(300, 100, distance);
            RangeEncoder coder = new RangeEncoder();
            Body body = new Body(header, new ImageReader(new byte[0]), coder, target, given);
            byte[] made = new byte[2000];
            assertEquals(target.length, body.run(made, 0));
            boolean same = Arrays.equals(target, Arrays.copyOf(made, target.length));
            if (distance == 300) {
                assertTrue(same);
            } else {
                assertFalse(same);
            }
        }
    }
}
