package dev.fieldproof.ota.delta;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.sim.PowerCutException;
import dev.fieldproof.core.sim.PowerFault;
import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.core.sim.SimFlash;
import dev.fieldproof.ota.delta.InPlacePatcher.Fault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One place, one journal, and a power cut at every operation on the flash. */
class InPlacePatcherTest {
    private static final int SECTOR = 256;
    private static final int SECTORS = 24;
    private static final InPlaceLayout LAYOUT = new InPlaceLayout(SECTOR, 9, 11 * SECTOR, 12);

    private static final List<PowerFault> FAULTS = List.of(PowerFault.values());

    private static final byte[] OLD = noise(2000);
    private static final byte[] NEW = rearranged();
    private static final byte[] PATCH =
            DeltaEncoder.create(OLD, NEW, DeltaOptions.DEFAULT).patch();

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(5).nextBytes(bytes);
        return bytes;
    }

    /** Parts that change places, so that blocks wait for each other in a circle; parts that move a little; edits. */
    private static byte[] rearranged() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(OLD, 300, 300);
        out.write(OLD, 0, 300);
        out.writeBytes(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
        out.write(OLD, 600, 1400);
        out.writeBytes("and a longer end than before".repeat(3).getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        byte[] bytes = out.toByteArray();
        for (int at = 50; at < bytes.length; at += 190) {
            bytes[at]++;
        }
        return bytes;
    }

    private static SimFlash flash(byte[] image) throws IOException {
        SimFlash flash = new SimFlash(SECTORS, SECTOR, 4);
        for (int at = 0; at < image.length; at += SECTOR) {
            byte[] sector = Arrays.copyOf(Arrays.copyOfRange(image, at, Math.min(image.length, at + SECTOR)), SECTOR);
            flash.program(LAYOUT.imageAt() + at, sector, 0, SECTOR);
        }
        return flash;
    }

    private static byte[] image(SimFlash flash, int length) {
        byte[] image = new byte[length];
        flash.read(LAYOUT.imageAt(), image, 0, length);
        return image;
    }

    private static InPlaceOutcome patch(SimFlash flash, byte[] patch, Set<Fault> faults)
            throws DeltaException, IOException {
        return patch(flash, OLD.length, patch, faults);
    }

    private static InPlaceOutcome patch(SimFlash flash, int oldBytes, byte[] patch, Set<Fault> faults)
            throws DeltaException, IOException {
        InPlacePatcher patcher = new InPlacePatcher(flash, LAYOUT, oldBytes, DeltaLimits.DEFAULT, faults);
        for (int at = 0; at < patch.length; at += 64) {
            patcher.feed(patch, at, Math.min(64, patch.length - at));
        }
        return patcher.commit();
    }

    @Test
    void replacesTheImage() throws Exception {
        SimFlash flash = flash(OLD);
        InPlaceOutcome outcome = patch(flash, PATCH, Set.of());
        assertEquals(new InPlaceOutcome.Patched(NEW.length, Digest.sha256(NEW)), outcome);
        assertArrayEquals(NEW, image(flash, NEW.length));
        assertInstanceOf(InPlaceOutcome.Untouched.class, InPlacePatcher.recover(flash, LAYOUT));
        assertEquals(0, flash.erases(0) + flash.erases(10) + flash.erases(SECTORS - 1), "nothing else is touched");
    }

    @Test
    void aTailIsMadeLikeAnyOtherBytes() throws Exception {
        byte[][] pair = TailTest.espPair();
        byte[] patch =
                DeltaEncoder.create(pair[0], pair[1], DeltaOptions.DEFAULT).patch();
        assertEquals(8, patch[4], "the flag of a tail");
        SimFlash fresh = flash(pair[0]);
        boolean done = false;
        for (long cut = fresh.operations(); !done; cut++) {
            SimFlash flash = fresh.copy();
            flash.cutAt(cut, FAULTS.get((int) cut % FAULTS.size()), cut);
            try {
                patch(flash, pair[0].length, patch, Set.of());
                done = true;
            } catch (PowerCutException e) {
                flash.powerOn();
                InPlacePatcher.recover(flash, LAYOUT);
                if (Arrays.equals(pair[0], image(flash, pair[0].length))) {
                    patch(flash, pair[0].length, patch, Set.of());
                }
            }
            assertArrayEquals(pair[1], image(flash, pair[1].length), "cut at " + cut);
        }
    }

    @Test
    void aBlockThatDoesNotReadItselfNeedsNoSpareCopy() throws Exception {
        byte[] fresh = new byte[NEW.length];
        Arrays.fill(fresh, (byte) 7);
        int scratch = LAYOUT.journalAt() + SECTOR;
        SimFlash flash = flash(OLD);
        patch(flash, DeltaEncoder.create(OLD, fresh, DeltaOptions.DEFAULT).patch(), Set.of());
        assertArrayEquals(fresh, image(flash, fresh.length));
        assertEquals(0, flash.erases(scratch / SECTOR));
        SimFlash moved = flash(OLD);
        patch(moved, PATCH, Set.of());
        long copies = moved.erases(scratch / SECTOR);
        assertTrue(copies > 0 && copies < (NEW.length + SECTOR - 1) / SECTOR, () -> copies + " spare copies");
    }

    /** Starts again after a cut; what then must hold. */
    private static void survives(SimFlash flash, Set<Fault> faults, String when) throws Exception {
        InPlaceOutcome outcome = InPlacePatcher.recover(flash, LAYOUT, faults);
        if (outcome instanceof InPlaceOutcome.Untouched && !Arrays.equals(NEW, image(flash, NEW.length))) {
            assertArrayEquals(OLD, image(flash, OLD.length), when);
            outcome = patch(flash, PATCH, faults);
        }
        assertArrayEquals(NEW, image(flash, NEW.length), when);
        assertTrue(!(outcome instanceof InPlaceOutcome.JournalTooSmall), when);
    }

    private static void everyCut(Set<Fault> faults) throws Exception {
        SimFlash fresh = flash(OLD);
        SimFlash flash = fresh.copy();
        patch(flash, PATCH, faults);
        long operations = flash.operations();
        for (long cut = fresh.operations(); cut < operations; cut++) {
            for (PowerFault how : PowerFault.values()) {
                flash.restore(fresh);
                flash.cutAt(cut, how, cut);
                assertThrows(PowerCutException.class, () -> patch(flash, PATCH, faults));
                flash.powerOn();
                survives(flash, faults, how + " at operation " + cut);
                flash.powerOn();
                assertArrayEquals(NEW, image(flash, NEW.length), "and it lasts");
            }
        }
    }

    @Test
    void survivesAPowerCutAtEveryOperation() throws Exception {
        everyCut(Set.of());
    }

    @ParameterizedTest
    @EnumSource
    void theEnumerationCatches(Fault fault) {
        if (fault == Fault.NO_BLOCK_CHECK) {
            assertThrows(AssertionError.class, () -> refusesASourceThatRots(Set.of(fault)));
        } else {
            Throwable caught = assertThrows(Throwable.class, () -> everyCut(Set.of(fault)));
            assertTrue(caught instanceof AssertionError || caught instanceof IOException, caught::toString);
        }
    }

    @Test
    void survivesCutsDuringRecovery() {
        SeededRuns.check(100, random -> {
            try {
                SimFlash flash = flash(OLD);
                long at = flash.operations();
                for (int cuts = 0; cuts < 6; cuts++) {
                    PowerFault how = FAULTS.get(random.nextInt(FAULTS.size()));
                    flash.cutAt(at + random.nextInt(60), how, random.nextLong());
                    try {
                        survives(flash, Set.of(), "cut " + cuts);
                        return;
                    } catch (PowerCutException e) {
                        flash.powerOn();
                    }
                    at = flash.operations();
                }
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void refusesTheWrongSourceUntouched() throws Exception {
        byte[] other = OLD.clone();
        other[777]++;
        SimFlash flash = flash(other);
        assertThrows(WrongSourceException.class, () -> patch(flash, PATCH, Set.of()));
        assertArrayEquals(other, image(flash, other.length));
    }

    private static void refusesASourceThatRots(Set<Fault> faults) throws Exception {
        for (int at = 3; at < OLD.length; at += SECTOR) {
            SimFlash flash = flash(OLD);
            InPlacePatcher patcher = new InPlacePatcher(flash, LAYOUT, OLD.length, DeltaLimits.DEFAULT, faults);
            patcher.feed(PATCH, 0, PATCH.length);
            flash.flipBit(8L * (LAYOUT.imageAt() + at));
            byte[] before = image(flash, OLD.length);
            assertThrows(WrongSourceException.class, patcher::commit);
            assertArrayEquals(before, image(flash, OLD.length));
        }
    }

    @Test
    void refusesASourceThatRotsMeanwhile() throws Exception {
        refusesASourceThatRots(Set.of());
    }

    @Test
    void refusesDamagedAndIncompletePatchesUntouched() throws Exception {
        for (int length = 0; length < PATCH.length; length += 7) {
            SimFlash flash = flash(OLD);
            byte[] damaged = PATCH.clone();
            damaged[length] ^= 4;
            assertThrows(DeltaException.class, () -> patch(flash, damaged, Set.of()));
            byte[] shorter = Arrays.copyOf(PATCH, length);
            assertThrows(MalformedPatchException.class, () -> patch(flash, shorter, Set.of()));
            assertArrayEquals(OLD, image(flash, OLD.length));
        }
    }

    @Test
    void tellsHowMuchJournalWouldDo() throws Exception {
        SimFlash flash = flash(OLD);
        InPlaceLayout tight = new InPlaceLayout(LAYOUT.imageAt(), 9, LAYOUT.journalAt(), 3);
        InPlacePatcher patcher = new InPlacePatcher(flash, tight, OLD.length, DeltaLimits.DEFAULT);
        patcher.feed(PATCH, 0, PATCH.length);
        int needed = assertInstanceOf(InPlaceOutcome.JournalTooSmall.class, patcher.commit())
                .neededSectors();
        assertArrayEquals(OLD, image(flash, OLD.length));
        InPlaceLayout enough = new InPlaceLayout(LAYOUT.imageAt(), 9, LAYOUT.journalAt(), needed);
        InPlacePatcher again = new InPlacePatcher(flash, enough, OLD.length, DeltaLimits.DEFAULT);
        again.feed(PATCH, 0, PATCH.length);
        assertInstanceOf(InPlaceOutcome.Patched.class, again.commit());
        assertArrayEquals(NEW, image(flash, NEW.length));
    }

    @Test
    void refusesAnImageThatDoesNotFit() throws Exception {
        SimFlash flash = flash(OLD);
        InPlaceLayout small = new InPlaceLayout(LAYOUT.imageAt(), 8, LAYOUT.journalAt(), 12);
        InPlacePatcher patcher = new InPlacePatcher(flash, small, OLD.length, DeltaLimits.DEFAULT);
        assertThrows(MalformedPatchException.class, () -> patcher.feed(PATCH, 0, PATCH.length));
    }

    @Test
    void refusesLayoutsThatDoNotFitTheDevice() {
        SimFlash flash = new SimFlash(SECTORS, SECTOR, 4);
        int[][] wrong = {{1, 9, 2816, 12}, {256, 11, 2816, 12}, {256, 9, 2816, 14}, {256, 9, 2816, 2}, {256, 0, 2816, 3}
        };
        for (int[] w : wrong) {
            InPlaceLayout layout = new InPlaceLayout(w[0], w[1], w[2], w[3]);
            assertThrows(IllegalArgumentException.class, () -> InPlacePatcher.recover(flash, layout), layout::toString);
        }
    }

    @Test
    void anyEditIsAppliedInPlace() {
        SeededRuns.check(60, random -> {
            byte[] old = noise(1 + random.nextInt(2300));
            byte[] target = DeltaRoundTripTest.edit(old, random);
            target = Arrays.copyOf(target, Math.min(target.length, 9 * SECTOR));
            try {
                byte[] patch =
                        DeltaEncoder.create(old, target, DeltaOptions.DEFAULT).patch();
                SimFlash flash = flash(old);
                InPlaceLayout layout = new InPlaceLayout(SECTOR, 9, 11 * SECTOR, 13);
                InPlacePatcher patcher = new InPlacePatcher(flash, layout, old.length, DeltaLimits.DEFAULT);
                patcher.feed(patch, 0, patch.length);
                assertInstanceOf(InPlaceOutcome.Patched.class, patcher.commit());
                assertArrayEquals(target, image(flash, target.length));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    @Test
    void realFirmwareNeedsLittleJournal() throws Exception {
        Corpus.Pair pair = Corpus.pair("softrf-cc1352-1.6");
        byte[] old = pair.oldBytes();
        int sector = 4096;
        SimFlash flash = new SimFlash(128, sector, 4);
        byte[] padded = Arrays.copyOf(old, (old.length + 3) / 4 * 4);
        flash.program(0, padded, 0, padded.length);
        InPlaceLayout layout = new InPlaceLayout(0, 64, 64 * sector, 10);
        InPlacePatcher patcher = new InPlacePatcher(flash, layout, old.length, DeltaLimits.DEFAULT);
        byte[] patch = Patches.small(pair);
        patcher.feed(patch, 0, patch.length);
        assertInstanceOf(InPlaceOutcome.Patched.class, patcher.commit());
        byte[] made = new byte[pair.targetBytes().length];
        flash.read(0, made, 0, made.length);
        assertArrayEquals(pair.targetBytes(), made);
    }
}
