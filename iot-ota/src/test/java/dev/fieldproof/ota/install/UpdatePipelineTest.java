package dev.fieldproof.ota.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.sim.PowerCutException;
import dev.fieldproof.core.sim.PowerFault;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.sim.SimFlash;
import dev.fieldproof.ota.download.DownloadResult;
import dev.fieldproof.ota.download.DownloadRules;
import dev.fieldproof.ota.slot.BootControl;
import dev.fieldproof.ota.slot.BootOutcome;
import dev.fieldproof.ota.slot.FlashLayout;
import dev.fieldproof.ota.slot.ImageCheck;
import dev.fieldproof.ota.slot.NorBootControl;
import dev.fieldproof.ota.slot.SlotImage;
import dev.fieldproof.ota.tuf.FirmwareInfo;
import dev.fieldproof.ota.tuf.Refusal;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From signed metadata to a confirmed image, on simulated flash and simulated time. */
class UpdatePipelineTest {
    private static final int SECTOR = 256;
    private static final byte[] OLD = image(1, 2000);
    private static final byte[] NEW = edited(OLD);

    private final SimClock clock = new SimClock(Instant.parse("2026-03-01T00:00:00Z"));
    private final SimFlash flash = new SimFlash(32, SECTOR, 4);
    private final FlashLayout layout = new FlashLayout(0, SECTOR, 3, 10);
    private final SlotImage running = new SlotImage(1 << 24, 5, OLD.length);
    private final UpdatePipeline.Device device =
            new UpdatePipeline.Device("board", running, Digest.sha256(OLD), 100_000);
    private final List<InstallEvent> events = new ArrayList<>();
    private Preconditions preconditions = Preconditions.NONE;

    private static byte[] image(long seed, int length) {
        byte[] image = new byte[length];
        new SplittableRandom(seed).nextBytes(image);
        return image;
    }

    private static byte[] edited(byte[] old) {
        byte[] edited = Arrays.copyOf(old, old.length + 100);
        Arrays.fill(edited, 700, 720, (byte) 9);
        return edited;
    }

    @BeforeEach
    void aDeviceRunsTheOldImage() throws IOException {
        flash.program(layout.slotAt(0), OLD, 0, OLD.length);
        NorBootControl.format(flash, layout, ImageCheck.sha256(), running);
    }

    private UpdateWorld world(boolean withPatch) throws IOException {
        return new UpdateWorld(clock, OLD, NEW, SECTOR, 6, withPatch);
    }

    private NorBootControl control() {
        return new NorBootControl(flash, layout, ImageCheck.sha256());
    }

    private Installer installer() {
        return new Installer(flash, layout, ImageCheck.sha256(), control(), preconditions, events::add);
    }

    private UpdatePipeline pipeline(UpdateWorld world) {
        return new UpdatePipeline(
                world.client(),
                world::sources,
                DownloadRules.DEFAULT,
                clock,
                new SplittableRandom(4),
                installer(),
                download -> {
                    clock.runUntilIdle(100_000);
                    return download.result().join();
                });
    }

    private UpdateResult update(UpdateWorld world) throws IOException {
        return pipeline(world).update(UpdateWorld.IMAGE, device);
    }

    private void assertConfirmedAfterRestart() throws IOException {
        BootOutcome booted = control().boot();
        assertEquals(new BootOutcome.Running(1, true), booted);
        assertEquals(TrialOutcome.CONFIRMED, installer().judge(booted, () -> HealthCheck.Verdict.HEALTHY));
        assertEquals(new BootOutcome.Running(1, false), control().boot());
        assertEquals(6, control().status().securityCounter());
        byte[] held = new byte[NEW.length];
        flash.read(layout.slotAt(1), held, 0, held.length);
        assertTrue(Arrays.equals(NEW, held));
    }

    @Test
    void aPatchMakesTheImage() throws IOException {
        UpdateWorld world = world(true);
        UpdateResult.Ended ended = assertInstanceOf(UpdateResult.Ended.class, update(world));
        assertTrue(ended.byPatch() && ended.outcome() instanceof InstallOutcome.Activated, ended.toString());
        assertTrue(world.sentBytes < NEW.length, world.sentBytes + " bytes sent");
        assertConfirmedAfterRestart();
    }

    @Test
    void withoutAPatchTheBlocksAreFetchedStraightIntoTheSlot() throws IOException {
        UpdateWorld world = world(false);
        UpdateResult.Ended ended = assertInstanceOf(UpdateResult.Ended.class, update(world));
        assertTrue(!ended.byPatch() && ended.outcome() instanceof InstallOutcome.Activated, ended.toString());
        assertEquals(NEW.length + 9 * 32, world.sentBytes, "the image and its list, once");
        assertEquals(new InstallEvent.Started(0, 9), events.get(0));
        assertConfirmedAfterRestart();
    }

    @Test
    void aPatchThatIsGoneIsPassedOverForTheImage() throws IOException {
        UpdateWorld world = world(true);
        world.files.keySet().removeIf(file -> file.endsWith(".patch"));
        UpdateResult.Ended ended = assertInstanceOf(UpdateResult.Ended.class, update(world));
        assertTrue(!ended.byPatch() && ended.outcome() instanceof InstallOutcome.Activated, ended.toString());
        assertConfirmedAfterRestart();
    }

    @Test
    void aDeviceWithoutTheMemoryForAPatchTakesTheImage() throws IOException {
        UpdatePipeline.Device small = new UpdatePipeline.Device("board", running, Digest.sha256(OLD), 1000);
        UpdateResult result = pipeline(world(true)).update(UpdateWorld.IMAGE, small);
        assertTrue(!assertInstanceOf(UpdateResult.Ended.class, result).byPatch());
    }

    @Test
    void aPowerCutAtEveryOperationFetchesAtMostOneBlockAgain() throws IOException {
        SimFlash start = flash.copy();
        assertInstanceOf(UpdateResult.Ended.class, update(world(false)));
        long first = start.operations();
        long operations = flash.operations() - first;
        assertTrue(operations > 20);
        for (long operation = 0; operation < operations; operation++) {
            for (PowerFault fault : PowerFault.values()) {
                flash.restore(start);
                UpdateWorld world = world(false);
                flash.cutAt(first + operation, fault, operation);
                try {
                    update(world);
                } catch (PowerCutException e) {
                    clock.runUntilIdle(100_000);
                }
                flash.powerOn();
                assertInstanceOf(BootOutcome.Running.class, control().boot());
                if (control().status().slot() == 0) {
                    assertInstanceOf(UpdateResult.Ended.class, update(world));
                }
                long again = world.sentBytes - NEW.length - 9 * 32;
                // what was on its way at the cut, the list once more, and one block
                assertTrue(again <= 9 * 32 + 2 * SECTOR, fault + " at " + operation + ": " + again + " bytes again");
                assertEquals(new BootOutcome.Running(1, true), control().boot(), fault + " at " + operation);
            }
        }
    }

    @Test
    void aPatchOfUnlistedBlocksIsHeldIfItIsNotTooGreat() throws IOException {
        byte[] great = new byte[UpdatePipeline.MAX_HELD_PATCH_BYTES + 1];
        UpdateWorld world = new UpdateWorld(clock, OLD, NEW, SECTOR, 6, great, false);
        assertTrue(!assertInstanceOf(UpdateResult.Ended.class, update(world)).byPatch());
        assertEquals(0, world.sentPatchBytes);
        assertConfirmedAfterRestart();
    }

    @Test
    void aPatchThatIsNoneGivesWayAtItsFirstBlock() throws IOException {
        byte[] none = new byte[8 * SECTOR];
        UpdateWorld world = new UpdateWorld(clock, OLD, NEW, SECTOR, 6, none);
        assertTrue(!assertInstanceOf(UpdateResult.Ended.class, update(world)).byPatch());
        assertTrue(world.sentPatchBytes <= 2 * SECTOR, world.sentPatchBytes + " bytes of it");
        assertConfirmedAfterRestart();
    }

    @Test
    void wrongHardwareOldSecurityVersionsAndSameImagesAreNotFetched() throws IOException {
        UpdateWorld world = world(true);
        UpdatePipeline.Device other = new UpdatePipeline.Device("other", running, Digest.sha256(OLD), 0);
        assertInstanceOf(UpdateResult.NotForThisDevice.class, pipeline(world).update(UpdateWorld.IMAGE, other));
        UpdatePipeline.Device same = new UpdatePipeline.Device("board", running, Digest.sha256(NEW), 0);
        assertEquals(new UpdateResult.UpToDate(), pipeline(world).update(UpdateWorld.IMAGE, same));
        assertInstanceOf(
                UpdateResult.NotForThisDevice.class, pipeline(world).update(UpdateWorld.PATCH, device), "no firmware");
        assertEquals(0, world.sentBytes);
        UpdateResult old =
                pipeline(new UpdateWorld(clock, OLD, NEW, SECTOR, 4, false)).update(UpdateWorld.IMAGE, device);
        assertEquals(
                new UpdateResult.Ended(new InstallOutcome.NotActivated(BootControl.Activation.ROLLED_BACK), false),
                old);
        UpdateResult coarse =
                pipeline(new UpdateWorld(clock, OLD, NEW, 100, 6, false)).update(UpdateWorld.IMAGE, device);
        assertInstanceOf(UpdateResult.NotForThisDevice.class, coarse, "blocks do not fit the sectors");
    }

    @Test
    void refusalsAndFailedDownloadsAreNamed() throws IOException {
        UpdateWorld world = world(false);
        assertEquals(
                Refusal.UNKNOWN_TARGET,
                assertInstanceOf(UpdateResult.Refused.class, pipeline(world).update("nothing", device))
                        .refusal()
                        .refusal());
        world.files.keySet().removeIf(file -> file.endsWith(".bin"));
        UpdateResult.NotDownloaded missing = assertInstanceOf(UpdateResult.NotDownloaded.class, update(world));
        assertEquals(DownloadResult.Reason.NOT_FOUND, missing.gaveUp().reason());
        assertEquals(UpdateWorld.IMAGE, missing.file());
        world.files.clear();
        assertEquals(
                FirmwareInfo.blockListPath(UpdateWorld.IMAGE),
                assertInstanceOf(UpdateResult.NotDownloaded.class, update(world))
                        .file());
        world.metadata.clear();
        assertInstanceOf(UpdateResult.Refused.class, update(world));
    }

    @Test
    void unmetPreconditionsDeferAndWhatIsStagedStays() throws IOException {
        UpdateWorld world = world(false);
        int[] asked = {0};
        preconditions = () -> ++asked[0] > 4 ? Optional.of("battery at 12 %") : Optional.empty();
        assertEquals(new UpdateResult.Ended(new InstallOutcome.Deferred("battery at 12 %"), false), update(world));
        preconditions = Preconditions.NONE;
        assertInstanceOf(
                InstallOutcome.Activated.class,
                assertInstanceOf(UpdateResult.Ended.class, update(world)).outcome());
        assertTrue(events.contains(new InstallEvent.Started(3, 9)), events.toString());
    }

    @Test
    void cancellingEndsTheDownload() throws IOException {
        UpdatePipeline pipeline = pipeline(world(false));
        pipeline.cancel();
        UpdateResult.NotDownloaded result =
                assertInstanceOf(UpdateResult.NotDownloaded.class, pipeline.update(UpdateWorld.IMAGE, device));
        assertEquals(DownloadResult.Reason.CANCELLED, result.gaveUp().reason());
    }
}
