package dev.fieldproof.core.transport;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The receiving half of a session, on either side: tells a packet from its duplicate. The ids of unreleased publications
 * of quality of service 2 outlive connections (MQTT 5.0, section 4.1). Beyond the standard, which may rely on TCP, the
 * ids of finished exchanges are remembered for the connection, because a loopback's hop may duplicate and delay. Not
 * thread-safe.
 */
final class Inbox {
    /** Half the round of packet ids: an id seen longer ago than this many others has come round again. */
    private static final int HORIZON = 32_768;

    private static final int PRUNE_ABOVE = 1_024;

    private final Set<Integer> unreleased = new HashSet<>();
    private final Map<Integer, Long> finishedAt = new HashMap<>();
    private long seen;

    /** Whether a publication is new, to be handled before it is acknowledged. */
    boolean isNew(Packet.Publish publish) {
        return switch (publish.message().qos()) {
            case AT_MOST_ONCE -> true;
            case AT_LEAST_ONCE -> {
                seen++;
                yield true;
            }
            case EXACTLY_ONCE -> !isFinished(publish.packetId()) && addUnreleased(publish.packetId());
        };
    }

    private boolean addUnreleased(int packetId) {
        seen++;
        return unreleased.add(packetId);
    }

    /** Ends an exchange of quality of service 2. */
    void release(int packetId) {
        if (unreleased.remove(packetId)) {
            finish(packetId);
        }
    }

    /** Whether a request, such as for a subscription, comes for the first time on this connection. */
    boolean isNewRequest(int packetId) {
        if (isFinished(packetId)) {
            return false;
        }
        seen++;
        finish(packetId);
        return true;
    }

    private boolean isFinished(int packetId) {
        Long at = finishedAt.get(packetId);
        return at != null && seen - at < HORIZON;
    }

    private void finish(int packetId) {
        if (finishedAt.size() >= PRUNE_ABOVE) {
            finishedAt.values().removeIf(at -> seen - at >= HORIZON);
        }
        finishedAt.put(packetId, seen);
    }

    /** Packets of the old connection cannot arrive any more. */
    void newConnection() {
        finishedAt.clear();
    }

    /** The other side has forgotten the session. */
    void sessionLost() {
        unreleased.clear();
    }
}
