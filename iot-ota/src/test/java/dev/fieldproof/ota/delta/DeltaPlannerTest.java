package dev.fieldproof.ota.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.ota.delta.DeltaPlan.Choice;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Each branch of the planner, with the reason that it gives. */
class DeltaPlannerTest {
    private static final long SMALL = PatchInfo.stateBytes(DeltaProfile.SMALL);
    private static final long FULL = PatchInfo.stateBytes(DeltaProfile.FULL);

    private static final byte[] OLD = DeltaRoundTripTest.sample()[0];
    private static final byte[] NEW = DeltaRoundTripTest.sample()[1];

    /** As compressible as text, and like nothing else. */
    private static byte[] words(int seed, int length) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + Math.min(random.nextInt(16), random.nextInt(16)));
        }
        return bytes;
    }

    private static byte[] noise(int seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    private static DeltaPlan check(byte[] old, byte[] target, DeviceBudget device, Choice choice, String reason)
            throws Exception {
        DeltaPlan plan = DeltaPlanner.plan(old, target, device);
        assertEquals(choice, plan.choice(), plan::reason);
        assertTrue(plan.reason().contains(reason), plan::reason);
        if (plan.delta().isPresent()) {
            assertArrayEquals(
                    target, DeltaRoundTripTest.apply(old, plan.delta().get().patch()));
        }
        long least = plan.options().stream()
                .filter(DeltaPlan.Option::fits)
                .mapToLong(DeltaPlan.Option::bytes)
                .min()
                .orElseThrow();
        if (device.linkBitsPerSecond() == 0) {
            assertEquals(least, plan.bytes(), plan::toString);
        }
        return plan;
    }

    @Test
    void aPatchWhereTheCompressedImageIsFarLarger() throws Exception {
        DeltaPlan plan = check(OLD, NEW, DeviceBudget.DEFAULT, Choice.DELTA, "more than twice as large");
        assertEquals(DeltaProfile.SMALL, plan.delta().orElseThrow().report().profile());
        assertTrue(Double.isNaN(plan.seconds()));
    }

    @Test
    void aPatchWhereTheCompressedImageIsOnlyLarger() throws Exception {
        byte[] target = words(2, 20_000);
        byte[] old = Arrays.copyOf(target, 7_000);
        check(old, target, DeviceBudget.DEFAULT, Choice.DELTA, "the compressed image takes ");
    }

    @Test
    void theFullDecoderWhereItFits() throws Exception {
        DeltaPlan plan = check(OLD, NEW, new DeviceBudget(FULL + 1200, 0), Choice.DELTA, "for the full decoder");
        assertEquals(DeltaProfile.FULL, plan.delta().orElseThrow().report().profile());
    }

    @Test
    void theSmallDecoderWhereTheFullOneLacksRoomForTheCopies() throws Exception {
        DeltaPlan plan = check(OLD, NEW, new DeviceBudget(FULL, 0), Choice.DELTA, "for the small decoder");
        assertTrue(plan.options().stream().anyMatch(o -> !o.fits() && o.profile() == DeltaProfile.FULL));
    }

    @Test
    void theCompressedImageWhereNothingIsAlike() throws Exception {
        byte[] target = words(2, 20_000);
        DeltaPlan plan =
                check(noise(1, 20_000), target, DeviceBudget.DEFAULT, Choice.COMPRESSED_IMAGE, "a patch would take ");
        byte[] patch = plan.delta().orElseThrow().patch();
        assertArrayEquals(target, DeltaRoundTripTest.apply(noise(7, 5), patch), "applies to any source");
    }

    @Test
    void theCompressedImageWhereTheCopiesDoNotFit() throws Exception {
        byte[] old = words(2, 20_000);
        byte[] target = old.clone();
        target[5] = 0;
        check(old, target, new DeviceBudget(SMALL, 0), Choice.COMPRESSED_IMAGE, "copies of a patch do not fit");
    }

    @Test
    void theCompressedImageWhereTheLinkIsSoFastThatAPatchSavesNothing() throws Exception {
        byte[] old = words(2, 20_000);
        byte[] target = old.clone();
        target[5] = 0;
        check(old, target, new DeviceBudget(1 << 20, 10_000_000), Choice.COMPRESSED_IMAGE, "on this link");
        DeltaPlan slow = check(old, target, new DeviceBudget(1 << 20, 9600), Choice.DELTA, "twice as large");
        assertEquals(8.0 * slow.bytes() / 9600, slow.seconds());
    }

    @Test
    void thePlainImageWhereNoDecoderFits() throws Exception {
        DeltaPlan plan = check(OLD, NEW, new DeviceBudget(SMALL - 1, 0), Choice.PLAIN_IMAGE, "no decoder fits");
        assertTrue(plan.delta().isEmpty());
        assertEquals(NEW.length, plan.bytes());
    }

    @Test
    void thePlainImageWhereNothingMakesItSmaller() throws Exception {
        check(OLD, noise(3, 3000), DeviceBudget.DEFAULT, Choice.PLAIN_IMAGE, "nothing makes it smaller");
        check(OLD, new byte[0], DeviceBudget.DEFAULT, Choice.PLAIN_IMAGE, "nothing makes it smaller");
    }

    @Test
    void isCancelled() {
        assertThrows(
                CancellationException.class,
                () -> DeltaPlanner.plan(OLD, NEW, DeviceBudget.DEFAULT, (stage, done, total) -> done < 2));
    }

    @Test
    void refusesNegativeBudgets() {
        assertThrows(IllegalArgumentException.class, () -> new DeviceBudget(-1, 0));
        assertThrows(IllegalArgumentException.class, () -> new DeviceBudget(0, -1));
    }
}
