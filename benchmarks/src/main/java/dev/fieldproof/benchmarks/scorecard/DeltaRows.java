package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Jbsdiff;
import dev.fieldproof.ota.delta.Bsdiff40;
import dev.fieldproof.ota.delta.DeltaProfile;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** Patches of real firmware: sizes beside bsdiff, HDiffPatch and xz; CPU time and heap beside jbsdiff and bsdiff. */
final class DeltaRows {
    private static final String BSDIFF = "bsdiff 4.3";
    private static final String HDIFF = "HDiffPatch 4.12";
    private static final String MINOR = "geometric mean of the patches between 12 pairs of adjacent releases, ";
    private static final String MAJOR = "geometric mean of the patches between 4 pairs of distant releases, ";

    private DeltaRows() {}

    static List<Row> rows() {
        return Stream.of(sizes(), costs(), bsdiff40()).flatMap(List::stream).toList();
    }

    private static List<Row> sizes() {
        return List.of(
                size("delta.full-minor-bsdiff", MINOR + "full profile", BSDIFF, 0.22, true, DeltaProfile.FULL),
                size("delta.full-minor-hdiff", MINOR + "full profile", HDIFF, 0.25, true, DeltaProfile.FULL),
                size("delta.small-minor-bsdiff", MINOR + "small profile", BSDIFF, 0.25, true, DeltaProfile.SMALL),
                size("delta.small-minor-hdiff", MINOR + "small profile", HDIFF, 0.28, true, DeltaProfile.SMALL),
                size("delta.full-major-hdiff", MAJOR + "full profile", HDIFF, 0.87, false, DeltaProfile.FULL),
                exact(
                        "delta.worst-pair",
                        "worst of 16 pairs: what the planner sends a gateway, of min(1.02 x HDiffPatch, xz of the"
                                + " image)",
                        "ratio",
                        1,
                        DeltaSizes::worst),
                exact(
                        "delta.worst-pair-small",
                        "worst of 16 pairs: a patch of the small profile, of min(1.02 x HDiffPatch, xz of the image)",
                        "ratio",
                        1,
                        DeltaSizes::worstSmall),
                saved("delta.saved", "full", DeltaProfile.FULL),
                saved("delta.saved-small", "small", DeltaProfile.SMALL));
    }

    private static Row saved(String name, String profile, DeltaProfile which) {
        return new Row.Exact(
                name,
                "what patches save of the image between adjacent releases, " + profile + " profile",
                "%",
                "–",
                new Goal.AtLeast(98.9),
                () -> DeltaSizes.savedPercent(which),
                () -> Double.NaN,
                true);
    }

    private static Row size(String name, String what, String rival, double limit, boolean minor, DeltaProfile profile) {
        return new Row.Exact(
                name,
                what,
                "bytes",
                rival,
                new Goal.RatioAtMost(limit),
                () -> DeltaSizes.ours(minor, profile),
                () -> rival.equals(BSDIFF) ? DeltaSizes.bsdiff(minor) : DeltaSizes.hdiff(minor),
                true);
    }

    private static Row exact(String name, String what, String unit, double limit, Callable<Double> ours) {
        return new Row.Exact(name, what, unit, "–", new Goal.AtMost(limit), ours, () -> Double.NaN, true);
    }

    private static Row encode(String name, String what, double limit, DeltaProfile profile, Callable<byte[][]> images) {
        return exact(name, "CPU time to make a patch: " + what, "s", limit, () -> {
            byte[][] pair = images.call();
            return DeltaWork.seconds(() -> DeltaWork.patch(pair[0], pair[1], profile));
        });
    }

    private static byte[][] large() throws java.io.IOException {
        return new byte[][] {FirmwarePair.LARGE.oldBytes(), FirmwarePair.LARGE.targetBytes()};
    }

    private static List<Row> costs() {
        return List.of(
                encode("delta.encode-small", "1.3 MB, small profile", 3, DeltaProfile.SMALL, DeltaRows::large),
                encode("delta.encode-full", "1.3 MB, full profile", 20, DeltaProfile.FULL, DeltaRows::large),
                decode("delta.decode-small", "small", DeltaProfile.SMALL),
                decode("delta.decode-full", "full", DeltaProfile.FULL),
                encode("delta.encode-zeros", "16 MiB of zeros", 3, DeltaProfile.SMALL, () -> DeltaWork.periodic(1)),
                encode(
                        "delta.encode-period",
                        "16 MiB of period 64",
                        3,
                        DeltaProfile.SMALL,
                        () -> DeltaWork.periodic(64)),
                encode("delta.encode-dual", "two slots of 1 MiB", 2, DeltaProfile.SMALL, DeltaWork::dualSlot),
                exact(
                        "delta.encode-heap",
                        "least heap tried to make a patch of n = 16 MiB, at most 8 n + 32 MiB",
                        "MiB",
                        160,
                        DeltaWork::encodeHeap),
                exact(
                        "delta.decode-heap",
                        "least heap tried to apply a patch to an image of 64 MiB",
                        "MiB",
                        32,
                        DeltaWork::decodeHeap),
                new Row.Timed(
                        "delta.apply",
                        "apply a patch of 1.3 MB, small profile, a third of the size of the rival's",
                        Jbsdiff.NAME,
                        new Goal.RatioAtMost(2),
                        1,
                        () -> {
                            byte[][] pair = large();
                            byte[] patch = DeltaWork.patch(pair[0], pair[1], DeltaProfile.SMALL);
                            return () -> DeltaWork.apply(pair[0], patch);
                        },
                        DeltaRows::jbsdiffApply));
    }

    private static Row decode(String name, String profile, DeltaProfile which) {
        return exact(name, "CPU time to apply a patch: 1.3 MB, " + profile + " profile", "s", 1, () -> {
            byte[][] pair = large();
            byte[] patch = DeltaWork.patch(pair[0], pair[1], which);
            return DeltaWork.seconds(() -> DeltaWork.apply(pair[0], patch));
        });
    }

    private static Callable<?> jbsdiffApply() throws java.io.IOException {
        byte[][] pair = large();
        byte[] patch = Jbsdiff.patch(pair[0], pair[1]);
        return () -> Jbsdiff.apply(pair[0], patch);
    }

    private static List<Row> bsdiff40() {
        return List.of(
                new Row.Timed(
                        "delta.bsdiff40-create",
                        "make a BSDIFF40 patch of 1.3 MB",
                        Jbsdiff.NAME,
                        new Goal.RatioAtMost(0.5),
                        1,
                        () -> {
                            byte[][] pair = large();
                            return () -> Bsdiff40.create(pair[0], pair[1]);
                        },
                        () -> {
                            byte[][] pair = large();
                            return () -> Jbsdiff.patch(pair[0], pair[1]);
                        }),
                new Row.Exact(
                        "delta.bsdiff40-fresh",
                        "CPU time of a whole process that makes a BSDIFF40 patch of 1.3 MB, start of Java included",
                        "s",
                        "bsdiff (Debian)",
                        new Goal.RatioAtMost(1.5),
                        () -> DeltaWork.freshBsdiff40Seconds(FirmwarePair.LARGE),
                        () -> DeltaWork.bsdiffSeconds(FirmwarePair.LARGE)),
                new Row.Timed(
                        "delta.bsdiff40-apply",
                        "apply a BSDIFF40 patch of 1.3 MB",
                        Jbsdiff.NAME,
                        new Goal.RatioAtMost(0.5),
                        1,
                        () -> {
                            byte[][] pair = large();
                            byte[] patch = Bsdiff40.create(pair[0], pair[1]);
                            return () -> DeltaWork.applyBsdiff40(pair[0], patch);
                        },
                        DeltaRows::jbsdiffApply));
    }
}
