package dev.fieldproof.ota.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Faults;
import dev.fieldproof.core.transport.LoopbackBroker;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.ota.json.JsonException;
import dev.fieldproof.ota.record.MemoryRecordStore;
import dev.fieldproof.ota.record.RecordStore;
import dev.fieldproof.ota.site.Deployments.Action;
import dev.fieldproof.ota.site.Deployments.ActionState;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** A site's outcomes reach upstream exactly once: days offline, cuts at every write on both sides, a bad network. */
class OutcomeReconciliationTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Deployments.Software SOFTWARE = Deployments.describe(new byte[9], "fw.bin", "fw", "2.0");
    private static final int OUTCOMES = 7;
    private static final int NEVER = Integer.MAX_VALUE;
    private static final Set<Outbox.Mutant> NONE = EnumSet.noneOf(Outbox.Mutant.class);
    private static final Set<OutcomeCollector.Mutant> GOOD = EnumSet.noneOf(OutcomeCollector.Mutant.class);

    /** How the network treats each message, in turn: it comes, is lost, comes twice, or comes late. */
    private enum Way {
        COMES,
        LOST,
        TWICE,
        LATE
    }

    private static void finish(Deployments deployments, int number) throws IOException {
        Optional<Action> told = deployments.actions().stream()
                .filter(it -> it.device().equals("dev" + number))
                .findFirst();
        Action action = told.isPresent() ? told.get() : deployments.assign("dev" + number, SOFTWARE);
        deployments.feedback(
                "dev" + number, action.id(), number % 2 == 0 ? ActionState.SUCCEEDED : ActionState.FAILED, List.of());
    }

    /** Site and upstream with messages in between; what fails is tried again with the power back. */
    private static final class World {
        private final Set<Outbox.Mutant> wrongSite;
        private final Set<OutcomeCollector.Mutant> wrongUpstream;
        private final RandomGenerator random;
        private final MemoryRecordStore siteDisk = new MemoryRecordStore();
        private final MemoryRecordStore upstreamDisk = new MemoryRecordStore();
        private final Deque<byte[]> late = new ArrayDeque<>();
        private RecordStore site;
        private RecordStore upstream;

        World(
                Set<Outbox.Mutant> wrongSite,
                Set<OutcomeCollector.Mutant> wrongUpstream,
                boolean atomic,
                int siteCut,
                int upstreamCut,
                long seed) {
            this.wrongSite = wrongSite;
            this.wrongUpstream = wrongUpstream;
            this.random = new SplittableRandom(seed);
            site = new CutStore(siteDisk, atomic, siteCut);
            upstream = new CutStore(upstreamDisk, true, upstreamCut);
        }

        private Way way(boolean calm) {
            return calm ? Way.COMES : List.of(Way.values()).get(random.nextInt(4));
        }

        private void exchange(boolean calm) throws JsonException {
            byte[] batch;
            try {
                Optional<byte[]> next = new Outbox(site, wrongSite).next();
                if (next.isEmpty()) {
                    return;
                }
                batch = next.get();
            } catch (IOException e) {
                site = siteDisk;
                return;
            }
            Way there = way(calm);
            for (int copy = there == Way.TWICE ? 2 : 1; copy > 0 && there != Way.LOST; copy--) {
                if (there == Way.LATE) {
                    late.add(batch);
                } else {
                    taken(batch, calm);
                }
            }
            if (!late.isEmpty() && (calm || random.nextBoolean())) {
                taken(late.remove(), calm);
            }
        }

        private void taken(byte[] batch, boolean calm) throws JsonException {
            byte[] answer;
            try {
                answer = OutcomeCollector.take(upstream, "well-7", batch, wrongUpstream);
            } catch (IOException e) {
                upstream = upstreamDisk;
                return;
            }
            Way back = way(calm);
            for (int copy = back == Way.TWICE ? 2 : 1; copy > 0 && back != Way.LOST; copy--) {
                try {
                    new Outbox(site, wrongSite).acknowledged(answer);
                } catch (IOException e) {
                    site = siteDisk;
                }
            }
        }

        private void record(int number) throws IOException {
            for (int tries = 0; tries < 2; tries++) {
                try {
                    finish(new Deployments(site, new SimClock(START), new SplittableRandom(3)), number);
                    return;
                } catch (IOException e) {
                    site = siteDisk; // the device says it again
                }
            }
        }

        /** What is wrong at the end; empty if every outcome is upstream once, in order. */
        String live() throws IOException, JsonException {
            int done = 0;
            for (int turn = 0; turn < 40; turn++) {
                if (done < OUTCOMES && (turn % 2 == 0 || done < 3)) {
                    record(done++);
                }
                exchange(false);
            }
            site = siteDisk;
            upstream = upstreamDisk;
            for (int turn = 0; turn < 40; turn++) {
                exchange(true);
            }
            List<OutcomeCollector.Outcome> all = OutcomeCollector.outcomes(upstreamDisk, "well-7");
            List<String> devices =
                    all.stream().map(OutcomeCollector.Outcome::device).toList();
            List<String> wanted = new ArrayList<>();
            for (int number = 0; number < OUTCOMES; number++) {
                wanted.add("dev" + number);
            }
            if (!devices.equals(wanted)) {
                return "upstream has " + devices;
            }
            return new Outbox(siteDisk).waiting() == 0 ? "" : "some still wait";
        }
    }

    /** Every cut of either side alone and in pairs, with a network that loses, doubles and reorders. */
    private static List<String> bad(
            Set<Outbox.Mutant> site, Set<OutcomeCollector.Mutant> upstream, boolean atomic, int enough)
            throws IOException, JsonException {
        List<String> bad = new ArrayList<>();
        for (int siteCut = 1; siteCut <= 45; siteCut++) {
            for (int upstreamCut = 1; upstreamCut <= 14; upstreamCut++) {
                for (long seed = 0; seed < 2 && bad.size() < enough; seed++) {
                    String wrong = new World(
                                    site,
                                    upstream,
                                    atomic,
                                    siteCut == 45 ? NEVER : siteCut,
                                    upstreamCut == 14 ? NEVER : upstreamCut,
                                    seed)
                            .live();
                    if (!wrong.isEmpty()) {
                        bad.add("cuts " + siteCut + " and " + upstreamCut + ", seed " + seed + ": " + wrong);
                    }
                }
            }
        }
        return bad;
    }

    @Test
    void aCutAtAnyWriteOfEitherSideLosesAndDoublesNothing() throws Exception {
        assertEquals(List.of(), bad(NONE, GOOD, true, NEVER));
    }

    /** Upstream is put back to before what it had acknowledged; what follows must not stand in for it. */
    private static boolean takesBehindAGap(Set<OutcomeCollector.Mutant> wrong) throws IOException, JsonException {
        MemoryRecordStore site = new MemoryRecordStore();
        Outbox outbox = new Outbox(site);
        finish(new Deployments(site, new SimClock(START), new SplittableRandom(3)), 0);
        byte[] first = outbox.next().orElseThrow();
        outbox.acknowledged(OutcomeCollector.take(new MemoryRecordStore(), "well-7", first, GOOD));
        finish(new Deployments(site, new SimClock(START), new SplittableRandom(4)), 1);
        MemoryRecordStore putBack = new MemoryRecordStore();
        OutcomeCollector.take(putBack, "well-7", outbox.next().orElseThrow(), wrong);
        return !OutcomeCollector.outcomes(putBack, "well-7").isEmpty();
    }

    @Test
    void whatComesBehindAGapIsNotTaken() throws Exception {
        assertFalse(takesBehindAGap(GOOD));
    }

    @Test
    void everyMutantIsFound() throws Exception {
        for (Outbox.Mutant mutant : Outbox.Mutant.values()) {
            assertFalse(bad(EnumSet.of(mutant), GOOD, true, 1).isEmpty(), mutant + " is not found");
        }
        for (OutcomeCollector.Mutant mutant : OutcomeCollector.Mutant.values()) {
            boolean found = takesBehindAGap(EnumSet.of(mutant))
                    || !bad(NONE, EnumSet.of(mutant), true, 1).isEmpty();
            assertTrue(found, mutant + " is not found");
        }
        assertFalse(bad(NONE, GOOD, false, 1).isEmpty(), "writes that are no transaction are not found");
    }

    private static Transport connected(LoopbackBroker broker, String name) {
        Transport transport = broker.client();
        CompletableFuture<Boolean> unused = transport.connect(ConnectOptions.of(name));
        return transport;
    }

    @Test
    void daysOfflineAreMadeUpForOnABadNetwork() throws Exception {
        SimClock clock = new SimClock(START);
        LoopbackBroker broker = new LoopbackBroker(clock, new SplittableRandom(1));
        MemoryRecordStore records = new MemoryRecordStore();
        MemoryRecordStore upstream = new MemoryRecordStore();
        Deployments deployments = new Deployments(records, clock, new SplittableRandom(2));
        Transport siteSide = connected(broker, "site");
        try (OutcomeCollector collector = new OutcomeCollector(connected(broker, "upstream"), upstream);
                OutcomeUplink uplink = new OutcomeUplink(siteSide, clock, records, "well-7", Duration.ofMinutes(10))) {
            clock.advance(Duration.ofMinutes(1));
            broker.faults(new Faults(0.1, 0.1, 0.2, Duration.ofMillis(10), Duration.ofMillis(300)));
            finish(deployments, 0);
            clock.advance(Duration.ofHours(1));
            assertEquals(1, OutcomeCollector.outcomes(upstream, "well-7").size());
            broker.cut("site");
            for (int number = 1; number < 130; number++) {
                finish(deployments, number);
                clock.advance(Duration.ofHours(1)); // five days
            }
            assertEquals(129, uplink.waiting());
            assertEquals(1, OutcomeCollector.outcomes(upstream, "well-7").size());
            broker.restore("site");
            clock.advance(Duration.ofHours(3));
            assertEquals(0, uplink.waiting());
            List<OutcomeCollector.Outcome> all = OutcomeCollector.outcomes(upstream, "well-7");
            assertEquals(130, all.size());
            assertEquals(130, all.get(129).number());
            assertEquals("dev129", all.get(129).device());
            assertEquals("FAILED", all.get(129).end());
            assertTrue(collector != null);
        }
    }

    @Test
    void recordsFromAnOldCopySendNothingRatherThanTheWrongThing() throws Exception {
        MemoryRecordStore records = new MemoryRecordStore();
        finish(new Deployments(records, new SimClock(START), new SplittableRandom(2)), 0);
        Outbox outbox = new Outbox(records);
        String batch = new String(outbox.next().orElseThrow(), java.nio.charset.StandardCharsets.UTF_8);
        String instance = batch.split("\"", -1)[3];
        String tooMuch = "{\"instance\":\"" + instance + "\",\"have\":9}";
        assertFalse(outbox.acknowledged(tooMuch.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertEquals(1, outbox.waiting());
        String other = "{\"instance\":\"00\",\"have\":1}";
        assertTrue(outbox.acknowledged(other.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertEquals(1, outbox.waiting(), "of another instance");
    }
}
