package dev.fieldproof.sparkplug.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.sparkplug.payload.Value;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every disk operation of a long script may be the last one before the power goes. */
class DiskSampleLogTest {
    private static final Instant START = Instant.parse("2026-11-22T08:00:00Z");

    private static Sample sample(long position) {
        return new Sample(position % 3 == 0 ? "pump" : "", "metric", START.plusMillis(position), Value.of(position));
    }

    private static DiskSampleLog open(LogFiles files) throws IOException {
        return new DiskSampleLog(files, 40, 7, new SplittableRandom(5));
    }

    /** What the script had reached when the power went. */
    private static final class Progress {
        long synced;
        long appended;
        long trimmed;
        long id = -1;
    }

    /** Appends, syncs and trims, for as long as the power lasts. */
    private static void script(PowerCutDisk disk, Progress progress) throws IOException {
        DiskSampleLog log = open(disk);
        progress.id = log.id();
        for (int i = 0; i < 100; i++) {
            for (int n = 0; n < i % 4; n++) {
                log.append(sample(log.next()));
                progress.appended = log.next();
            }
            log.sync();
            progress.synced = log.next();
            if (i % 9 == 5) {
                progress.trimmed = log.next() - 5;
                log.trim(progress.trimmed);
            }
        }
    }

    private static void crashEverywhere(boolean liar) throws IOException {
        PowerCutDisk whole = new PowerCutDisk(liar);
        script(whole, new Progress());
        assertTrue(whole.operations() > 150, "operations: " + whole.operations());
        for (long cut = 1; cut < whole.operations(); cut++) {
            for (int seed = 0; seed < 8; seed++) {
                PowerCutDisk disk = new PowerCutDisk(liar);
                disk.cutAfter(cut);
                Progress progress = new Progress();
                assertThrows(PowerCutDisk.PowerCut.class, () -> script(disk, progress));
                disk.cut(new SplittableRandom(seed));
                check(disk, progress);
            }
        }
    }

    private static void check(PowerCutDisk disk, Progress progress) throws IOException {
        DiskSampleLog log = open(disk);
        if (progress.synced > 0) {
            assertEquals(progress.id, log.id());
        }
        assertTrue(log.next() >= progress.synced, "what was synced is there");
        assertTrue(
                log.first() <= Math.max(progress.trimmed, progress.appended - 40 + 7), "what was not let go is there");
        List<Sample> all = log.read(log.first(), 1_000);
        assertEquals(log.next() - log.first(), all.size());
        for (int i = 0; i < all.size(); i++) {
            assertEquals(sample(log.first() + i), all.get(i));
        }
        long position = log.append(sample(log.next()));
        log.sync();
        assertTrue(position >= progress.synced);
        assertEquals(List.of(sample(position)), open(disk).read(position, 5));
    }

    @Test
    void survivesAPowerCutAtEveryOperation() throws IOException {
        crashEverywhere(false);
    }

    @Test
    void aDiskThatLiesAboutSyncingIsCaught() {
        assertThrows(AssertionError.class, () -> crashEverywhere(true));
    }

    @Test
    void theOldestGiveWayASegmentAtATime(@TempDir Path directory) throws IOException {
        DiskSampleLog log = DiskSampleLog.open(directory, 20, new SplittableRandom(1));
        for (int i = 0; i < 50; i++) {
            log.append(sample(i));
        }
        assertEquals(50, log.next());
        assertTrue(log.next() - log.first() <= 20);
        assertEquals(log.first(), log.dropped());
        log.close();
        DiskSampleLog again = DiskSampleLog.open(directory, 20, new SplittableRandom(2));
        assertEquals(log.id(), again.id());
        assertEquals(50, again.next());
        assertEquals(sample(49), again.read(49, 1).get(0));
        again.close();
    }
}
