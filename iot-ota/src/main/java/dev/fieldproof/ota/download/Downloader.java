package dev.fieldproof.ota.download;

import dev.fieldproof.core.Scheduler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Fetches files block by block from several sources in order, verifies each block as it arrives, and fetches none
 * twice. Memory is one block. Thread-safe if its scheduler, random generator and sources are.
 */
public final class Downloader {
    /** Most sources of one download. */
    public static final int MAX_SOURCES = 64;

    private final List<BlockSource> sources;
    private final DownloadRules rules;
    private final Scheduler scheduler;
    private final RandomGenerator random;

    /**
     * Makes a downloader.
     *
     * @param sources of one and the same file, the preferred first: a site node, then the cloud
     * @param rules when to wait and when to give up
     * @param scheduler runs the timers
     * @param random draws the jitter
     * @throws IllegalArgumentException if there is no source, or more than {@value #MAX_SOURCES}
     */
    public Downloader(
            List<? extends BlockSource> sources, DownloadRules rules, Scheduler scheduler, RandomGenerator random) {
        if (sources.isEmpty() || sources.size() > MAX_SOURCES) {
            throw new IllegalArgumentException("1 to " + MAX_SOURCES + " sources: " + sources.size());
        }
        this.sources = List.copyOf(sources);
        this.rules = rules;
        this.scheduler = scheduler;
        this.random = random;
    }

    /** A download under way. Thread-safe. */
    public interface Download {
        /**
         * How it ends.
         *
         * @return completes with the result; exceptionally with an {@link java.io.IOException} if the sink fails
         */
        CompletableFuture<DownloadResult> result();

        /** Ends it; the result is then {@link DownloadResult.Reason#CANCELLED}, unless it has ended already. */
        void cancel();
    }

    /**
     * Fetches what the sink does not have. Returns at once.
     *
     * @param plan the file
     * @param sink receives verified blocks, on a thread of the source's
     * @param progress told of every step, on the same threads; must not block
     * @return the download
     * @throws java.io.IOException if the sink cannot tell what it has
     */
    public Download start(DownloadPlan plan, BlockSink sink, Consumer<DownloadEvent> progress)
            throws java.io.IOException {
        RunningDownload running = new RunningDownload(sources, rules, scheduler, random, plan, sink, progress);
        running.begin();
        return running;
    }
}
