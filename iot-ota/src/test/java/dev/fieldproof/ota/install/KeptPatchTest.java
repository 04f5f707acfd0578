package dev.fieldproof.ota.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.sim.PowerCutException;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.sim.SimDirectory;
import dev.fieldproof.core.store.Directory;
import dev.fieldproof.ota.delta.DeltaEncoder;
import dev.fieldproof.ota.delta.DeltaOptions;
import dev.fieldproof.ota.download.DownloadRules;
import dev.fieldproof.ota.slot.BootOutcome;
import dev.fieldproof.ota.slot.DirectoryBootControl;
import dev.fieldproof.ota.slot.DirectorySlots;
import dev.fieldproof.ota.slot.SlotImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Gateways keep a patch on their disk, block by block, across power cuts. */
class KeptPatchTest {
    private static final int BLOCK = 256;
    private static final byte[] OLD = random(1, 3000);
    private static final byte[] NEW = changed();
    private static final SlotImage RUNNING = new SlotImage(1 << 24, 0, OLD.length);

    private final SimClock clock = new SimClock(Instant.parse("2026-03-01T00:00:00Z"));

    private static byte[] random(long seed, int length) {
        byte[] bytes = new byte[length];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    /** So much of it is new that the patch has several blocks. */
    private static byte[] changed() {
        byte[] image = OLD.clone();
        byte[] other = random(2, 1000);
        System.arraycopy(other, 0, image, 500, other.length);
        return image;
    }

    private static SimDirectory gateway() throws IOException {
        SimDirectory disk = new SimDirectory();
        try (Directory.File slot = disk.open("slot-0")) {
            slot.write(0, ByteBuffer.wrap(OLD));
            slot.sync();
        }
        disk.sync();
        DirectoryBootControl.format(disk, RUNNING);
        return disk;
    }

    private UpdateResult update(UpdateWorld world, SimDirectory disk, Preconditions preconditions) throws IOException {
        Installer installer =
                new Installer(new DirectorySlots(disk), new DirectoryBootControl(disk), preconditions, event -> {});
        return new UpdatePipeline(
                        world.client(),
                        world::sources,
                        DownloadRules.DEFAULT,
                        clock,
                        new SplittableRandom(4),
                        installer,
                        download -> {
                            clock.runUntilIdle(1_000_000);
                            return download.result().join();
                        })
                .update(
                        UpdateWorld.IMAGE,
                        new UpdatePipeline.Device("board", RUNNING, Digest.sha256(OLD), Integer.MAX_VALUE));
    }

    private static boolean runsTheNewImage(SimDirectory disk) throws IOException {
        byte[] held = new byte[NEW.length];
        new DirectorySlots(disk).image(1, held.length).read(0, held, 0, held.length);
        return Arrays.equals(NEW, held)
                && new DirectoryBootControl(disk).boot().equals(new BootOutcome.Running(1, true));
    }

    private static byte[] patch() {
        return DeltaEncoder.create(OLD, NEW, DeltaOptions.DEFAULT).patch();
    }

    @Test
    void afterAPowerCutAnywhereOneBlockOfThePatchAtMostIsFetchedAgain() throws IOException {
        byte[] patch = patch();
        assertTrue(patch.length > 3 * BLOCK, "a patch of several blocks");
        SimDirectory undisturbed = gateway();
        long first = undisturbed.operations();
        update(new UpdateWorld(clock, OLD, NEW, BLOCK, 0, patch), undisturbed, Preconditions.NONE);
        assertFalse(undisturbed.list().contains("update.patch"), "done with");
        for (long operation = first; operation < undisturbed.operations(); operation++) {
            SimDirectory disk = gateway();
            disk.cutAt(operation);
            UpdateWorld world = new UpdateWorld(clock, OLD, NEW, BLOCK, 0, patch);
            try {
                update(world, disk, Preconditions.NONE);
            } catch (PowerCutException e) {
                clock.runUntilIdle(1_000_000);
            }
            long sent = world.sentPatchBytes;
            for (SimDirectory after : disk.crashStates(6, operation)) {
                world.sentPatchBytes = sent;
                assertInstanceOf(BootOutcome.Running.class, new DirectoryBootControl(after).boot());
                if (new DirectoryBootControl(after).status().slot() == 0) {
                    assertInstanceOf(UpdateResult.Ended.class, update(world, after, Preconditions.NONE));
                }
                assertTrue(runsTheNewImage(after), "cut at " + operation);
                assertTrue(
                        world.sentPatchBytes <= patch.length + 2 * BLOCK,
                        world.sentPatchBytes + " bytes of " + patch.length + ", cut at " + operation);
            }
        }
    }

    @Test
    void aDeferredInstallationKeepsThePatch() throws IOException {
        byte[] patch = patch();
        UpdateWorld world = new UpdateWorld(clock, OLD, NEW, BLOCK, 0, patch);
        SimDirectory disk = gateway();
        int[] asked = {0};
        Preconditions battery = () -> ++asked[0] > 4 ? Optional.of("battery at 12 %") : Optional.empty();
        assertEquals(
                new UpdateResult.Ended(new InstallOutcome.Deferred("battery at 12 %"), true),
                update(world, disk, battery));
        update(world, disk, Preconditions.NONE);
        assertEquals(patch.length, world.sentPatchBytes);
        assertTrue(runsTheNewImage(disk));
    }

    @Test
    void aPatchBeyondTheHeldLimitIsKeptAndOneThatIsNoneGivesWayToTheImage() throws IOException {
        byte[] none = new byte[UpdatePipeline.MAX_HELD_PATCH_BYTES + 1];
        UpdateWorld world = new UpdateWorld(clock, OLD, NEW, 1 << 16, 0, none);
        SimDirectory disk = gateway();
        UpdateResult.Ended ended = assertInstanceOf(UpdateResult.Ended.class, update(world, disk, Preconditions.NONE));
        assertFalse(ended.byPatch());
        assertEquals(none.length, world.sentPatchBytes, "all of it was fetched, and found to be no patch");
        assertFalse(disk.list().contains("update.patch"));
        assertTrue(runsTheNewImage(disk));
    }

    @Test
    void aRottenBlockIsFetchedAgain() throws IOException {
        byte[] patch = patch();
        SimDirectory disk = gateway();
        byte[] rotten = patch.clone();
        rotten[BLOCK + 5] ^= 1;
        try (Directory.File file = disk.open("update.patch")) {
            file.write(0, ByteBuffer.wrap(rotten));
            file.write(patch.length, ByteBuffer.wrap(new byte[99]));
        }
        UpdateWorld world = new UpdateWorld(clock, OLD, NEW, BLOCK, 0, patch);
        assertInstanceOf(UpdateResult.Ended.class, update(world, disk, Preconditions.NONE));
        assertEquals(BLOCK, world.sentPatchBytes);
        assertTrue(runsTheNewImage(disk));
    }
}
