package dev.fieldproof.ota.install;

import dev.fieldproof.core.Digest;
import dev.fieldproof.core.sim.PowerCutException;
import dev.fieldproof.core.sim.PowerFault;
import dev.fieldproof.core.sim.SimFlash;
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
import java.util.Arrays;
import java.util.List;

/**
 * Installs a real image by a real patch on simulated flash, cuts the power during the operations of the update, and
 * finishes after each restart. Deterministic; not thread-safe.
 */
public final class PowerCutDrill {
    private static final int MAX_BOOTS = 20;

    private final byte[] oldImage;
    private final byte[] newImage;
    private final byte[] patch;
    private final FlashLayout layout;
    private final SimFlash fresh;
    private final SimFlash flash;
    private final ImagePlan plan;
    private final SlotImage running;

    /**
     * Sets a device up that runs the old image.
     *
     * @param oldImage what runs
     * @param newImage what the patch makes
     * @param patch from the one to the other
     * @param sectorBytes of the flash, a multiple of the write unit; chunks have this size too
     * @param writeUnitBytes of the flash
     * @throws IOException never on simulated flash
     */
    public PowerCutDrill(byte[] oldImage, byte[] newImage, byte[] patch, int sectorBytes, int writeUnitBytes)
            throws IOException {
        this.oldImage = oldImage.clone();
        this.newImage = newImage.clone();
        this.patch = patch.clone();
        int slotSectors = (Math.max(oldImage.length, newImage.length) + sectorBytes - 1) / sectorBytes + 1;
        int records = slotSectors + 64;
        int journal = (records * Math.max(16, writeUnitBytes) + sectorBytes - 1) / sectorBytes;
        layout = new FlashLayout(0, sectorBytes, journal, slotSectors);
        fresh = new SimFlash(layout.endBytes() / sectorBytes, sectorBytes, writeUnitBytes);
        int padded = (oldImage.length + writeUnitBytes - 1) / writeUnitBytes * writeUnitBytes;
        fresh.program(layout.slotAt(0), Arrays.copyOf(oldImage, padded), 0, padded);
        running = new SlotImage(1, 0, oldImage.length);
        NorBootControl.format(fresh, layout, ImageCheck.sha256(), running);
        plan = new ImagePlan(
                Digest.sha256(newImage).hashCode(),
                new SlotImage(2, 0, newImage.length),
                sectorBytes,
                ChunkHashes.sha256(ChunkHashes.listSha256(newImage, sectorBytes)));
        flash = fresh.copy();
    }

    /**
     * What a drill found.
     *
     * @param operations erases and programs of the undisturbed update
     * @param cutPoints how many cuts were tried, each in its own life
     * @param survived ended with the new image confirmed
     * @param wrongVersion ended with other bytes running
     * @param unbootable ended with nothing to boot
     */
    public record Report(long operations, int cutPoints, int survived, int wrongVersion, int unbootable) {}

    /**
     * Cuts the power at operations spread evenly over the update, restarts and finishes.
     *
     * @param maxCutPoints how many operations at most, at least 1; all of them if there are no more
     * @param faults how far the cut operation gets; each operation is cut in each of these ways
     * @return what was found
     * @throws IOException never on simulated flash
     */
    public Report run(int maxCutPoints, List<PowerFault> faults) throws IOException {
        flash.restore(fresh);
        long first = flash.operations();
        if (!finish()) {
            return new Report(0, 1, 0, 1, 0);
        }
        long operations = flash.operations() - first;
        long points = Math.min(operations, maxCutPoints);
        int[] ends = new int[3];
        for (long point = 0; point < points; point++) {
            for (PowerFault fault : faults) {
                flash.restore(fresh);
                flash.cutAt(first + point * operations / points, fault, point);
                ends[live()]++;
            }
        }
        return new Report(operations, ends[0] + ends[1] + ends[2], ends[0], ends[1], ends[2]);
    }

    private int live() throws IOException {
        try {
            return finish() ? 0 : 1;
        } catch (PowerCutException e) {
            flash.powerOn();
            NorBootControl control = new NorBootControl(flash, layout, ImageCheck.sha256());
            if (control.boot() instanceof BootOutcome.Unbootable) {
                return 2;
            }
            return finish() ? 0 : 1;
        }
    }

    /** Boots and updates until the new image is confirmed; false if it never is, or other bytes run. */
    private boolean finish() throws IOException {
        for (int boot = 0; boot < MAX_BOOTS; boot++) {
            NorBootControl control = new NorBootControl(flash, layout, ImageCheck.sha256());
            Installer installer =
                    new Installer(flash, layout, ImageCheck.sha256(), control, Preconditions.NONE, event -> {});
            if (!(control.boot() instanceof BootOutcome.Running now)) {
                return false;
            }
            boolean isNew = runs(now.slot(), newImage);
            if (!isNew && !runs(now.slot(), oldImage)) {
                return false;
            }
            installer.judge(now, () -> HealthCheck.Verdict.HEALTHY);
            if (isNew) {
                return true;
            }
            installer.installDelta(plan, running, Channels.newChannel(new ByteArrayInputStream(patch)));
        }
        return false;
    }

    private boolean runs(int slot, byte[] image) {
        byte[] held = new byte[image.length];
        flash.read(layout.slotAt(slot), held, 0, held.length);
        return Arrays.equals(held, image);
    }
}
