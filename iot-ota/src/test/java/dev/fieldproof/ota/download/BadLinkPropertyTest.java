package dev.fieldproof.ota.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.core.sim.SimClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Links that lose 1 % to 30 % of their packets and cut exchanges at random bytes. */
class BadLinkPropertyTest {
    private static final int MAX_TASKS = 1_000_000;

    private int completed;
    private int gaveUp;

    @Test
    void completesOrGivesUpAndFetchesAtMostOneBlockAgainPerCut() {
        SeededRuns.check(10_000, this::oneDownload);
        assertTrue(completed > 9 * gaveUp, completed + " completed, " + gaveUp + " gave up");
    }

    private void oneDownload(RandomGenerator random) {
        int blockBytes = 1 << (6 + random.nextInt(6));
        byte[] image = MemorySink.image(random.nextLong(), 1 + random.nextInt(20_000));
        SimClock clock = new SimClock(Instant.EPOCH);
        List<SimSource> sources = new ArrayList<>();
        double loss = 0.01 + 0.29 * random.nextDouble();
        for (int i = 0; i <= random.nextInt(3); i++) {
            SimSource source = new SimSource(clock, new SplittableRandom(random.nextLong()), image);
            source.loss = loss;
            source.pieceBytes = 1 + random.nextInt(1460);
            sources.add(source);
        }
        MemorySink sink = new MemorySink(image.length, blockBytes);
        Downloader downloader = new Downloader(sources, DownloadRules.DEFAULT, clock, random);
        DownloadResult result = run(downloader, MemorySink.plan(image, blockBytes), sink, clock);
        long sent = sources.stream().mapToLong(source -> source.sentBytes).sum();
        DownloadResult.Counts counts;
        if (result instanceof DownloadResult.Complete complete) {
            completed++;
            counts = complete.counts();
            assertTrue(sink.holds(image));
            assertEquals(image.length, counts.receivedBytes() - counts.wastedBytes());
        } else {
            gaveUp++;
            DownloadResult.GaveUp ended = (DownloadResult.GaveUp) result;
            counts = ended.counts();
            assertEquals(DownloadResult.Reason.UNREACHABLE, ended.reason());
        }
        assertEquals(sent, counts.receivedBytes());
        assertTrue(sent <= image.length + (long) blockBytes * counts.cuts(), counts + " for " + image.length);
    }

    private static DownloadResult run(Downloader downloader, DownloadPlan plan, MemorySink sink, SimClock clock) {
        try {
            Downloader.Download download = downloader.start(plan, sink, event -> {});
            assertTrue(clock.runUntilIdle(MAX_TASKS) < MAX_TASKS, "it never ends");
            return download.result().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
