package dev.fieldproof.ota.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fieldproof.core.sim.SeededRuns;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checkpoints: any patch byte is a place to stop at, and only the right checkpoint is a place to go on from. */
class CheckpointTest {
    private final byte[] old = DeltaRoundTripTest.sample()[0];
    private final byte[] target = DeltaRoundTripTest.sample()[1];
    private final byte[] patch =
            DeltaEncoder.create(old, target, DeltaOptions.DEFAULT).patch();
    private byte[] checkpoint = new byte[0];

    @BeforeEach
    void stopInTheMiddle() throws Exception {
        DeltaDecoder decoder = open(old, new ByteArrayOutputStream());
        decoder.feed(patch, 0, patch.length - 20);
        checkpoint = decoder.checkpoint();
    }

    private static DeltaDecoder open(byte[] source, ByteArrayOutputStream out) {
        return DeltaDecoder.open(SourceImage.of(source), out::write, DeltaLimits.DEFAULT);
    }

    private static DeltaDecoder resume(byte[] source, ByteArrayOutputStream out, byte[] checkpoint)
            throws BrokenCheckpointException {
        return DeltaDecoder.resume(SourceImage.of(source), out::write, DeltaLimits.DEFAULT, checkpoint);
    }

    @ParameterizedTest
    @EnumSource
    void resumesAfterEveryPatchByte(DeltaProfile profile) throws Exception {
        byte[] from = Arrays.copyOf(old, 900);
        byte[] to = Arrays.copyOf(target, 950);
        byte[] small = DeltaEncoder.create(from, to, DeltaOptions.DEFAULT.withProfile(profile))
                .patch();
        int step = profile == DeltaProfile.FULL ? 5 : 1;
        for (int cut = 0; cut <= small.length; cut += step) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            DeltaDecoder first = open(from, out);
            first.feed(small, 0, cut);
            byte[] state = first.checkpoint();
            assertEquals(Checkpoint.BYTES, state.length);
            int written = out.size();
            DeltaDecoder second = resume(from, out, state);
            assertEquals(written, second.targetOffset());
            int at = (int) second.nextPatchOffset();
            second.feed(small, at, cut - at);
            assertEquals(written, out.size(), "nothing is written twice");
            assertArrayEquals(state, second.checkpoint());
            second.feed(small, cut, small.length - cut);
            second.finish();
            assertArrayEquals(to, out.toByteArray());
        }
    }

    @Test
    void resumesAgainAndAgain() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] state = open(old, out).checkpoint();
        for (int end = 0; end <= patch.length; end += 13) {
            DeltaDecoder decoder = resume(old, out, state);
            decoder.feed(patch, 0, end);
            state = decoder.checkpoint();
        }
        resume(old, out, state).feed(patch);
        assertArrayEquals(target, out.toByteArray());
    }

    @Test
    void tornCheckpointsAreRefused() {
        for (int length = 0; length < checkpoint.length; length++) {
            byte[] torn = Arrays.copyOf(checkpoint, length);
            assertThrows(BrokenCheckpointException.class, () -> resume(old, new ByteArrayOutputStream(), torn));
            byte[] padded = Arrays.copyOf(torn, checkpoint.length);
            Arrays.fill(padded, length, padded.length, (byte) 0xFF);
            assertThrows(BrokenCheckpointException.class, () -> resume(old, new ByteArrayOutputStream(), padded));
        }
        byte[] longer = Arrays.copyOf(checkpoint, checkpoint.length + 1);
        assertThrows(BrokenCheckpointException.class, () -> resume(old, new ByteArrayOutputStream(), longer));
    }

    @Test
    void mutatedCheckpointsAreRefused() {
        for (int bit = 0; bit < 8 * checkpoint.length; bit++) {
            byte[] mutated = checkpoint.clone();
            mutated[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(BrokenCheckpointException.class, () -> resume(old, new ByteArrayOutputStream(), mutated));
        }
        SeededRuns.check(2000, random -> {
            byte[] mutated = checkpoint.clone();
            for (int n = random.nextInt(1, 6); n > 0; n--) {
                mutated[random.nextInt(mutated.length)] += (byte) random.nextInt(1, 256);
            }
            if (!Arrays.equals(mutated, checkpoint)) {
                assertThrows(BrokenCheckpointException.class, () -> resume(old, new ByteArrayOutputStream(), mutated));
            }
        });
    }

    @Test
    void aCheckpointOfAnotherPatchIsRefusedBeforeTheFirstWrite() throws Exception {
        byte[] other = target.clone();
        other[17]++;
        byte[] foreign = DeltaEncoder.create(old, other, DeltaOptions.DEFAULT).patch();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DeltaDecoder decoder = resume(old, out, checkpoint);
        assertThrows(MalformedPatchException.class, () -> decoder.feed(foreign));
        byte[] sameTarget = DeltaEncoder.create(old, target, DeltaOptions.DEFAULT.withProfile(DeltaProfile.FULL))
                .patch();
        DeltaDecoder again = resume(old, out, checkpoint);
        assertThrows(MalformedPatchException.class, () -> again.feed(sameTarget));
        assertEquals(0, out.size());
    }

    @Test
    void anotherSourceIsRefusedBeforeTheFirstWrite() throws Exception {
        byte[] wrong = old.clone();
        wrong[5]++;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DeltaDecoder decoder = resume(wrong, out, checkpoint);
        assertThrows(WrongSourceException.class, () -> decoder.feed(patch));
        assertEquals(0, out.size());
    }

    @Test
    void anOffsetWithoutAPatchIsRefused() {
        byte[] made = new Checkpoint(7, Checkpoint.NO_PATCH).bytes();
        assertThrows(BrokenCheckpointException.class, () -> resume(old, new ByteArrayOutputStream(), made));
        byte[] negative = new Checkpoint(-1, Checkpoint.NO_PATCH).bytes();
        assertThrows(BrokenCheckpointException.class, () -> resume(old, new ByteArrayOutputStream(), negative));
    }
}
