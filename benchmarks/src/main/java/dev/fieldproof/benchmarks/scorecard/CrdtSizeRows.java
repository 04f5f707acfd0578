package dev.fieldproof.benchmarks.scorecard;

import java.util.List;

/** What replicated maps take in memory and on the wire. */
final class CrdtSizeRows {
    private CrdtSizeRows() {}

    static List<Row> rows() {
        return List.of();
    }
}
