package dev.fieldproof.benchmarks.scenario;

import dev.fieldproof.core.transport.ConnectOptions;
import dev.fieldproof.core.transport.Faults;
import dev.fieldproof.core.transport.Transport;
import dev.fieldproof.crdt.Boot;
import dev.fieldproof.crdt.DeviceShadow;
import dev.fieldproof.crdt.LwwMap;
import dev.fieldproof.crdt.MergeReport;
import dev.fieldproof.crdt.Value;
import dev.fieldproof.crdt.Version;
import dev.fieldproof.crdt.WriterId;
import dev.fieldproof.crdt.sync.SyncLink;
import dev.fieldproof.crdt.sync.SyncOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Every node writes while it is offline, some with clocks in 1970 and one in 2262; then the network comes back lossy,
 * and device and cloud have to agree without losing what an owner wrote.
 */
final class ReconcileStep implements Step {
    private static final String MODULE = "iot-crdt";
    private static final List<String> SENSORS = sensors();
    private static final String SHARED = "mode";
    private static final int OFFLINE_WRITES = 500;
    private static final Duration OFFLINE = Duration.ofHours(3);
    private static final Duration PATIENCE = Duration.ofHours(1);

    private static List<String> sensors() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            names.add("s" + i);
        }
        names.add(SHARED);
        return List.copyOf(names);
    }

    /** Both ends of one node's shadow. */
    private static final class Pair {
        final String id;
        final LwwMap device;
        final LwwMap cloud;
        final DeviceShadow atDevice;
        final DeviceShadow inCloud;
        final Map<String, Value> lastWritten = new HashMap<>();
        final SyncLink up;
        final SyncLink down;
        MergeReport merged = MergeReport.EMPTY;
        long bytesBefore;

        Pair(Day day, String id, InstantSource clock, Transport device, Transport cloud, RandomGenerator random) {
            this.id = id;
            WriterId writer = WriterId.named(id);
            var keys = DeviceShadow.keys(SENSORS);
            var policy = DeviceShadow.policy(writer, WriterId.SHARED);
            this.device = new LwwMap(new Boot(writer, 0, 1), keys, policy, clock, random);
            this.cloud = new LwwMap(new Boot(WriterId.named("cloud"), 0, 1), keys, policy, day.clock, random);
            atDevice = new DeviceShadow(this.device, SENSORS);
            inCloud = new DeviceShadow(this.cloud, SENSORS);
            String topic = "shadow/" + id;
            up = new SyncLink(
                    this.device, device, topic + "/up", topic + "/down", day.clock, random, SyncOptions.DEVICE);
            down = new SyncLink(
                    this.cloud, cloud, topic + "/down", topic + "/up", day.clock, random, SyncOptions.CLOUD);
            down.onMerge(report -> merged = merged.plus(report));
        }

        void report(String name, Value value) {
            atDevice.report(name, value);
            lastWritten.put(name, value);
        }

        boolean settled() {
            return up.settled() && down.settled();
        }

        long bytes() {
            return up.stats().sentBytes() + down.stats().sentBytes();
        }

        long lostOwnerWrites() {
            return lastWritten.entrySet().stream()
                    .filter(entry -> !inCloud.reported(entry.getKey()).equals(Optional.of(entry.getValue())))
                    .count();
        }
    }

    @Override
    public Chapter run(Day day) {
        RandomGenerator random = day.random(MODULE);
        List<Pair> pairs = connect(day, random);
        for (Pair pair : pairs) {
            SENSORS.stream().filter(name -> !name.equals(SHARED)).forEach(name -> pair.report(name, Value.of(0.0)));
            pair.up.changed();
        }
        awaitSettled(day, pairs);
        pairs.forEach(pair -> pair.bytesBefore = pair.bytes());

        day.tell(MODULE, "the shadows' network is cut; every node goes on writing with the clock it has");
        pairs.forEach(pair -> day.broker.cut(clientId(pair.id)));
        long offlineWrites = writeOffline(day, pairs, random);

        day.broker.faults(new Faults(0.05, 0.05, 0.10, Duration.ofMillis(20), Duration.ofMillis(400)));
        pairs.forEach(pair -> day.broker.restore(clientId(pair.id)));
        Instant back = day.clock.instant();
        boolean settled = awaitSettled(day, pairs);
        int quarantined = pairs.stream()
                .mapToInt(pair -> pair.cloud.quarantine().held().size())
                .sum();
        Duration took = Duration.between(back, day.clock.instant());
        day.tell(MODULE, "device and cloud agree again, " + took.toSeconds() + " s after the network came back");
        day.broker.faults(Faults.NONE);
        Chapter.Builder chapter = tell(pairs, offlineWrites, settled, took);
        long obeyed = overrule(day, pairs);
        chapter.figure("writes held back because of a clock in the future", quarantined)
                .invariant(
                        "no wrong clock freezes a shared key",
                        obeyed == pairs.size(),
                        obeyed + " of " + pairs.size() + " nodes");
        pairs.forEach(pair -> {
            pair.up.close();
            pair.down.close();
        });
        return chapter.build();
    }

    /** The cloud writes the key that every node wrote, the one in 2262 included; how many nodes then hold its value. */
    private static long overrule(Day day, List<Pair> pairs) {
        Value word = Value.of("remote");
        for (Pair pair : pairs) {
            pair.inCloud.desire(SHARED, word);
            pair.down.changed();
        }
        awaitSettled(day, pairs);
        return pairs.stream()
                .filter(pair -> pair.atDevice.desired(SHARED).equals(Optional.of(word)))
                .count();
    }

    private static List<Pair> connect(Day day, RandomGenerator random) {
        Duration expiry = Duration.ofDays(1);
        Transport cloud = day.connect(ConnectOptions.of("shadow-cloud").withPersistentSession(expiry));
        List<Pair> pairs = new ArrayList<>();
        for (String id : day.nodeIds()) {
            Transport device = day.connect(ConnectOptions.of(clientId(id)).withPersistentSession(expiry));
            pairs.add(new Pair(day, id, wrongClock(day, pairs.size()), device, cloud, random));
        }
        return pairs;
    }

    private static String clientId(String nodeId) {
        return "shadow-" + nodeId;
    }

    /** Every third clock restarted in 1970; the second node's runs in the last year that nanoseconds can count. */
    private static InstantSource wrongClock(Day day, int index) {
        if (index == 1) {
            Instant start = Instant.parse("2262-01-01T00:00:00Z");
            return () -> start.plusNanos(day.clock.nanoTime());
        }
        return index % 3 == 0 ? () -> Instant.EPOCH.plusNanos(day.clock.nanoTime()) : day.clock;
    }

    private static long writeOffline(Day day, List<Pair> pairs, RandomGenerator random) {
        long writes = 0;
        for (int i = 0; i < OFFLINE_WRITES; i++) {
            day.clock.advance(OFFLINE.dividedBy(OFFLINE_WRITES));
            for (Pair pair : pairs) {
                String name = SENSORS.get(random.nextInt(SENSORS.size() - 1));
                pair.report(name, Value.of(random.nextInt(10_000) / 100.0));
                writes++;
            }
        }
        for (Pair pair : pairs) {
            pair.atDevice.desire(SHARED, Value.of("local"));
            pair.up.changed();
            writes++;
        }
        return writes;
    }

    private static boolean awaitSettled(Day day, List<Pair> pairs) {
        Duration step = Duration.ofSeconds(1);
        for (Duration waited = Duration.ZERO; waited.compareTo(PATIENCE) < 0; waited = waited.plus(step)) {
            day.clock.advance(step);
            if (pairs.stream().allMatch(Pair::settled)) {
                return true;
            }
        }
        return false;
    }

    private static Chapter.Builder tell(List<Pair> pairs, long offlineWrites, boolean settled, Duration took) {
        MergeReport merged = pairs.stream().map(pair -> pair.merged).reduce(MergeReport.EMPTY, MergeReport::plus);
        long lost = pairs.stream().mapToLong(Pair::lostOwnerWrites).sum();
        long equal = pairs.stream()
                .filter(pair -> pair.device.entries().equals(pair.cloud.entries()))
                .count();
        long bytes = pairs.stream()
                .mapToLong(pair -> pair.bytes() - pair.bytesBefore)
                .sum();
        long full = pairs.stream()
                .mapToLong(pair -> pair.cloud.deltaSince(Version.NONE).sizeBytes())
                .sum();
        return Chapter.of("Weeks offline, with wrong clocks, end in agreement", MODULE)
                .figure("writes while offline", offlineWrites)
                .figure("on the wire to agree, lost and repeated included", Text.bytes(bytes))
                .figure("all shadows in full, once, for comparison", Text.bytes(full))
                .figure("time to agree at 5 % loss", took.toSeconds() + " s")
                .invariant("device and cloud agree", settled && equal == pairs.size(), equal + " of " + pairs.size())
                .invariant("no owner's last write is lost", lost == 0, lost + " lost")
                .invariant(
                        "every write is accounted for",
                        merged.written()
                                == merged.accepted() + merged.stale() + merged.dropped() + merged.quarantined(),
                        merged.written() + " written, " + merged.accepted() + " accepted, " + merged.stale()
                                + " stale, " + merged.quarantined() + " quarantined, " + merged.dropped() + " dropped");
    }
}
