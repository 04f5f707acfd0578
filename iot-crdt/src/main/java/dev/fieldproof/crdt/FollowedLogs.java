package dev.fieldproof.crdt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far a replica has followed the logs of others, and the floors that it raises once it has. Not thread-safe. */
final class FollowedLogs {
    private static final int MAX_LOGS = 4096;
    private static final int MAX_PENDING_FLOORS = 16;

    private final MapMerge merge;
    private final Map<Long, long[]> positions = new LinkedHashMap<>(4);
    private final List<Floor.Pending> pending = new ArrayList<>(0);
    private long lastLog;
    private long[] lastPosition = new long[1];

    FollowedLogs(MapMerge merge) {
        this.merge = merge;
    }

    Version seen(long log) {
        long[] position = positions.get(log);
        return position == null || position[0] == 0 ? Version.NONE : new Version(log, position[0]);
    }

    /** Floors that came with a delta, before it counts as followed. */
    void expect(Floor.@Nullable Pending floors) {
        if (floors != null) {
            pending.add(floors);
            if (pending.size() > MAX_PENDING_FLOORS) {
                pending.remove(0);
            }
        }
    }

    void follow(long log, long from, long to) {
        if (log != lastLog) {
            lastLog = log;
            lastPosition = positions.computeIfAbsent(log, unknown -> new long[1]);
            if (positions.size() > MAX_LOGS) {
                positions.remove(positions.keySet().iterator().next());
            }
        }
        if (from <= lastPosition[0]) {
            lastPosition[0] = Math.max(lastPosition[0], to);
            if (!pending.isEmpty()) {
                raiseFloors(log, lastPosition[0]);
            }
        }
    }

    private void raiseFloors(long log, long position) {
        pending.removeIf(floors -> {
            boolean due = floors.logId() == log && floors.end() <= position;
            if (due) {
                merge.raise(floors.floors());
            }
            return due;
        });
    }
}
