package dev.fieldproof.crdt;

import dev.fieldproof.core.sim.SimClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** The cast of the tests: a device, a gateway, a cloud, and a schema of keys that they own or share. */
public final class Fixtures {
    public static final WriterId DEVICE = new WriterId(0xD);
    public static final WriterId GATEWAY = new WriterId(0xA);
    public static final WriterId CLOUD = new WriterId(0xC);
    public static final Instant NOW = Instant.parse("2026-11-22T03:00:00Z");

    private static final Map<Integer, KeyDictionary> SCHEMAS = new ConcurrentHashMap<>();

    private Fixtures() {}

    public static Boot boot(WriterId writer, long epoch) {
        return new Boot(writer, 0, epoch);
    }

    public static KeyDictionary keys(int count) {
        return SCHEMAS.computeIfAbsent(count, n -> KeyDictionary.of(keyNames(n)));
    }

    public static List<String> keyNames(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> String.format("k%07d", i))
                .toList();
    }

    /** Key 0, 3, 6 and so on belong to the device, 1, 4, 7 to the cloud; 2, 5, 8 are shared. */
    public static StampPolicy policy() {
        return StampPolicy.of(
                key -> key % 3 == 0 ? DEVICE : key % 3 == 1 ? CLOUD : WriterId.SHARED, Duration.ofMinutes(5));
    }

    public static LwwMap map(Boot self, int keys, Instant wall) {
        return map(self, keys, new SimClock(wall));
    }

    public static LwwMap map(Boot self, int keys, SimClock clock) {
        return new LwwMap(self, keys(keys), policy(), clock, new SplittableRandom(self.hashCode()));
    }
}
