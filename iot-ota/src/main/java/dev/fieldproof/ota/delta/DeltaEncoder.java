package dev.fieldproof.ota.delta;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.delta.codec.BodyEncoder;
import dev.fieldproof.ota.delta.codec.BodyHeader;
import dev.fieldproof.ota.delta.match.ApproximateMatcher;
import dev.fieldproof.ota.delta.match.Copies;
import dev.fieldproof.ota.delta.match.LongestMatches;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Makes patches. Stateless and thread-safe; the same input always gives the same patch. */
public final class DeltaEncoder {
    private static final int THRESHOLD = 5;

    private DeltaEncoder() {}

    /**
     * Makes a patch.
     *
     * @param old the old image
     * @param target the new image; both together below 2^31 - 16 bytes
     * @param options what to make
     * @return the patch and how it came about
     * @throws CancellationException if the progress callback cancelled the work
     */
    public static Delta create(byte[] old, byte[] target, DeltaOptions options) {
        if (options.format() == PatchFormat.BSDIFF40) {
            byte[] patch = Bsdiff40.create(old, target);
            return new Delta(patch, report(options, "none", old, target, patch, -1, List.of()));
        }
        step(options, "match", 0, 1);
        LongestMatches longest = LongestMatches.between(old, target);
        Copies copies = ApproximateMatcher.match(old, target, longest, THRESHOLD);
        List<Layout> layouts = Layouts.of(old, target);
        List<DeltaReport.Trial> trials = new ArrayList<>();
        byte[] best = new byte[0];
        BodyHeader bestHeader = header(options, Layout.PLAIN, old, target, copies);
        for (int i = 0; i < layouts.size(); i++) {
            step(options, "encode", i, layouts.size());
            BodyHeader header = header(options, layouts.get(i), old, target, copies);
            byte[] body = BodyEncoder.encode(header, old, target, copies);
            trials.add(new DeltaReport.Trial(layouts.get(i).name(), body.length));
            if (i == 0 || body.length < best.length) {
                best = body;
                bestHeader = header;
            }
        }
        byte[] patch = patch(bestHeader, old, target, best);
        String isa =
                dev.fieldproof.ota.delta.isa.Isa.all().get(bestHeader.isa()).name();
        return new Delta(patch, report(options, isa, old, target, patch, copies.size(), trials));
    }

    private static void step(DeltaOptions options, String stage, int done, int total) {
        if (!options.progress().update(stage, done, total)) {
            throw new CancellationException("cancelled at " + stage);
        }
    }

    private static BodyHeader header(DeltaOptions options, Layout layout, byte[] old, byte[] target, Copies copies) {
        return new BodyHeader(
                options.profile() == DeltaProfile.FULL,
                layout.isa(),
                -1,
                layout.old(),
                layout.target(),
                old.length,
                target.length,
                copies.size());
    }

    private static byte[] patch(BodyHeader header, byte[] old, byte[] target, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new FieldproofHeader(
                        old.length, target.length, Digest.sha256(old), Digest.sha256(target), body.length, header, 0)
                .bytes());
        out.writeBytes(body);
        return out.toByteArray();
    }

    private static DeltaReport report(
            DeltaOptions options,
            String isa,
            byte[] old,
            byte[] target,
            byte[] patch,
            int copies,
            List<DeltaReport.Trial> trials) {
        return new DeltaReport(
                options.format(), options.profile(), isa, old.length, target.length, patch.length, copies, trials);
    }
}
