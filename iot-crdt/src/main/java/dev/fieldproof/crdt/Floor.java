package dev.fieldproof.crdt;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A stamp that a write to an unknown key must exceed, since removals up to there are forgotten.
 *
 * @param shared whether of all shared keys, or else of the keys of its writer
 * @param stamp the last forgotten removal
 */
record Floor(boolean shared, Dot stamp) {
    static List<Floor> of(Map<WriterId, Dot> floors) {
        List<Floor> all = new ArrayList<>();
        floors.forEach((writer, stamp) -> all.add(new Floor(writer.equals(WriterId.SHARED), stamp)));
        return all;
    }

    /**
     * Floors that came with the beginning of another replica's log, to be raised once all of that log is followed: what
     * is still to come may lie below them.
     *
     * @param logId the log
     * @param end its position when the floors were sent
     * @param floors what is to be raised
     */
    record Pending(long logId, long end, List<Floor> floors) {}
}
