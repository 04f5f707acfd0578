package dev.fieldproof.ota.delta;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.delta.codec.BodyEncoder;
import dev.fieldproof.ota.delta.codec.BodyHeader;
import dev.fieldproof.ota.delta.codec.ReferenceTrial;
import dev.fieldproof.ota.delta.match.ApproximateMatcher;
import dev.fieldproof.ota.delta.match.Copies;
import dev.fieldproof.ota.delta.match.LongestMatches;
import dev.fieldproof.ota.delta.match.MatchFinder;
import dev.fieldproof.ota.delta.match.RecentMatches;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Makes patches. Stateless and thread-safe; the same input always gives the same patch. */
public final class DeltaEncoder {
    private static final int THRESHOLD = 5;
    private static final int STAGES = 6;

    private final DeltaOptions options;
    private final byte[] oldFile;
    private final byte[] newFile;
    private final Optional<Uf2> uf2;
    private final byte[] old;
    private final byte[] target;
    private final List<DeltaReport.Trial> trials = new ArrayList<>();
    private int stage;
    private Candidate best;

    private DeltaEncoder(byte[] old, byte[] target, DeltaOptions options) {
        this.oldFile = old;
        this.newFile = target;
        this.uf2 = options.format() == PatchFormat.FIELDPROOF && Uf2.of(old).isPresent()
                ? Uf2.of(target)
                : Optional.empty();
        this.old = uf2.isPresent() ? Uf2.unwrap(old) : old;
        this.target = uf2.isPresent() ? Uf2.unwrap(target) : target;
        this.options = options;
        this.best = new Candidate(header(Layout.PLAIN, 0, 0), new Copies(), new byte[0]);
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Candidate(BodyHeader header, Copies copies, byte[] body) {}

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
        return new DeltaEncoder(old, target, options).run();
    }

    private Delta run() {
        if (options.format() == PatchFormat.BSDIFF40) {
            return delta(Bsdiff40.create(old, target), "none", -1);
        }
        step("match");
        Copies copies = match(old, target, false);
        step("recognise");
        Layout layout = Layout.PLAIN;
        int gain = 0;
        for (Layout guess : layouts()) {
            ReferenceTrial trial = new ReferenceTrial(header(guess, -1, copies.size()), old, target, copies);
            if (trial.gain() > gain) {
                gain = trial.gain();
                layout = guess;
            }
        }
        if (gain > 0) {
            withReferences(layout, copies);
        } else {
            step("encode");
            keepSmaller(encode("plain", header(Layout.PLAIN, 0, copies.size()), copies));
        }
        if (best.body.length > target.length / 3) {
            keepSmaller(encode("whole image", header(Layout.PLAIN, 0, 0), new Copies()));
        }
        step("done");
        return delta(
                patch(best),
                dev.fieldproof.ota.delta.isa.Isa.all().get(best.header.isa()).name(),
                best.copies.size());
    }

    private List<Layout> layouts() {
        List<Layout> layouts = new ArrayList<>(Layouts.of(old, target));
        Optional<Uf2> oldUf2 = Uf2.of(oldFile);
        if (uf2.isPresent() && oldUf2.isPresent()) {
            layouts.add(Layouts.loaded(
                    "thumb",
                    old.length,
                    oldUf2.get().address(),
                    target.length,
                    uf2.get().address()));
        }
        return layouts;
    }

    private void withReferences(Layout layout, Copies firstCopies) {
        Copies copies = firstCopies;
        int rounds = 2;
        for (int round = 0; round <= rounds; round++) {
            ReferenceTrial all = new ReferenceTrial(header(layout, -1, copies.size()), old, target, copies);
            int mask = all.usefulTypes();
            if (round == rounds || options.profile() == DeltaProfile.FULL) {
                keepSmaller(encode(layout.name() + " round " + round, header(layout, mask, copies.size()), copies));
            }
            if (round < rounds) {
                step("match again");
                ReferenceTrial trial = new ReferenceTrial(header(layout, mask, copies.size()), old, target, copies);
                copies = match(
                        trial.normalisedOld(old),
                        trial.normalisedNew(),
                        round == 1 && options.profile() == DeltaProfile.FULL);
            }
        }
    }

    private void keepSmaller(Candidate candidate) {
        if (best.body.length == 0 || candidate.body.length < best.body.length) {
            best = candidate;
        }
    }

    private void step(String name) {
        if (!options.progress().update(name, Math.min(stage++, STAGES), STAGES)) {
            throw new CancellationException("cancelled at " + name);
        }
    }

    /** The full profile takes the time that the longest matches cost, once references look alike. */
    private Copies match(byte[] from, byte[] to, boolean thorough) {
        MatchFinder finder = thorough ? LongestMatches.between(from, to) : new RecentMatches(from, to);
        return ApproximateMatcher.match(from, to, finder, THRESHOLD);
    }

    private Candidate encode(String name, BodyHeader header, Copies copies) {
        byte[] body = BodyEncoder.encode(header, old, target, copies);
        trials.add(new DeltaReport.Trial(name, body.length));
        return new Candidate(header, copies, body);
    }

    private BodyHeader header(Layout layout, int mask, int copies) {
        return new BodyHeader(
                options.profile() == DeltaProfile.FULL,
                layout.isa(),
                mask,
                layout.old(),
                layout.target(),
                old.length,
                target.length,
                copies);
    }

    private byte[] patch(Candidate chosen) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new FieldproofHeader(
                        oldFile.length,
                        newFile.length,
                        Digest.sha256(oldFile),
                        Digest.sha256(newFile),
                        chosen.body.length,
                        chosen.header,
                        uf2,
                        0)
                .bytes());
        out.writeBytes(chosen.body);
        return out.toByteArray();
    }

    private Delta delta(byte[] patch, String isa, int copies) {
        return new Delta(
                patch,
                new DeltaReport(
                        options.format(),
                        options.profile(),
                        isa,
                        oldFile.length,
                        newFile.length,
                        patch.length,
                        copies,
                        trials));
    }
}
