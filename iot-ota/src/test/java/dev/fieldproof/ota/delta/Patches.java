package dev.fieldproof.ota.delta;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Patches of the small profile for the corpus, each made once for all tests. */
final class Patches {
    private static final Map<String, byte[]> SMALL = new ConcurrentHashMap<>();

    private Patches() {}

    static byte[] small(Corpus.Pair pair) throws IOException {
        byte[] known = SMALL.get(pair.name());
        if (known == null) {
            known = DeltaEncoder.create(pair.oldBytes(), pair.targetBytes(), DeltaOptions.DEFAULT)
                    .patch();
            SMALL.put(pair.name(), known);
        }
        return known;
    }
}
