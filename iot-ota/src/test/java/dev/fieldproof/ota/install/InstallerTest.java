package dev.fieldproof.ota.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.PowerFault;
import dev.fieldproof.core.sim.SimFlash;
import dev.fieldproof.ota.delta.DeltaEncoder;
import dev.fieldproof.ota.delta.DeltaOptions;
import dev.fieldproof.ota.slot.BootControl;
import dev.fieldproof.ota.slot.BootOutcome;
import dev.fieldproof.ota.slot.ChunkHashes;
import dev.fieldproof.ota.slot.FlashLayout;
import dev.fieldproof.ota.slot.ImageCheck;
import dev.fieldproof.ota.slot.ImagePlan;
import dev.fieldproof.ota.slot.NorBootControl;
import dev.fieldproof.ota.slot.SlotImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InstallerTest {
    private static final int SECTOR = 256;
    private static final byte[] OLD = image(1, 2000);
    private static final byte[] NEW = edited(OLD);

    private final SimFlash flash = new SimFlash(32, SECTOR, 4);
    private final FlashLayout layout = new FlashLayout(0, SECTOR, 3, 10);
    private final SlotImage running = new SlotImage(1, 5, OLD.length);
    private final List<InstallEvent> events = new ArrayList<>();
    private NorBootControl control;

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
        control = NorBootControl.format(flash, layout, ImageCheck.sha256(), running);
    }

    private ImagePlan plan(long securityVersion) {
        return new ImagePlan(
                7,
                new SlotImage(2, securityVersion, NEW.length),
                SECTOR,
                ChunkHashes.sha256(ChunkHashes.listSha256(NEW, SECTOR)));
    }

    private Installer installer(Preconditions preconditions) {
        return new Installer(flash, layout, ImageCheck.sha256(), control, preconditions, events::add);
    }

    private static ReadableByteChannel channel(byte[] bytes, int from) {
        return Channels.newChannel(new ByteArrayInputStream(bytes, from, bytes.length - from));
    }

    private static byte[] patch() {
        return DeltaEncoder.create(OLD, NEW, DeltaOptions.DEFAULT).patch();
    }

    @Test
    void aDeltaIsInstalledTriedAndConfirmed() throws IOException {
        Installer installer = installer(Preconditions.NONE);
        assertEquals(
                new InstallOutcome.Activated(plan(6).image()),
                installer.installDelta(plan(6), running, channel(patch(), 0)));
        BootOutcome booted = control.boot();
        assertEquals(new BootOutcome.Running(1, true), booted);
        assertEquals(TrialOutcome.UNDECIDED, installer.judge(booted, () -> HealthCheck.Verdict.UNDECIDED));
        assertEquals(5, control.status().securityCounter(), "not raised before the confirmation");
        assertEquals(TrialOutcome.CONFIRMED, installer.judge(booted, () -> HealthCheck.Verdict.HEALTHY));
        assertEquals(6, control.status().securityCounter());
        assertEquals(new BootOutcome.Running(1, false), control.boot());
        assertEquals(new InstallEvent.Started(0, 9), events.get(0));
        assertEquals(11, events.size());
    }

    @Test
    void aSickImageIsGivenUpAndNotTakenAgain() throws IOException {
        Installer installer = installer(Preconditions.NONE);
        installer.installImage(plan(6), from -> channel(NEW, (int) from));
        assertEquals(TrialOutcome.GIVEN_UP, installer.judge(control.boot(), () -> HealthCheck.Verdict.SICK));
        assertEquals(new BootOutcome.Running(0, false), control.boot());
        assertEquals(
                new InstallOutcome.NotActivated(BootControl.Activation.FAILED_BEFORE),
                installer.installImage(plan(6), from -> channel(NEW, (int) from)));
    }

    @Test
    void anOlderSecurityVersionIsRefusedBeforeAnythingIsFetched() throws IOException {
        assertEquals(
                new InstallOutcome.NotActivated(BootControl.Activation.ROLLED_BACK),
                installer(Preconditions.NONE).installImage(plan(4), from -> {
                    throw new AssertionError("fetched in vain");
                }));
    }

    @Test
    void whatIsMissingIsFetchedFromWhereItIsMissing() throws IOException {
        Installer installer = installer(Preconditions.NONE);
        byte[] half = Arrays.copyOf(NEW, 1000);
        assertEquals(
                new InstallOutcome.Incomplete(3), installer.installImage(plan(6), from -> channel(half, (int) from)));
        List<Long> asked = new ArrayList<>();
        assertInstanceOf(InstallOutcome.Activated.class, installer.installImage(plan(6), from -> {
            asked.add(from);
            return channel(NEW, (int) from);
        }));
        assertEquals(List.of(3L * SECTOR), asked);
    }

    @Test
    void wrongBytesAreRefusedAndNothingIsActivated() throws IOException {
        byte[] wrong = NEW.clone();
        wrong[600] ^= 1;
        assertEquals(
                new InstallOutcome.WrongContent(2),
                installer(Preconditions.NONE).installImage(plan(6), from -> channel(wrong, (int) from)));
        assertEquals(new BootOutcome.Running(0, false), control.boot());
    }

    @Test
    void aPatchForAnotherImageIsUnusable() throws IOException {
        byte[] other =
                DeltaEncoder.create(image(3, 2000), NEW, DeltaOptions.DEFAULT).patch();
        assertInstanceOf(
                InstallOutcome.UnusablePatch.class,
                installer(Preconditions.NONE).installDelta(plan(6), running, channel(other, 0)));
    }

    @Test
    void waitsForItsPreconditionsAndGoesOn() throws IOException {
        int[] asked = {0};
        Preconditions battery = () -> ++asked[0] > 4 ? Optional.of("battery at 12 %") : Optional.empty();
        assertEquals(
                new InstallOutcome.Deferred("battery at 12 %"),
                installer(Preconditions.NONE.and(battery)).installImage(plan(6), from -> channel(NEW, (int) from)));
        assertInstanceOf(
                InstallOutcome.Activated.class,
                installer(Preconditions.NONE).installImage(plan(6), from -> channel(NEW, (int) from)));
        assertTrue(events.contains(new InstallEvent.Started(3, 9)), events.toString());
    }

    @Test
    void everyPowerCutIsSurvived() throws IOException {
        PowerCutDrill drill = new PowerCutDrill(OLD, NEW, patch(), SECTOR, 4);
        PowerCutDrill.Report report = drill.run(Integer.MAX_VALUE, List.of(PowerFault.values()));
        assertEquals(report.cutPoints(), report.survived(), report.toString());
        assertTrue(report.cutPoints() > 200 && report.operations() > 40, report.toString());
    }
}
