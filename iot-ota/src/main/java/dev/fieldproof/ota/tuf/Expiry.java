package dev.fieldproof.ota.tuf;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * When a published metadata file expires. Immutable.
 *
 * @param role whose metadata it is
 * @param version of the metadata
 * @param expires from then on no client accepts it
 */
public record Expiry(String role, long version, Instant expires) {
    private static final int MAX_BYTES = TufLimits.DEFAULT.maxTargetsBytes();

    /**
     * Reads when the metadata of a repository expires. Signatures are not checked: this is for who signs, not for who
     * trusts.
     *
     * @param published brings the published metadata
     * @return all current files, the first to expire first
     * @throws IOException if a file cannot be read or is malformed
     */
    public static List<Expiry> of(Fetcher published) throws IOException {
        try {
            List<Expiry> all = new ArrayList<>();
            String rootFile = TopLevelRole.ROOT.fileName();
            Root root = Root.parse(read(published, rootFile), false, rootFile);
            all.add(of(TopLevelRole.ROOT.roleName(), root.envelope()));
            Snapshot timestamp =
                    Snapshot.parse(read(published, TopLevelRole.TIMESTAMP.fileName()), TopLevelRole.TIMESTAMP);
            all.add(of(TopLevelRole.TIMESTAMP.roleName(), timestamp.envelope()));
            long version = timestamp.required(TopLevelRole.SNAPSHOT).version();
            byte[] bytes = read(published, name(root, version, TopLevelRole.SNAPSHOT.fileName()));
            Snapshot snapshot = Snapshot.parse(bytes, TopLevelRole.SNAPSHOT);
            all.add(of(TopLevelRole.SNAPSHOT.roleName(), snapshot.envelope()));
            for (var listed : snapshot.meta().entrySet()) {
                String file = name(root, listed.getValue().version(), listed.getKey());
                Targets targets = Targets.parse(read(published, file), false, file);
                all.add(of(listed.getKey().replaceFirst("\\.json$", ""), targets.envelope()));
            }
            all.sort(Comparator.comparing(Expiry::expires).thenComparing(Expiry::role));
            return List.copyOf(all);
        } catch (RefusedException e) {
            throw new IOException("the published repository is refused: " + e.result(), e);
        }
    }

    private static Expiry of(String role, Envelope envelope) {
        return new Expiry(role, envelope.version(), envelope.expires());
    }

    private static String name(Root root, long version, String file) {
        String encoded = PercentEncoding.part(file);
        return root.consistentSnapshot() ? version + "." + encoded : encoded;
    }

    private static byte[] read(Fetcher published, String file) throws IOException {
        Optional<InputStream> opened = published.open(file);
        if (opened.isEmpty()) {
            throw new IOException("the published repository lacks " + file);
        }
        try (InputStream in = opened.get()) {
            return in.readNBytes(MAX_BYTES);
        }
    }
}
