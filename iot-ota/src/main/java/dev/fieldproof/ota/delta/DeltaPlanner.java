package dev.fieldproof.ota.delta;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.zip.Deflater;

/**
 * Decides how an update travels: as a patch, with which instruction set model and for which decoder, as the compressed
 * image, or as it is. The smallest thing that the device has the memory for wins, except that a patch that saves less
 * than {@value #WORTH_SECONDS} s on the device's link is not worth being tied to one old image. Stateless and
 * thread-safe; the same input always gives the same plan.
 */
public final class DeltaPlanner {
    /** A patch must save at least this much time over the compressed image. */
    public static final double WORTH_SECONDS = 1;

    private final byte[] old;
    private final byte[] target;
    private final DeviceBudget device;
    private final DeltaOptions.Progress progress;
    private final List<DeltaPlan.Option> options = new ArrayList<>();

    private DeltaPlanner(byte[] old, byte[] target, DeviceBudget device, DeltaOptions.Progress progress) {
        this.old = old;
        this.target = target;
        this.device = device;
        this.progress = progress;
    }

    /**
     * Makes a plan, without progress.
     *
     * @param old the image that the device runs
     * @param target the image that it should run; both together below 2^31 - 16 bytes
     * @param device what the device allows
     * @return what to send
     */
    public static DeltaPlan plan(byte[] old, byte[] target, DeviceBudget device) {
        return plan(old, target, device, DeltaOptions.DEFAULT.progress());
    }

    /**
     * Makes a plan.
     *
     * @param old the image that the device runs
     * @param target the image that it should run; both together below 2^31 - 16 bytes
     * @param device what the device allows
     * @param progress told of progress, from 0 again for each thing that is tried
     * @return what to send
     * @throws CancellationException if the progress callback cancelled the work
     */
    public static DeltaPlan plan(byte[] old, byte[] target, DeviceBudget device, DeltaOptions.Progress progress) {
        return new DeltaPlanner(old, target, device, progress).run();
    }

    private DeltaPlan run() {
        options.add(
                new DeltaPlan.Option(DeltaPlan.Choice.PLAIN_IMAGE, DeltaProfile.SMALL, "none", target.length, 0, true));
        DeltaProfile profile =
                device.ramBytes() >= PatchInfo.stateBytes(DeltaProfile.FULL) ? DeltaProfile.FULL : DeltaProfile.SMALL;
        if (device.ramBytes() < PatchInfo.stateBytes(profile)) {
            return plain(
                    Optional.empty(),
                    String.format(
                            Locale.ROOT,
                            "no decoder fits into %d bytes: the small one takes %d",
                            device.ramBytes(),
                            PatchInfo.stateBytes(profile)));
        }
        Optional<Delta> patch = attempt(DeltaPlan.Choice.DELTA, old, profile);
        if (patch.isEmpty() && profile == DeltaProfile.FULL) {
            patch = attempt(DeltaPlan.Choice.DELTA, old, DeltaProfile.SMALL);
        }
        Optional<Delta> image = patch.isPresent() && isFarBelowImage(patch.get())
                ? Optional.empty()
                : attempt(DeltaPlan.Choice.COMPRESSED_IMAGE, new byte[0], profile);
        return choose(patch, image);
    }

    private DeltaPlan choose(Optional<Delta> patch, Optional<Delta> image) {
        long patchBytes = patch.map(p -> p.report().patchBytes()).orElse(Long.MAX_VALUE);
        long imageBytes = image.map(p -> p.report().patchBytes()).orElse(Long.MAX_VALUE);
        if (target.length <= Math.min(patchBytes, imageBytes)) {
            return plain(patchBytes <= imageBytes ? patch : image, "nothing makes it smaller");
        }
        if (patch.isEmpty()) {
            return compressed(image.orElseThrow(), "the copies of a patch do not fit into the device's memory");
        }
        if (image.isEmpty()) {
            return patch(patch.get(), "the compressed image is more than twice as large");
        }
        if (imageBytes <= patchBytes) {
            return compressed(image.get(), "a patch would take " + patchBytes + " bytes");
        }
        if (device.seconds(imageBytes - patchBytes) < WORTH_SECONDS) {
            return compressed(
                    image.get(),
                    String.format(
                            Locale.ROOT,
                            "a patch of %d bytes would save only %.2f s on this link",
                            patchBytes,
                            device.seconds(imageBytes - patchBytes)));
        }
        return patch(patch.get(), "the compressed image takes " + imageBytes + " bytes");
    }

    private Optional<Delta> attempt(DeltaPlan.Choice choice, byte[] source, DeltaProfile profile) {
        Delta made = DeltaEncoder.create(
                source, target, DeltaOptions.DEFAULT.withProfile(profile).withProgress(progress));
        DeltaReport report = made.report();
        long memory = PatchInfo.decoderBytes(profile, report.copies());
        boolean fits = memory <= device.ramBytes();
        options.add(new DeltaPlan.Option(choice, profile, report.isa(), report.patchBytes(), memory, fits));
        return fits ? Optional.of(made) : Optional.empty();
    }

    /**
     * Whether a quick compressor cannot get the image anywhere near the patch, on a link slow enough for it to matter.
     */
    private boolean isFarBelowImage(Delta patch) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        try {
            deflater.setInput(target);
            deflater.finish();
            byte[] out = new byte[1 << 16];
            while (!deflater.finished()) {
                deflater.deflate(out);
            }
            long patchBytes = patch.report().patchBytes();
            long half = deflater.getBytesWritten() / 2;
            return patchBytes < half && !(device.seconds(half - patchBytes) < WORTH_SECONDS);
        } finally {
            deflater.end();
        }
    }

    private DeltaPlan plain(Optional<Delta> smallest, String why) {
        String reason = String.format(Locale.ROOT, "the plain image of %d bytes, as %s", target.length, why);
        double seconds = device.seconds(target.length);
        return new DeltaPlan(DeltaPlan.Choice.PLAIN_IMAGE, smallest, target.length, seconds, reason, options);
    }

    private DeltaPlan compressed(Delta image, String why) {
        return sent(DeltaPlan.Choice.COMPRESSED_IMAGE, image, "the compressed image", why);
    }

    private DeltaPlan patch(Delta patch, String why) {
        return sent(DeltaPlan.Choice.DELTA, patch, "a patch", why);
    }

    private DeltaPlan sent(DeltaPlan.Choice choice, Delta delta, String what, String why) {
        DeltaReport report = delta.report();
        String reason = String.format(
                Locale.ROOT,
                "%s of %d bytes for the %s decoder, instruction set model: %s, as %s",
                what,
                report.patchBytes(),
                report.profile().name().toLowerCase(Locale.ROOT),
                report.isa(),
                why);
        double seconds = device.seconds(report.patchBytes());
        return new DeltaPlan(choice, Optional.of(delta), report.patchBytes(), seconds, reason, options);
    }
}
