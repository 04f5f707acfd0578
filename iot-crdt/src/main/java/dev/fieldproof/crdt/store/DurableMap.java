package dev.fieldproof.crdt.store;

import dev.fieldproof.crdt.Delta;
import dev.fieldproof.crdt.LwwMap;
import dev.fieldproof.crdt.Version;
import dev.fieldproof.crdt.wire.WireBudget;
import dev.fieldproof.crdt.wire.WireException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An {@link LwwMap} with a {@link ReplicaStore} behind it: loads it at the start, and writes what changed at each
 * {@link #commit}. What others are told before a commit may be forgotten: commit after local writes and in the
 * listener of {@link dev.fieldproof.crdt.sync.SyncLink#onMerge}, which runs before anything is confirmed. As
 * thread-safe as the map.
 */
public final class DurableMap implements AutoCloseable {
    private static final int RECORDS_PER_CHECKPOINT = 1000;
    private static final WireBudget OWN_FILES = new WireBudget(Integer.MAX_VALUE, Integer.MAX_VALUE);

    private final LwwMap map;
    private final ReplicaStore store;
    private Version stored;
    private int records;

    /**
     * Loads what is kept into a map.
     *
     * @param map empty, in a life of its own that was never used before
     * @param store not recovered yet; closed by {@link #close}
     * @throws IOException if the store cannot be read or holds something else
     * @throws IllegalArgumentException if the map is not empty
     */
    public DurableMap(LwwMap map, ReplicaStore store) throws IOException {
        if (map.entryCount() > 0) {
            throw new IllegalArgumentException("the map holds " + map.entryCount() + " entries already");
        }
        this.map = map;
        this.store = store;
        ReplicaStore.Recovered kept = store.recover();
        if (kept.checkpoint().isPresent()) {
            load(kept.checkpoint().get());
        }
        for (byte[] record : kept.records()) {
            load(record);
        }
        stored = map.version();
        records = kept.records().size();
    }

    private void load(byte[] record) throws IOException {
        try {
            map.restore(Delta.decode(ByteBuffer.wrap(record), OWN_FILES));
        } catch (WireException e) {
            throw new IOException("a stored delta is malformed " + e.getMessage(), e);
        }
    }

    /**
     * Writes what changed since the last time.
     *
     * @return the version that is durable now
     * @throws IOException if it cannot be written; to be called again then
     */
    public Version commit() throws IOException {
        Version now = map.version();
        if (!now.equals(stored)) {
            if (records >= RECORDS_PER_CHECKPOINT) {
                store.checkpoint(map.deltaSince(Version.NONE).toByteArray());
                records = 0;
            } else {
                store.append(map.deltaSince(stored).toByteArray());
                records++;
            }
            stored = now;
        }
        return stored;
    }

    @Override
    public void close() throws IOException {
        store.close();
    }
}
