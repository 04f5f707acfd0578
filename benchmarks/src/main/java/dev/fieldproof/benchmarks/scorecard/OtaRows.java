package dev.fieldproof.benchmarks.scorecard;

import dev.fieldproof.benchmarks.rival.Jbsdiff;
import dev.fieldproof.benchmarks.rival.Jdk;
import dev.fieldproof.benchmarks.scenario.Firmware;
import dev.fieldproof.ota.delta.DeltaEncoder;
import dev.fieldproof.ota.delta.DeltaOptions;
import dev.fieldproof.ota.slot.CutEnumeration;
import dev.fieldproof.ota.slot.CutReport;
import dev.fieldproof.ota.tuf.TufKey;
import dev.fieldproof.ota.tuf.TufSigner;
import java.util.HexFormat;
import java.util.List;

/** Patches, signatures and power cuts. */
final class OtaRows {
    private static final byte[] SEED = new byte[32];
    private static final int WRITE_UNIT_BYTES = 4;

    private OtaRows() {}

    static List<Row> rows() {
        return List.of(
                new Row.Exact(
                        "ota.patch-size",
                        "patch between two releases of an 800 kB ARM library, small profile",
                        "bytes",
                        Jbsdiff.NAME,
                        new Goal.RatioAtMost(0.25),
                        () -> (double) DeltaEncoder.create(Firmware.older(), Firmware.newer(), DeltaOptions.DEFAULT)
                                .patch()
                                .length,
                        () -> (double) Jbsdiff.patch(Firmware.older(), Firmware.newer()).length),
                new Row.Exact(
                        "ota.weak-link",
                        "simulated time to bring a release of 1.3 MB over a lossy link of 2,000 bytes per second",
                        "minutes",
                        "full image",
                        new Goal.RatioAtMost(3 / 20.0),
                        () -> WeakLinkTable.Way.OURS.cost(FirmwarePair.LARGE, 1).minutes(),
                        () -> WeakLinkTable.Way.IMAGE
                                .cost(FirmwarePair.LARGE, 1)
                                .minutes()),
                new Row.Timed(
                        "ota.verify-ed25519",
                        "verify the Ed25519 signature of 1 KiB of metadata with a parsed key",
                        Jdk.NAME,
                        new Goal.RatioAtMost(1 / 8.0),
                        1,
                        () -> {
                            byte[] message = new byte[1024];
                            TufSigner signer = TufSigner.ed25519(SEED);
                            byte[] signature = signer.sign(message);
                            TufKey key = signer.key();
                            return () -> key.verify(message, signature);
                        },
                        () -> {
                            byte[] message = new byte[1024];
                            TufSigner signer = TufSigner.ed25519(SEED);
                            byte[] raw = HexFormat.of().parseHex(signer.key().publicValue());
                            return Jdk.verifyEd25519(raw, message, signer.sign(message));
                        }),
                new Row.Exact(
                        "ota.cuts-unsurvived",
                        "pairs of power cuts at every flash operation of an update, in every way, that end badly",
                        "cases",
                        "–",
                        new Goal.AtMost(0),
                        () -> {
                            CutReport report = pairs();
                            return (double) (report.cases() - report.survived());
                        },
                        () -> Double.NaN),
                new Row.Exact(
                        "ota.cuts-per-second",
                        "enumerated power-cut cases per second of one core",
                        "cases/s",
                        "–",
                        new Goal.AtLeast(130_000),
                        TrustRows::casesPerSecond,
                        () -> Double.NaN));
    }

    private static CutReport pairs() throws java.io.IOException {
        return new CutEnumeration(WRITE_UNIT_BYTES, true, 3, 4).everyCut(2);
    }
}
