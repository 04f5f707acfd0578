package dev.fieldproof.crdt;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes to shared keys whose clock ran too far ahead: kept beside the map, the last of each key, up to a limit. Not
 * thread-safe.
 */
public final class Quarantine {
    /** Most keys kept; when full, the one that came first goes. */
    public static final int MAX_KEYS = 1024;

    private final Map<Integer, Held> held = new LinkedHashMap<>();
    private long forgotten;

    /** Empty. */
    Quarantine() {}

    /**
     * A write put aside.
     *
     * @param raw its stamp as it came
     * @param restamped the hybrid time of the receiver when it came
     * @param value what it wrote; empty for a removal
     */
    public record Held(Dot raw, long restamped, Optional<Value> value) {}

    /** Whether the write was not here already. */
    boolean add(int key, Held write) {
        Held before = held.get(key);
        if (before != null && before.raw().equals(write.raw())) {
            return false;
        }
        held.remove(key);
        held.put(key, write);
        if (held.size() > MAX_KEYS) {
            held.remove(held.keySet().iterator().next());
            forgotten++;
        }
        return true;
    }

    @Nullable
    Held remove(int key) {
        return held.remove(key);
    }

    /**
     * What is put aside.
     *
     * @return an unmodifiable view by key, in order of arrival
     */
    public Map<Integer, Held> held() {
        return Collections.unmodifiableMap(held);
    }

    /**
     * What the limit pushed out.
     *
     * @return how many writes are no longer kept
     */
    public long forgotten() {
        return forgotten;
    }
}
