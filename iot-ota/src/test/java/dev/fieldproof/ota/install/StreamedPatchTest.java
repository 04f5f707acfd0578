package dev.fieldproof.ota.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.PowerCutException;
import dev.fieldproof.core.sim.PowerFault;
import dev.fieldproof.core.sim.SimFlash;
import dev.fieldproof.ota.delta.DeltaEncoder;
import dev.fieldproof.ota.delta.DeltaOptions;
import dev.fieldproof.ota.download.BlockSink;
import dev.fieldproof.ota.slot.BootOutcome;
import dev.fieldproof.ota.slot.ChunkHashes;
import dev.fieldproof.ota.slot.FlashLayout;
import dev.fieldproof.ota.slot.ImageCheck;
import dev.fieldproof.ota.slot.ImagePlan;
import dev.fieldproof.ota.slot.NorBootControl;
import dev.fieldproof.ota.slot.SlotImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** On NOR flash a patch is decoded as it arrives; the power is cut at every operation, in every way. */
class StreamedPatchTest {
    private static final int SECTOR = 256;
    private static final byte[] OLD = random(1, 3000);
    private static final byte[] NEW = changed();
    private static final byte[] PATCH =
            DeltaEncoder.create(OLD, NEW, DeltaOptions.DEFAULT).patch();
    private static final SlotImage RUNNING = new SlotImage(1 << 24, 0, OLD.length);
    private static final ImagePlan PLAN = new ImagePlan(
            77, new SlotImage(2 << 24, 0, NEW.length), SECTOR, ChunkHashes.sha256(ChunkHashes.listSha256(NEW, SECTOR)));

    private final FlashLayout layout = new FlashLayout(0, SECTOR, 3, 14);

    /** What is wrong with how the patch comes after a restart. */
    private enum Mutant {
        NONE,
        GOES_ON_WHERE_IT_STOPPED,
        NEVER_GIVEN_UP,
        BLOCKS_OF_THE_IMAGE_TWICE
    }

    /** A device through its power cuts, and what it fetched. */
    private final class Life {
        private final SimFlash flash;
        private final Mutant mutant;
        private final List<Integer> startedWith = new ArrayList<>();
        private int lastPlaced;
        private int fetchedPatchBytes;
        private int fetchedImageBytes;
        private int fetchedTo;

        Life(SimFlash flash, Mutant mutant) {
            this.flash = flash;
            this.mutant = mutant;
        }

        NorBootControl control() {
            return new NorBootControl(flash, layout, ImageCheck.sha256());
        }

        private void heard(InstallEvent event) {
            if (event instanceof InstallEvent.Started started) {
                startedWith.add(started.chunksDone());
            } else if (event instanceof InstallEvent.ChunkPlaced placed) {
                lastPlaced = placed.chunksDone();
            }
        }

        InstallOutcome install() throws IOException {
            Installer installer =
                    new Installer(flash, layout, ImageCheck.sha256(), control(), Preconditions.NONE, this::heard);
            long stated = mutant == Mutant.NEVER_GIVEN_UP ? 0 : PATCH.length;
            InstallOutcome byPatch = installer.installDelta(PLAN, RUNNING, stated, this::patch);
            return byPatch instanceof InstallOutcome.UnusablePatch
                    ? installer.installBlocks(PLAN, this::image)
                    : byPatch;
        }

        private boolean patch(BlockSink sink) throws IOException {
            int from = mutant == Mutant.GOES_ON_WHERE_IT_STOPPED ? fetchedTo : 0;
            for (int block = from / SECTOR; block * SECTOR < PATCH.length; block++) {
                int length = Math.min(SECTOR, PATCH.length - block * SECTOR);
                fetchedPatchBytes += length;
                sink.place(
                        block - from / SECTOR,
                        Arrays.copyOfRange(PATCH, block * SECTOR, block * SECTOR + length),
                        length);
                fetchedTo = (block + 1) * SECTOR;
            }
            return true;
        }

        private boolean image(BlockSink sink) throws IOException {
            for (int block = 0; block < PLAN.hashes().count(); block++) {
                if (!sink.has(block) || mutant == Mutant.BLOCKS_OF_THE_IMAGE_TWICE) {
                    int length = PLAN.chunkLength(block);
                    fetchedImageBytes += length;
                    sink.place(block, Arrays.copyOfRange(NEW, block * SECTOR, block * SECTOR + length), length);
                }
            }
            return true;
        }

        int fetchedBytes() {
            return fetchedPatchBytes + fetchedImageBytes;
        }

        /** The new image is on trial. */
        boolean good() throws IOException {
            byte[] held = new byte[NEW.length];
            flash.read(layout.slotAt(1), held, 0, held.length);
            return Arrays.equals(NEW, held) && control().boot().equals(new BootOutcome.Running(1, true));
        }
    }

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    /** So much of it is new that the patch has several blocks. */
    private static byte[] changed() {
        byte[] image = OLD.clone();
        byte[] other = random(2, 1000);
        System.arraycopy(other, 0, image, 1500, other.length);
        return image;
    }

    private SimFlash device() throws IOException {
        SimFlash flash = new SimFlash(40, SECTOR, 4);
        flash.program(layout.slotAt(0), OLD, 0, OLD.length);
        NorBootControl.format(flash, layout, ImageCheck.sha256(), RUNNING);
        return flash;
    }

    private int bad(Mutant mutant) throws IOException {
        SimFlash start = device();
        Life undisturbed = new Life(start.copy(), mutant);
        assertInstanceOf(InstallOutcome.Activated.class, undisturbed.install());
        assertEquals(PATCH.length, undisturbed.fetchedPatchBytes);
        long first = start.operations();
        int bad = 0;
        for (long operation = first; operation < undisturbed.flash.operations(); operation++) {
            for (PowerFault fault : PowerFault.values()) {
                SimFlash flash = start.copy();
                Life life = new Life(flash, mutant);
                flash.cutAt(operation, fault, operation);
                try {
                    life.install();
                } catch (PowerCutException e) {
                    // goes on below
                }
                flash.powerOn();
                boolean boots = life.control().boot() instanceof BootOutcome.Running;
                if (life.control().status().slot() == 0) {
                    boots &= goesOn(life);
                }
                bad += boots && life.good() ? 0 : 1;
            }
        }
        return bad;
    }

    /** Loses one chunk at most, and fetches no more than the patch, or than what is missing, once more. */
    private static boolean goesOn(Life life) throws IOException {
        int placed = life.lastPlaced;
        int fetched = life.fetchedBytes();
        life.startedWith.clear();
        life.install();
        int missing = NEW.length - placed * SECTOR + SECTOR;
        return life.startedWith.get(0) >= placed - 1
                && life.fetchedBytes() - fetched <= Math.max(0, Math.min(PATCH.length, missing));
    }

    @Test
    void noPowerCutCostsMoreThanThePatchOrWhatIsMissingOnceMore() throws IOException {
        assertTrue(PATCH.length > 3 * SECTOR && PATCH.length < NEW.length * 2 / 3, PATCH.length + " bytes");
        assertEquals(0, bad(Mutant.NONE));
    }

    @Test
    void theEnumerationCatchesEveryMutant() throws IOException {
        for (Mutant mutant :
                List.of(Mutant.GOES_ON_WHERE_IT_STOPPED, Mutant.NEVER_GIVEN_UP, Mutant.BLOCKS_OF_THE_IMAGE_TWICE)) {
            assertTrue(bad(mutant) > 0, mutant + " survives");
        }
    }
}
