package dev.fieldproof.crdt.store;

import static dev.fieldproof.crdt.Fixtures.CLOUD;
import static dev.fieldproof.crdt.Fixtures.DEVICE;
import static dev.fieldproof.crdt.Fixtures.NOW;
import static dev.fieldproof.crdt.Fixtures.boot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.fieldproof.crdt.Fixtures;
import dev.fieldproof.crdt.LwwMap;
import dev.fieldproof.crdt.Version;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableMapTest {
    @TempDir
    Path directory;

    private LwwMap open(long epoch, Instant wall) {
        return Fixtures.map(boot(DEVICE, epoch), 30, wall);
    }

    @Test
    void aRestartFindsWhatWasCommitted() throws IOException {
        LwwMap map = open(1, NOW);
        try (DurableMap durable = new DurableMap(map, new FileReplicaStore(directory))) {
            for (int i = 0; i < 1200; i++) {
                map.putReal(3 * (i % 10), i);
                map.putReal(2, i);
                durable.commit();
            }
            map.putReal(0, -1);
        }
        // The clock is back in 1970, and still everything is taken as it is.
        LwwMap again = open(2, Instant.EPOCH);
        try (DurableMap durable = new DurableMap(again, new FileReplicaStore(directory))) {
            assertEquals(1190, again.getReal(0, 0));
            assertEquals(1199, again.getReal(2, 0));
            again.putReal(0, 7);
            durable.commit();
        }
        LwwMap third = open(3, NOW);
        new DurableMap(third, new FileReplicaStore(directory)).close();
        assertEquals(again.entries(), third.entries());
    }

    @Test
    void whoFollowedTheLogToItsEndMayGoOnFollowingTheNewOne() throws IOException {
        LwwMap map = open(1, NOW);
        LwwMap cloud = Fixtures.map(boot(CLOUD, 1), 30, NOW);
        try (DurableMap durable = new DurableMap(map, new FileReplicaStore(directory))) {
            map.putReal(0, 1);
            map.putReal(3, 1);
            durable.commit();
        }
        cloud.apply(map.deltaSince(Version.NONE));
        LwwMap again = open(2, NOW);
        new DurableMap(again, new FileReplicaStore(directory)).close();
        Version seen = cloud.seen(map.version().logId());
        assertEquals(again.version(), again.here(seen));
        Version earlier = new Version(seen.logId(), seen.position() - 1);
        assertEquals(earlier, again.here(earlier), "what is not certain is left as it is");
    }

    @Test
    void aDamagedCheckpointIsAnErrorAndNotAnEmptyMap() throws IOException {
        FileReplicaStore store = new FileReplicaStore(directory);
        store.recover();
        assertThrows(IllegalStateException.class, store::recover);
        assertThrows(IllegalArgumentException.class, () -> store.append(new byte[0]));
        store.checkpoint(new byte[100]);
        Path file = directory.resolve("checkpoint.1");
        byte[] bytes = Files.readAllBytes(file);
        bytes[50] = 1;
        Files.write(file, bytes, StandardOpenOption.TRUNCATE_EXISTING);
        assertThrows(IOException.class, () -> new FileReplicaStore(directory).recover());
    }
}
