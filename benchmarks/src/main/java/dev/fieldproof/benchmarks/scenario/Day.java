package dev.fieldproof.benchmarks.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** What one chapter hands to the next. Not thread-safe. */
final class Day {
    final Inputs inputs;
    final Timeline timeline = new Timeline();

    /** Documents to write, by file name. */
    final Map<String, String> documents = new LinkedHashMap<>();

    private final long seed;
    private List<String> nodeIds = List.of();

    Day(Inputs inputs, long seed) {
        this.inputs = inputs;
        this.seed = seed;
    }

    /** Chance for one chapter: independent of how much chance the others draw. */
    RandomGenerator random(String chapter) {
        return new SplittableRandom(seed * 0x9E37_79B9_7F4A_7C15L + chapter.hashCode());
    }

    /** The nodes that the survey planned; every later chapter is about these. */
    List<String> nodeIds() {
        if (nodeIds.isEmpty()) {
            throw new IllegalStateException("no nodes are planned yet");
        }
        return nodeIds;
    }

    void planNodes(List<String> ids) {
        nodeIds = List.copyOf(ids);
    }
}
