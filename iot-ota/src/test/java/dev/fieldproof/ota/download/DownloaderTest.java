package dev.fieldproof.ota.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class DownloaderTest {
    private static final int BLOCK = 1000;
    private static final byte[] IMAGE = MemorySink.image(1, 10_500);
    private static final byte[] OTHER = MemorySink.image(2, 10_500);

    private final SimClock clock = new SimClock(Instant.EPOCH);
    private final MemorySink sink = new MemorySink(IMAGE.length, BLOCK);
    private final List<DownloadEvent> events = new ArrayList<>();
    private final SimSource near = source(IMAGE);
    private final SimSource far = source(IMAGE);

    private SimSource source(byte[] file) {
        return new SimSource(clock, new SplittableRandom(7), file);
    }

    private DownloadResult run(SimSource... sources) throws IOException {
        return run(DownloadRules.DEFAULT, sources);
    }

    private DownloadResult run(DownloadRules rules, SimSource... sources) throws IOException {
        Downloader downloader = new Downloader(List.of(sources), rules, clock, new SplittableRandom(3));
        Downloader.Download download = downloader.start(MemorySink.plan(IMAGE, BLOCK), sink, events::add);
        assertTrue(clock.runUntilIdle(100_000) < 100_000, "it never ends");
        return download.result().join();
    }

    private static DownloadResult.Reason reason(DownloadResult result) {
        return assertInstanceOf(DownloadResult.GaveUp.class, result).reason();
    }

    private void assertComplete(DownloadResult result) {
        assertInstanceOf(DownloadResult.Complete.class, result);
        assertTrue(sink.holds(IMAGE));
    }

    @Test
    void onePerfectExchange() throws IOException {
        DownloadResult result = run(near);
        assertEquals(new DownloadResult.Complete(new DownloadResult.Counts(IMAGE.length, 0, 1, 0)), result);
        assertComplete(result);
        assertEquals(new DownloadEvent.Asking(0, 0), events.get(0));
        assertEquals(new DownloadEvent.BlockDone(11, 11), events.get(events.size() - 1));
    }

    @Test
    void blocksThatAreThereAreNotFetched() throws IOException {
        for (int block : new int[] {0, 1, 4, 5, 10}) {
            sink.place(block, java.util.Arrays.copyOfRange(IMAGE, block * BLOCK, IMAGE.length), sizeOf(block));
        }
        assertComplete(run(near));
        assertEquals(List.of(2L * BLOCK, 6L * BLOCK), near.asked);
        assertEquals(6L * BLOCK, near.sentBytes);
    }

    private static int sizeOf(int block) {
        return Math.min(BLOCK, IMAGE.length - block * BLOCK);
    }

    @Test
    void aMissingFileIsAskedForOnce() throws IOException {
        near.answer = Optional.of(new SourceAnswer.Missing());
        assertEquals(DownloadResult.Reason.NOT_FOUND, reason(run(near)));
        assertEquals(1, near.asked.size());
        far.answer = Optional.of(new SourceAnswer.Missing());
        assertEquals(DownloadResult.Reason.NOT_FOUND, reason(run(near, far)));
        assertEquals(2, near.asked.size());
        assertEquals(1, far.asked.size());
    }

    @Test
    void theNextSourceGoesOnWhereTheFirstEnded() throws IOException {
        near.beforeEachPiece = () -> {
            if (near.sentBytes > 5000) {
                near.answer = Optional.of(new SourceAnswer.Missing());
                near.loss = 1;
            }
        };
        assertComplete(run(near, far));
        assertTrue(far.asked.get(0) >= 5000, far.asked.toString());
        assertTrue(near.sentBytes + far.sentBytes <= IMAGE.length + BLOCK);
    }

    @Test
    void aSourceOfOtherBytesIsLeftAfterTwoBlocks() throws IOException {
        near.file = OTHER;
        assertComplete(run(near, far));
        assertEquals(2, near.asked.size());
        assertTrue(near.sentBytes <= 2 * BLOCK + 2L * near.pieceBytes);
    }

    @Test
    void otherBytesEverywhereAreAReasonToGiveUp() throws IOException {
        near.file = OTHER;
        assertEquals(DownloadResult.Reason.WRONG_CONTENT, reason(run(near)));
        assertEquals(0, sink.placed.cardinality());
    }

    @Test
    void aLieAboutTheLengthEndsTheTrustInASource() throws IOException {
        near.answer = Optional.of(new SourceAnswer.Part(0, OptionalLong.of(IMAGE.length + 1), Optional.empty()));
        assertEquals(DownloadResult.Reason.WRONG_CONTENT, reason(run(near)));
        near.answer = Optional.of(new SourceAnswer.Whole(OptionalLong.of(5), Optional.empty()));
        assertEquals(DownloadResult.Reason.WRONG_CONTENT, reason(run(near)));
        near.answer = Optional.of(new SourceAnswer.Part(17, OptionalLong.empty(), Optional.empty()));
        assertEquals(DownloadResult.Reason.WRONG_CONTENT, reason(run(near)));
        assertEquals(3, near.asked.size());
    }

    @Test
    void aCaptivePortalIsNamed() throws IOException {
        near.answer = Optional.of(new SourceAnswer.Portal());
        assertEquals(DownloadResult.Reason.CAPTIVE_PORTAL, reason(run(near)));
        assertEquals(DownloadRules.DEFAULT.maxFailures(), near.asked.size());
    }

    @Test
    void aPageWithoutATypeIsACaptivePortalToo() throws IOException {
        byte[] page = new byte[IMAGE.length];
        byte[] start = "\n<!DOCTYPE HTML><title>Welcome</title>".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        System.arraycopy(start, 0, page, 0, start.length);
        near.file = page;
        assertEquals(DownloadResult.Reason.CAPTIVE_PORTAL, reason(run(near)));
    }

    @Test
    void aLoginPageThatGoesAwayCostsNothingButTime() throws IOException {
        near.answer = Optional.of(new SourceAnswer.Portal());
        clock.schedule(Duration.ofSeconds(3), () -> near.answer = Optional.empty());
        assertComplete(run(near));
    }

    @Test
    void withoutRangesTheBeginningIsReadOver() throws IOException {
        near.ranges = false;
        near.cutAtSentBytes = 5500;
        DownloadResult.Complete complete = assertInstanceOf(DownloadResult.Complete.class, run(near));
        assertTrue(sink.holds(IMAGE));
        assertEquals(2, complete.counts().requests());
        assertTrue(complete.counts().wastedBytes() > 4000);
    }

    @Test
    void aSourceThatCanResumeIsPreferredToOneThatCannot() throws IOException {
        near.ranges = false;
        near.cutAtSentBytes = 5500;
        DownloadResult.Complete complete = assertInstanceOf(DownloadResult.Complete.class, run(near, far));
        assertTrue(far.asked.size() == 1 && far.asked.get(0) >= 4000, far.asked.toString());
        assertTrue(complete.counts().wastedBytes() <= BLOCK, complete.toString());
    }

    @Test
    void receivingInVainHasALimit() throws IOException {
        near.ranges = false;
        near.cutAtSentBytes = 5500;
        DownloadRules strict = new DownloadRules(Backoff.DEFAULT, Duration.ofSeconds(5), 20, 2, 4000);
        assertEquals(DownloadResult.Reason.TOO_MUCH_WASTE, reason(run(strict, near)));
        assertTrue(near.sentBytes <= 5500 + BLOCK, "refused before it was received: " + near.sentBytes);
    }

    @Test
    void aFileThatChangesInMidTransferIsNotMixed() throws IOException {
        near.loss = 0;
        near.beforeEachPiece = () -> {
            if (near.sentBytes > 3300 && near.asked.size() == 1) {
                near.file = OTHER;
                near.tag = Optional.of("\"2\"");
            }
        };
        assertComplete(run(near, far));
        assertTrue(near.sentBytes <= 7000, "left soon: " + near.sentBytes);
    }

    @Test
    void aBusySourceIsLeftAloneAsLongAsItAsks() throws IOException {
        near.answer = Optional.of(new SourceAnswer.Busy(503, Optional.of(Duration.ofMinutes(5))));
        clock.schedule(Duration.ofMinutes(4), () -> near.answer = Optional.empty());
        assertComplete(run(near));
        assertEquals(2, near.asked.size());
        assertTrue(clock.nanoTime() >= Duration.ofMinutes(5).toNanos());
    }

    @Test
    void waitsGrowAndAreDrawnByLot() throws IOException {
        near.loss = 1;
        assertEquals(DownloadResult.Reason.UNREACHABLE, reason(run(near)));
        List<Duration> pauses = events.stream()
                .filter(DownloadEvent.Waiting.class::isInstance)
                .map(event -> ((DownloadEvent.Waiting) event).pause())
                .toList();
        assertEquals(DownloadRules.DEFAULT.maxFailures() - 1, pauses.size());
        for (int i = 0; i < pauses.size(); i++) {
            Duration ceiling = Duration.ofMillis(Math.min(30_000, 500L << Math.min(i, 10)));
            assertTrue(pauses.get(i).compareTo(ceiling) <= 0, pauses.toString());
        }
        assertTrue(pauses.stream().distinct().count() > 15, pauses.toString());
    }

    @Test
    void cancellingStopsAtOnce() throws IOException {
        Downloader downloader = new Downloader(List.of(near), DownloadRules.DEFAULT, clock, new SplittableRandom(3));
        Downloader.Download download = downloader.start(MemorySink.plan(IMAGE, BLOCK), sink, events::add);
        clock.advance(Duration.ofMillis(500));
        download.cancel();
        long sent = near.sentBytes;
        clock.runUntilIdle(1000);
        assertEquals(sent, near.sentBytes);
        assertEquals(DownloadResult.Reason.CANCELLED, reason(download.result().join()));
        download.cancel();
    }

    @Test
    void aFailingSinkEndsTheDownload() throws IOException {
        BlockSink broken = new BlockSink() {
            @Override
            public boolean has(int block) {
                return false;
            }

            @Override
            public void place(int block, byte[] bytes, int lengthBytes) throws IOException {
                throw new IOException("worn out");
            }
        };
        Downloader downloader = new Downloader(List.of(near), DownloadRules.DEFAULT, clock, new SplittableRandom(3));
        Downloader.Download download = downloader.start(MemorySink.plan(IMAGE, BLOCK), broken, events::add);
        clock.runUntilIdle(1000);
        CompletionException thrown =
                assertThrows(CompletionException.class, () -> download.result().join());
        assertEquals("worn out", thrown.getCause().getMessage());
        assertEquals(0, clock.pending());
    }

    @Test
    void nothingMissingAsksNobody() throws IOException {
        for (int block = 0; block < 11; block++) {
            sink.place(block, java.util.Arrays.copyOfRange(IMAGE, block * BLOCK, IMAGE.length), sizeOf(block));
        }
        assertComplete(run(near));
        assertEquals(List.of(), near.asked);
    }
}
