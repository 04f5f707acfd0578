package dev.fieldproof.ota.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.store.ArtifactStore;
import dev.fieldproof.ota.json.JsonObject;
import dev.fieldproof.ota.record.MemoryRecordStore;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.record.RecordStore.Table;
import dev.fieldproof.ota.site.Deployments.Action;
import dev.fieldproof.ota.site.Deployments.ActionState;
import dev.fieldproof.ota.site.Deployments.Software;
import dev.fieldproof.ota.tuf.TrustedStore;
import dev.fieldproof.ota.tuf.TufClient;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The node dies at every write on the way back from a bad update, within a transaction or right after it. */
class RevertCrashTest {
    private static final Software UPDATE = Deployments.describe(new byte[9], "new.bin", "fw-2", "2.0");
    private static final Software BACK = Deployments.describe(new byte[8], "old.bin", "fw-2", "1.0");
    private static final RolloutOrder ORDER = new RolloutOrder(
            "fw-2",
            "new.bin",
            "2.0",
            List.of("dev0", "dev1", "dev2", "dev3", "dev4", "dev5", "dev6", "dev7", "dev8", "dev9"),
            List.of("c0", "c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"),
            List.of(new RolloutOrder.Phase(100, 240, false)),
            Duration.ofMinutes(30),
            Optional.of(new RolloutOrder.Back("old.bin", "1.0", 120)));
    private static final int NEVER = Integer.MAX_VALUE;
    private static final int MINUTES = 25;

    /** A life of the node, and of devices that fare badly with the update and well without. */
    private static final class Life {
        private final SimClock clock;
        private final Deployments deployments;
        private final ControlNode node;
        private final Rollouts rollouts;

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

        void minutes() throws IOException {
            for (int minute = 0; minute < MINUTES && !isOver(); minute++) {
                clock.advance(Duration.ofMinutes(1));
                rollouts.tick();
                for (String control : ORDER.controls()) {
                    rollouts.seen(control);
                }
                for (String device : ORDER.devices()) {
                    Optional<Action> action = deployments.current(device);
                    if (action.isPresent()) {
                        install(device, action.get());
                    }
                }
            }
        }

        private void install(String device, Action action) throws IOException {
            if (action.state() == ActionState.CANCELLING) {
                deployments.feedback(device, action.id(), ActionState.CANCELLED, List.of());
                return;
            }
            rollouts.downloaded(action);
            boolean back = action.software().equals(BACK);
            deployments.feedback(device, action.id(), back ? ActionState.SUCCEEDED : ActionState.FAILED, List.of());
            rollouts.finished(deployments.action(device, action.id()).orElseThrow());
        }

        private Set<String> told(Software software) throws IOException {
            Set<String> told = new HashSet<>();
            for (Action action : deployments.actions()) {
                if (action.software().equals(software) && !told.add(action.device())) {
                    throw new IOException(action.device() + " was told twice: " + software.version());
                }
            }
            return told;
        }

        private boolean isOver() throws IOException {
            Rollouts.Standing standing = rollouts.standings().get(0);
            return standing.stopped().isPresent()
                    && !standing.reverting()
                    && deployments.actions().stream().allMatch(it -> it.state() != ActionState.OPEN);
        }

        /** What is wrong at the end; empty if nothing is. */
        String wrong() throws IOException {
            Set<String> had = told(UPDATE);
            Set<String> back = told(BACK);
            List<AuditLog.Entry> audit = node.audit().entries();
            long lastUpdate = ids(UPDATE).max().orElse(0);
            long firstBack = ids(BACK).min().orElse(0);
            long well = deployments.actions().stream()
                    .filter(it -> it.software().equals(BACK) && it.state() == ActionState.SUCCEEDED)
                    .count();
            boolean right = isOver()
                    && had.size() >= 3
                    && had.size() < ORDER.devices().size()
                    && had.equals(back)
                    && well == had.size()
                    && lastUpdate < firstBack
                    && awaited().isEmpty()
                    && rollouts.standings().get(0).counts().orElseThrow().reverted() == had.size()
                    && said(audit, "stopped fw-2") == 1
                    && said(audit, "told " + had.size() + " to go back from fw-2") == 1
                    && AuditLog.verify(audit);
            return right
                    ? ""
                    : "over " + isOver() + ", had it " + had + ", told back " + back + ", well " + well + ", counted "
                            + rollouts.standings().get(0).counts() + ", updates to " + lastUpdate + ", back from "
                            + firstBack + ", awaited " + awaited() + ", " + audit;
        }

        private List<String> awaited() throws IOException {
            SiteRollout campaign = new SiteRollout(node, ORDER.name(), ORDER.plan(), ORDER.names(), clock);
            List<String> awaited = new ArrayList<>();
            for (String device : ORDER.devices()) {
                if (campaign.awaits(device)) {
                    awaited.add(device);
                }
            }
            return awaited;
        }

        /** Devices on their way back that the campaign does not wait for any more. */
        List<String> early() throws IOException {
            List<String> early = new ArrayList<>();
            for (String device : ORDER.devices()) {
                Optional<Action> action = deployments.current(device);
                if (action.isPresent() && action.get().software().equals(BACK)) {
                    early.add(device);
                }
            }
            early.removeAll(awaited());
            return early;
        }

        private LongStream ids(Software software) throws IOException {
            return deployments.actions().stream()
                    .filter(it -> it.software().equals(software))
                    .mapToLong(Action::id);
        }

        private static long said(List<AuditLog.Entry> audit, String what) {
            return audit.stream().filter(entry -> entry.what().startsWith(what)).count();
        }
    }

    /** A mutant: a store that changes what it is given as a checkpoint. */
    private record Forgetful(RecordStore under, UnaryOperator<String> checkpoint) implements RecordStore {
        @Override
        public <T> T transact(Work<T> work) throws IOException {
            return under.transact(records -> work.run(new CutStore.Through(records) {
                @Override
                public void put(Table table, String key, String json) throws IOException {
                    super.put(table, key, table == Table.ROLLOUT_CHECKPOINT ? checkpoint.apply(json) : json);
                }
            }));
        }

        @Override
        public void close() {}
    }

    /** One run with one cut, and the run after it. */
    private static String live(boolean atomic, int cutAt, int checkpointEvery, UnaryOperator<String> kept, int[] writes)
            throws IOException {
        SimClock clock = new SimClock(Instant.parse("2026-03-01T00:00:00Z"));
        RecordStore disk = new Forgetful(new MemoryRecordStore(), kept);
        disk.transact(records -> {
            JsonObject.Builder json = ORDER.put(JsonObject.builder())
                    .put("software", UPDATE.put(JsonObject.builder()).build())
                    .put("back", BACK.put(JsonObject.builder()).build());
            records.put(Table.ROLLOUT, "fw-2", json.build().toString());
            return true;
        });
        CutStore first = new CutStore(disk, atomic, cutAt);
        try {
            try {
                new Life(first, clock, checkpointEvery).minutes();
            } catch (IOException e) {
                // The power went.
            }
            writes[0] = first.writes;
            Life life = new Life(disk, clock, checkpointEvery);
            List<String> early = life.early();
            life.minutes();
            return early.isEmpty() ? life.wrong() : early + " counted as back before they were";
        } catch (IOException | IllegalArgumentException e) {
            return e.toString();
        }
    }

    /** What went wrong, the first few; a mutant is found with one. */
    private static List<String> everyCut(boolean atomic, int checkpointEvery, UnaryOperator<String> kept, int most)
            throws IOException {
        int[] writes = new int[1];
        List<String> bad = new ArrayList<>();
        assertEquals("", live(true, NEVER, checkpointEvery, UnaryOperator.identity(), writes));
        int all = writes[0];
        assertTrue(all > 80, all + " writes");
        for (int cut = 1; cut <= all && bad.size() < most; cut++) {
            String wrong = live(atomic, cut, checkpointEvery, kept, writes);
            if (!wrong.isEmpty()) {
                bad.add("cut at write " + cut + " of " + all + ": " + wrong);
            }
        }
        return bad;
    }

    @Test
    void eachWhoHadItIsSentBackOnceWhereverThePowerGoes() throws IOException {
        for (int every : new int[] {1, 4, SiteRollout.CHECKPOINT_EVERY}) {
            assertEquals(List.of(), everyCut(true, every, UnaryOperator.identity(), 9), "checkpoint every " + every);
        }
    }

    @Test
    void writesThatAreNoTransactionAreCaught() throws IOException {
        for (int every : new int[] {4, SiteRollout.CHECKPOINT_EVERY}) {
            assertTrue(!everyCut(false, every, UnaryOperator.identity(), 1).isEmpty(), "checkpoint every " + every);
        }
    }

    @Test
    void aCheckpointThatForgetsTheWayBackIsCaught() throws IOException {
        List<UnaryOperator<String>> mutants = List.of(
                json -> json.replace("\"reverting\":true", "\"reverting\":false"),
                json -> json.replaceAll("\"toldBack\":\\[[^]]*]", "\"toldBack\":[]"));
        for (UnaryOperator<String> mutant : mutants) {
            assertTrue(!everyCut(true, 1, mutant, 1).isEmpty(), "mutant " + mutants.indexOf(mutant));
        }
    }
}
