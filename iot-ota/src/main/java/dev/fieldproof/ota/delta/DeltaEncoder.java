package dev.fieldproof.ota.delta;

import dev.fieldproof.core.Digest;
import dev.fieldproof.ota.delta.codec.BodyEncoder;
import dev.fieldproof.ota.delta.codec.BodyHeader;
import dev.fieldproof.ota.delta.codec.ReferenceTrial;
import dev.fieldproof.ota.delta.isa.Segments;
import dev.fieldproof.ota.delta.match.ApproximateMatcher;
import dev.fieldproof.ota.delta.match.Copies;
import dev.fieldproof.ota.delta.match.LongestMatches;
import dev.fieldproof.ota.delta.match.MatchFinder;
import dev.fieldproof.ota.delta.match.RecentMatches;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Makes patches. Stateless and thread-safe; the same input always gives the same patch. */
public final class DeltaEncoder {
    private static final int THRESHOLD = 5;
    /** Where much is new, a short match is told more cheaply as a repeat, or not at all. */
    private static final int[] COARSE_THRESHOLDS = {9, 14};

    private static final int STAGES = 6;
    /** Images together below this are searched for the longest matches in a fraction of a second. */
    private static final int QUICKLY_SORTED_BYTES = 1 << 20;
    /** With fewer references gained than this the instruction set may cost more than it saves. */
    private static final int SURE_GAIN = 200;
    /** Fewer bytes than this, changed within copies, cost less than it would to tell the instruction set. */
    private static final int FEW_DIFFERENT_BYTES = 24;

    private final DeltaOptions options;
    private final byte[] oldFile;
    private final byte[] newFile;
    private final Optional<Framing> framing;
    private final Optional<Loaded> loaded;
    private final Optional<Tail> tail;
    private final byte[] old;
    private final byte[] target;
    private final List<DeltaReport.Trial> trials = new ArrayList<>();
    private final Digest oldDigest;
    private final Digest newDigest;
    private int stage;
    private Candidate best;

    private DeltaEncoder(byte[] old, byte[] target, DeltaOptions options) {
        this.oldFile = old;
        this.newFile = target;
        Images images = options.format() == PatchFormat.FIELDPROOF
                ? Images.of(old, target)
                : new Images(old, target, Optional.empty(), Optional.empty());
        this.framing = images.framing;
        this.old = images.old;
        Optional<Tail.Place> place = options.format() == PatchFormat.FIELDPROOF
                ? Tail.worthTelling(images.target, images.old)
                : Optional.empty();
        this.tail = place.map(Tail.Place::tail);
        this.target =
                place.map(p -> Tail.cheapened(images.target, p, images.old)).orElse(images.target);
        this.loaded = images.loaded;
        this.options = options;
        this.oldDigest = Digest.sha256(oldFile);
        this.newDigest = Digest.sha256(newFile);
        this.best = new Candidate(header(Layout.PLAIN, 0, 0), new Copies(), new byte[0]);
    }

    /** Where the framing says that the images are loaded. */
    private record Loaded(Segments old, Segments target) {}

    /** What is inside the framing that both files have, or the files themselves. */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Images(byte[] old, byte[] target, Optional<Framing> framing, Optional<Loaded> loaded) {
        static Images of(byte[] old, byte[] target) {
            Optional<Uf2> oldUf2 = Uf2.of(old);
            Optional<Uf2> newUf2 = Uf2.of(target);
            if (oldUf2.isPresent() && newUf2.isPresent()) {
                Loaded loaded = new Loaded(oldUf2.get().segments(), newUf2.get().segments());
                return new Images(Uf2.unwrap(old), Uf2.unwrap(target), Optional.of(newUf2.get()), Optional.of(loaded));
            }
            Optional<IntelHex> oldHex = IntelHex.of(old);
            Optional<IntelHex> newHex = IntelHex.of(target);
            if (oldHex.isPresent() && newHex.isPresent()) {
                Loaded loaded = new Loaded(oldHex.get().segments(), newHex.get().segments());
                return new Images(
                        IntelHex.unwrap(old), IntelHex.unwrap(target), Optional.of(newHex.get()), Optional.of(loaded));
            }
            return new Images(old, target, Optional.empty(), Optional.empty());
        }
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
        Copies copies = match(old, target, false, THRESHOLD);
        step("recognise");
        Layout layout = Layout.PLAIN;
        int gain = 0;
        for (Layout guess : differs(copies) ? layouts() : List.<Layout>of()) {
            ReferenceTrial trial = ReferenceTrial.sample(header(guess, -1, copies.size()), old, target, copies);
            if (trial.gain() > gain) {
                gain = trial.gain();
                layout = guess;
            }
        }
        if (gain > 0) {
            withReferences(layout, copies);
        }
        if (gain < SURE_GAIN) {
            step("encode");
            keepSmaller(encode("plain", Layout.PLAIN, 0, copies));
        }
        if (best.body.length > target.length / 3) {
            keepSmaller(encode("whole image", Layout.PLAIN, 0, new Copies()));
        }
        step("done");
        return delta(
                patch(best),
                dev.fieldproof.ota.delta.isa.Isa.all().get(best.header.isa()).name(),
                best.copies.size());
    }

    /** Whether enough bytes differ within the copies for references to be worth looking for. */
    private boolean differs(Copies copies) {
        int different = 0;
        for (int i = 0; i < copies.size(); i++) {
            int at = copies.targetAt(i);
            int end = at + copies.length(i);
            int shift = copies.oldAt(i) - at;
            while (at < end) {
                int same = Arrays.mismatch(old, at + shift, end + shift, target, at, end);
                if (same >= 0 && ++different == FEW_DIFFERENT_BYTES) {
                    return true;
                }
                at = same < 0 ? end : at + same + 1;
            }
        }
        return false;
    }

    private List<Layout> layouts() {
        List<Layout> layouts = new ArrayList<>(Layouts.of(old, target));
        loaded.ifPresent(l -> layouts.addAll(Layouts.loaded(l.old, l.target)));
        return layouts;
    }

    private void withReferences(Layout layout, Copies firstCopies) {
        Copies copies = firstCopies;
        int rounds = 2;
        for (int round = 0; round <= rounds; round++) {
            ReferenceTrial all = ReferenceTrial.all(header(layout, -1, copies.size()), old, target, copies);
            int mask = all.usefulTypes();
            if (round == rounds || (round > 0 && options.profile() == DeltaProfile.FULL)) {
                keepSmaller(encode(layout.name() + " round " + round, layout, mask, copies));
            }
            if (round < rounds) {
                step("match again");
                ReferenceTrial trial = ReferenceTrial.all(header(layout, mask, copies.size()), old, target, copies);
                boolean thorough = round == 1 && (options.profile() == DeltaProfile.FULL || isQuicklySorted());
                byte[] from = trial.normalisedOld(old);
                copies = match(from, trial.normalisedNew(), thorough, THRESHOLD);
                if (round == 1 && isPartlyNew(copies)) {
                    withFewerCopies(layout, mask, from, trial.normalisedNew(), thorough);
                }
            }
        }
    }

    /** In the small profile, which may be the smaller one where much is new, also when the full one is asked for. */
    private void withFewerCopies(Layout layout, int mask, byte[] from, byte[] to, boolean thorough) {
        for (int threshold : COARSE_THRESHOLDS) {
            Copies fewer = match(from, to, thorough, threshold);
            keepSmaller(encode(layout.name() + " small by " + threshold, layout, mask, fewer, DeltaProfile.SMALL));
        }
    }

    private void keepSmaller(Candidate candidate) {
        if (trials.size() == 1 || bytes(candidate) < bytes(best)) {
            best = candidate;
        }
    }

    /** Size of the patch. */
    private int bytes(Candidate candidate) {
        return fieldproof(candidate).bytes().length + candidate.body.length;
    }

    private void step(String name) {
        if (!options.progress().update(name, Math.min(stage++, STAGES), STAGES)) {
            throw new CancellationException("cancelled at " + name);
        }
    }

    /** The full profile takes the time that the longest matches cost, once references look alike. */
    private static Copies match(byte[] from, byte[] to, boolean thorough, int threshold) {
        MatchFinder finder = thorough ? LongestMatches.between(from, to) : new RecentMatches(from, to);
        return ApproximateMatcher.match(from, to, finder, threshold);
    }

    /** Whether at least a sixteenth of the new image is in no copy. */
    private boolean isPartlyNew(Copies copies) {
        int copied = 0;
        for (int i = 0; i < copies.size(); i++) {
            copied += copies.length(i);
        }
        return target.length - copied >= target.length / 16;
    }

    private boolean isQuicklySorted() {
        return old.length + target.length < QUICKLY_SORTED_BYTES;
    }

    private Candidate encode(String name, Layout layout, int mask, Copies whole) {
        return encode(name, layout, mask, whole, options.profile());
    }

    private Candidate encode(String name, Layout layout, int mask, Copies whole, DeltaProfile profile) {
        Copies copies = profile == DeltaProfile.SMALL ? whole.inPartsOf(BodyHeader.MAX_SMALL_COPY) : whole;
        BodyHeader header = header(layout, mask, copies.size(), profile);
        byte[] body = BodyEncoder.encode(header, old, target, copies);
        trials.add(new DeltaReport.Trial(name, body.length));
        return new Candidate(header, copies, body);
    }

    private BodyHeader header(Layout layout, int mask, int copies) {
        return header(layout, mask, copies, options.profile());
    }

    private BodyHeader header(Layout layout, int mask, int copies, DeltaProfile profile) {
        return new BodyHeader(
                profile == DeltaProfile.FULL,
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
        out.writeBytes(fieldproof(chosen).bytes());
        out.writeBytes(chosen.body);
        return out.toByteArray();
    }

    private FieldproofHeader fieldproof(Candidate chosen) {
        return new FieldproofHeader(
                oldFile.length,
                newFile.length,
                oldDigest,
                newDigest,
                chosen.body.length,
                chosen.header,
                framing,
                tail,
                0);
    }

    private Delta delta(byte[] patch, String isa, int copies) {
        return new Delta(
                patch,
                new DeltaReport(
                        options.format(),
                        options.format() == PatchFormat.FIELDPROOF && !best.header.full()
                                ? DeltaProfile.SMALL
                                : options.profile(),
                        isa,
                        oldFile.length,
                        newFile.length,
                        patch.length,
                        copies,
                        trials));
    }
}
