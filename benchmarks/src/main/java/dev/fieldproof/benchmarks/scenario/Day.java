package dev.fieldproof.benchmarks.scenario;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.core.transport.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** What one chapter hands to the next. Not thread-safe. */
final class Day {
    final Inputs inputs;
    final Timeline timeline = new Timeline();

    /** The day's true time; nodes may believe another. */
    final SimClock clock = new SimClock(Instant.parse("2026-06-01T05:00:00Z"));

    /** The site's only network. */
    final LoopbackBroker broker;

    /** Documents to write, by file name. */
    final Map<String, String> documents = new LinkedHashMap<>();

    private final long seed;
    private List<String> nodeIds = List.of();
    private final Map<String, byte[]> repository = new TreeMap<>();

    Day(Inputs inputs, long seed) {
        this.inputs = inputs;
        this.seed = seed;
        this.broker = new LoopbackBroker(clock, random("network"));
    }

    /** Notes what happens now. */
    void tell(String module, String text) {
        timeline.add(Duration.ofNanos(clock.nanoTime()), module, text);
    }

    /** A client of the site's network, connected. */
    Transport connect(ConnectOptions options) {
        Transport client = broker.client();
        CompletableFuture<Boolean> connected = client.connect(options);
        for (int second = 0; second < 60 && !connected.isDone(); second++) {
            clock.advance(Duration.ofSeconds(1));
        }
        connected.join();
        return client;
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

    /** What a web server would serve: signed files and, at their consistent-snapshot names, targets. */
    Map<String, byte[]> repository() {
        return Collections.unmodifiableMap(repository);
    }

    void publish(Map<String, byte[]> files) {
        repository.putAll(files);
    }

    void planNodes(List<String> ids) {
        nodeIds = List.copyOf(ids);
    }
}
