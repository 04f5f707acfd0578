package dev.fieldproof.crdt;

import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fieldproof.core.sim.SeededRuns;
import dev.fieldproof.core.sim.SimClock;
import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The laws of merging on random histories with restarts, wrong clocks, clones, and lost, late and doubled deltas. */
class LwwMapPropertyTest {
    private static final int KEYS = 6;
    private static final int RUNS = 100_000;
    /** The clock of a replica that quarantines nothing. */
    private static final Instant FAR_AHEAD = Instant.ofEpochMilli(1L << 46);

    private static final Instant[] CLOCKS = {
        Instant.EPOCH, Fixtures.NOW, Fixtures.NOW.plusSeconds(200), Instant.parse("2262-01-01T00:00:00Z")
    };

    /** Replicas that nobody reads but that a history is played on. */
    private static final class World {
        final List<LwwMap> maps = new ArrayList<>();
        final List<Delta> sent = new ArrayList<>();
        private final RandomGenerator random;
        private final long[] epochs = new long[3];

        World(RandomGenerator random) {
            this.random = random;
            for (int i = 0; i < 3; i++) {
                maps.add(start(i));
            }
        }

        private LwwMap start(int i) {
            WriterId writer = new WriterId[] {Fixtures.DEVICE, Fixtures.CLOUD, Fixtures.GATEWAY}[i];
            // Now and then a clone: the epoch of before, lived again.
            long epoch = random.nextInt(8) == 0 ? epochs[i] : ++epochs[i];
            return Fixtures.map(boot(writer, epoch), KEYS, new SimClock(CLOCKS[random.nextInt(CLOCKS.length)]));
        }

        void step() {
            int i = random.nextInt(3);
            LwwMap map = maps.get(i);
            switch (random.nextInt(8)) {
                case 0 -> maps.set(i, start(i));
                case 1, 2, 3 -> write(map, i);
                case 4 -> sent.add(map.deltaSince(new Version(map.version().logId(), random.nextInt(8))));
                default -> {
                    if (!sent.isEmpty()) {
                        check(map, sent.get(random.nextInt(sent.size())));
                    }
                }
            }
        }

        private void write(LwwMap map, int i) {
            int key = i == 2 ? 2 : random.nextBoolean() ? 2 : i + 3 * random.nextInt(2);
            switch (random.nextInt(4)) {
                case 0 -> map.remove(key);
                case 1 -> map.put(key, Value.of("v" + random.nextInt(3)));
                case 2 -> map.putInt(key, random.nextInt(3));
                default -> map.putReal(key, random.nextInt(300) / 100.0);
            }
        }

        private void check(LwwMap map, Delta delta) {
            MergeReport first = map.apply(delta);
            assertEquals(delta.size(), first.written());
            List<LwwMap.Entry> after = map.entries();
            Version version = map.version();
            MergeReport second = map.apply(delta);
            assertEquals(0, second.accepted(), "merging twice is merging once");
            assertEquals(0, second.quarantined());
            assertEquals(after, map.entries());
            assertEquals(version, map.version());
        }
    }

    @Test
    void mergingIsIdempotentAndAccountsForEveryWrite() {
        SeededRuns.check(RUNS, random -> {
            World world = new World(random);
            for (int i = 0; i < 16; i++) {
                world.step();
            }
        });
    }

    @Test
    void theOrderOfMergingDoesNotMatter() {
        SeededRuns.check(RUNS, random -> {
            World world = new World(random);
            for (int i = 0; i < 12; i++) {
                world.step();
            }
            world.maps.forEach(map -> world.sent.add(map.deltaSince(Version.NONE)));
            LwwMap forth = Fixtures.map(boot(new WriterId(7), 1), KEYS, Fixtures.NOW);
            LwwMap back = Fixtures.map(boot(new WriterId(8), 1), KEYS, Fixtures.NOW);
            world.sent.forEach(forth::apply);
            for (int i = world.sent.size() - 1; i >= 0; i--) {
                back.apply(world.sent.get(i));
            }
            assertEquals(forth.entries(), back.entries());
            assertEquals(forth.size(), back.size());
        });
    }

    @Test
    void aDeltaSaysWhatTheWholeSays() {
        SeededRuns.check(RUNS, random -> {
            World world = new World(random);
            LwwMap follower = Fixtures.map(boot(new WriterId(7), 1), KEYS, FAR_AHEAD);
            LwwMap source = world.maps.get(0);
            for (int i = 0; i < 16; i++) {
                world.step();
                if (!source.equals(world.maps.get(0))) {
                    return;
                }
                if (random.nextInt(4) == 0) {
                    follower.apply(
                            source.deltaSince(follower.seen(source.version().logId())));
                    LwwMap whole = Fixtures.map(boot(new WriterId(8), 1), KEYS, FAR_AHEAD);
                    whole.apply(source.deltaSince(Version.NONE));
                    assertEquals(whole.entries(), follower.entries());
                }
            }
        });
    }

    @Test
    void decodingGivesBackWhatWasEncoded() {
        SeededRuns.check(RUNS, random -> {
            World world = new World(random);
            for (int i = 0; i < 12; i++) {
                world.step();
            }
            for (LwwMap map : world.maps) {
                Delta delta = map.deltaSince(Version.NONE);
                ByteBuffer bytes = ByteBuffer.allocateDirect(delta.sizeBytes());
                delta.encode(bytes);
                assertEquals(delta, decode(bytes.flip()));
                LwwMap copy = Fixtures.map(boot(new WriterId(7), 1), KEYS, FAR_AHEAD);
                copy.apply(decode(bytes.rewind()));
                assertEquals(map.entries(), copy.entries());
            }
        });
    }

    private static Delta decode(ByteBuffer bytes) {
        try {
            return Delta.decode(bytes, WireBudget.DEFAULT);
        } catch (WireException e) {
            throw new AssertionError(e);
        }
    }
}
