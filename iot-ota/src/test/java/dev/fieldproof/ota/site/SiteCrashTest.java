package dev.fieldproof.ota.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.record.JdbcRecordStore;
import dev.fieldproof.ota.record.MemoryRecordStore;
import dev.fieldproof.ota.record.PostgresServer;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import dev.fieldproof.ota.site.Deployments.Action;
import dev.fieldproof.ota.site.Deployments.ActionState;
import dev.fieldproof.ota.tuf.TrustedStore;
import dev.fieldproof.ota.tuf.TufClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The node dies at every write of a rollout, in the middle of a transaction or right after it, and goes on. */
class SiteCrashTest {
    private static final RolloutOrder ORDER = new RolloutOrder(
            "fw-2",
            "fw.bin",
            "2.0",
            List.of("dev1", "dev2", "dev3"),
            List.of("dev4"),
            List.of(new RolloutOrder.Phase(30, 600, true), new RolloutOrder.Phase(100, 600, false)),
            Duration.ofHours(10));
    private static final Deployments.Software SOFTWARE = Deployments.describe(new byte[9], "fw.bin", "fw-2", "2.0");
    private static final int NEVER = Integer.MAX_VALUE;

    @TempDir
    Path directory;

    private int checkpointEvery = SiteRollout.CHECKPOINT_EVERY;

    /** A life of the node; what people and devices do is done again when it was not answered. */
    private static final class Life {
        private final Deployments deployments;
        private final ControlNode node;
        private final Rollouts rollouts;
        private final SimClock clock;

        Life(RecordStore store, SimClock clock, int checkpointEvery) throws IOException {
            this.clock = clock;
            deployments = new Deployments(store, clock, new SplittableRandom(1));
            node = new ControlNode(
                    ArtifactStore.open(URI.create("memory:cache")),
                    new TufClient(TrustedStore.inMemory(), path -> Optional.empty(), clock),
                    path -> Optional.empty(),
                    clock,
                    store);
            rollouts = new Rollouts(node, deployments, checkpointEvery);
        }

        void minute() throws IOException {
            clock.advance(Duration.ofMinutes(1));
            rollouts.tick();
            if (node.waves().containsKey("fw-2/1") && node.gate("fw-2/1") == ControlNode.Gate.WAITING) {
                node.decide("fw-2/1", ControlNode.Gate.APPROVED, "ana");
            }
            rollouts.seen("dev4");
            for (String device : ORDER.devices()) {
                Optional<Action> action = deployments.current(device);
                if (action.isPresent()) {
                    rollouts.downloaded(action.get());
                    deployments.feedback(device, action.get().id(), ActionState.SUCCEEDED, List.of());
                    rollouts.finished(
                            deployments.action(device, action.get().id()).orElseThrow());
                }
            }
        }

        boolean completed() throws IOException {
            return rollouts.standings().get(0).completed();
        }
    }

    /** What is wrong at the end; empty if nothing is. */
    private String live(RecordStore disk, boolean atomic, int cutAt, int[] writes) throws IOException {
        SimClock clock = new SimClock(Instant.parse("2026-03-01T00:00:00Z"));
        disk.transact(records -> {
            JsonObject.Builder json = ORDER.put(JsonObject.builder());
            json.put("software", SOFTWARE.put(JsonObject.builder()).build());
            records.put(Table.ROLLOUT, "fw-2", json.build().toString());
            return true;
        });
        CutStore first = new CutStore(disk, atomic, cutAt);
        try {
            try {
                Life life = new Life(first, clock, checkpointEvery);
                for (int minute = 0; minute < 60 && !life.completed(); minute++) {
                    life.minute();
                }
            } catch (IOException e) {
                // The power went.
            }
            writes[0] = first.writes;
            Life life = new Life(disk, clock, checkpointEvery);
            for (int minute = 0; minute < 60 && !life.completed(); minute++) {
                life.minute();
            }
            return wrong(life);
        } catch (IOException | IllegalArgumentException e) {
            return e.toString();
        }
    }

    private static String wrong(Life life) throws IOException {
        List<AuditLog.Entry> audit = life.node.audit().entries();
        long told = life.deployments.actions().size();
        long well = life.rollouts.standings().get(0).counts().orElseThrow().healthy();
        long completions = audit.stream()
                .filter(entry -> entry.what().equals("completed fw-2"))
                .count();
        long approvals = audit.stream()
                .filter(entry -> entry.what().equals("APPROVED fw-2/1"))
                .count();
        boolean right = life.completed()
                && told == 3
                && well == 3
                && completions == 1
                && approvals == 1
                && AuditLog.verify(audit);
        return right
                ? ""
                : life.completed() + ", told " + told + ", well " + well + ", completed " + completions + ", approved "
                        + approvals;
    }

    private List<String> everyCut(boolean atomic) throws IOException {
        int[] writes = new int[1];
        List<String> bad = new ArrayList<>();
        assertEquals("", live(new MemoryRecordStore(), true, NEVER, writes));
        int all = writes[0];
        for (int cut = 1; cut <= all; cut++) {
            String wrong = live(new MemoryRecordStore(), atomic, cut, writes);
            if (!wrong.isEmpty()) {
                bad.add("cut at write " + cut + ": " + wrong);
            }
        }
        assertTrue(all > 40, all + " writes");
        return bad;
    }

    @Test
    void aCutAtAnyWriteLosesAndDoublesNothing() throws IOException {
        assertEquals(List.of(), everyCut(true));
    }

    @Test
    void aCutAtAnyWriteOfACheckpointLosesAndDoublesNothing() throws IOException {
        for (int every = 1; every <= 5; every += 2) {
            checkpointEvery = every;
            assertEquals(List.of(), everyCut(true), "a checkpoint every " + every + " events");
            assertTrue(!everyCut(false).isEmpty(), "the mutant, every " + every + " events");
        }
    }

    @Test
    void aCheckpointIsAllThatTheEventsWereAndBoundsThem() throws IOException {
        MemoryRecordStore plain = new MemoryRecordStore();
        MemoryRecordStore compact = new MemoryRecordStore();
        live(plain, true, NEVER, new int[1]);
        checkpointEvery = 4;
        live(compact, true, NEVER, new int[1]);
        for (MemoryRecordStore disk : List.of(plain, compact)) {
            int events = disk.transact(records -> records.list(Table.ROLLOUT_EVENT, "", RecordStore.MAX_LIST))
                    .size();
            assertTrue(disk == plain ? events > 4 : events < 4, events + " events are kept");
            Life life = new Life(disk, new SimClock(Instant.parse("2026-03-02T00:00:00Z")), checkpointEvery);
            assertEquals("", wrong(life));
            assertEquals(
                    3, life.rollouts.standings().get(0).counts().orElseThrow().healthy());
        }
        compact.transact(records -> {
            records.put(Table.ROLLOUT_CHECKPOINT, "fw-2", "{\"campaign\":\"AAAA\"}");
            return true;
        });
        assertThrows(
                IOException.class,
                () -> new Life(compact, new SimClock(Instant.parse("2026-03-02T00:00:00Z")), checkpointEvery),
                "a damaged one is not taken for a beginning");
    }

    @Test
    void writesThatAreNoTransactionAreCaught() throws IOException {
        assertTrue(!everyCut(false).isEmpty());
    }

    @Test
    void theSameHoldsOnARealDatabase() throws IOException {
        int[] writes = new int[1];
        for (int cut = 3; cut < 60; cut += 9) {
            JdbcDataSource database = new JdbcDataSource();
            database.setURL("jdbc:h2:" + directory.resolve("node" + cut));
            try (RecordStore disk = new JdbcRecordStore(database)) {
                assertEquals("", live(disk, true, cut, writes), "cut at write " + cut);
            }
        }
    }

    @Test
    void theSameHoldsOnAServer() throws Exception {
        Optional<PostgresServer> running = PostgresServer.start();
        assumeTrue(running.isPresent(), "skipped: postgresql is not installed");
        int[] writes = new int[1];
        try (PostgresServer server = running.get()) {
            for (int cut = 3; cut < 60; cut += 9) {
                try (RecordStore disk = new JdbcRecordStore(server.empty())) {
                    assertEquals("", live(disk, true, cut, writes), "cut at write " + cut);
                }
            }
        }
    }
}
